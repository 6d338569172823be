"""Doubts about formulas of which a workbook holds no values: nobody but a spreadsheet program can tell what they give."""

from collections.abc import Iterator, Sequence

from monito_ray.pipeline.cells import column_letters
from monito_ray.pipeline.rows.offer_line import SheetTables

#: Fewer such cells in a column say little.
FEWEST_FORMULAS = 3
_REMEDY = "open the file in a spreadsheet program, save it there and send it again"


def doubt_formulas(sheets: Sequence[SheetTables]) -> Iterator[str]:
    """Yield a sentence for each sheet where prices may be missing because they are formulas without values."""
    for sheet in sheets:
        columns = _columns_in_doubt(sheet)
        if columns:
            count = sum(sheet.sheet.uncomputed[column] for column in columns)
            letters = ", ".join(map(column_letters, columns))
            yield f"Sheet {sheet.sheet.name}, column {letters}: {count} formulas have no value in the file; {_REMEDY}"


def _columns_in_doubt(sheet: SheetTables) -> list[int]:
    """Return the columns with such formulas: those that a table has prices in or a title of prices over, all where there is no table."""
    many = [column for column, count in sorted(sheet.sheet.uncomputed.items()) if count >= FEWEST_FORMULAS]
    if not sheet.tables:
        return many
    priced = {
        table.left + column
        for table in sheet.tables
        for column, title in enumerate(table.titles)
        if column in table.roles.prices or (title.role == "price" and title.is_clear)
    }
    return [column for column in many if column in priced]
