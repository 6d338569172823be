"""Brands that a list gives away by repeating them."""

import pytest

from monito_ray.pipeline.products.list_patterns import collect_list_patterns, repeated_brand

REPEATED = [
    # names of the list, name, brand
    (["Zarvex crackers", "Zarvex crunchy", "Zarvex onion rings"], "Zarvex crackers", "Zarvex"),
    (["Gran Zarvex flour", "Gran Zarvex sugar", "Gran Zarvex rice"], "Gran Zarvex flour", "Gran Zarvex"),
    (["Tomato red", "Tomato green", "Tomato cherry"], "Tomato red", ""),
    (["Zarvex", "Qorbit", "Melvane"], "Zarvex", ""),
    (["Zarvex crackers", "Melvane oil"], "Zarvex crackers", ""),
    (["Муфта ZARVEX 20", "Кран ZARVEX 20", "Тройник ZARVEX 20"], "Муфта ZARVEX 20", "ZARVEX"),
    (["Тройник 20", "Тройник 25", "Тройник 32"], "Тройник 20", ""),
    (["Zarvex - Dijon mustard"], "Zarvex - Dijon mustard", "Zarvex"),
    (["Cheese - sliced"], "Cheese - sliced", ""),
]


@pytest.mark.parametrize(("names", "name", "brand"), REPEATED)
def test_a_strange_word_that_many_goods_share_is_a_brand(names: list[str], name: str, brand: str):
    """It stands at the beginning, before a dash, or in Latin among Cyrillic; a word of the trade is none."""
    assert repeated_brand(name, collect_list_patterns(names)) == brand


def test_the_same_row_many_times_repeats_nothing():
    """Only different goods prove that their common word is a brand."""
    assert repeated_brand("Zarvex crackers", collect_list_patterns(["Zarvex crackers"] * 5)) == ""


@pytest.mark.parametrize(("others", "is_mixed"), [(0, False), (1, False), (2, True)])
def test_a_title_over_two_rows_of_other_brands_is_mixed(others: int, is_mixed: bool):
    """One row may be an accessory; of two the title cannot be the brand."""
    names = ["Ketchup", "Mustard", *["Nescafe classic", "Milo powder"][:others]]
    patterns = collect_list_patterns(names, ["Heinz"] * len(names))
    assert ("Heinz" in patterns.mixed_titles) is is_mixed


def test_a_long_title_may_have_a_few_rows_of_other_brands():
    """Two of a hundred rows are less than the share that makes it mixed."""
    names = [f"Ketchup {number}" for number in range(100)] + ["Nescafe classic", "Milo powder"]
    assert collect_list_patterns(names, ["Heinz"] * len(names)).mixed_titles == frozenset()
