"""Supplier price lists of every shape become one clean catalogue."""
