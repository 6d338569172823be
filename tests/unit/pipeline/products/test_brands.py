"""Whose product it is."""

import pytest

from monito_ray.pipeline.products import brand_dictionary, brands
from monito_ray.pipeline.products.list_patterns import collect_list_patterns

NOTHING = collect_list_patterns([])

COLUMN = [
    ("HEINZ", "Heinz"),
    ("coca cola", "Coca-Cola"),
    ("ZARVEX S.A.", "Zarvex"),
    ("PT. Maju Zarvex", "Maju Zarvex"),
    ('ООО "Заря"', "Заря"),
    ("ZVX", "ZVX"),
    ("-", ""),
    ("premium", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "brand"), COLUMN)
def test_column(text: str, brand: str):
    """A column of brands is believed, less the form of company and less words that are no names."""
    assert brands.brand_of_column(text) == brand


KNOWN = [
    ("Heinz ketchup", "Heinz"),
    ("Ketchup heinz", "Heinz"),
    ("205/55 R16 MICHELIN X", "Michelin"),
    ("IndoMie goreng", "Indomie"),
    ("COCA COLA zero", "Coca-Cola"),
    ("Cocacola zero", "Coca-Cola"),
    ("Surf powder", "Surf"),
    ("Wind surf board", ""),
    ("Tomato", ""),
]


@pytest.mark.parametrize(("name", "brand"), KNOWN)
def test_generally_known(name: str, brand: str):
    """Generally known brands are found anywhere in a name, ordinary words among them at its beginning alone."""
    assert brand_dictionary.first_brand_in(name) == brand


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
def test_repeated(names: list[str], name: str, brand: str):
    """A strange word that many rows begin with, or that stands in Latin among Cyrillic, is a brand; a word of the trade is none."""
    assert brands.find_brand(name, "", collect_list_patterns(names))[0] == brand


SECTIONS = [
    ("Zarvex beverages", "Zarvex hot cocoa", "Zarvex"),
    ("Heinz", "Ketchup", "Heinz"),
    ("HEINZ 57 4006040012345", "Ketchup", ""),
    ("", "Sesame merek Zarvex", "Zarvex"),
    ("Hot drinks", "Hot cocoa", ""),
    ("", "Hot cocoa", ""),
]


@pytest.mark.parametrize(("section", "name", "brand"), SECTIONS)
def test_section(section: str, name: str, brand: str):
    """A title that is a known brand, or begins as the name does, tells the brand."""
    assert brands.find_brand(name, section, NOTHING)[0] == brand


def test_a_title_over_other_brands_tells_none():
    """A row that was taken for a title, or a title that has long ended: what stands under it names other brands."""
    names, section = ["Ketchup", "Nescafe classic", "Milo powder", "Mustard"], "Heinz"
    repeats = collect_list_patterns(names, [section] * 4)
    assert brands.find_brand("Ketchup", section, repeats) == ("", brands.BrandSource.NO_RULE)
    assert brands.find_brand("Ketchup", section, collect_list_patterns(names[:1], [section])) == (
        "Heinz",
        brands.BrandSource.SECTION,
    )


WITHOUT = [
    ("Heinz ketchup", "Heinz", "ketchup"),
    ("COCA COLA zero", "Coca-Cola", "zero"),
    ("ZARVEX - Dijon mustard", "Zarvex", "Dijon mustard"),
    ("Муфта ZARVEX 20", "ZARVEX", "Муфта 20"),
    ("Heinz", "Heinz", "Heinz"),
    ("Ketchup", "", "Ketchup"),
]


@pytest.mark.parametrize(("name", "brand", "rest"), WITHOUT)
def test_without(name: str, brand: str, rest: str):
    """The brand is taken out of a name once, and a name is never left empty."""
    assert brand_dictionary.remove_brand(name, brand) == rest
