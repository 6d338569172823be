"""The plan of the workbook."""

from dataclasses import fields, replace
from datetime import date

import pytest
from rows import COLA, COLA_ROW, JULY, cola_offer

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.sheets.workbook_plan import plan_workbook, sheet_titles
from monito_ray.records import ProductRow
from monito_ray.sheet_model import PlannedSheet

FIXED = ["Product", "Brand", "Size", "Unit", "Pack", "Category", "Currency", "Best Price", "Best Supplier", "First Added", "Last Updated"]


def _plan(products: list[Product], offers: list[Offer]) -> dict[str, PlannedSheet]:
    return {sheet.title: sheet for sheet in plan_workbook(Snapshot(tuple(products), tuple(offers)))}


def _records(sheet: PlannedSheet) -> list[dict[str, object]]:
    return [dict(zip([column.title for column in sheet.columns], row, strict=True)) for row in sheet.rows]


def test_master_columns_stand_in_order():
    """The fixed columns come first, then two for each supplier, and last the hidden id."""
    master = _plan([COLA], [cola_offer("Beta"), cola_offer("Alpha")])["Master Table"]
    titles = [column.title for column in master.columns]
    assert titles == [*FIXED, "Alpha Price", "Alpha Updated", "Beta Price", "Beta Updated", "Product ID"]
    assert [column.title for column in master.columns if column.hidden] == ["Product ID"]


def test_master_row_tells_who_is_cheapest():
    """A product's row holds every supplier's price and names, and marks, the best."""
    master = _plan([COLA], [cola_offer("Alpha", 120_000, "15151"), cola_offer("Beta", 110_000, "13888", updated=JULY)])["Master Table"]
    (row,) = _records(master)
    assert (row["Best Price"], row["Best Supplier"], row["Alpha Price"], row["Beta Price"]) == (110_000, "Beta", 120_000, 110_000)
    assert (row["First Added"], row["Last Updated"], row["Beta Updated"]) == (date(2026, 6, 2), date(2026, 7, 2), date(2026, 7, 2))
    assert row["Product ID"] == "p1"
    assert {[c.title for c in master.columns][place] for _, place in master.marked} == {"Best Price", "Beta Price"}


def test_the_only_price_is_not_marked():
    """Where one supplier offers a product there is nothing to choose, and nothing stands out."""
    assert _plan([COLA], [cola_offer()])["Master Table"].marked == frozenset()


def test_currencies_do_not_compete():
    """A product offered in two currencies has a row, and a best price, for each."""
    rows = _records(_plan([COLA], [cola_offer("Alpha", 120_000), cola_offer("Beta", 8, "1", currency="USD")])["Master Table"])
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
    late, early = replace(COLA_ROW, source_row=30), replace(COLA_ROW, source_row=4)
    second_sheet = cola_offer(row=replace(COLA_ROW, source_sheet="A", source_row=1), product_id="p2")
    sheet = _plan([COLA], [cola_offer(row=late, others=(early,)), second_sheet])["Alpha"]
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
    titles = [column.title for column in _plan([COLA], [cola_offer("Best"), cola_offer("Last")])["Master Table"].columns]
    assert len(titles) == len(set(titles))
    assert "Best (2) Price" in titles
