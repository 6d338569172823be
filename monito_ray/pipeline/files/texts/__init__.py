"""Texts to cells: encodings, delimiters, columns by position."""
