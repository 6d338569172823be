"""What is kept of the LLM: answers, choices of columns, and the ledger of what was paid."""
