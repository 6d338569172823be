"""An OpenAI-compatible server: chat completions, its prices, the limits that its headers announce."""
