"""A price list as a whole: from its bytes to raw rows."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from operator import attrgetter
from typing import NamedTuple, TypeVar

import pyarrow as pa

from monito_ray import frames
from monito_ray.errors import NoPricesFound, SheetMissing
from monito_ray.isolation.limits import opened_budget
from monito_ray.isolation.process_limits import allow_at_least
from monito_ray.pipeline.cells import Sheet, text_of
from monito_ray.pipeline.currencies import may_mean
from monito_ray.pipeline.files.clean_cells import clean_text
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.rows.certainty.assessment import Certainty, assess
from monito_ray.pipeline.rows.certainty.formula_doubts import doubt_formulas
from monito_ray.pipeline.rows.chosen_columns import choice_of, has_columns, with_choices, with_chosen_columns
from monito_ray.pipeline.rows.extract import LONGEST_SECTION, extract_lines
from monito_ray.pipeline.rows.letterhead import Letterhead, Shown, read_letterhead, supplier_of_file
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.rows.page_numbers import without_page_number
from monito_ray.pipeline.rows.readings.choice import choose_readings
from monito_ray.pipeline.rows.readings.doubt_strips import Strips, strips_of_doubts
from monito_ray.pipeline.rows.readings.narrow_sheets import with_running_text
from monito_ray.pipeline.rows.readings.picture_doubts import doubt_pictures
from monito_ray.pipeline.rows.readings.short_thousands import doubt_short_prices
from monito_ray.pipeline.rows.readings.stray_fractions import doubt_fractions
from monito_ray.pipeline.rows.sheet_copies import without_copies
from monito_ray.pipeline.rows.supplier.row_sketch import ListSketch, sketch_list
from monito_ray.pipeline.rows.supplier.supplier_marks import SupplierMarks, own_texts, read_supplier_marks
from monito_ray.pipeline.rows.supplier.surroundings import rows_around, rows_at_head, texts_around
from monito_ray.pipeline.tables import locate
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable, layout_key
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.shapes.turned_lists import stand_upright
from monito_ray.records import RawRow

#: A remark at most this many rows above a header is the title of the table below it.
SECTION_REACH = 2
#: What is read of each sheet for its letterhead: currencies of lines, names, and rows with article numbers.
CURRENCIES_READ, NAMES_READ, CODES_READ = 2_000, 300, 500
#: Of more sheets than that fewer names and codes are read of each, so that many sheets cost hardly more than few.
SHEETS_READ_WHOLE = 10
#: Currencies on a smaller share of the rows are chance: a word of a name that is a currency elsewhere ("RON" is rum, too).
MARKED_SHARE = 0.005
#: Sheets named in the error of a list without prices.
_SHEETS_NAMED = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hints:
    """What people said of a list; it goes before what the list says of itself, but for `fallback_currency`."""

    supplier: str = ""
    currency: str = ""
    #: The currency of a list that shows none.
    fallback_currency: str = ""
    #: Chosen columns of tables in doubt, by the keys of their layouts.
    layouts: Mapping[str, ColumnChoice] = field(default_factory=dict)
    #: Columns of this list that a person chose, by their roles.
    columns: Mapping[str, int] = field(default_factory=dict)
    #: The names of the sheets that are read; none for all.
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceList:
    """A list as read."""

    #: In the schema of `RawRow`: every row of its tables once.
    rows: pa.Table
    supplier: str
    currency: str
    list_date: date | None
    tax_note: str
    #: How sure it is read: doubts, unread amounts, the predicted share of right rows.
    certainty: Certainty
    #: What a person should know: sheets without tables, sheets that repeat others.
    notes: tuple[str, ...] = ()
    #: The tables whose columns are in doubt, one for each layout.
    doubtful: tuple[DoubtfulTable, ...] = ()
    #: The keys of its tables' layouts.
    layouts: tuple[str, ...] = ()
    #: The columns that a person chose for this list, by the keys of the layouts that have them.
    chosen: Mapping[str, ColumnChoice] = field(default_factory=dict)
    #: What shows whose list it is: its letterhead, and its rows.
    marks: SupplierMarks = field(default_factory=SupplierMarks)
    sketch: ListSketch = field(default_factory=ListSketch)
    #: Of pictures: where prices in doubt stand, by sheet and row.
    strips: Strips = field(default_factory=dict)
    #: Whether neither the list nor a person says the currency.
    is_currency_guess: bool = False


def read_price_list(data: bytes, file_name: str, hints: Hints = Hints()) -> PriceList:
    """Read a price list.

    Raises:
        FileUnusable: the file cannot be read, or holds no offer with a price (`NoPricesFound`).
    """
    file_name = clean_text(file_name)
    return read_from_sheets(open_sheets(data, file_name), file_name, hints)


def read_from_sheets(sheets: Sequence[Sheet], file_name: str, hints: Hints = Hints()) -> PriceList:
    """Read the sheets that `open_sheets` made of a file.

    Raises:
        NoPricesFound: there is no offer with a price on them.
        SheetMissing: the hints name a sheet that is not among them.
    """
    allow_at_least(opened_budget(sum(len(sheet.rows) for sheet in sheets)))
    with gc_paused():
        return assemble(read_sheet_tables(select_sheets(sheets, file_name, hints.sheets), hints), file_name, hints)


def select_sheets(sheets: Sequence[Sheet], file_name: str, names: Sequence[str]) -> Sequence[Sheet]:
    """Return the sheets of these names, all where none is named.

    Raises:
        SheetMissing: there is no sheet of a name.
    """
    existing = {sheet.name.casefold() for sheet in sheets}
    for name in names:
        if name.casefold() not in existing:
            shown = ", ".join(dict.fromkeys(sheet.name for sheet in sheets[:_SHEETS_NAMED]))
            raise SheetMissing(f"{file_name}: has no sheet {name!r}; its sheets are: {shown}")
    folded = {name.casefold() for name in names}
    return [sheet for sheet in sheets if sheet.name.casefold() in folded] if names else sheets


def read_sheet_tables(sheets: Sequence[Sheet], hints: Hints = Hints()) -> list[SheetTables]:
    """Return the tables of each sheet and their lines; a page goes on with the columns of the page before in the same file.

    A sheet that reads better as running text has its lines as rows, and no tables, unless somebody chose columns.
    """
    result = []
    last_table: LocatedTable | None = None
    member = ""
    for as_sent in sheets:
        sheet = as_sent if hints.columns else stand_upright(as_sent)
        if sheet.member != member:
            last_table, member = None, sheet.member
        tables = with_choices(locate.find_tables(sheet, last_table, hints.layouts), hints.layouts)
        if hints.columns:
            tables = with_chosen_columns(sheet, tables, hints.columns)
        last_table = tables[-1] if tables else last_table
        result.append(SheetTables(sheet, tables, without_page_number(sheet, _lines(sheet, tables))))
    return doubt_pictures(result if hints.columns else choose_readings(with_running_text(result)))


def assemble(sheets: Sequence[SheetTables], file_name: str, hints: Hints = Hints()) -> PriceList:
    """Return the list that sheets make together.

    Raises:
        NoPricesFound: there is no offer with a price on them.
    """
    if not any(line.is_priced for sheet in sheets for line in sheet.lines):
        missing = "".join(f". {doubt}" for doubt in doubt_formulas(sheets))
        raise NoPricesFound(
            f"{file_name}: no column of prices, and no lines with prices, on any sheet (looked at: {_looked_at(sheets)}){missing}"
        )
    head = _letterhead(sheets)
    empty = [
        sheet.sheet.unread or f"sheet {sheet.sheet.name!r}: no table with names and prices"
        for sheet in sheets
        if not sheet.lines and (sheet.sheet.rows or sheet.sheet.unread)
    ]
    all_sheets = sheets
    sheets, copies = without_copies(all_sheets)
    own = [sheet for sheet, before in zip(sheets, all_sheets, strict=True) if sheet.lines or not before.lines]
    certainty = assess(own, are_columns_settled=bool(hints.columns))
    supplier = hints.supplier or head.supplier or supplier_of_file(file_name)
    stated = hints.currency or head.currency or head.currency_meant(_drawn_currency(sheets))
    currency = stated or head.likely_currency or hints.fallback_currency
    sheets = doubt_short_prices(doubt_fractions(sheets, currency), currency)
    rows = _to_table(sheets, file_name, hints, head, ListFacts(supplier, currency, certainty.prediction.share))
    facts = supplier, currency, head.list_date, head.tax_note
    marks = read_supplier_marks(rows_around(all_sheets), currency, head.supplier, rows_at_head(all_sheets))
    layouts = _layouts(sheets, hints.columns)
    return PriceList(
        rows,
        *facts,
        certainty,
        (*empty, *copies),
        _doubtful_tables(sheets),
        *layouts,
        marks,
        _sketch(sheets),
        strips_of_doubts(rows, sheets),
        is_currency_guess=bool(currency and not stated),
    )


def _looked_at(sheets: Sequence[SheetTables]) -> str:
    """Return the names of the first sheets, and why files within the file were not read."""
    names = ", ".join(sheet.sheet.name for sheet in [sheet for sheet in sheets if not sheet.sheet.unread][:_SHEETS_NAMED])
    return "; ".join([names, *(sheet.sheet.unread for sheet in sheets if sheet.sheet.unread)][: 1 + _SHEETS_NAMED])


def _lines(sheet: Sheet, tables: Sequence[LocatedTable]) -> list[OfferLine]:
    """Return the lines of a sheet's tables; a remark between one table and the header of the next is the section of the next."""
    lines: list[OfferLine] = []
    for table in tables:
        section = ""
        title = _title_above(table, lines)
        if title is not None:
            section = lines[title].name
            lines[title] = lines[title]._replace(role="section", section=section)
        lines += extract_lines(sheet, table, section)
    return lines


