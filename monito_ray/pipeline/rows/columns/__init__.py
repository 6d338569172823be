"""What single columns of a table mean for its rows."""
