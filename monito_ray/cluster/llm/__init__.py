"""The LLM on the cluster: long-lived actors, one scheduler, one limiter."""
