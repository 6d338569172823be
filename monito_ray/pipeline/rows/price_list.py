"""A price list as a whole: from its bytes to raw rows."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from pathlib import PurePath
from types import MappingProxyType
from typing import TypeVar

import pyarrow as pa

from monito_ray import frames
from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.cells import Sheet, text_of
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.rows import extract, letterhead
from monito_ray.pipeline.tables import locate
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable
from monito_ray.records import RawRow

FEWEST_COPIED = 8
COPIED_SHARE = 0.9
SECTION_REACH = 2
NAMES_READ, CODES_READ = 300, 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hints:
    """What was told about a list; told beats read. `layouts` are those of its tables that are known, by their keys."""

    supplier: str = ""
    currency: str = ""
    fallback_currency: str = ""
    layouts: Mapping[str, ColumnChoice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PriceList:
    """A list as read: `rows` in the schema of `RawRow`, every row of its tables once; what it says of itself; its tables in doubt."""

    rows: pa.Table
    supplier: str
    currency: str
    list_date: date | None
    tax_note: str
    notes: tuple[str, ...] = ()
    doubtful: tuple[DoubtfulTable, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetTables:
    """A sheet, the tables found on it, and their lines."""

    sheet: Sheet
    tables: list[locate.LocatedTable]
    lines: list[extract.OfferLine]


def read_price_list(data: bytes, file_name: str, hints: Hints = Hints()) -> PriceList:
    """Read a price list.

    Raises:
        FileUnusable: the file cannot be read, or holds no offer with a price (`NoPricesFound`).
    """
    return read_price_list_sheets(open_sheets(data, file_name), file_name, hints)


def read_price_list_sheets(sheets: Sequence[Sheet], file_name: str, hints: Hints = Hints()) -> PriceList:
    """Read what `open_sheets` made of a file; as `read`."""
    with gc_paused():
        return assemble(read_sheet_tables(sheets, hints.layouts), file_name, hints)


def read_sheet_tables(sheets: Sequence[Sheet], layouts: Mapping[str, ColumnChoice] = MappingProxyType({})) -> list[SheetTables]:
    """What is found on each sheet, before the list is looked at as a whole."""
    reads = []
    before: locate.LocatedTable | None = None
    for sheet in sheets:
        found = locate.find_tables(sheet, before if sheet.paged else None, layouts)
        before = found[-1] if found else before
        reads.append(SheetTables(sheet, found, _lines(sheet, found)))
    return reads


def assemble(reads: Sequence[SheetTables], file_name: str, hints: Hints = Hints()) -> PriceList:
    """The list that sheets make together.

    Raises:
        NoPricesFound: there is no offer with a price on them.
    """
    if not any(line.price is not None and line.price > 0 for read in reads for line in read.lines):
        seen = ", ".join(read.sheet.name for read in reads[:5])
        raise NoPricesFound(f"{file_name}: no column of prices found on any sheet (looked at: {seen})")
    head = _letterhead(reads)
    empty = tuple(f"sheet {read.sheet.name!r}: no table with names and prices" for read in reads if not read.lines and read.sheet.rows)
    reads, copies = _without_copies(reads)
    notes = empty + copies
    supplier = hints.supplier or head.supplier or _from_file_name(file_name)
    drawn = Counter(line.drawn_currency for read in reads for line in read.lines if line.drawn_currency)
    currency = (
        hints.currency or head.currency or next(iter(dict(drawn.most_common(1))), "") or head.likely_currency or hints.fallback_currency
    )
    doubtful = tuple(
        {
            found.key: found
            for read in reads
            for table in read.tables
            if table.doubt
            for found in [locate.doubtful_table(read.sheet, table)]
        }.values()
    )
    rows_found = _table(reads, file_name, supplier, currency, hints, head)
    return PriceList(rows_found, supplier, currency, head.list_date, head.tax_note, notes, doubtful)


def _lines(sheet: Sheet, found: Sequence[locate.LocatedTable]) -> list[extract.OfferLine]:
    """The lines of a sheet's tables. A title between one table and the header of the next below it is the next one's section."""
    lines: list[extract.OfferLine] = []
    for table in found:
        section = ""
        top = table.header.top if table.header else table.first
        above = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].at < top), None)
        if (
            above is not None
            and lines[above].role == "note"
            and top - lines[above].at <= SECTION_REACH
            and len(lines[above].name) <= extract.LONGEST_SECTION
        ):
            section = lines[above].name
            lines[above] = lines[above]._replace(role="section", section=section)
        lines += extract.extract_lines(sheet, table, section)
    return lines


def _without_copies(reads: Sequence[SheetTables]) -> tuple[list[SheetTables], tuple[str, ...]]:
    """The sheets without those whose offers stand on a larger sheet already, and a note for each that was left out."""
    if sum(bool(read.lines) for read in reads) < 2:
        return list(reads), ()
    offers = [{(line.name.casefold(), line.price) for line in read.lines if line.price and line.name} for read in reads]
    times = Counter(itertools.chain.from_iterable(offers))
    kept: list[SheetTables] = list(reads)
    notes: list[str] = []
    for n in sorted(range(len(reads)), key=lambda n: (len(offers[n]), -n)):
        if reads[n].sheet.paged or len(offers[n]) < FEWEST_COPIED:
            continue
        if sum(times[offer] > 1 for offer in offers[n]) < COPIED_SHARE * len(offers[n]):
            continue  # of many sheets nearly all: comparing each with each takes longer
        for m in range(len(reads)):
            larger = (len(offers[m]), -m) > (len(offers[n]), -n)
            if larger and kept[m].lines and len(offers[n] & offers[m]) >= COPIED_SHARE * len(offers[n]):
                kept[n] = SheetTables(reads[n].sheet, [], [])
                notes.append(f"sheet {reads[n].sheet.name!r} repeats sheet {reads[m].sheet.name!r} and was read once")
                break
    return kept, tuple(notes)


def _letterhead(reads: Sequence[SheetTables]) -> letterhead.Letterhead:
    lines: list[str] = []
    for read in reads:
        sheet = read.sheet
        inside = {index for table in read.tables for index in range(table.first, table.last + 1)}
        outside = [index for index in range(len(sheet.rows)) if index not in inside][:80]
        lines += [text for index in outside for value in sheet.rows[index] if (text := text_of(value))]
        lines += [*[line.name for line in read.lines if line.role][-10:], sheet.name]
    marked = [line.currency for read in reads for line in read.lines[:2000] if line.currency]
    samples = [line.name for read in reads for line in _some(read.lines, NAMES_READ)]
    codes = (text_of(value) for read in reads for row in _some(read.sheet.rows, CODES_READ) for value in row)
    return letterhead.read_letterhead(lines, marked, samples, codes)


def _some(values: Sequence[T], most: int) -> Sequence[T]:
    """About `most` of them, evenly taken."""
    return values[:: max(1, len(values) // most)]


def _table(
    reads: Sequence[SheetTables], file_name: str, supplier: str, currency: str, hints: Hints, head: letterhead.Letterhead
) -> pa.Table:
    """The lines of all sheets in the schema of `RawRow`, column by column: a long list has to be held only once."""
    lines = [line for read in reads for line in read.lines]
    offers: Counter[str] = Counter()
    same = {"source_file": file_name, "supplier": supplier, "list_date": head.list_date, "tax_note": head.tax_note}
    told: dict[str, Iterable[object]] = {
        "original_name": (line.name for line in lines),
        "source_sheet": (read.sheet.name for read in reads for _ in read.lines),
        "source_row": (number for read in reads for number in _numbers(read, offers)),
        "currency": (hints.currency or line.currency or head.currency or line.drawn_currency or currency for line in lines),
        **{name: itertools.repeat(value, len(lines)) for name, value in same.items()},
    }
    schema = frames.schema(RawRow)
    values = {one.name: told.get(one.name) or map(attrgetter(one.name), lines) for one in schema}
    return pa.table([pa.array(values[one.name], one.type, size=len(lines)) for one in schema], schema=schema)


def _numbers(read: SheetTables, offers: "Counter[str]") -> Iterator[int]:
    """The row of each line as a person counts; on a page the offers, which `offers` goes on counting by page."""
    for line in read.lines:
        if not read.sheet.paged:
            yield read.sheet.row_number(line.at)
            continue
        yield offers[read.sheet.name] + 1
        offers[read.sheet.name] += line.price is not None and line.price > 0


def _from_file_name(file_name: str) -> str:
    """A supplier's name where the list gives none: the file's, as words."""
    return " ".join(PurePath(file_name).stem.replace("_", " ").split())[:60] or "unknown"
