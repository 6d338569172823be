"""Cells to tables: headers, column profiles, column roles, table extents."""
