"""Brands of the catalogue, found where brands stand."""

import pytest

from monito_ray.pipeline.products.brands.brand_register import (
    BrandRegister,
    entries_in,
    famous_brands,
    folded_words,
    is_distinctive,
    make_register,
    registered_at_head,
    registered_brand,
    remove_brand,
)

REGISTER = make_register(
    [(brand, "") for brand in ("Zarvex", "Coca-Cola", "Brelo Melvane", "Qorbit", "Заря", "3M", "LG", "Lu", "Apple")]
    + [("Pelikar", "beverages")]
)

NAMES = [
    ("Zarvex ketchup", "Zarvex"),
    ("ZARVEX", "Zarvex"),
    ("COCA COLA zero", "Coca-Cola"),
    ("Cocacola zero", "Coca-Cola"),
    ("Brelo Melvane sauce", "Brelo Melvane"),
    ("Ketchup zarvex 5", "Zarvex"),  # behind the kind
    ("Minyak goreng Qorbit", "Qorbit"),
    ("Кабель ZARVEX 2 м", "Zarvex"),
    ("Заря кефир", "Заря"),
    ("Чехол для Qorbit", ""),  # what the goods fit
    ("Case for Qorbit", ""),
    ("Sarung untuk Qorbit", ""),
    ("Funda para Qorbit", ""),
    ("205/55 R16 91T QORBIT Winter", "Qorbit"),  # behind codes
    ("3M tape", "3M"),
    ("LG washer", "LG"),
    ("Bulb ZARVEX, QORBIT", ""),  # what it fits
    ("Lu Bresk wine", ""),  # an article
    ("MK Zarvex tape", "Zarvex"),  # behind a mark
    ("Tape 25mm x 3M", ""),  # a length
    ("Vulmer Zarvex", ""),  # behind a word that may be a brand itself
    ("Apple juice", ""),  # an ordinary word
    ("Tomato", ""),
    ("", ""),
]


@pytest.mark.parametrize(("name", "brand"), NAMES)
def test_a_known_brand_counts_at_the_head_or_behind_the_kind(name: str, brand: str):
    """Elsewhere its word may mean another thing, or what the goods fit."""
    assert registered_brand(name, REGISTER) == brand


def test_a_brand_is_written_with_an_apostrophe_where_the_list_writes_one():
    """Both spellings are in use."""
    register = make_register([("Brelo's", "")])
    assert registered_brand("BRELO'S ketchup", register) == "Brelo's"
    assert registered_brand("Brelos ketchup", register) == "Brelos"


def test_the_head_of_a_name_is_its_first_words():
    """Behind the kind is not at the head."""
    assert registered_at_head("Coca Cola light", REGISTER) == "Coca-Cola"
    assert registered_at_head("Ketchup Zarvex", REGISTER) == ""


def test_brands_that_no_name_holds_stay_behind():
    """A list takes along only what its names may hold."""
    assert {entry.brand for entry in entries_in(folded_words(["Zarvex ketchup", "coca cola"]), REGISTER).values()} == {
        "Zarvex",
        "Coca-Cola",
    }


def test_the_first_of_two_spellings_counts():
    """They are one brand."""
    spellings: BrandRegister = make_register([("Coca-Cola", "beverages"), ("COCA COLA", "")])
    assert list(spellings.values()) == [("Coca-Cola", {"beverages"}, False)]


def test_famous_brands_are_distinctive():
    """A short list finds them without a column; ordinary words are dropped from it."""
    famous = famous_brands(folded_words(["ketchup HEINZ", "COCA COLA zero", "case for Samsung", "Sun Chips"]))
    assert registered_brand("Ketchup HEINZ 500", famous) == "Heinz"
    assert registered_brand("COCA COLA zero", famous) == "Coca-Cola"
    assert registered_brand("Case for Samsung", famous) == ""
    assert all(entry.is_ambiguous or is_distinctive(entry.brand) for entry in famous.values())


@pytest.mark.parametrize(
    ("name", "category", "brand"),
    [
        ("TIDE automat", "cleaning", "Tide"),
        ("Detergent Tide", "cleaning", "Tide"),
        ("Tide table", "books", ""),
        ("Corona extra", "", ""),
        ("Laptop HP 15", "computers & components", "HP"),
        ("Motor 5 HP", "automation & motors", ""),
    ],
)
def test_a_famous_brand_that_is_a_word_counts_on_its_goods(name: str, category: str, brand: str):
    """Elsewhere the word means something else."""
    assert registered_brand(name, famous_brands(folded_words([name])), category) == brand


@pytest.mark.parametrize(
    ("name", "category", "brand"),
    [
        ("Water Pelikar", "beverages", "Pelikar"),
        ("Water Pelikar", "", "Pelikar"),
        ("Fried egg Pelikar", "eggs", ""),
        ("Pelikar egg", "eggs", "Pelikar"),
    ],
)
def test_behind_the_kind_the_brand_bears_such_goods(name: str, category: str, brand: str):
    """At the head of a name it may bear others, too."""
    assert registered_brand(name, REGISTER, category) == brand


WITHOUT = [
    ("Zarvex ketchup", "Zarvex", "ketchup"),
    ("COCA COLA zero", "Coca-Cola", "zero"),
    ("ZARVEX - Dijon mustard", "Zarvex", "Dijon mustard"),
    ("Муфта ZARVEX 20", "ZARVEX", "Муфта 20"),
    ("Zarvex", "Zarvex", "Zarvex"),
    ("Ketchup", "", "Ketchup"),
]


@pytest.mark.parametrize(("name", "brand", "rest"), WITHOUT)
def test_a_brand_is_removed_once(name: str, brand: str, rest: str):
    """Spelling does not matter, and a name is never left empty."""
    assert remove_brand(name, brand) == rest
