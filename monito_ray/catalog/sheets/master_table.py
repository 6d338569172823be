"""The master table: a row for each product, pack and currency, with every supplier's price and the best of them.

A product that costs rupiah at one supplier and dollars at another has two rows with the same `Product ID`, since prices in two
currencies cannot be compared. Sizes and packs of one thing stand together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from monito_ray.catalog.prices.best_offer import best_offer
from monito_ray.catalog.prices.staleness import STALE_AFTER
from monito_ray.catalog.sheets.choices import NOT_ACCEPTED, REFUSAL_NOTE, unit_choices
from monito_ray.catalog.sheets.compared_offer import ComparedOffer, ShownProduct
from monito_ray.catalog.sheets.sheet_titles import LONGEST_LABEL, distinct, with_room_for
from monito_ray.pipeline.products.taxonomy import OTHER, category_names
from monito_ray.sheet_model import Cell, CellMark, Column, ColumnKind, FilledRow, PlannedSheet, SparseRows

LAST_UPDATED = "Last Updated"
MASTER = "Master Table"
_LEGEND = (
    f"Green: the lowest price. Grey: from a list more than {STALE_AFTER.days} days older than the newest list. "
    "Orange: the price may be wrong, see Review. A grey or orange price is the best one only where there is no other."
)
_COLUMNS = (
    Column("Product", width=36, note="What tells a product from an equal one stands behind a dot."),
    Column("Brand", width=18),
    Column("Size", ColumnKind.NUMBER, 8),
    Column("Unit", width=7),
    Column("Pack", ColumnKind.NUMBER, 7),
    Column("Category", width=24),
    Column("Currency", width=10),
    Column("Best Price", ColumnKind.MONEY, 13, note=_LEGEND),
    Column("Best Supplier", width=26),
    Column("Base Price", ColumnKind.MONEY, 13, note="What one kg, l, m or piece costs at the best price."),
    Column("Per", width=6),
    Column("Change", ColumnKind.CHANGE, 10, note="Of the best supplier's price, since the one before."),
    Column("List Date", ColumnKind.DATE, 12, note="Of the best supplier's list; where it has no date, the day it came."),
    Column("First Added", ColumnKind.DATE, 13),
    Column(LAST_UPDATED, ColumnKind.DATE, 14),
)
_BEST_PRICE, _CHANGE, _FIRST_ADDED = (
    [column.title for column in _COLUMNS].index(title) for title in ("Best Price", "Change", "First Added")
)
#: Width of a price column in characters. The title over it takes two lines, with this much room beside its longer half.
_PRICE_WIDTH = 13
_TITLE_MARGIN = 8
#: Stands between a product's name and what tells it from a product that is otherwise equal.
DISTINCTION = " · "
#: Before every character that a name has, so that a shorter name stands before a longer one that begins like it.
_AFTER_NAME = "\x00"
_NO_SIZE = Decimal(0)
#: A base price is computed: 19,867.55 for a litre is not written by anybody, and its cents tell nobody anything.
_NO_CENTS_FROM = 1_000
#: Comments are shapes, which make a workbook slow: the first of a sheet have one.
MOST_COMMENTS = 500


def master_table(products: Sequence[ShownProduct], offers: Sequence[ComparedOffer], suppliers: Sequence[str]) -> PlannedSheet:
    """Plan the master table of the offers that stand; `suppliers` have their columns in this order."""
    labels = column_labels(suppliers)
    decimals = _suppliers_with_decimals(offers)
    columns = [*with_room_for(suppliers, _fixed_columns(products, offers))]
    for name in suppliers:
        width = max(_PRICE_WIDTH, len(labels[name]) // 2 + _TITLE_MARGIN)
        columns.append(Column(f"{labels[name]} Price", ColumnKind.MONEY, width, has_decimals=name in decimals))
        columns.append(Column(f"{labels[name]} Updated", ColumnKind.DATE, width))
    columns.append(Column("Product ID", hidden=True))
    table = _Rows(offers, {name: len(_COLUMNS) + 2 * index for index, name in enumerate(suppliers)})
    by_product = _by_product(offers)
    name_keys = _name_keys(products)
    distinctions = _distinctions(products, name_keys)
    for product in _packs_together(products, name_keys):
        distinction = distinctions.get(product.product_id, "")
        own = by_product.get(product.product_id, ())
        if len(own) == 1:
            table.add_only(product, distinction, own[0])
            continue
        for currency, group in _by_currency(own):
            table.add(product, distinction, currency, group)
    return PlannedSheet(MASTER, tuple(columns), SparseRows(len(columns), table.rows), 1, table.marked, table.comments)


def with_answers(table: PlannedSheet, answers: Mapping[tuple[str, ...], str] | None) -> PlannedSheet:
    """Put the sentences on edits that were not taken beside their rows, by product id and currency; None adds no column for them."""
    if answers is None:
        return table
    place, currency = len(table.columns) - 1, [column.title for column in table.columns].index("Currency")
    sentences = [answers.get((str(row[-1]), str(row[currency]))) for row in table.rows]
    return replace(
        table,
        columns=(*table.columns[:-1], Column(NOT_ACCEPTED, width=40, note=REFUSAL_NOTE), table.columns[-1]),
        rows=[(*row[:-1], sentence, row[-1]) for row, sentence in zip(table.rows, sentences, strict=True)],
        marked={
            **table.marked,
            **{row: {**table.marked.get(row, {}), place: CellMark.NOTICE} for row, text in enumerate(sentences) if text},
        },
    )


def _fixed_columns(products: Sequence[ShownProduct], offers: Sequence[ComparedOffer]) -> list[Column]:
    decimals = {
        "Size": any(product.size % 1 for product in products if product.size is not None),
        "Pack": False,
        "Best Price": any(offer.price % 1 for offer in offers),
        "Base Price": any(offer.base_price % 1 and offer.base_price < _NO_CENTS_FROM for offer in offers if offer.base_price is not None),
    }
    choices = {"Unit": unit_choices(), "Category": category_names()}
    return [replace(column, has_decimals=decimals.get(column.title), choices=choices.get(column.title, ())) for column in _COLUMNS]


def table_titles(suppliers: Iterable[str]) -> list[str]:
    """Return the titles of the columns."""
    own = [f"{label} {what}" for label in column_labels(suppliers).values() for what in ("Price", "Updated")]
    return [*(column.title for column in _COLUMNS), *own, "Product ID"]


def _product_cells(product: ShownProduct, distinction: str) -> tuple[Cell, ...]:
    name = f"{product.name}{DISTINCTION}{distinction}" if distinction else product.name
    return name, product.brand, product.size, product.unit, product.pack_count, product.category


class _Rows:
    """The rows of the table, one added after the other."""

    def __init__(self, offers: Sequence[ComparedOffer], first_column: Mapping[str, int]) -> None:
        self.rows: list[FilledRow] = []
        self.marked: dict[int, Mapping[int, CellMark]] = {}
        self.comments: dict[tuple[int, int], str] = {}
        self._first_column = first_column
        self._last_column = len(_COLUMNS) + 2 * len(first_column)
        self._filled_columns: dict[tuple[str, ...], tuple[int, ...]] = {}
        newest = max((offer.listed_on for offer in offers), default=date.min)
        self._oldest_current = newest - STALE_AFTER if offers else newest
        self._outdated_marks = {
            supplier: dict.fromkeys((column, column + 1, _BEST_PRICE), CellMark.OUTDATED) for supplier, column in first_column.items()
        }

    def add(self, product: ShownProduct, distinction: str, currency: str, offers: Sequence[ComparedOffer]) -> None:
        """Add a product's row in one currency; of a product without offers that is ""."""
        own: tuple[Cell, ...] = (None,) * (_FIRST_ADDED - _BEST_PRICE)
        updated = max([offer.listed_on for offer in offers]) if offers else _day(product.last_updated)
        if offers:
            best = best_offer(offers)
            change = _change(best)
            own = best.price, best.supplier, best.base_price, best.base_unit, change, best.listed_on
            self._mark(self._marks(offers, best, change))
        shown = self._in_order(offers)
        prices = [cell for offer in shown for cell in (offer.price, offer.listed_on)]
        days = _day(product.first_added), updated
        cells = (*_product_cells(product, distinction), currency, *own, *days, *prices, product.product_id)
        self.rows.append((self._columns_of(*[offer.supplier for offer in shown]), cells))

    def add_only(self, product: ShownProduct, distinction: str, offer: ComparedOffer) -> None:
        """Add the row of a product that has one offer, as `add` does, and as most products do: in half the time."""
        price, listed_on, change = offer.price, offer.listed_on, _change(offer)
        if offer.suspicion or change:
            self._mark(self._marks((offer,), offer, change))
        elif listed_on < self._oldest_current:
            self._mark(self._outdated_marks[offer.supplier])
        own = price, offer.supplier, offer.base_price, offer.base_unit, change, listed_on
        days = _day(product.first_added), listed_on
        cells = (*_product_cells(product, distinction), offer.currency, *own, *days, price, listed_on, product.product_id)
        self.rows.append((self._columns_of(offer.supplier), cells))

    def _in_order(self, offers: Sequence[ComparedOffer]) -> list[ComparedOffer]:
        """Return one offer of each supplier in the order of their columns."""
        by_column = {self._first_column[offer.supplier]: offer for offer in offers}
        return [by_column[column] for column in sorted(by_column)]

    def _columns_of(self, *suppliers: str) -> tuple[int, ...]:
        """Return the columns of a row with offers of these suppliers."""
        columns = self._filled_columns.get(suppliers)
        if columns is None:
            own = [self._first_column[supplier] + offset for supplier in suppliers for offset in (0, 1)]
            columns = self._filled_columns[suppliers] = (*range(len(_COLUMNS)), *own, self._last_column)
        return columns

    def _mark(self, marks: Mapping[int, CellMark]) -> None:
        """Mark cells of the row that is added next."""
        if marks:
            self.marked[len(self.rows)] = marks

    def _marks(self, offers: Sequence[ComparedOffer], best: ComparedOffer, change: float | None) -> Mapping[int, CellMark]:
        """Mark the best price where there is a choice, and prices that a person should not trust."""
        marks: dict[int, CellMark] = {}
        for offer in offers:
            column = self._first_column[offer.supplier]
            if offer.suspicion:
                marks[column] = CellMark.SUSPICIOUS
                if len(self.comments) < MOST_COMMENTS:
                    self.comments[len(self.rows), column] = offer.suspicion
            elif offer.listed_on < self._oldest_current:
                marks[column] = marks[column + 1] = CellMark.OUTDATED
        best_column = self._first_column[best.supplier]
        if best_column in marks:
            marks[_BEST_PRICE] = marks[best_column]
        elif len(offers) > 1:
            marks[_BEST_PRICE] = marks[best_column] = CellMark.BEST
        if change:
            marks[_CHANGE] = CellMark.DEARER if change > 0 else CellMark.CHEAPER
        return marks


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


