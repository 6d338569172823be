"""Whether a text is read as tables of cells or as running lines: by what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.lines.line_assembly import LinesReading
from monito_ray.pipeline.lines.reading import read_lines
from monito_ray.pipeline.rows.line_offers import to_sheet_tables
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables


@dataclass(frozen=True, slots=True)
class ChoiceThresholds:
    """When lines are taken instead of tables. Set by trial on labelled lists and on chats of our own."""

    #: Offers of the lines for each one of the tables, where a header says what the columns hold, and where none does.
    against_header: float = 1.6
    against_no_header: float = 1.05
    #: Offers beside the tables of a text that are a list of their own.
    fewest_beside: int = 3
    #: ... and at least this share of the offers of the tables: a few lines below a long table are its remarks.
    share_beside: float = 0.25
    #: Letters of a name; what has fewer is a code.
    fewest_letters: int = 2


CHOICE = ChoiceThresholds()


def choose_readings(sheets: Sequence[SheetTables]) -> list[SheetTables]:
    """Return the sheets, those that read better as running text with the offers of their lines instead of their tables."""
    if not any(sheet.sheet.lines for sheet in sheets):
        return list(sheets)
    readings = _read_all([sheet.sheet.lines for sheet in sheets])
    result: list[SheetTables] = []
    for _, group in groupby(zip(sheets, readings, strict=True), key=lambda pair: pair[0].sheet.name):
        same_page = list(group)
        result += _better([sheet for sheet, _ in same_page], next((reading for _, reading in same_page if reading.offers), LinesReading()))
    return result


def _read_all(pages: Sequence[Sequence[TextLine]]) -> list[LinesReading]:
    """Return the reading of each page; all are read together, since they write their prices alike."""
    reading = read_lines([line for lines in pages for line in lines])
    results, begin = [], 0
    for lines in pages:
        results.append(reading.part(begin, begin + len(lines)))
        begin += len(lines)
    return results


def _better(sheets: Sequence[SheetTables], reading: LinesReading) -> list[SheetTables]:
    """Return the sheets of one page as tables, or as one sheet of lines."""
    if not reading.offers:
        return list(sheets)
    lines = next(sheet.sheet.lines for sheet in sheets if sheet.sheet.lines)
    tables = [table for sheet in sheets for table in sheet.tables]
    in_tables = sum(_is_plausible(line) for sheet in sheets for line in sheet.lines)
    times = CHOICE.against_header if any(table.header for table in tables) else CHOICE.against_no_header
    if len(reading.offers) > times * in_tables:
        of_tables = tuple(line.price for sheet in sheets for line in sheet.lines if line.is_priced and line.price)
        return [replace(to_sheet_tables(sheets[0].sheet, lines, reading), second_prices=of_tables)]
    of_lines = tuple(prices.rounded(offer.price) for offer in reading.offers)
    return [
        replace(sheets[0], second_prices=of_lines),
        *sheets[1:],
        *_beside(sheets, lines, max(CHOICE.fewest_beside, int(CHOICE.share_beside * in_tables))),
    ]


def _beside(sheets: Sequence[SheetTables], lines: Sequence[TextLine], fewest: int) -> list[SheetTables]:
    """Return the list that stands in lines above or below the tables of a text."""
    if sheets[0].sheet.paged:
        return []
    inside = {
        s.sheet.row_number(row) for s in sheets for table in s.tables for row in range(_top(table.first, table.header), table.last + 1)
    }
    outside = [line for line in lines if line.number not in inside]
    reading = read_lines(outside)
    in_tables = {line.price for sheet in sheets for line in sheet.lines}
    others = [offer for offer in reading.offers if prices.rounded(offer.price) not in in_tables]
    return [to_sheet_tables(sheets[0].sheet, outside, reading)] if len(others) >= fewest else []


def _top(first: int, header: object) -> int:
    return min(first, getattr(header, "top", first))


def _is_plausible(line: OfferLine) -> bool:
    """Whether a row of a table is an offer with a name."""
    return line.is_priced and sum(map(str.isalpha, line.name)) >= CHOICE.fewest_letters
