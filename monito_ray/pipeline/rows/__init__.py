"""Tables to checked rows: offers extracted, the list assembled, every row validated."""
