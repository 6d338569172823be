"""Why a list is read as it is: the tables seen on each sheet, what each column is taken for and why, and why a row is no offer."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.cells import Sheet, column_letters
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.price_list import Hints, SheetTables
from monito_ray.pipeline.tables import locate
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.roles import (
    IMPOSSIBLE,
    MOST_COMPARED,
    NAME_FLOOR,
    PRICE_FLOOR,
    Roles,
    factors_of,
    move_together,
    name_score,
    price_score,
)
from monito_ray.records import DUPLICATE, Reason

_MOSTLY = 0.5
_SAID = {
    "price": "main price",
    "prices": "other price, kept as a tier",
    "more_name": "more of the name",
    "variants": "tells apart rows of one name",
    "number": "running number",
    "min_quantity": "least order",
}
_WHY = {
    Reason.NO_PRICE: "no price in any price column",
    Reason.NO_NAME: "no name beside the price",
    Reason.PRICE_NOT_POSITIVE: "the price is zero or below",
    Reason.PRICE_ON_REQUEST: "the price is on request",
    Reason.PRICE_UNREADABLE: "the price cell is no amount",
    Reason.SECTION_TITLE: "a title over the rows below it",
    Reason.TOTAL_LINE: "a total",
    Reason.NOTE: "a remark, no goods",
}


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column by its letter, what it is taken for ("" = for nothing), and what speaks for it."""

    letter: str
    title: str
    role: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableSeen:
    """A table by the rows a person sees, its header rows among them; `doubt` says what else it may hold, if that is not clear."""

    first_row: int
    last_row: int
    header_rows: tuple[int, ...]
    columns: tuple[ColumnSeen, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet and its tables; where there is none, `columns` are those of the sheet, and why they make no table."""

    name: str
    rows: int
    tables: tuple[TableSeen, ...]
    columns: tuple[ColumnSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRejected:
    """A row that is no offer, its reason as in `RejectedRow`, and that reason in words."""

    sheet: str
    row: int
    name: str
    reason: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it, for one list; `failure` is why nothing can be read, if nothing can."""

    file_name: str
    supplier: str
    currency: str
    list_date: date | None
    tax_note: str
    rows_found: int
    rows_written: int
    sheets: tuple[SheetSeen, ...]
    notes: tuple[str, ...]
    rejected: tuple[RowRejected, ...]
    failure: str = ""


def explain(data: bytes, file_name: str, hints: Hints) -> Explanation:
    """Why the list is read as it is.

    Raises:
        FileUnusable: the file cannot be opened.
    """
    reads = price_list.read_sheet_tables(open_sheets(data, file_name))
    seen = tuple(map(_sheet, reads))
    try:
        found = price_list.assemble(reads, file_name, hints)
    except NoPricesFound as error:
        return Explanation(file_name, hints.supplier, hints.currency, None, "", 0, 0, seen, (), (), str(error))
    good, rejects = validation.partition(validation.validate(found.rows))
    rejected = tuple(
        RowRejected(row["source_sheet"], row["source_row"], row["original_name"], row["reason"], _why(row["reason"], row["repeats"]))
        for row in rejects.to_pylist()
    )
    said = found.supplier, found.currency, found.list_date, found.tax_note
    return Explanation(file_name, *said, found.rows.num_rows, good.num_rows, seen, found.notes, rejected)


def _why(reason: str, repeats: str) -> str:
    return f"repeats {repeats}" if reason == DUPLICATE else _WHY[Reason(reason)]


def _sheet(read: SheetTables) -> SheetSeen:
    found = tuple(_table(read.sheet, table) for table in read.tables)
    return SheetSeen(read.sheet.name, len(read.sheet.rows), found, () if found else tuple(_without_roles(read.sheet)))


def _table(sheet: Sheet, table: locate.LocatedTable) -> TableSeen:
    header = table.header
    header_rows = tuple(sheet.row_number(row) for row in range(header.top, header.bottom + 1)) if header else ()
    columns = tuple(
        ColumnSeen(column_letters(table.left + c), title.text, _role(table.roles, c), tuple(_evidence(table, c)))
        for c, title in enumerate(table.titles)
        if title.text or table.profiles[c].count
    )
    return TableSeen(sheet.row_number(table.first), sheet.row_number(table.last), header_rows, columns, table.doubt)


def _without_roles(sheet: Sheet) -> Iterator[ColumnSeen]:
    """The columns of a sheet without a table, with how near they come to names and prices."""
    for c, found in enumerate(locate.profile_columns(sheet.rows, len(sheet.rows[0]) if sheet.rows else 0)):
        if found.count:
            kinds = (("price", price_score, PRICE_FLOOR), ("name", name_score, NAME_FLOOR))
            scores = (_nearness(kind, score(locate.NO_TITLE, found), wanted) for kind, score, wanted in kinds)
            yield ColumnSeen(column_letters(c), "", "", (*_cells(found), *scores))


def _nearness(kind: str, score: float, wanted: float) -> str:
    return f"no {kind} at all" if score <= IMPOSSIBLE else f"as a {kind} {score:.1f} (wanted {wanted})"


def _role(roles: Roles, column: int) -> str:
    if column == roles.prices[0]:
        return _SAID["price"]
    for field in fields(roles):
        held = getattr(roles, field.name)
        if column == held or (isinstance(held, tuple) and column in held):
            return _SAID.get(field.name, field.name)
    return ""


def _evidence(table: locate.LocatedTable, column: int) -> Iterator[str]:
    title, found = table.titles[column], table.profiles
    if title.role:
        yield f"the title says {title.role} ({title.strength:.2f})"
    elif title.text:
        yield "the title says nothing known"
    yield from _cells(found[column])
    if len(found) > MOST_COMPARED:
        return  # comparing each with each would take minutes
    together = [column_letters(table.left + c) for c in range(len(found)) if c != column and move_together(found[c], found[column])]
    if together:
        yield f"moves together with {', '.join(together)}"
    if factors := factors_of(column, found):
        yield f"is {' times '.join(column_letters(table.left + c) for c in factors)}"


def _cells(found: ColumnProfile) -> Iterator[str]:
    """What the cells look like, the telling things alone."""
    kinds = {"amounts": found.money, "words": found.words, "units": found.units, "sizes": found.sizes, "codes": found.codes}
    for kind, share in (kinds | {"percentages": found.percent, "dates": found.dated}).items():
        if share > _MOSTLY:
            yield f"{share:.0%} {kind}"
    if found.running:
        yield "counts up evenly"
    elif found.money > _MOSTLY and found.numbers:
        yield f"{found.distinct_numbers} different amounts, the middle one {found.median:,.10g}"
    if found.currency:
        yield f"marked {found.currency}"
    if found.count and found.filled < 1:
        yield f"{found.filled:.0%} filled"
