"""What the planned workbook shows."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.workbook_plan import best_offer, plan_workbook, sheet_titles
from monito_ray.records import Method, ProductRow
from monito_ray.sheet_model import PlannedSheet

JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)
JULY = datetime(2026, 7, 2, 9, tzinfo=UTC)
FIXED = ["Product", "Brand", "Size", "Unit", "Pack", "Category", "Currency", "Best Price", "Best Supplier", "First Added", "Last Updated"]

COLA = Product(
    product_id="p1",
    brand="Nusa",
    name="Cola",
    size=Decimal(330),
    unit="ml",
    pack_count=24,
    category="Soft Drinks",
    first_added=JUNE,
    last_updated=JUNE,
)
ROW = ProductRow(
    original_name="Nusa Cola 24x330ml",
    standardized_name="Cola",
    brand="Nusa",
    size=Decimal(330),
    unit="ml",
    pack_count=24,
    price_unit="carton",
    category="Soft Drinks",
    price=Decimal(120000),
    price_tiers="",
    currency="IDR",
    base_price=Decimal("15151.515152"),
    base_unit="l",
    min_quantity=None,
    supplier="Alpha",
    sku="",
    list_date=None,
    tax_note="",
    source_file="june.xlsx",
    source_sheet="Juni",
    source_row=9,
    confidence=0.9,
    method=Method.RULES,
)


def _offer(supplier: str = "Alpha", price: int = 120_000, base: str | None = "15000", **more: object) -> Offer:
    row = replace(ROW, supplier=supplier, price=Decimal(price))
    given = Offer(
        product_id="p1",
        supplier=supplier,
        currency="IDR",
        price=Decimal(price),
        base_price=None if base is None else Decimal(base),
        base_unit="" if base is None else "l",
        updated=JUNE,
        row=row,
    )
    return replace(given, **more)  # type: ignore[arg-type]


def _plan(products: list[Product], offers: list[Offer]) -> dict[str, PlannedSheet]:
    return {sheet.title: sheet for sheet in plan_workbook(Snapshot(tuple(products), tuple(offers)))}


def _records(sheet: PlannedSheet) -> list[dict[str, object]]:
    return [dict(zip([column.title for column in sheet.columns], row, strict=True)) for row in sheet.rows]


def test_master_columns_stand_in_order():
    """The fixed columns come first, then two for each supplier, and last the hidden id."""
    master = _plan([COLA], [_offer("Beta"), _offer("Alpha")])["Master Table"]
    titles = [column.title for column in master.columns]
    assert titles == [*FIXED, "Alpha Price", "Alpha Updated", "Beta Price", "Beta Updated", "Product ID"]
    assert [column.title for column in master.columns if column.hidden] == ["Product ID"]


def test_master_row_tells_who_is_cheapest():
    """A product's row holds every supplier's price and names, and marks, the best."""
    master = _plan([COLA], [_offer("Alpha", 120_000, "15151"), _offer("Beta", 110_000, "13888", updated=JULY)])["Master Table"]
    (row,) = _records(master)
    assert (row["Best Price"], row["Best Supplier"], row["Alpha Price"], row["Beta Price"]) == (110_000, "Beta", 120_000, 110_000)
    assert (row["First Added"], row["Last Updated"], row["Beta Updated"]) == (date(2026, 6, 2), date(2026, 7, 2), date(2026, 7, 2))
    assert row["Product ID"] == "p1"
    assert {[c.title for c in master.columns][place] for _, place in master.marked} == {"Best Price", "Beta Price"}


def test_the_only_price_is_not_marked():
    """Where one supplier offers a product there is nothing to choose, and nothing stands out."""
    assert _plan([COLA], [_offer()])["Master Table"].marked == frozenset()


@pytest.mark.parametrize(
    ("case", "offers", "best"),
    [
        ("base prices decide, not prices", [_offer("A", 10, "5"), _offer("B", 20, "4")], "B"),
        ("without any base price, the price decides", [_offer("A", 10, None), _offer("B", 9, None)], "B"),
        ("one without a base price does not compete", [_offer("A", 1, None), _offer("B", 9, "9")], "B"),
        (
            "only the commonest base unit competes",
            [_offer("A", 1, "1", base_unit="pcs"), _offer("B", 9, "9"), _offer("C", 8, "8")],
            "C",
        ),
        ("of equal ones the newest", [_offer("A", 10, "5"), _offer("B", 10, "5", updated=JULY)], "B"),
        ("of equal and equally new ones the first by name", [_offer("b", 10, "5"), _offer("A", 10, "5")], "A"),
    ],
)
def test_best_offer(case: str, offers: list[Offer], best: str):
    """The best of several offers is the one a buyer would take."""
    assert best_offer(offers).supplier == best, case


def test_currencies_do_not_compete():
    """A product offered in two currencies has a row, and a best price, for each."""
    rows = _records(_plan([COLA], [_offer("Alpha", 120_000), _offer("Beta", 8, "1", currency="USD")])["Master Table"])
    assert [(row["Currency"], row["Best Price"], row["Best Supplier"]) for row in rows] == [("IDR", 120_000, "Alpha"), ("USD", 8, "Beta")]
    assert {row["Product ID"] for row in rows} == {"p1"}


def test_a_product_without_offers_keeps_its_row():
    """A product that nobody offers any more stays in the table, without a best price."""
    (row,) = _records(_plan([COLA], [])["Master Table"])
    assert (row["Product"], row["Best Price"], row["Best Supplier"]) == ("Cola", None, None)


def test_packs_stand_together_by_category_and_name():
    """Rows go by category, then name; packs of one product follow each other even when their categories differ."""
    products = [
        replace(COLA, product_id="zz", name="Zest", category=""),
        replace(COLA, product_id="c1", pack_count=1, category="Water"),
        replace(COLA, product_id="r", name="Rice", category="Rice & Grains"),
        replace(COLA, product_id="c24"),
        replace(COLA, product_id="t", name="Tonic"),
    ]
    assert [row["Product ID"] for row in _records(_plan(products, [])["Master Table"])] == ["r", "c1", "c24", "t", "zz"]


def test_supplier_sheets_hold_every_row_in_list_order():
    """A supplier's sheet has the record's columns and all its rows, repeats of a product included, as its list has them."""
    late, early = replace(ROW, source_row=30), replace(ROW, source_row=4)
    second_sheet = _offer(row=replace(ROW, source_sheet="A", source_row=1), product_id="p2")
    sheet = _plan([COLA], [_offer(row=late, others=(early,)), second_sheet])["Alpha"]
    assert [column.title for column in sheet.columns] == [field.name for field in fields(ProductRow)]
    assert [(row["source_sheet"], row["source_row"]) for row in _records(sheet)] == [("Juni", 4), ("Juni", 30), ("A", 1)]


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["PT Sari: [Bali]/Lombok?"], ["PT Sari Bali Lombok"]),
        (["x" * 40], ["x" * 31]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 27 + " (2)"]),
        (["Alpha", "ALPHA"], ["Alpha", "ALPHA (2)"]),
        (["master table", "History", "review"], ["master table (2)", "History (2)", "review (2)"]),
        (["'Toko'", "", "[]"], ["Toko", "Supplier", "Supplier (2)"]),
        (["🍋" * 20], ["🍋" * 15]),
        (["a\x00b\nc"], ["a b c"]),
    ],
)
def test_sheet_titles(names: list[str], titles: list[str]):
    """Titles are legal in a workbook and distinct in any case, whatever suppliers are called."""
    assert list(sheet_titles(names, ("Master Table", "Review", "History")).values()) == titles


def test_columns_of_oddly_named_suppliers_stay_distinct():
    """A supplier called Best does not take the title of the fixed column."""
    titles = [column.title for column in _plan([COLA], [_offer("Best"), _offer("Last")])["Master Table"].columns]
    assert len(titles) == len(set(titles))
    assert "Best (2) Price" in titles


def _why(row: ProductRow, others: list[Offer] | None = None, products: list[Product] | None = None) -> str:
    rows = _records(_plan(products or [COLA], [_offer(row=row), *(others or [])])["Review"])
    return "; ".join(str(found["Why"]) for found in rows if found["Supplier"] == row.supplier)


SIZED = [replace(COLA, product_id=f"s{n}") for n in range(5)]


@pytest.mark.parametrize(
    ("row", "others", "products", "why"),
    [
        (ROW, [], [COLA], ""),
        (replace(ROW, confidence=0.3), [], [COLA], "not sure what it is"),
        (replace(ROW, category=""), [], [COLA], "no category found"),
        (replace(ROW, currency=""), [], [COLA], "no currency: send the list again with --currency"),
        (replace(ROW, size=None), [], SIZED, "no size, though most of its category have one"),
        (replace(ROW, size=None), [], [COLA], ""),
        (replace(ROW, size=None, price_unit="kg"), [], SIZED, ""),
        (ROW, [_offer("Beta", base="2000")], [COLA], "price far from other suppliers': check size and pack"),
        (ROW, [_offer("Beta", base="9000")], [COLA], ""),
        (replace(ROW, category="", confidence=0.1), [], [COLA], "not sure what it is; no category found"),
        (replace(ROW, category="", method=Method.MANUAL), [], [COLA], ""),
    ],
)
def test_review_says_why(row: ProductRow, others: list[Offer], products: list[Product], why: str):
    """A row is up for review exactly for the reasons that it shows, and never once a person settled it."""
    assert _why(row, others, products) == why


def test_review_begins_with_the_least_sure():
    """A person who has time for ten rows meets the ten worst first."""
    offers = [_offer(supplier, row=replace(ROW, supplier=supplier, confidence=sure)) for supplier, sure in (("A", 0.5), ("B", 0.2))]
    assert [row["Confidence"] for row in _records(_plan([COLA], offers)["Review"])] == [0.2, 0.5]
