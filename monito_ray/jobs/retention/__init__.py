"""What is kept long enough is removed: files of ended tasks, and records of the database."""
