"""Bytes to cells: every file format becomes named sheets of cells."""
