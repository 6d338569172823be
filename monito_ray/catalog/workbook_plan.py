"""The catalogue planned as sheets: the master table, a sheet for each supplier, and what a person should look at.

The master table has a row for each product, pack and currency, for prices in two currencies cannot stand in one row: what costs
rupiah at one supplier and dollars at another has two rows with the same `Product ID`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from decimal import Decimal

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.review import review_sheet
from monito_ray.records import ProductRow
from monito_ray.sheet_model import Cell, Column, ColumnKind, PlannedSheet, record_columns

MASTER, REVIEW = "Master Table", "Review"
LONGEST_TITLE = 31
_RESERVED = ("history",)  # Excel's own
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_MASTER_COLUMNS = (
    Column("Product", width=36),
    Column("Brand", width=18),
    Column("Size", ColumnKind.NUMBER, 8),
    Column("Unit", width=7),
    Column("Pack", ColumnKind.NUMBER, 7),
    Column("Category", width=24),
    Column("Currency", width=10),
    Column("Best Price", ColumnKind.MONEY, 13),
    Column("Best Supplier", width=26),
    Column("First Added", ColumnKind.DATE, 13),
    Column("Last Updated", ColumnKind.DATE, 14),
)
_BEST_PRICE = 7
_ROW_FIELDS = tuple(field.name for field in fields(ProductRow))


def plan_workbook(snapshot: Snapshot, taken: Collection[str] = ()) -> tuple[PlannedSheet, ...]:
    """Plan the whole workbook: `Master Table`, the suppliers' sheets in order of name and under titles that are not `taken`, `Review`."""
    rows = _supplier_rows(snapshot.offers)
    suppliers = sorted(rows, key=lambda name: (name.casefold(), name))
    titles = sheet_titles(suppliers, (MASTER, REVIEW, *_RESERVED, *taken))
    return (
        _master(snapshot, suppliers),
        *(PlannedSheet(titles[name], record_columns(_ROW_FIELDS), rows[name], 2) for name in suppliers),
        review_sheet(snapshot, REVIEW),
    )


