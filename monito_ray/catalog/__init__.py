"""Products, offers and their history; the planned sheets."""
