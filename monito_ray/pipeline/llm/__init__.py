"""What an LLM is asked, and what of its answers is believed."""
