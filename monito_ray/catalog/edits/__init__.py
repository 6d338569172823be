"""What people change in the workbook and in the spreadsheet: taken into the catalogue, or answered."""