def _change(offer: ComparedOffer) -> float | None:
    if not offer.previous_price:
        return None
    return float(offer.price / offer.previous_price - 1)


def _by_product(offers: Iterable[ComparedOffer]) -> dict[str, list[ComparedOffer]]:
    groups: dict[str, list[ComparedOffer]] = defaultdict(list)
    for offer in offers:
        groups[offer.product_id].append(offer)
    return groups


def _by_currency(offers: Sequence[ComparedOffer]) -> list[tuple[str, Sequence[ComparedOffer]]]:
    """Return the offers of one product by currency, each supplier's in the order of the columns; a product without any has one row."""
    if not offers:
        return [("", ())]
    groups: dict[str, list[ComparedOffer]] = defaultdict(list)
    for offer in offers:
        groups[offer.currency].append(offer)
    return sorted(groups.items())


def _suppliers_with_decimals(offers: Iterable[ComparedOffer]) -> set[str]:
    return {offer.supplier for offer in offers if offer.price % 1}


def _name_keys(products: Iterable[ShownProduct]) -> list[str]:
    """Return for each product a text that is equal, and stands in the order, where name and brand do."""
    return [f"{product.name}{_AFTER_NAME}{product.brand}".casefold() for product in products]


def _distinctions(products: Sequence[ShownProduct], name_keys: Sequence[str]) -> dict[str, str]:
    """Return what tells each product from one that is equal in the columns of the table: its mark, and what the price is for."""
    units: dict[str, str] = {}
    in_several_units = {
        name_key
        for product, name_key in zip(products, name_keys, strict=True)
        if units.setdefault(name_key, product.price_unit) != product.price_unit
    }
    alike: dict[tuple[object, ...], list[ShownProduct]] = defaultdict(list)
    for product, name_key in zip(products, name_keys, strict=True):
        if product.mark or name_key in in_several_units:
            alike[name_key, product.size, product.unit, product.pack_count].append(product)
    distinctions = {}
    for group in alike.values():
        by_unit = len(group) > 1 and len({product.price_unit for product in group}) > 1
        for product in group:
            price_unit = f"per {product.price_unit}" if by_unit and product.price_unit else ""
            if product.mark or price_unit:
                distinctions[product.product_id] = DISTINCTION.join(part for part in (product.mark, price_unit) if part)
    return distinctions


