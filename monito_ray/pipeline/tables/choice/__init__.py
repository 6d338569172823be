"""Which of several columns that may be the name or the price is the one: they are weighed against each other."""
