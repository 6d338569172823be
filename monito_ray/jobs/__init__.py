"""The durable queues: tasks and their life cycle, leases, artifacts, admission, administration, retention and backup."""