def _packs_together(products: Sequence[ShownProduct], name_keys: Sequence[str]) -> list[ShownProduct]:
    """Order products by category and name. Sizes and packs of one thing stay together, under the first of its categories and names."""
    families: dict[str, list[ShownProduct]] = {}
    places: dict[str, str] = {}
    for product, name_key in zip(products, name_keys, strict=True):
        place = f"{_category_place(product.category)}{_AFTER_NAME}{name_key}"
        family = product.family_id or name_key
        members = families.get(family)
        if members is None:
            families[family], places[family] = [product], place
            continue
        members.append(product)
        places[family] = min(places[family], place)
    ordered = sorted(zip(places.values(), places, strict=True))
    return [product for _, family in ordered for product in _packs_in_order(families[family])]


@cache
def _category_place(category: str) -> str:
    folded = category.casefold()
    return f"{folded in ('', OTHER):d}{folded}"


def _packs_in_order(products: list[ShownProduct]) -> list[ShownProduct]:
    return sorted(products, key=_pack_order) if len(products) > 1 else products


def _pack_order(product: ShownProduct) -> tuple[object, ...]:
    return product.unit, product.size or _NO_SIZE, product.pack_count, product.price_unit, product.mark, product.product_id


def column_labels(suppliers: Iterable[str]) -> dict[str, str]:
    """Return the text before ` Price` and ` Updated` for each supplier: its name, distinct from others and from the fixed columns."""
    used = {"best", "base", "last"}
    return {name: distinct(" ".join(name.split()) or "Supplier", used, longest=LONGEST_LABEL) for name in suppliers}
