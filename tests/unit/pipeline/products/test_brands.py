"""Which rule settles whose product it is."""

import pytest

from monito_ray.pipeline.products import brands
from monito_ray.pipeline.products.brands import BrandSource
from monito_ray.pipeline.products.list_patterns import ListPatterns, collect_list_patterns

NO_PATTERNS = ListPatterns()

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
def test_a_column_of_brands_is_believed(text: str, brand: str):
    """The form of company, and words that are no names, are left out."""
    assert brands.brand_of_column(text) == brand


SECTIONS = [
    ("Zarvex beverages", "Zarvex hot cocoa", "Zarvex"),
    ("Heinz", "Ketchup", "Heinz"),
    ("HEINZ 57 4006040012345", "Ketchup", ""),
    ("", "Sesame merek Zarvex", "Zarvex"),
    ("Hot drinks", "Hot cocoa", ""),
    ("", "Hot cocoa", ""),
]


@pytest.mark.parametrize(("section", "name", "brand"), SECTIONS)
def test_a_title_or_a_label_gives_the_brand(section: str, name: str, brand: str):
    """A title gives it that is a dictionary brand or begins as the name does, a label such as "merek" that stands before it."""
    assert brands.find_brand(name, section, NO_PATTERNS)[0] == brand


RULES = [
    # name, section, category, is packed, brand, rule: of the rules that would apply the first decides
    ("Heinz ketchup merek Zarvex", "Nescafe", "", True, "Heinz", BrandSource.DICTIONARY),
    ("Zarvex tomato", "Zarvex", "vegetables", False, "", BrandSource.UNBRANDED),
    ("Zarvex tomato", "Zarvex", "vegetables", True, "Zarvex", BrandSource.SECTION),
    ("Zarvex novel", "Zarvex", "books", True, "", BrandSource.UNBRANDED),
    ("Sesame merek Qorbit", "Heinz", "", True, "Qorbit", BrandSource.LABEL),
    ("Zarvex sesame", "Heinz", "", True, "Heinz", BrandSource.SECTION),
    ("Zarvex sesame", "", "", True, "Zarvex", BrandSource.REPEATED),
    ("Sesame", "", "", True, "", BrandSource.NO_RULE),
]


@pytest.mark.parametrize(("name", "section", "category", "is_packed", "brand", "source"), RULES)
def test_the_first_rule_that_applies_decides(name: str, section: str, category: str, is_packed: bool, brand: str, source: BrandSource):
    """The rules run in the order in which `BrandSource` lists them."""
    patterns = collect_list_patterns([f"Zarvex {what}" for what in ("sesame", "flour", "sugar")])
    assert brands.find_brand(name, section, patterns, category, is_packed) == (brand, source)


def test_a_title_over_goods_of_other_brands_gives_none():
    """It is a row that was taken for a title, or a title that has long ended."""
    names, section = ["Ketchup", "Nescafe classic", "Milo powder", "Mustard"], "Heinz"
    mixed = collect_list_patterns(names, [section] * 4)
    assert brands.find_brand("Ketchup", section, mixed) == ("", BrandSource.NO_RULE)
    unmixed = collect_list_patterns(names[:1], [section])
    assert brands.find_brand("Ketchup", section, unmixed) == ("Heinz", BrandSource.SECTION)