def _title_above(table: LocatedTable, lines: Sequence[OfferLine]) -> int | None:
    """Return the index of the line that is the title of `table`: a short remark just above its header."""
    top = table.header.top if table.header else table.first
    above = next((n for n in reversed(range(len(lines))) if lines[n].at < top), None)
    if above is None:
        return None
    line = lines[above]
    is_title = line.role == "note" and top - line.at <= SECTION_REACH and len(line.name) <= LONGEST_SECTION
    return above if is_title else None


def _sketch(sheets: Sequence[SheetTables]) -> ListSketch:
    lines = [line for sheet in sheets for line in sheet.lines if line.is_priced]
    return sketch_list([line.name for line in lines], [line.sku for line in lines], [line.price for line in lines])


def _drawn_currency(sheets: Sequence[SheetTables]) -> str:
    """Return the currency that the number formats of most lines show, "" where none does."""
    drawn = Counter(line.drawn_currency for sheet in sheets for line in sheet.lines if line.drawn_currency)
    return drawn.most_common(1)[0][0] if drawn else ""


def _doubtful_tables(sheets: Sequence[SheetTables]) -> tuple[DoubtfulTable, ...]:
    tables = (locate.doubtful_table(sheet.sheet, table) for sheet in sheets for table in sheet.tables if table.doubt)
    return tuple({table.key: table for table in tables}.values())


