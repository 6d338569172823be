"""What people ask of the bot by commands, buttons and words, and what it answers."""
