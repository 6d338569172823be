"""Base prices that nothing contradicts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from monito_ray.pipeline.products import taxonomy
from monito_ray.pipeline.products.measuring.base_prices import DRUNK, WEIGHED, base_prices
from monito_ray.records import RawRow, Standard


def row(price: int, tiers: str = "") -> RawRow:
    """An offer at a price."""
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name="Goods", price=Decimal(price), price_tiers=tiers)


def standard(size: int | None, unit: str, price_unit: str = "", category: str = "", pack: int = 1, name: str = "Goods") -> Standard:
    """What the price buys."""
    decimal = None if size is None else Decimal(size)
    return Standard(standardized_name=name, size=decimal, unit=unit, pack_count=pack, price_unit=price_unit, category=category)


ONE_ROW = [
    # price, tiers, what it buys, base price, unit, is there a doubt
    (9000, "", standard(500, "g"), 18000, "kg", False),
    (390, "", standard(18, "l", "kg"), None, "", True),
    (390, "", standard(500, "g", "kg"), None, "", True),
    (390, "", standard(1000, "g", "kg"), 390, "kg", False),
    (60, "", standard(None, "", "tray", pack=30), 2, "pcs", False),
    (60, "", standard(None, "", "tray"), None, "", False),
    (10, '{"Price per kg": 400}', standard(25, "g"), 400, "kg", False),
    (10, '{"Price per kg": 80}', standard(25, "g"), None, "", True),
    (10, '{"Wholesale": 80}', standard(25, "g"), 400, "kg", False),
]


@pytest.mark.parametrize(("price", "tiers", "bought", "base", "unit", "is_doubted"), ONE_ROW)
def test_a_row_that_contradicts_itself_has_no_base_price(
    price: int, tiers: str, bought: Standard, base: int | None, unit: str, is_doubted: bool
):
    """By its unit, or by another price whose title says for what unit it is; the doubt says which."""
    (found,) = base_prices([row(price, tiers)], [bought])
    assert (found.price, found.unit, bool(found.doubt)) == (None if base is None else Decimal(base), unit, is_doubted)


@pytest.mark.parametrize(("category", "unit"), [("beverages", "l"), ("snacks", "kg"), ("personal care", ""), ("other", "")])
def test_ounces_are_of_volume_or_mass_by_what_they_measure(category: str, unit: str):
    """Where goods may be sold by either, there is no base price."""
    (found,) = base_prices([row(5)], [standard(12, "oz", category=category)])
    assert found.unit == unit


def test_ounces_are_settled_by_categories_that_there_are():
    """A category that is renamed in the taxonomy is renamed there, too."""
    assert set(taxonomy.category_names()) >= DRUNK | WEIGHED


def test_the_same_goods_contradict_each_other():
    """More than three times apart for one unit, a size or price was misread; others keep their base prices."""
    rows = [row(10), row(27), row(10), row(10)]
    standards = [standard(100, "g"), standard(300, "g"), standard(2000, "g"), standard(1, "kg", name="Other goods")]
    found = base_prices(rows, standards)
    assert [price.price for price in found] == [Decimal(100), Decimal(90), None, Decimal(10)]
    assert "the same goods cost" in found[2].doubt


def test_a_pack_that_is_far_cheaper_than_single_pieces_may_be_one_piece():
    """Where the price of one piece would be like theirs, nobody can tell; a pack that is cheap either way keeps its base price."""
    singles = [standard(500, "ml", category="beverages", name=f"Drink {n}") for n in range(5)]
    packs = [standard(500, "ml", category="beverages", pack=12, name=name) for name in ("Water", "Juice", "Lime")]
    found = base_prices([*[row(50 + n) for n in range(5)], row(60), row(500), row(9)], [*singles, *packs])
    assert [price.price is None for price in found[5:]] == [True, False, False]


CARTONS = [
    # unit, cells of the row, pack column, pieces, has it a base price
    ("dus", '["Kecap 165 g", "20"]', "20", 20, True),
    ("dus", '["Kecap 165 g", ""]', "", 1, False),
    ("dus", '["Teh 25 pcs 50 g", "36"]', "36", 25, False),
    ("dus", '["Kecap 10 kg", "10 kg"]', "10 kg", 1, True),
    ("dus", '["Kecap 165 g", "Dus"]', "", 1, True),
]


@pytest.mark.parametrize(("unit", "cells", "pack_text", "pieces", "is_told"), CARTONS)
def test_a_price_titled_as_that_of_a_carton_needs_the_pieces_in_it(unit: str, cells: str, pack_text: str, pieces: int, is_told: bool):
    """Without them, or with another number in the name, the size may be that of one piece; a unit in the row's own cells is left to other rules."""
    offer = replace(row(310_000), unit_text=unit, cells=cells, pack_text=pack_text)
    (found,) = base_prices([offer], [standard(165, "g", "carton", pack=pieces)])
    assert (found.price is not None) is is_told


@pytest.mark.parametrize(("size_text", "size", "is_told"), [("1 x 5 l", 5, True), ("5 l", 5, False), ("30 l", 30, True)])
def test_a_size_that_fills_the_carton_needs_no_count(size_text: str, size: int, is_told: bool):
    """Expressly one, or too heavy for two."""
    offer = replace(row(81), unit_text="Kasten", cells=f'["Pils", "{size_text}"]', size_text=size_text)
    (found,) = base_prices([offer], [standard(size, "l", "box")])
    assert (found.price is not None) is is_told
