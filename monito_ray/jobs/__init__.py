"""The durable queues: tasks, their life, what lies between their stages."""
