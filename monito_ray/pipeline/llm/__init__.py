"""Questions to an LLM, and the checks of its answers."""
