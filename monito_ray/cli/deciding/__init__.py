"""The commands by which people have the last word."""
