"""What the index has of a product."""

from decimal import Decimal

import pytest

from monito_ray.catalog.search.entry import IndexedProduct, index_entry
from monito_ray.catalog.search.word_forms import main_term, size_term
from monito_ray.pipeline import lexicon


def _terms(original_name: str, category: str, name: str = "") -> frozenset[str]:
    return index_entry(IndexedProduct(name or original_name, "", None, "", category, (original_name,))).terms


@pytest.mark.parametrize(
    ("original_name", "category", "thing", "mentioned"),
    [
        ("Keripik Kentang Kriuka 68gr", "snacks", "keripik", "kentang"),
        ("Potato chips Crispo 150 g", "snacks", "chip", "potato"),
        ("Kentang Granola", "vegetables", "kentang", "telur"),
        ("Milk chocolate Kakara", "biscuits & confectionery", "chocolat", "milk"),
        ("Coconut milk Karina 400 ml", "canned & preserved", "karina", "milk"),
        ("Шампунь с медом Мелур", "hair care", "шампун", "мед"),
        ("Shampoo with honey Melur", "hair care", "shampoo", "honey"),
    ],
)
def test_goods_are_what_their_words_say_and_not_what_is_in_them(original_name: str, category: str, thing: str, mentioned: str):
    """A word of goods of another category, one behind "with" and one of a compound is only mentioned."""
    terms = _terms(original_name, category)
    assert main_term([mentioned]) not in terms
    assert main_term([thing]) in terms


def test_a_compound_is_the_thing_of_its_words_together():
    """A sweet potato is no potato."""
    for terms in (_terms("Sweet potatoes", "vegetables"), _terms("Ubi Jalar", "vegetables", "Sweet potato")):
        assert main_term(["potato", "sweet"]) in terms
        assert main_term(["potato"]) not in terms


def test_a_product_is_found_by_its_english_words():
    """Those of the suppliers' names, in languages of the glossary."""
    assert {"avocado", "alpukat"} <= _terms("Alpukat Lokal", "fruit")
    assert {"carrot", "zanahoria"} <= _terms("Zanahorias", "vegetables")


def test_a_product_is_found_by_article_number_size_and_category():
    """A number whole and in parts, the size of the product or of its name."""
    product = IndexedProduct("Cola", "Teratai", Decimal(330), "ml", "beverages", ("Cola Teratai",), ("AB-0042",))
    assert {"ab0042", "0042", "teratai", size_term(Decimal("0.33"), "l"), "@beverag"} <= index_entry(product).terms
    assert size_term(Decimal(2), "l") in index_entry(IndexedProduct("Oil", "", None, "", "", ("Oil 2000 ml",))).terms


def test_words_that_may_be_misspelt_are_whole():
    """Words of letters, as written and in English; numbers and marks are no words."""
    words = index_entry(IndexedProduct("Cooking oil", "Bunga", None, "", "oils & fats", ("Minyak Goreng 2L",))).words
    assert {"minyak", "goreng", "cooking", "oil", "bunga"} <= words
    assert all(word.isalpha() for word in words)


def test_an_entry_does_not_depend_on_the_product_before():
    """Products share their words, under other categories and in texts of other languages."""
    names = [
        ("Sweet soy sauce", "snacks"),
        ("Soy sauce, sweet", "sauces & condiments"),
        ("Kecap manis", "sauces & condiments"),
        ("Кетчуп сладкий", ""),
    ]
    products = [IndexedProduct(name, "", None, "", category, (name, names[0][0])) for name, category in names * 2]
    forward = [index_entry(product) for product in products]
    lexicon.clear_derived()
    assert [index_entry(product) for product in reversed(products)] == forward[::-1]
