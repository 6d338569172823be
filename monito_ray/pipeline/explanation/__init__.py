"""Explanation: why a list is read as it is, as tables or as lines of running text. `list_explanation.explain` is the door."""
