"""From a located table to lines: one for each row that is neither blank nor a repeated header."""

import json
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from monito_ray.isolation.limits import LONGEST_NAME
from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import Sheet, Value, text_of
from monito_ray.pipeline.currencies import currency_named
from monito_ray.pipeline.price_remarks import is_blank_price, least_order
from monito_ray.pipeline.rows.certainty.cut_texts import CUT_NAME
from monito_ray.pipeline.rows.columns.quantity_columns import QuantityTexts, package_of_price, package_with_count, unit_of_title
from monito_ray.pipeline.rows.offer_line import OfferLine
from monito_ray.pipeline.rows.price_cells import PriceCells, PricedCell, amount_in, best_cell, rows_in_cells
from monito_ray.pipeline.rows.row_names import RowNames, is_mere_size
from monito_ray.pipeline.spellings import canonical_unit, is_letter_of_size
from monito_ray.pipeline.tables.locate import LocatedTable

#: A title of a section has at most this many characters; longer texts are prose.
LONGEST_SECTION = 90
#: Where rows usually fill so many cells, a row with a single text is a title or a remark; where they fill two, it may be a name.
FEWEST_CELLS_OF_OFFERS = 3
#: A running number has at most this many characters: "10.2."
_LONGEST_NUMBER = 5
#: Rows that are looked at to see how many cells a row of the table fills.
_FILL_SAMPLE = 300

_quoted = json.encoder.encode_basestring


def extract_lines(sheet: Sheet, table: LocatedTable, section: str = "") -> Iterator[OfferLine]:
    """Yield the lines of a table, top to bottom; each has the section that it stands under and the name that it carries.

    `section` is the title that stands over the table itself.
    """
    reader = _TableReader(sheet, table, section)
    titles = [title.text for title in table.titles]
    for index in range(table.first, table.last + 1):
        for row in rows_in_cells(sheet.rows[index][table.left : table.right], table.roles):
            texts = [*map(text_of, row)]
            if any(texts) and texts != titles:
                yield from reader.read_lines(index, row, texts)


class _PriceTitle(NamedTuple):
    """What stands over a column of prices for all its rows."""

    unit: str
    currency: str
    drawn_currency: str
    #: The outer package that the prices are for, whatever units stand in the rows, and the same with what it holds.
    package: str
    package_with_count: str


