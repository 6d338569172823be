"""How true the standardized fields are, on rows whose truth is written down: by the built-in rules, and with an LLM's answers."""
