"""Whether two suppliers' articles are one product. Pure."""
