"""Suppliers: the names under which their lists come, and what people change about them."""
