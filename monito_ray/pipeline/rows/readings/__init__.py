"""Whether a text is read as tables of cells or as running lines."""
