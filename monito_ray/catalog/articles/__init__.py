"""The articles of a list: which of its rows are one, and what tells two that look alike apart. Pure."""
