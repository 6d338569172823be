"""Doubts of a list in sentences that a buyer understands, each with the sheet and the column that it is about."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from monito_ray.pipeline.cells import column_letters
from monito_ray.pipeline.files.formats import FileFormat
from monito_ray.pipeline.files.texts.text import SHEET_NAME
from monito_ray.pipeline.lines import vocabulary
from monito_ray.pipeline.rows.certainty.line_amounts import has_other_amount, is_unreadable
from monito_ray.pipeline.rows.certainty.list_signs import LONGEST_NAME as LONGEST_PROSE
from monito_ray.pipeline.rows.certainty.list_signs import (
    OUTLIER_RATIO,
    ListSigns,
    is_attribute,
    is_cut,
    is_letterless,
    is_sentence,
    is_without_offers,
)
from monito_ray.pipeline.rows.certainty.predicted_share import Prediction
from monito_ray.pipeline.rows.certainty.runner_up import runners_up
from monito_ray.pipeline.rows.certainty.unread_amounts import UnreadAmounts
from monito_ray.pipeline.rows.certainty.unread_cells import UnreadColumn
from monito_ray.pipeline.rows.letterhead import says_tax
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables

#: Doubts that are named, the strongest first; columns, sheets and rows that one of them names.
MOST_DOUBTS, MOST_COLUMNS, MOST_SHEETS, MOST_ROWS = 4, 3, 4, 3
#: Characters of a name that is shown.
LONGEST_NAME = 60
#: How the name of a page of a PDF begins; other sheets are named by people, or by their format.
_PAGE = "page "
#: Names that readers give to what has none.
_UNNAMED = frozenset({SHEET_NAME, "Sheet", *FileFormat})


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as read: what the sentences are about."""

    sheets: Sequence[SheetTables]
    unread: UnreadAmounts
    signs: ListSigns

    @property
    def offers(self) -> list[tuple[SheetTables, OfferLine]]:
        """The lines with a price, each with its sheet."""
        return [(sheet, line) for sheet in self.sheets for line in sheet.lines if line.is_priced]


def describe_doubts(read: ReadList, prediction: Prediction) -> tuple[str, ...]:
    """Return the doubts of a list, none where it is taken at its word."""
    if not prediction.is_doubtful:
        return ()
    tables = list(dict.fromkeys(_doubts_of_tables(read.sheets)))
    sentences = chain(_sentences(_FACTS, read, prediction), _sentences(_IMPRESSIONS, read, prediction))
    named = list(dict.fromkeys((*tables[:MOST_COLUMNS], *sentences)))[:MOST_DOUBTS]
    return tuple(named) or (
        f"{_main_place(read)}: about {prediction.share:.0%} of the rows are probably right; compare some with the list",
    )


def _sentences(
    about: Mapping[str, tuple[float, Callable[[ReadList], Iterator[str]]]], read: ReadList, prediction: Prediction
) -> Iterator[str]:
    """Yield what is worth saying, the sign that takes most points first."""
    for name in prediction.against:
        least, say = about.get(name, (math.inf, _nothing))
        if getattr(read.signs, name) > least:
            yield from say(read)


def _nothing(_read: ReadList) -> Iterator[str]:
    yield from ()


def place_name(sheet: SheetTables) -> str:
    """Return what a person calls a sheet: "page 3", "sheet Harga", "the list" where it has no name, "the text" without tables."""
    place = _named_place(sheet.sheet.name)
    return "the text" if place == "the list" and not sheet.tables else place


def _named_place(name: str) -> str:
    if name in _UNNAMED:
        return "the list"
    return name if name.startswith(_PAGE) else f"sheet {name}"


def _row(sheet: SheetTables, line: OfferLine) -> str:
    """Return where a line stands: "row 6", of running text "line 6"."""
    return f"{'row' if sheet.tables else 'line'} {sheet.sheet.row_number(line.at)}"