def _layouts(sheets: Sequence[SheetTables], columns: Mapping[str, int]) -> tuple[tuple[str, ...], dict[str, ColumnChoice]]:
    """Return the keys of the layouts of all tables, and for those that have the chosen columns the choice within them."""
    tables = {layout_key(table.titles, table.profiles): table for sheet in sheets for table in sheet.tables}
    chosen = {key: choice_of(table.roles, table, columns) for key, table in tables.items() if columns and has_columns(table, columns)}
    return tuple(tables), chosen


def _letterhead(sheets: Sequence[SheetTables]) -> Letterhead:
    """Read what the list says of itself, on all sheets together."""
    texts = [text for sheet in sheets for text in texts_around(sheet)]
    priced = [line for sheet in sheets for line in sheet.lines[:CURRENCIES_READ] if line.is_priced]
    marked = [line.currency for line in priced if line.currency]
    marked = marked if len(marked) >= MARKED_SHARE * len(priced) else []
    fewer = max(1, len(sheets) // SHEETS_READ_WHOLE)
    names = [line.name for sheet in sheets for line in _sample(sheet.lines, NAMES_READ // fewer)]
    codes = map(text_of, {value for sheet in sheets for row in _sample(sheet.sheet.rows, CODES_READ // fewer) for value in row})
    titles = list(dict.fromkeys(title.text for sheet in sheets for table in sheet.tables for title in table.titles if title.text))
    cells = [line.price_text for sheet in sheets for line in _sample(sheet.lines, NAMES_READ) if line.price_text]
    drawn = {line.drawn_currency for sheet in sheets for line in sheet.lines[:CURRENCIES_READ] if line.drawn_currency}
    shown = Shown(titles, cells, tuple(_currency_cells(sheets)), drawn)
    return read_letterhead(texts, marked, names, codes, shown, own_texts(rows_around(sheets)))


def _currency_cells(sheets: Sequence[SheetTables]) -> Iterator[str]:
    """Yield some cells of the columns that hold currencies."""
    for sheet in sheets:
        for table in sheet.tables:
            if (column := table.roles.currency) is not None:
                rows = _sample(sheet.sheet.rows[table.first : table.last + 1], NAMES_READ)
                yield from {text_of(row[table.left + column]) for row in rows}


def _sample(values: Sequence[T], size: int) -> Sequence[T]:
    """Return about `size` of the values, evenly taken."""
    return values[:: max(1, len(values) // size)]


class ListFacts(NamedTuple):
    """What holds for every row of a list unless the row says otherwise."""

    supplier: str
    currency: str
    #: The share of its rows that is probably read rightly.
    predicted_share: float


def _to_table(sheets: Sequence[SheetTables], file_name: str, hints: Hints, head: Letterhead, facts: ListFacts) -> pa.Table:
    """Return the lines of all sheets in the schema of `RawRow`, column by column: a long list has to be held only once."""
    lines = [line for sheet in sheets for line in sheet.lines]
    offers: Counter[str] = Counter()
    of_list = {
        "source_file": file_name,
        "supplier": facts.supplier,
        "list_date": head.list_date,
        "tax_note": head.tax_note,
        "price_confidence": round(facts.predicted_share, 3),
    }
    currency_of = cache(lambda shown, drawn: hints.currency or _currency_of(shown, drawn, head, facts.currency))
    columns: dict[str, Iterable[object]] = {
        "original_name": map(attrgetter("name"), lines),
        "source_sheet": itertools.chain.from_iterable(itertools.repeat(sheet.sheet.name, len(sheet.lines)) for sheet in sheets),
        "source_row": (number for sheet in sheets for number in _row_numbers(sheet, offers)),
        "currency": itertools.starmap(currency_of, map(attrgetter("currency", "drawn_currency"), lines)),
        **{name: itertools.repeat(value, len(lines)) for name, value in of_list.items()},
    }
    schema = frames.schema(RawRow)
    arrays = [pa.array(columns.get(one.name) or map(attrgetter(one.name), lines), one.type, size=len(lines)) for one in schema]
    return pa.table(arrays, schema=schema)


def _currency_of(shown: str, drawn: str, head: Letterhead, currency: str) -> str:
    """Return the currency that a line shows in its row or title, else that of the letterhead, of its number format, or of the list."""
    if shown:
        meant = head.currency_meant(shown)
        return meant or (currency if may_mean(shown, currency) else "")
    return head.currency or head.currency_meant(drawn) or currency


def _row_numbers(sheet: SheetTables, offers: "Counter[str]") -> Iterator[int]:
    """Yield the row of each line as a person counts: on a page the offers, whose number by page `offers` holds."""
    if not sheet.sheet.paged:
        yield from map(sheet.sheet.row_number, map(attrgetter("at"), sheet.lines))
        return
    for line in sheet.lines:
        yield offers[sheet.sheet.name] + 1
        offers[sheet.sheet.name] += line.is_priced
