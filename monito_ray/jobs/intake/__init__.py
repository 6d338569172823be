"""Taking tasks in: options and files are checked, and what was sent before is recognized."""
