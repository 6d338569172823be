"""Web pages (html) to one sheet: tables as cells, pieces that repeat as rows, all else as lines."""
