"""Google Sheets: reading a spreadsheet and applying planned edits."""
