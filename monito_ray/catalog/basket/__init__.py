"""What a list of articles costs: the cheapest supplier of each, the best single supplier, the cheapest mix of suppliers."""
