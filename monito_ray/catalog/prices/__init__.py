"""Prices: what changed from list to list, what is old, what looks wrong, and which offer is best."""
