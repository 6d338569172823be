"""Shapes of tables that are not one row of titles over one row an offer: side by side, in turn, a grid of prices."""
