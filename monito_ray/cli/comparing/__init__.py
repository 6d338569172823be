"""The commands that lay suppliers side by side."""
