"""What other programs hand in, checked before anything is done with it."""
