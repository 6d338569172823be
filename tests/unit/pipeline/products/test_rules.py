"""Rows standardized by the rules alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline.products import rules, taxonomy
from monito_ray.pipeline.products.brands.brand_register import make_register
from monito_ray.pipeline.products.brands.brand_rules import BrandSource
from monito_ray.pipeline.products.confidence import MOST_BY_RULES, rule_accuracy
from monito_ray.pipeline.products.rules import PackRule, SizeRule
from monito_ray.records import Method, RawRow

ROW = RawRow(source_file="list.xlsx", source_sheet="Sheet1", source_row=2, original_name="Tomato", price=Decimal(1))


def _row(name: str, **fields: str) -> RawRow:
    return replace(ROW, original_name=name, **fields)  # type: ignore[arg-type]


CASES = [
    # row, standardized name, brand, size, unit, pieces, price unit, category
    (_row("HEINZ SAUS TOMAT 24x330 ML"), "Tomato ketchup", "Heinz", "330", "ml", 24, "", "sauces & condiments"),
    (_row("Dada ayam fillet", unit_text="kg"), "Chicken breast fillet", "", None, "", 1, "kg", "meat & poultry"),
    (_row("COCA COLA ZERO 330ML"), "Coca cola zero", "Coca-Cola", "330", "ml", 1, "", "beverages"),
    (_row("Масло моторное 5W-30 4 л", brand="MOTUL"), "Engine oil 5W-30", "Motul", "4", "l", 1, "", "motor oil & fluids"),
    (_row("205/55 R16 91T MICHELIN Alpin"), "205/55 R16 91T Alpin", "Michelin", None, "", 1, "", "tyres"),
    (_row("Beef shank with bone", unit_text="kg"), "Beef shank with bone", "", None, "", 1, "kg", "meat & poultry"),
    (_row("Tofu - 00123", sku="00123"), "Tofu", "", None, "", 1, "", "canned & preserved"),
    (_row("Zarvex calm", section="Herbal tea, 50 g"), "Zarvex calm", "", "50", "g", 1, "", "coffee & tea"),
    (_row("Zarvex calm", section="Herbal tea, prices from 50 g"), "Zarvex calm", "", None, "", 1, "", "coffee & tea"),
    (_row("Mulled wine", cells='["Mulled wine", "Net weight 40 g (20 pcs x 2 g)"]'), "Mulled wine", "", "2", "g", 20, "", "wine"),
    (_row("Травяной чай", cells='["Травяной чай", "Масса 60 г, 20 пакетиков"]'), "Herbal tea", "", "60", "g", 1, "", "coffee & tea"),
]


@pytest.mark.parametrize(("row", "name", "brand", "size", "unit", "pieces", "price_unit", "category"), CASES)
def test_a_row_is_standardized(
    row: RawRow, name: str, brand: str, size: str | None, unit: str, pieces: int, price_unit: str, category: str
):
    """It gets an English name, a brand, a size, a pack and a category."""
    (standard,) = rules.standardize([row], make_register([("Heinz", ""), ("Coca-Cola", ""), ("Michelin", "tyres")]))
    assert (standard.standardized_name, standard.brand, standard.unit, standard.pack_count) == (name, brand, unit, pieces)
    assert (standard.size, standard.price_unit, standard.category) == (None if size is None else Decimal(size), price_unit, category)


VARIANTS = [
    ("Lager 330 ml", "Lager 620 ml"),
    ("Cola zero 1 l", "Cola original 1 l"),
    ("Lamb shank with bone", "Lamb shank boneless"),
    ("Engine oil 5W-30 4 l", "Engine oil 5W-40 4 l"),
    ("Tyre 205/55 R16", "Tyre 205/60 R16"),
    ("Blanket 60x90 cm", "Blanket 90x120 cm"),
    ("Ibuprofen 200 mg x 20", "Ibuprofen 400 mg x 20"),
    ("Lamb leg 2-3 kg", "Lamb leg 3-4 kg"),
    ("Cola 12 oz", "Cola 16 oz"),
    ("Soap 6 pcs", "Soap 12 pcs"),
]


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_variants_stay_apart(one: str, other: str):
    """The word or number that distinguishes two products is in the name, the size or the pack."""
    first, second = rules.standardize([_row(one), _row(other)])
    assert (first.standardized_name, first.size, first.pack_count) != (second.standardized_name, second.size, second.pack_count)


def test_a_word_that_the_list_repeats_is_a_brand():
    """It is taken out of the names."""
    standards = rules.standardize([_row(f"ZARVEX {what}") for what in ("Crackers 90 g", "Popcorn 60 g", "Onion rings 75 g")])
    assert [standard.brand for standard in standards] == ["Zarvex"] * 3
    assert [standard.standardized_name for standard in standards] == ["Crackers", "Popcorn", "Onion rings"]


@given(st.lists(st.text(max_size=40), max_size=8))
def test_each_row_gets_one_standard(names: list[str]):
    """Whatever the names, it has a name, a category of the taxonomy, and nothing about it is certain."""
    standards = rules.standardize([_row(name) for name in names])
    assert len(standards) == len(names)
    for standard in standards:
        assert standard.standardized_name
        assert standard.category in taxonomy.category_names()
        assert all(0.0 <= sure < 1.0 for sure in standard.field_confidence)
        assert standard.method is Method.RULES
        assert standard.pack_count >= 1


@pytest.mark.parametrize(("tiers", "pieces"), [('{"Karton": 348000}', 1), ('{"Grosir": 17000}', 20), ("", 20)])
def test_a_carton_price_beside_proves_the_price_of_one_piece(tiers: str, pieces: int):
    """A wholesale price, which is not far from the price of one piece, proves nothing."""
    row = replace(ROW, original_name="Gula Pasir 1 kg", size_text="20 x 1 kg", unit_text="pack", price=Decimal(17750), price_tiers=tiers)
    assert rules.standardize([row])[0].pack_count == pieces


APPLIED = [
    (_row("Merk Zarvex ketchup 24x330 ml"), (SizeRule.ROW, PackRule.MANY, BrandSource.LABEL)),
    (_row("Zarvex calm", section="Herbal tea, 50 g"), (SizeRule.SURROUNDINGS, PackRule.ONE, BrandSource.NO_RULE)),
    (_row("Beef shank", unit_text="kg", brand="Zarvex"), (SizeRule.LOOSE, PackRule.ONE, BrandSource.COLUMN)),
    (_row("Tomato"), (SizeRule.NO_RULE, PackRule.ONE, BrandSource.UNBRANDED)),
]


@pytest.mark.parametrize(("row", "applied"), APPLIED)
def test_a_field_is_as_sure_as_the_rule_that_settled_it(row: RawRow, applied: tuple[str, ...]):
    """Each standard comes with the rules that settled it."""
    ((standard, by),) = rules.standardize_with_rules([row])
    assert (by.size, by.pack_count, by.brand) == applied
    accuracies = {field: round(rule_accuracy(field, rule), 3) for field, rule in by._asdict().items()}
    assert standard.field_confidence._asdict() == {field: min(MOST_BY_RULES, accuracy) for field, accuracy in accuracies.items()}


@pytest.mark.parametrize(
    ("names", "is_english"), [(["Blue soap 90 g", "Long rice 1 kg"], True), (["Sabun biru 90 g", "Beras panjang qenti 1 kg"], False)]
)
def test_a_name_that_nobody_translated_is_not_english(names: list[str], is_english: bool):
    """Unless the list is; the LLM is asked about it, however sure the rules are."""
    assert rules.standardize([_row(name) for name in names])[-1].is_english is is_english


@pytest.mark.parametrize(
    ("price", "tiers", "pieces"),
    [(30, '{"RRP": 3.2}', 12), (2.6, '{"RRP": 3.2}', 1), (30, '{"Per 100 g": 3.2}', 1), (30, '{"RRP": 12}', 1), (30, "", 1)],
)
def test_a_shop_price_just_above_that_of_a_piece_proves_the_price_of_a_case(price: float, tiers: str, pieces: int):
    """In nearly every row; a price of so many grams, or one that is far from a piece's, proves nothing."""
    rows = [replace(_row(f"Chutney {n}00 g"), price=Decimal(str(price)), price_tiers=tiers, pack_text="12") for n in range(1, 5)]
    assert {standard.pack_count for standard in rules.standardize(rows)} == {pieces}