def _doubts_of_tables(sheets: Sequence[SheetTables]) -> Iterator[str]:
    for sheet in sheets:
        yield from (_sentence(f"{place_name(sheet)}: {table.doubt}") for table in sheet.tables if table.doubt)


def _main_place(read: ReadList) -> str:
    """Return the sheet and the column of most prices."""
    sheet = max(read.sheets, key=lambda one: len(one.lines))
    return _sentence(f"{place_name(sheet)}{_price_column(sheet)}")


def _price_column(sheet: SheetTables) -> str:
    """Return ", column F" for the column of prices of the largest table, "" where a sheet has none."""
    if not sheet.tables:
        return ""
    table = max(sheet.tables, key=lambda one: one.last - one.first)
    return f", column {column_letters(table.left + table.roles.prices[0])}"


def _name_column(sheet: SheetTables) -> str:
    if not sheet.tables:
        return ""
    table = max(sheet.tables, key=lambda one: one.last - one.first)
    return f", column {column_letters(table.left + table.roles.name)}"


def _figure(price: Decimal | None) -> str:
    return f"{float(price or 0):,.10g}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unread(read: ReadList) -> Iterator[str]:
    places = {sheet.sheet.name: place_name(sheet) for sheet in read.sheets}
    by_column: defaultdict[tuple[str, str], list[UnreadColumn]] = defaultdict(list)
    for column in read.unread.columns:
        by_column[
            ("the pages", "")
            if column.sheet.startswith(_PAGE) or not column.column
            else (places.get(column.sheet, column.sheet), column.column)
        ].append(column)
    largest = sorted(by_column.items(), key=lambda entry: -sum(column.count for column in entry[1]))
    for (sheet, letter), columns in largest[:MOST_COLUMNS]:
        count = sum(column.count for column in columns)
        if letter:
            title = next((f" ({column.title})" for column in columns if column.title), "")
            first, last = min(c.first_row for c in columns), max(c.last_row for c in columns)
            rows = f"row {first}" if first == last else f"rows {first} to {last}"
            cells = "1 cell looks like a price and was" if count == 1 else f"{count:,} cells look like prices and were"
            yield _sentence(f"{sheet}, column {letter}{title}: {cells} not read ({rows})")
        else:
            pages = list(dict.fromkeys(places.get(column.sheet, column.sheet) for column in columns))
            shown = next((f", such as line {c.row}, {c.text!r}" for c in read.unread.cells if c.sheet in _UNNAMED and not c.column), "")
            amounts = "1 amount looks like a price and was" if count == 1 else f"{count:,} amounts look like prices and were"
            yield f"{_named(pages)}: {amounts} not read{shown}"


def _named(names: Sequence[str]) -> str:
    """Return names in a row, the last ones counted: "Page 1, page 2 and 5 more"."""
    more = f" and {len(names) - MOST_SHEETS} more" if len(names) > MOST_SHEETS else ""
    return _sentence(", ".join(names[:MOST_SHEETS]) + more)


def _nameless(read: ReadList) -> Iterator[str]:
    lost = [line for _, line in read.offers if not any(map(str.isalnum, line.name))]
    if lost:
        yield f"{_main_place(read)}: {len(lost):,} of {len(read.offers):,} lines with an amount have no name and gave no offer"


def _unreadable(read: ReadList) -> Iterator[str]:
    for sheet in read.sheets:
        lost = [line for line in sheet.lines if is_unreadable(line)]
        if lost:
            share = f"{len(lost):,} of {len(sheet.lines):,} lines"
            shown = f"{lost[0].price_text[:LONGEST_NAME]!r} in {_row(sheet, lost[0])}"
            yield _sentence(f"{place_name(sheet)}{_price_column(sheet)}: the price of {share} could not be read, such as {shown}")
            return


def _money_in_names(read: ReadList) -> Iterator[str]:
    yield from _about_names(read, "names hold amounts of money, so prices may belong to other names", has_other_amount)


