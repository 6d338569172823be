"""Ray: its life, stages as Ray Data, the pool of LLM actors. Nothing else imports ray."""
