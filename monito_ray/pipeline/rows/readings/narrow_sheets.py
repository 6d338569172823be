"""Sheets of a workbook that hold running text: one cell a row, as people paste a message into it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monito_ray.pipeline.cells import Sheet, TextLine, Value, is_filled, text_of
from monito_ray.pipeline.rows.offer_line import SheetTables


@dataclass(frozen=True, slots=True)
class NarrowThresholds:
    """When a sheet is running text. Set on lists of our own."""

    #: Share of the filled rows that have one filled cell.
    single_cells: float = 0.8
    #: Share of the filled rows that have words and a digit: where prices stand below names, a title above the first of them may be its name.
    name_and_price: float = 0.5
    #: An amount has so many letters beside it at most: "Rp", "IDR".
    letters_of_currency: int = 3
    #: Longer cells (characters) are prose, and more of them than that share make a sheet that is no list.
    longest_line: int = 120
    long_share: float = 0.2


NARROW = NarrowThresholds()


def with_running_text(sheets: Sequence[SheetTables]) -> list[SheetTables]:
    """Return the sheets of a file, those of one cell a row as running text, too, where no sheet has a table and none is text already."""
    if any(sheet.tables or sheet.sheet.lines or sheet.sheet.paged for sheet in sheets):
        return list(sheets)
    return [replace(sheet, sheet=replace(sheet.sheet, lines=_lines_of(sheet.sheet))) for sheet in sheets]


def _lines_of(sheet: Sheet) -> tuple[TextLine, ...]:
    rows = [(index, cells) for index, row in enumerate(sheet.rows) if (cells := _texts(row))]
    single = sum(len(cells) == 1 for _, cells in rows)
    long = sum(any(len(text) > NARROW.longest_line for text in cells) for _, cells in rows)
    priced = sum(_may_be_offer(" ".join(cells)) for _, cells in rows)
    if min(single / NARROW.single_cells, priced / NARROW.name_and_price) < len(rows) or long > NARROW.long_share * len(rows):
        return ()
    return tuple(_line(sheet.row_number(index), line) for index, cells in rows for line in "\t".join(cells).split("\n") if line.strip())


def _texts(row: Sequence[Value]) -> list[str]:
    return [str(value).strip() if isinstance(value, str) else text_of(value) for value in row if is_filled(value)]


def _may_be_offer(text: str) -> bool:
    return any(map(str.isdigit, text)) and sum(map(str.isalpha, text)) > NARROW.letters_of_currency


def _line(number: int, text: str) -> TextLine:
    return TextLine(number, " ".join(text.split(" ")).strip(), 0, len(text), number, number + 1)
