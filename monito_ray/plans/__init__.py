"""What pages and charts shall show, as values: planned by the catalogue, drawn by the clients."""