def _about_names(read: ReadList, what: str, is_odd: Callable[[OfferLine], bool]) -> Iterator[str]:
    """Say what is odd about names, with the first one that is; where none is by itself, with any."""
    largest = max(read.sheets, key=lambda one: len(one.lines))
    named = [(sheet, line) for sheet, line in read.offers if line.name]
    sheet, line = next((pair for pair in named if is_odd(pair[1])), (largest, None))
    shown = line.name if line else next((other.name for of, other in named if of is largest), "")
    yield _sentence(f"{place_name(sheet)}{_name_column(sheet)}: {what}, such as {shown[:LONGEST_NAME]!r}")


def _outliers(read: ReadList) -> Iterator[str]:
    prices = [float(line.price or 0) for _, line in read.offers]
    middle = statistics.median(prices)
    odd = [(s, line) for s, line in read.offers if line.price and not 1 / OUTLIER_RATIO < float(line.price) / middle < OUTLIER_RATIO]
    if odd:
        sheet, first = odd[0]
        others = ", ".join(_row(s, line) for s, line in odd[1:MOST_ROWS] if s is sheet)
        much = "1 price is" if len(odd) == 1 else f"{len(odd):,} prices are"
        text = (
            f"{much} far from the others, near {middle:,.10g}: {_as_read(first)} ({_row(sheet, first)}){others and f', see also {others}'}"
        )
        yield _sentence(f"{place_name(sheet)}{_price_column(sheet)}: {text}")


def _as_read(line: OfferLine) -> str:
    """Return how the price of a product was read: "'41,500' was read as 41.5 for 'Carrot cake'", "10 for 'Tea'" where the cell says so."""
    shown, figure = line.price_text.strip()[:LONGEST_NAME], _figure(line.price)
    return f"{f'{shown!r} was read as ' if shown != figure.replace(',', '') else ''}{figure} for {line.name[:LONGEST_NAME]!r}"


def _spread(read: ReadList) -> Iterator[str]:
    """Name the lowest and the highest price, which are misread where any is."""
    sheet, low = min(read.offers, key=lambda offer: offer[1].price or 0)
    other, high = max(read.offers, key=lambda offer: offer[1].price or 0)
    ends = f"{_as_read(low)} ({_row(sheet, low)}), {_as_read(high)} ({_row(other, high)})"
    yield _sentence(f"{place_name(sheet)}: look at the lowest and the highest price, which are far apart: {ends}")


def _equal_prices(read: ReadList) -> Iterator[str]:
    (price, times), *_ = Counter(line.price for _, line in read.offers).most_common(1)
    yield f"{_main_place(read)}: {times:,} of {len(read.offers):,} offers have the same price, {_figure(price)}; it may be another figure"


def _about_prices(what: str) -> Callable[[ReadList], Iterator[str]]:
    def say(read: ReadList) -> Iterator[str]:
        yield f"{_main_place(read)}: {what}"

    return say


def _names_say(what: str, is_odd: Callable[[str], bool] = lambda _: False) -> Callable[[ReadList], Iterator[str]]:
    return lambda read: _about_names(read, what, lambda line: is_odd(line.name))


def _rival(what: str) -> Callable[[ReadList], Iterator[str]]:
    """Return what names the column that comes next as the one of `what`, in the largest table."""

    def say(read: ReadList) -> Iterator[str]:
        tables = [(sheet, table) for sheet in read.sheets for table in sheet.tables]
        if tables:
            sheet, table = max(tables, key=lambda entry: entry[1].last - entry[1].first)
            nearest = (one for one in runners_up(table) if one.what == what)
            yield from (_sentence(f"{place_name(sheet)}: {table.say_rival(what, one.chosen_column, one.next_column)}") for one in nearest)

    return say


def _empty_sheets(read: ReadList) -> Iterator[str]:
    empty = list(dict.fromkeys(place_name(sheet) for sheet in read.sheets if is_without_offers(sheet)))
    if empty:
        yield f"{_named(empty)}: text, and no offer was read there"


