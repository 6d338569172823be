"""A table that goes on over pages: columns that are one, and rows that a page break cuts."""
