"""Whether a text is read as tables of cells or as running lines: by what comes out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import TextLine, is_filled
from monito_ray.pipeline.lines.line_assembly import LinesReading
from monito_ray.pipeline.lines.reading import read_lines
from monito_ray.pipeline.rows.line_offers import to_sheet_tables
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.rows.readings.contrast import lines_have_fewer_faults, lines_have_money, without_numbers_of_names
from monito_ray.pipeline.rows.readings.merged_rows import has_columns, merge_rows
from monito_ray.pipeline.tables.locate import LocatedTable


@dataclass(frozen=True, slots=True)
class ChoiceThresholds:
    """When lines are taken instead of tables. Set by trial on labelled lists and on chats of our own."""

    #: Offers of the lines for each one of the tables: where a header says what the columns hold, where it stands on another page, and where
    #: the list has none.
    against_header: float = 1.6
    against_other_header: float = 1.05
    against_no_header: float = 0.85
    #: ... and of all pages without headers of a list together; a page that offers less than `against_page` stays with its tables.
    against_all_pages: float = 0.9
    against_page: float = 0.7
    #: Offers beside the tables of a text that are a list of their own.
    fewest_beside: int = 3
    #: ... and at least this share of the offers of the tables: a few lines below a long table are its remarks.
    share_beside: float = 0.25
    #: Cells of a row that are more than a name and a price.
    fewest_cells: int = 3
    #: Offers among the lines of a table whose columns are no chance.
    dense_share: float = 0.7
    #: Offers of titled tables that leave nothing to lines, where these are at most so many times as many.
    fewest_settled: int = 10
    lines_settled: float = 1.25
    #: Letters of a name; what has fewer is a code.
    fewest_letters: int = 2


CHOICE = ChoiceThresholds()


def choose_readings(sheets: Sequence[SheetTables]) -> list[SheetTables]:
    """Return the sheets, those that read better as running text with the offers of their lines instead of their tables."""
    if not any(sheet.sheet.lines for sheet in sheets):
        return list(sheets)
    settled = _settled_pages(sheets)
    pages = _read_pages([() if _page(sheet) in settled else sheet.sheet.lines for sheet in sheets])
    all_tables = [table for sheet in sheets for table in sheet.tables]
    has_header = sum(_height(table) for table in all_tables if _has_titles(table)) * 4 > sum(map(_height, all_tables))
    groups = []
    for _, group in groupby(zip(sheets, pages, strict=True), key=lambda pair: pair[0].sheet.name):
        same_page = list(group)
        page = next((page for _, page in same_page if page.reading.offers), same_page[0][1])
        groups.append(([sheet for sheet, _ in same_page], page))
    is_text = _read_as_text(groups)
    return [
        sheet
        for of_page, page in groups
        for sheet in _better(of_page, page, has_header=has_header, is_text=is_text.get(of_page[0].sheet.member, True))
    ]


def _page(sheet: SheetTables) -> tuple[str, str]:
    return sheet.sheet.member, sheet.sheet.name


def _settled_pages(sheets: Sequence[SheetTables]) -> set[tuple[str, str]]:
    """Return the pages whose tables are titled and full, and have a row for nearly each line with digits: their lines offer no more."""
    settled = set()
    for page, group in groupby(sheets, key=_page):
        of_page = list(group)
        numbered = sum(any(map(str.isdigit, line.text)) for sheet in of_page for line in sheet.sheet.lines)
        in_tables = sum(_is_plausible(line) for sheet in of_page for line in sheet.lines)
        is_dense = in_tables >= CHOICE.fewest_settled and numbered <= CHOICE.lines_settled * in_tables
        if of_page[0].sheet.paged and is_dense and _is_titled(of_page) and _fill_columns(of_page):
            settled.add(page)
    return settled


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """Lines, and what they offer."""

    lines: Sequence[TextLine]
    reading: LinesReading


def _read_pages(pages: Sequence[Sequence[TextLine]]) -> list[_ReadPage]:
    """Return the reading of each page: of columns one after the other, or of rows across them, where that leaves fewer prices without names."""
    by_columns = _read_all(pages)
    doubtful = [has_columns(page.lines) and bool(page.reading.unread) for page in by_columns]
    if not any(doubtful):
        return by_columns
    by_rows = _read_all([merge_rows(lines) if is_doubtful else lines for lines, is_doubtful in zip(pages, doubtful, strict=True)])
    return [
        rows if is_doubtful and _explains_all(rows.reading, columns.reading) else columns
        for columns, rows, is_doubtful in zip(by_columns, by_rows, doubtful, strict=True)
    ]


def _explains_all(rows: LinesReading, columns: LinesReading) -> bool:
    """Whether no price is left without a name by rows, and as many offers are there."""
    return not rows.unread and len(rows.offers) >= len(columns.offers)


def _read_all(pages: Sequence[Sequence[TextLine]]) -> list[_ReadPage]:
    """Return the reading of each page; all are read together, since they write their prices alike."""
    reading = read_lines([line for lines in pages for line in lines])
    results, begin = [], 0
    for lines in pages:
        results.append(_ReadPage(lines, reading.part(begin, begin + len(lines))))
        begin += len(lines)
    return results


def _read_as_text(groups: Sequence[tuple[list[SheetTables], _ReadPage]]) -> dict[str, bool]:
    """Return whether the pages without headers of each file offer more as lines, all of them together."""
    in_tables, in_lines = defaultdict[str, int](int), defaultdict[str, int](int)
    for sheets, page in groups:
        if not _is_titled(sheets):
            member = sheets[0].sheet.member
            in_tables[member] += sum(_is_plausible(line) for sheet in sheets for line in sheet.lines)
            in_lines[member] += len(page.reading.offers)
    return {member: in_lines[member] > CHOICE.against_all_pages * in_tables[member] for member in in_lines}


def _better(sheets: Sequence[SheetTables], page: _ReadPage, *, has_header: bool, is_text: bool) -> list[SheetTables]:
    """Return the sheets of one page as tables, or as one sheet of lines."""
    reading = page.reading
    if not reading.offers:
        return list(sheets)
    in_tables = sum(_is_plausible(line) for sheet in sheets for line in sheet.lines)
    if _takes_lines(sheets, page, in_tables, has_header=has_header, is_text=is_text):
        of_tables = tuple(line.price for sheet in sheets for line in sheet.lines if line.is_priced and line.price)
        return [replace(to_sheet_tables(sheets[0].sheet, page.lines, reading), second_prices=of_tables)]
    of_lines = tuple(prices.rounded(offer.price) for offer in reading.offers)
    return [
        replace(sheets[0], second_prices=of_lines),
        *sheets[1:],
        *_beside(sheets, page.lines, max(CHOICE.fewest_beside, int(CHOICE.share_beside * in_tables))),
    ]


def _takes_lines(sheets: Sequence[SheetTables], page: _ReadPage, in_tables: int, *, has_header: bool, is_text: bool) -> bool:
    """Whether the lines of a page are taken: for their prices and names where these tell, else for how many offers they make."""
    of_tables, of_lines = [line for sheet in sheets for line in sheet.lines if line.is_priced], page.reading.offers
    is_titled = _is_titled(sheets)
    if (money := lines_have_money(of_tables, of_lines, is_titled=is_titled)) is not None:
        return money
    if (fewer := lines_have_fewer_faults(of_tables, of_lines)) is not None and not (fewer and (is_titled or _fill_columns(sheets))):
        return fewer
    if is_titled or _fill_columns(sheets):
        return sum(1 for _ in without_numbers_of_names(of_lines, of_tables)) > CHOICE.against_header * in_tables
    if not sheets[0].sheet.paged:
        return len(of_lines) > CHOICE.against_no_header * in_tables
    if has_header:
        return len(of_lines) > CHOICE.against_other_header * in_tables
    return is_text and len(of_lines) > CHOICE.against_page * in_tables


def _is_titled(sheets: Sequence[SheetTables]) -> bool:
    """Whether headers say what most rows of a page hold."""
    tables = [table for sheet in sheets for table in sheet.tables]
    return sum(_height(table) for table in tables if table.header) * 2 > sum(map(_height, tables))


def _has_titles(table: LocatedTable) -> bool:
    """Whether a header says what the columns of a table hold: its own, or that of the table before that it goes on from."""
    return table.header is not None or any(title.text for title in table.titles)


def _fill_columns(sheets: Sequence[SheetTables]) -> bool:
    """Whether most lines of tables are offers, most of which fill more columns than a name and a price: then the columns are no chance."""
    priced = [(sheet.sheet, line) for sheet in sheets for line in sheet.lines if line.is_priced]
    filled = sum(sum(map(is_filled, sheet.rows[line.at])) >= CHOICE.fewest_cells for sheet, line in priced)
    return filled > len(priced) / 2 and len(priced) >= CHOICE.dense_share * sum(len(sheet.lines) for sheet in sheets)


def _height(table: LocatedTable) -> int:
    return table.last - table.first + 1


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