def _unpriced(read: ReadList) -> Iterator[str]:
    rows = [(sheet, line) for sheet in read.sheets for line in sheet.lines if not line.role and _names_goods(line)]
    lines = [(sheet, line) for sheet, line in rows if not line.is_priced]
    if lines:
        sheet, line = lines[0]
        many = f"{len(lines):,} of {len(rows):,} rows {'has' if len(lines) == 1 else 'have'} no price"
        shown = f"{line.name[:LONGEST_NAME]!r} in {_row(sheet, line)}"
        yield _sentence(f"{place_name(sheet)}{_price_column(sheet)}: {many}, such as {shown}")


def _names_goods(line: OfferLine) -> bool:
    """Return whether a line has a name, and that of no sum or tax."""
    is_named = any(map(str.isalpha, line.name))
    return line.is_priced or (is_named and not vocabulary.sums().match(line.name) and not says_tax(line.name))


#: What can be seen in the list, the least share of it that is worth a sentence, and that sentence; facts are named before impressions.
_FACTS: Mapping[str, tuple[float, Callable[[ReadList], Iterator[str]]]] = {
    "unread": (0.01, _unread),
    "unread_money": (0.01, _unread),
    "money_in_names": (0.02, _money_in_names),
    "nameless": (0.01, _nameless),
    "unreadable": (0.01, _unreadable),
    "equal_prices": (0.3, _equal_prices),
    "outliers": (0.0, _outliers),
    "glued": (0.0, _outliers),
    "numbered": (0.5, _about_prices("the prices look like numbers of rows or articles")),
    "small": (0.5, _about_prices("the prices are small whole numbers, as quantities and percentages are")),
    "short_names": (0.05, _names_say("names hold hardly a letter", is_letterless)),
    "cut_names": (0.03, _names_say("some names begin in the middle of a sentence", is_cut)),
    "sentences": (0.1, _names_say("some names are sentences", is_sentence)),
    "attributes": (0.1, _names_say("some names hold dates or other particulars", is_attribute)),
    "prose": (0.1, _names_say("names are as long as sentences", lambda name: len(name) > LONGEST_PROSE)),
    "odd_names": (0.2, _names_say("names look like sizes, codes or amounts")),
    "empty_sheets": (0.2, _empty_sheets),
    "few": (0.5, _unread),  # a short list can lose next to nothing: the least unread amount is worth a word
}
_IMPRESSIONS: Mapping[str, tuple[float, Callable[[ReadList], Iterator[str]]]] = {
    "unpriced": (0.1, _unpriced),
    "remarks": (0.15, _about_prices("many rows were taken for titles or remarks; look whether goods are among them")),
    "repeats": (0.1, _about_prices("many rows repeat others")),
    "shared_names": (0.15, _names_say("many names come with several prices, so they may be cut short or titles of groups")),
    "spread": (0.5, _spread),
    "untitled_price": (0.5, _about_prices("no title says that these are the prices; their numbers alone do")),
    "untitled_name": (0.5, _names_say("no title says that these are the names")),
    "rival_price": (0.3, _rival("prices")),
    "rival_name": (0.3, _rival("names")),
    "unlike_prices": (0.5, _about_prices("the numbers hardly look like prices")),
    "unlike_names": (0.5, _names_say("the texts hardly look like names")),
    "uncovered": (0.2, _about_prices("much of the text is in no offer; look whether goods were left out")),
    "bare_names": (0.1, _names_say("names are single words that repeat, so what they belong to may be missing")),
    "sparse_tables": (0.02, _about_prices("some offers were read from columns that are mostly blank, which may be remarks")),
    "disagreement": (0.1, _about_prices("read as lines of text it gives other prices than read as a table")),
    "other_currencies": (0.05, _about_prices("the prices are in several currencies")),
    "paged": (0.5, _about_prices("the page has no lines between its columns; compare some rows with it")),
    "page_lines": (0.5, _about_prices("names and prices stand apart on the page; compare some offers with it")),
}
