"""What the workbook shows, read from the store: of each offer only what is compared, whole rows only where they are drawn."""
