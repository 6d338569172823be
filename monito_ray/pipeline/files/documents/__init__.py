"""Written documents (docx, odt, ...) to one sheet each: paragraphs as lines, tables as cells."""
