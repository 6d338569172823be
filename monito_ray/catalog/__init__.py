"""The catalogue: products, offers and their history, corrections, search, and the sheets that show them."""
