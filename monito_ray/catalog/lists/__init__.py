"""Suppliers' lists in the store: kept whole, folded into the offers that stand, taken back."""
