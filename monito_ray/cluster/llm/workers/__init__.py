"""The workers that ask an LLM, as their pool sees them."""
