"""One stage of a task each: the only rooms where store and Ray meet."""
