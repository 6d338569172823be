"""What people wrote in the sheets, read back."""
