"""The driver: claims tasks, runs attempts, calls hooks."""
