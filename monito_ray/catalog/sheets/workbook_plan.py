"""The plan of the workbook: the master table, a sheet for each supplier, and the sheet of rows to review.

The master table has a row for each product, pack and currency. A product that costs rupiah at one supplier and dollars at another has
two rows with the same `Product ID`, since prices in two currencies cannot be compared.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from decimal import Decimal

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.prices.best_offer import best_offer
from monito_ray.catalog.sheets.review import review_sheet
from monito_ray.records import ProductRow
from monito_ray.sheet_model import Cell, Column, ColumnKind, PlannedSheet, record_columns

MASTER, REVIEW = "Master Table", "Review"
#: Excel's limit of characters in a sheet's title.
LONGEST_TITLE = 31
#: Titles that Excel refuses, since it uses them itself.
_RESERVED = ("history",)
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
#: Index of "Best Price" in `_MASTER_COLUMNS`.
_BEST_PRICE = 7
#: Width of a price column in characters. The title over it takes two lines, with this much room beside its longer half.
_PRICE_WIDTH = 13
_TITLE_MARGIN = 8
#: Titles of columns may be longer than those of sheets.
_LONGEST_LABEL = 200
_ROW_FIELDS = tuple(field.name for field in fields(ProductRow))


def plan_workbook(snapshot: Snapshot, taken: Collection[str] = ()) -> tuple[PlannedSheet, ...]:
    """Plan the whole workbook: `Master Table`, a sheet for each supplier in order of name, `Review`.

    No supplier's sheet has one of the titles in `taken`.
    """
    rows = _supplier_rows(snapshot.offers)
    suppliers = sorted(rows, key=lambda name: (name.casefold(), name))
    titles = sheet_titles(suppliers, (MASTER, REVIEW, *_RESERVED, *taken))
    return (
        _master(snapshot, suppliers),
        *(PlannedSheet(titles[name], record_columns(_ROW_FIELDS), rows[name], 2) for name in suppliers),
        review_sheet(snapshot, REVIEW),
    )


def sheet_titles(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return a legal sheet title for each of `names`. All are distinct and none is in `taken`; upper and lower case count as equal."""
    used = {title.casefold() for title in taken}
    titles = {}
    for name in names:
        titles[name] = _distinct(_legal(name) or "Supplier", used)
    return titles


def _supplier_rows(offers: Iterable[Offer]) -> dict[str, list[tuple[Cell, ...]]]:
    """Return each supplier's rows in the order of its list."""
    by_supplier: dict[str, list[ProductRow]] = defaultdict(list)
    sheets: dict[tuple[str, str], int] = {}
    for offer in offers:
        by_supplier[offer.supplier] += (offer.row, *offer.others)
        sheets.setdefault((offer.row.source_file, offer.row.source_sheet), len(sheets))
    last = len(sheets)
    for rows in by_supplier.values():
        rows.sort(key=lambda row: (sheets.get((row.source_file, row.source_sheet), last), row.source_row))
    return {name: [tuple(getattr(row, field) for field in _ROW_FIELDS) for row in rows] for name, rows in by_supplier.items()}


def _master(snapshot: Snapshot, suppliers: Sequence[str]) -> PlannedSheet:
    labels = _column_labels(suppliers)
    columns = [*_MASTER_COLUMNS]
    for name in suppliers:
        width = max(_PRICE_WIDTH, len(labels[name]) // 2 + _TITLE_MARGIN)
        columns += Column(f"{labels[name]} Price", ColumnKind.MONEY, width), Column(f"{labels[name]} Updated", ColumnKind.DATE, width)
    columns.append(Column("Product ID", hidden=True))
    first_column = {name: len(_MASTER_COLUMNS) + 2 * index for index, name in enumerate(suppliers)}
    offers = _by_product_and_currency(snapshot.offers)
    rows: list[tuple[Cell, ...]] = []
    marked: set[tuple[int, int]] = set()
    for product in _packs_together(snapshot.products):
        for currency, group in sorted(offers.get(product.product_id, {"": []}).items()):
            cells, best_columns = _master_row(product, currency, group, first_column, len(columns))
            marked.update((len(rows), column) for column in best_columns)
            rows.append(cells)
    return PlannedSheet(MASTER, tuple(columns), rows, 1, frozenset(marked))


def _master_row(
    product: Product, currency: str, offers: Sequence[Offer], first_column: dict[str, int], width: int
) -> tuple[tuple[Cell, ...], tuple[int, ...]]:
    """Return the cells, and the columns that show the best price if there is more than one offer."""
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
        cells[first_column[offer.supplier] : first_column[offer.supplier] + 2] = offer.price, offer.updated.date()
    cells[-1] = product.product_id
    return tuple(cells), (_BEST_PRICE, first_column[best.supplier]) if best and len(offers) > 1 else ()


def _by_product_and_currency(offers: Iterable[Offer]) -> dict[str, dict[str, list[Offer]]]:
    groups: dict[str, dict[str, list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for offer in offers:
        groups[offer.product_id][offer.currency].append(offer)
    return groups


def _packs_together(products: Sequence[Product]) -> list[Product]:
    """Order products by category and name. Sizes and packs of one name and brand stay together, under the first of their categories."""
    categories: dict[tuple[str, str], str] = {}
    for product in products:
        family = (product.name.casefold(), product.brand.casefold())
        categories[family] = min((c for c in (categories.get(family, ""), product.category) if c), default="")

    def sort_key(product: Product) -> tuple[bool, str, str, str, str, Decimal, int, str]:
        family = (product.name.casefold(), product.brand.casefold())
        category = categories[family]
        return (
            category in ("", "other"),
            category.casefold(),
            *family,
            product.unit,
            product.size or Decimal(0),
            product.pack_count,
            product.product_id,
        )

    return sorted(products, key=sort_key)


def _column_labels(suppliers: Iterable[str]) -> dict[str, str]:
    """Return the text before ` Price` and ` Updated` for each supplier: its name, distinct from others and from the fixed columns."""
    used = {"best", "last"}
    return {name: _distinct(" ".join(name.split()) or "Supplier", used, longest=_LONGEST_LABEL) for name in suppliers}


def _legal(name: str) -> str:
    folded = " ".join(_FORBIDDEN.sub(" ", name).split())
    return _truncate(folded, LONGEST_TITLE).strip("' ")


def _distinct(name: str, used: set[str], longest: int = LONGEST_TITLE) -> str:
    """Return `name`, with a number if it is in `used`, and add the result to `used`."""
    title, number = name, 1
    while title.casefold() in used:
        number += 1
        title = f"{_truncate(name, longest - len(f' ({number})')).rstrip()} ({number})"
    used.add(title.casefold())
    return title


def _truncate(text: str, longest: int) -> str:
    """Return the beginning of `text` within `longest` UTF-16 units, which Excel counts."""
    while len(text.encode("utf-16-le")) > 2 * longest:
        text = text[:-1]
    return text
