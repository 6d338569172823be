"""Stored results of the LLM: answers, choices of columns, and the ledger of requests."""
