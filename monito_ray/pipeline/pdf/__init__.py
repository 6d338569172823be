"""PDF pages to cells: words, rulings, gutters, columns."""