class _TableReader:
    """Reads the rows of one table in their order; remembers the section."""

    def __init__(self, sheet: Sheet, table: LocatedTable, section: str) -> None:
        self._sheet, self._table, self._section = sheet, table, section
        #: Sheet and section: the same goods elsewhere are no repeats.
        self._place = f"{sheet.name}\x1f{section}"
        self._names = RowNames(sheet, table)
        self._last_priced = _last_priced_row(sheet, table)
        self._fills_many = _typical_fill(sheet, table) >= FEWEST_CELLS_OF_OFFERS
        self._doubt = table.doubt
        self._prices = PriceCells(sheet, table)
        self._quantities = QuantityTexts(sheet, table)
        self._titles = {column: _price_title(sheet, table, column) for column in table.roles.prices}

    def read_lines(self, index: int, row: Sequence[Value], texts: list[str]) -> list[OfferLine]:
        """Return the line of a row at `index`, whose cells within the table are `texts`; of a grid's row one for each of its prices."""
        cells = self._prices.of_row(index, row)
        offers = [cell for cell in cells if cell.amount.value] if self._table.kinds else []
        if not offers:
            return [self._line(index, texts, cells, "")]
        return [self._line(index, texts, [cell], self._table.kinds[cell.column]) for cell in offers]

    def _line(self, index: int, texts: list[str], cells: Sequence[PricedCell], kind: str) -> OfferLine:
        """Return one line of a row from those of its price cells that count; `kind` is what a grid calls the offer."""
        roles = self._table.roles
        best = best_cell(cells)
        column, amount = (best.column, best.amount) if best else (roles.prices[0], None)
        role, name = self._role_and_name(index, texts, amount)
        name = f"{name} {kind}" if kind else name
        is_cut = len(name) > LONGEST_NAME
        name = name[:LONGEST_NAME] if is_cut else name
        title = self._titles[column]
        size_text, pack_text, unit_text = self._quantities.of_row(column, texts)
        unit = (
            title.package
            or unit_text
            or (amount.unit if amount else "")
            or _unit_alone(size_text, pack_text)
            or ("" if kind else title.unit)
        )
        currency = "" if roles.currency is None else currency_named(texts[roles.currency])
        return OfferLine(
            at=index,
            name=name,
            price=prices.rounded(amount.value) if amount else None,
            price_text=texts[column] or str(amount.value) if amount else next((texts[c] for c in roles.prices if texts[c]), ""),
            price_tiers=self._prices.tiers(column, cells) if len(cells) > 1 or (best and len(best.amounts) > 1) else "",
            currency=currency or (amount.currency if amount else "") or title.currency,
            drawn_currency=title.drawn_currency,
            section=self._section,
            brand="" if roles.brand is None else texts[roles.brand],
            category_text="" if roles.category is None else texts[roles.category],
            unit_text=unit,
            size_text=size_text,
            pack_text=pack_text or title.package_with_count,
            min_quantity=("" if roles.min_quantity is None else texts[roles.min_quantity]) or least_order(texts[column]),
            sku="" if roles.sku is None else _article_number(texts[roles.sku]),
            cells=f"[{', '.join(map(_quoted, texts))}]",  # as json.dumps, in a third of the time
            # Rows that share one written name are no repeats of each other, so their index is part of the print.
            fingerprint=_fingerprint(
                texts, roles.number, self._place, name if texts[roles.name] and not self._table.is_nameless else f"{name} {index}"
            ),
            role=role,
            doubt=self._doubt or (CUT_NAME if is_cut else "") or (self._doubt_of_price(best, cells, texts[column]) if best else ""),
        )

    def _doubt_of_price(self, best: PricedCell, cells: Sequence[PricedCell], text: str) -> str:
        return self._prices.doubt_of(best, text) or (self._prices.doubt_of_tiers(best, cells) if len(cells) > 1 else "")

    def _role_and_name(self, index: int, texts: list[str], amount: prices.Amount | None) -> tuple[str, str]:
        """Return the role of a row, "" for an offer, and its name; a title begins a section."""
        role = "" if amount and amount.value > 0 else self._role_of_unpriced(texts)
        name = max(texts, key=len) if role else self._name(index, texts)
        if role and index > self._last_priced:
            role = "note"
        if role == "section":
            self._section = name
            self._place = f"{self._sheet.name}\x1f{name}"
            self._names.begin_section()
        return role, name

    def _name(self, index: int, texts: list[str]) -> str:
        name = self._names.name_of(index, texts)
        title = self._section or self._table.title
        return f"{title} {name}" if title and (self._table.is_nameless or is_mere_size(name)) else name

    def _role_of_unpriced(self, texts: list[str]) -> str:
        """Return `section` for a title over the rows that follow, `note` for prose, else ""."""
        roles = self._table.roles
        text = self._only_text(texts)
        if not any(map(str.isalpha, text)):
            return ""
        if len(text) > LONGEST_SECTION:
            return "note" if self._fills_many else ""
        if self._fills_many:
            return "section"
        # In a list of two columns a name without a price looks the same as a title.
        is_title = text.isupper() and not any(map(str.isdigit, text))
        return "section" if is_title or text.endswith(":") or not texts[roles.name] else ""

    def _only_text(self, texts: list[str]) -> str:
        """Return the only text of a row besides its running number and zero prices, "" where it has several."""
        roles = self._table.roles
        others = [
            text
            for c, text in enumerate(texts)
            if text and not (c == roles.number and len(text) <= _LONGEST_NUMBER) and not (c in roles.prices and _is_zero(text))
        ]
        return others[0] if len(others) == 1 else ""


def _price_title(sheet: Sheet, table: LocatedTable, column: int) -> _PriceTitle:
    text = table.titles[column].text
    package = "" if table.kinds else package_of_price(text)
    drawn = sheet.currencies.get(table.left + column, "")
    return _PriceTitle(unit_of_title(text) or package, currency_named(text), drawn, package, package_with_count(text) if package else "")


def _unit_alone(size: str, pack: str) -> str:
    """Return the first of a row's texts of size and pack that is nothing but a unit, as of goods sold by it: "kg", "caja"."""
    if size and canonical_unit(size) and not is_letter_of_size(size):
        return size
    return pack if pack and canonical_unit(pack) else ""


def _article_number(text: str) -> str:
    return "" if not text or is_blank_price(text) else text


def _is_zero(text: str) -> bool:
    return not text.strip("0.,- ") or is_blank_price(text)


def _last_priced_row(sheet: Sheet, table: LocatedTable) -> int:
    """Return the index of the last row with a positive amount under a price column."""
    columns = [(table.left + c, table.profiles[c].decimals) for c in table.roles.prices]
    for index in range(table.last, table.first - 1, -1):
        row = sheet.rows[index]
        if any((amount := amount_in(row[c], decimals)) and amount.value > 0 for c, decimals in columns):
            return index
    return table.first


def _typical_fill(sheet: Sheet, table: LocatedTable) -> int:
    """Return how many cells a row of the table fills, in the middle of its filled rows."""
    step = max(1, (table.last - table.first) // _FILL_SAMPLE)
    rows = (sheet.rows[index][table.left : table.right] for index in range(table.first, table.last + 1, step))
    fills = sorted(filter(None, (len(row) - row.count("") - row.count(None) for row in rows)))
    return fills[len(fills) // 2] if fills else 0


def _fingerprint(texts: list[str], number: int | None, place: str, name: str) -> str:
    """Return a digest that is equal for rows that say the same at one place, their running numbers apart."""
    others = texts if number is None else texts[:number] + texts[number + 1 :]
    return blake2b("\x1f".join([place, name, *others]).encode(), digest_size=12).hexdigest()