def sheet_titles(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """A legal sheet title for each of `names`, no two alike in any case, and none of `taken`."""
    used = {title.casefold() for title in taken}
    titles = {}
    for name in names:
        titles[name] = _distinct(_legal(name) or "Supplier", used)
    return titles


def best_offer(offers: Sequence[Offer]) -> Offer:
    """The cheapest of `offers`, which are for one product, pack and currency.

    Base prices are compared, among the offers with the base unit that most of them have; only where no offer has a base price,
    the prices themselves. Of equal ones the newest is best, then the first by supplier's name.
    """
    units = Counter(offer.base_unit for offer in offers if offer.base_price is not None)
    if not units:
        return min(offers, key=lambda offer: (offer.price, *_freshness(offer)))
    common = min(units, key=lambda unit: (-units[unit], unit))
    comparable = [(offer.base_price, offer) for offer in offers if offer.base_price is not None and offer.base_unit == common]
    return min(comparable, key=lambda pair: (pair[0], pair[1].price, *_freshness(pair[1])))[1]


def _freshness(offer: Offer) -> tuple[float, str]:
    return -offer.updated.timestamp(), offer.supplier.casefold()


def _supplier_rows(offers: Iterable[Offer]) -> dict[str, list[tuple[Cell, ...]]]:
    """Each supplier's rows in the order of its list: sheets as they first come up, rows as they stand."""
    found: dict[str, list[ProductRow]] = defaultdict(list)
    sheets: dict[tuple[str, str], int] = {}
    for offer in offers:
        found[offer.supplier] += (offer.row, *offer.others)
        sheets.setdefault((offer.row.source_file, offer.row.source_sheet), len(sheets))
    last = len(sheets)
    for rows in found.values():
        rows.sort(key=lambda row: (sheets.get((row.source_file, row.source_sheet), last), row.source_row))
    return {name: [tuple(getattr(row, field) for field in _ROW_FIELDS) for row in rows] for name, rows in found.items()}


def _master(snapshot: Snapshot, suppliers: Sequence[str]) -> PlannedSheet:
    labels = _column_labels(suppliers)
    columns = [*_MASTER_COLUMNS]
    for name in suppliers:
        width = max(13, len(labels[name]) // 2 + 8)  # a title takes two lines
        columns += Column(f"{labels[name]} Price", ColumnKind.MONEY, width), Column(f"{labels[name]} Updated", ColumnKind.DATE, width)
    columns.append(Column("Product ID", hidden=True))
    first = {name: len(_MASTER_COLUMNS) + 2 * place for place, name in enumerate(suppliers)}
    offers = _by_product_and_currency(snapshot.offers)
    rows: list[tuple[Cell, ...]] = []
    marked: set[tuple[int, int]] = set()
    for product in _packs_together(snapshot.products):
        for currency, group in sorted(offers.get(product.product_id, {"": []}).items()):
            cells, best_place = _master_row(product, currency, group, first, len(columns))
            marked.update((len(rows), place) for place in best_place)
            rows.append(cells)
    return PlannedSheet(MASTER, tuple(columns), rows, 1, frozenset(marked))


def _master_row(
    product: Product, currency: str, offers: Sequence[Offer], first: dict[str, int], width: int
) -> tuple[tuple[Cell, ...], tuple[int, ...]]:
    """The cells, and the places of those that show the best price, where there is a choice."""
    best = best_offer(offers) if offers else None
    cells: list[Cell] = [None] * width
    cells[: len(_MASTER_COLUMNS)] = [
        product.name,
        product.brand,
        product.size,
        product.unit,
        product.pack_count,
        product.category,
        currency,
        best.price if best else None,
        best.supplier if best else None,
        product.first_added.date(),
        max([product.last_updated, *(offer.updated for offer in offers)]).date(),
    ]
    for offer in offers:
        cells[first[offer.supplier] : first[offer.supplier] + 2] = offer.price, offer.updated.date()
    cells[-1] = product.product_id
    return tuple(cells), (_BEST_PRICE, first[best.supplier]) if best and len(offers) > 1 else ()


def _by_product_and_currency(offers: Iterable[Offer]) -> dict[str, dict[str, list[Offer]]]:
    found: dict[str, dict[str, list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for offer in offers:
        found[offer.product_id][offer.currency].append(offer)
    return found


def _packs_together(products: Sequence[Product]) -> list[Product]:
    """By category, then name; sizes and packs of one name and brand follow each other, under the first of their categories."""
    categories: dict[tuple[str, str], str] = {}
    for product in products:
        kin = (product.name.casefold(), product.brand.casefold())
        categories[kin] = min((c for c in (categories.get(kin, ""), product.category) if c), default="")

    def place(product: Product) -> tuple[bool, str, str, str, str, Decimal, int, str]:
        kin = (product.name.casefold(), product.brand.casefold())
        category = categories[kin]
        return (
            category in ("", "other"),
            category.casefold(),
            *kin,
            product.unit,
            product.size or Decimal(0),
            product.pack_count,
            product.product_id,
        )

    return sorted(products, key=place)


def _column_labels(suppliers: Iterable[str]) -> dict[str, str]:
    """What stands before ` Price` and ` Updated`: the supplier's name, told apart from the fixed columns and from one another."""
    used = {"best", "last"}
    return {name: _distinct(" ".join(name.split()) or "Supplier", used, longest=200) for name in suppliers}


def _legal(name: str) -> str:
    folded = " ".join(_FORBIDDEN.sub(" ", name).split())
    return _cut(folded, LONGEST_TITLE).strip("' ")


def _distinct(wanted: str, used: set[str], longest: int = LONGEST_TITLE) -> str:
    """`wanted`, or with a running number when that is in `used`, to which it is added."""
    title, number = wanted, 1
    while title.casefold() in used:
        number += 1
        title = f"{_cut(wanted, longest - len(f' ({number})')).rstrip()} ({number})"
    used.add(title.casefold())
    return title


def _cut(text: str, longest: int) -> str:
    """The beginning of `text` within `longest` UTF-16 units, by which Excel counts."""
    while len(text.encode("utf-16-le")) > 2 * longest:
        text = text[:-1]
    return text
