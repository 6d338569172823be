"""Offers that may be one product, for a person to say: looked up as lists come, and asked about in the order of what the answer is worth."""
