"""Rows to products by the built-in rules."""
