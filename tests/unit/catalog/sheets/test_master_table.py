"""The master table: who is cheapest, and what can be trusted."""

from dataclasses import replace
from datetime import date

from rows import COLA, COLA_ROW, JULY, cola_offer

from monito_ray.catalog.offers import Offer, Product
from monito_ray.catalog.sheets.master_table import master_table
from monito_ray.sheet_model import CellMark, PlannedSheet

FIXED = [
    "Product", "Brand", "Size", "Unit", "Pack", "Category", "Currency", "Best Price", "Best Supplier", "Base Price", "Per", "Change",
    "List Date", "First Added", "Last Updated",
]  # fmt: skip


def _plan(products: list[Product], offers: list[Offer]) -> PlannedSheet:
    return master_table(products, offers, sorted({offer.supplier for offer in offers}))


def _records(sheet: PlannedSheet) -> list[dict[str, object]]:
    return [dict(zip([column.title for column in sheet.columns], row, strict=True)) for row in sheet.rows]


def _marks(sheet: PlannedSheet, row: int = 0) -> dict[str, CellMark]:
    return {sheet.columns[column].title: mark for column, mark in sheet.marked.get(row, {}).items()}


def test_master_columns_stand_in_order():
    """The fixed columns come first, then two for each supplier, and last the hidden id."""
    master = _plan([COLA], [cola_offer("Beta"), cola_offer("Alpha")])
    titles = [column.title for column in master.columns]
    assert titles == [*FIXED, "Alpha Price", "Alpha Updated", "Beta Price", "Beta Updated", "Product ID"]
    assert [column.title for column in master.columns if column.hidden] == ["Product ID"]


def test_master_row_tells_who_is_cheapest():
    """A product's row holds every supplier's price and names, and marks, the best."""
    master = _plan([COLA], [cola_offer("Alpha", 120_000, "15151"), cola_offer("Beta", 110_000, "13888", updated=JULY)])
    (row,) = _records(master)
    assert (row["Best Price"], row["Best Supplier"], row["Alpha Price"], row["Beta Price"]) == (110_000, "Beta", 120_000, 110_000)
    assert (row["First Added"], row["Last Updated"], row["Beta Updated"]) == (date(2026, 6, 2), date(2026, 7, 2), date(2026, 7, 2))
    assert row["Product ID"] == "p1"
    assert {[c.title for c in master.columns][place] for place in master.marked[0]} == {"Best Price", "Beta Price"}


def test_the_only_price_is_not_marked():
    """Where one supplier offers a product there is nothing to choose, and nothing stands out."""
    assert _plan([COLA], [cola_offer()]).marked == {}


def test_currencies_do_not_compete():
    """A product offered in two currencies has a row, and a best price, for each."""
    rows = _records(_plan([COLA], [cola_offer("Alpha", 120_000), cola_offer("Beta", 8, "1", currency="USD")]))
    assert [(row["Currency"], row["Best Price"], row["Best Supplier"]) for row in rows] == [("IDR", 120_000, "Alpha"), ("USD", 8, "Beta")]
    assert {row["Product ID"] for row in rows} == {"p1"}


def test_a_product_without_offers_keeps_its_row():
    """A product that nobody offers any more stays in the table, without a best price."""
    (row,) = _records(_plan([COLA], []))
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
    assert [row["Product ID"] for row in _records(_plan(products, []))] == ["r", "c1", "c24", "t", "zz"]


def test_columns_of_oddly_named_suppliers_stay_distinct():
    """A supplier called Best does not take the title of the fixed column."""
    titles = [column.title for column in _plan([COLA], [cola_offer("Best"), cola_offer("Last")]).columns]
    assert len(titles) == len(set(titles))
    assert "Best (2) Price" in titles


def test_the_best_price_is_told_with_what_it_buys_and_since_when():
    """Beside the best price stand its price per litre, its change and the date of its list."""
    row = replace(COLA_ROW, list_date=date(2026, 5, 30))
    sheet = _plan([COLA], [cola_offer(price=126_000, previous_price=120_000, row=row)])
    (shown,) = _records(sheet)
    assert (shown["Base Price"], shown["Per"], shown["Change"], shown["List Date"]) == (15000, "l", 0.05, date(2026, 5, 30))
    assert (shown["Alpha Updated"], shown["Last Updated"]) == (date(2026, 5, 30), date(2026, 5, 30))
    assert _marks(sheet)["Change"] is CellMark.DEARER


def test_a_doubtful_price_is_marked_and_not_the_best():
    """A price under suspicion is the best only where there is no other; its cell says why."""
    doubtful = cola_offer("Alpha", 1_000, "100", suspicion="a tenth of all others")
    sheet = _plan([COLA], [doubtful, cola_offer("Beta", 110_000, "13888")])
    assert _records(sheet)[0]["Best Supplier"] == "Beta"
    assert _marks(sheet) == {"Alpha Price": CellMark.SUSPICIOUS, "Best Price": CellMark.BEST, "Beta Price": CellMark.BEST}
    assert list(sheet.comments.values()) == ["a tenth of all others"]
    alone = _plan([COLA], [doubtful])
    assert (_records(alone)[0]["Best Supplier"], _marks(alone)["Best Price"]) == ("Alpha", CellMark.SUSPICIOUS)


def test_a_price_of_an_old_list_is_marked_and_not_the_best():
    """An old list is told by its own date, not by the day it came."""
    old = cola_offer("Alpha", 1_000, "100", row=replace(COLA_ROW, list_date=date(2023, 7, 1)), updated=JULY)
    sheet = _plan([COLA, replace(COLA, product_id="p2")], [old, cola_offer("Beta", 110_000, "13888"), replace(old, product_id="p2")])
    assert [row["Best Supplier"] for row in _records(sheet)] == ["Beta", "Alpha"]
    assert _marks(sheet)["Alpha Price"] is _marks(sheet)["Alpha Updated"] is CellMark.OUTDATED
    assert _marks(sheet, 1)["Best Price"] is CellMark.OUTDATED


def test_sizes_of_one_family_stand_together():
    """What belongs together by its family stands together, also when a supplier has another name for a size of it."""
    products = [
        replace(COLA, product_id="a", family_id="f1", name="Cola"),
        replace(COLA, product_id="b", family_id="f2", name="Cola Light"),
        replace(COLA, product_id="c", family_id="f1", name="Nusa Cola", pack_count=6),
    ]
    assert [row["Product ID"] for row in _records(_plan(products, []))] == ["c", "a", "b"]


def test_equal_products_show_what_tells_them_apart():
    """A mark stands behind the name, and so does what the price is for where only that differs."""
    products = [
        replace(COLA, product_id="a", price_unit="carton"),
        replace(COLA, product_id="b", price_unit="bottle"),
        replace(COLA, product_id="c", name="Tonic", mark="5501"),
        replace(COLA, product_id="d", name="Water", price_unit="carton"),
    ]
    labels = [row["Product"] for row in _records(_plan(products, []))]
    assert labels == ["Cola · per bottle", "Cola · per carton", "Tonic · 5501", "Water"]


def test_base_prices_show_cents_where_these_matter():
    """What a litre costs is computed: 19,867.55 is shown without its cents, 2.35 with them."""
    for base_price, has_decimals in (("19867.55", False), ("2.35", True), ("2", False)):
        columns = _plan([COLA], [cola_offer("Alpha", 10, base_price)]).columns
        assert {column.title: column.has_decimals for column in columns}["Base Price"] is has_decimals
