"""Sheets of the catalogue: what workbook and spreadsheet show, how a spreadsheet gets there, and what people changed in one."""
