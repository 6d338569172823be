"""PDF pages to cells: words, rulings, lattices, gutters, rows; `document.read_pdf` is the way in."""
