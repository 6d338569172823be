"""What reaches a terminal: texts of strangers without what would command it."""
