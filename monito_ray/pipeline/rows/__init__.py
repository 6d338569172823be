"""Tables to validated rows: lines extracted, the list assembled, every row accepted or rejected with a reason."""
