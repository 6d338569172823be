"""Which rule settles whose product it is."""

import pytest

from monito_ray.pipeline.products.brands import brand_rules
from monito_ray.pipeline.products.brands.brand_register import NO_BRANDS, make_register
from monito_ray.pipeline.products.brands.brand_rules import BrandSource, ListBrands, collect_list_brands

COLUMN = [
    ("ZARVEX", "Zarvex"),
    ("ZARVEX S.A.", "Zarvex"),
    ("PT. Maju Zarvex", "Maju Zarvex"),
    ('ООО "Заря"', "Заря"),
    ("ZVX", "ZVX"),
    ("Green Valley", "Green Valley"),
    ("-", ""),
    ("premium", ""),
    ("Local/Imported", ""),
    ("0.7mm", ""),
    ("12 kg", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "brand"), COLUMN)
def test_a_column_of_brands_is_believed(text: str, brand: str):
    """The form of company, measures, and words that are no names, are left out."""
    assert brand_rules.brand_of_column(text) == brand


SECTIONS = [
    ("Zarvex beverages", "Zarvex hot cocoa", "Zarvex"),
    ("ZARVEX", "Cocoa Zarvex 200", "Zarvex"),
    ("ZARVEX", "Разъем ZARVEX 20", "Zarvex"),
    ("ZARVEX", "Cocoa", ""),  # a title that has ended, or a row that was taken for one
    ("Bijolvi", "Qorbit striped bijolvi gold", ""),
    ("三星", "三星Z4 5G", "三星"),
    ("", "Sesame merek Zarvex", "Zarvex"),
    ("", "Brand: Zarvex, sesame", "Zarvex"),
    ("", "Sesame merk Zarvex Tech putih", "Zarvex Tech"),
    ("", "Zarvex Brand flower pot", ""),  # in English it may stand behind the brand
    ("Hot drinks", "Hot cocoa", ""),
    ("", "Hot cocoa", ""),
]


@pytest.mark.parametrize(("section", "name", "brand"), SECTIONS)
def test_a_title_or_a_label_gives_the_brand(section: str, name: str, brand: str):
    """A title gives it that the name has, too, where brands stand; a label such as "merek" stands before it."""
    assert brand_rules.find_brand(name, section, ListBrands())[0] == brand


RULES = [
    # name, column, section, category, is packed, brand, rule: of the rules that would apply the first decides
    ("Heinz ketchup merek Zarvex", "Qorbit", "Zarvex", "", True, "Qorbit", BrandSource.COLUMN),
    ("Zarvex tomato", "", "Zarvex", "books", False, "Zarvex", BrandSource.SECTION),
    ("Zarvex novel", "", "", "books", True, "", BrandSource.UNBRANDED),
    ("Heinz tomato", "", "", "vegetables", False, "Heinz", BrandSource.REGISTER),
    ("Zarvex tomato", "", "", "vegetables", False, "", BrandSource.UNBRANDED),
    ("Sesame merek Qorbit", "", "Heinz", "", True, "Qorbit", BrandSource.LABEL),
    ("Sesame", "", "Heinz", "", True, "Heinz", BrandSource.SECTION),
    ("Zarvex sesame", "", "", "", True, "Zarvex", BrandSource.REPEATED),
    ("Sesame", "", "", "", True, "", BrandSource.NO_RULE),
]


@pytest.mark.parametrize(("name", "column", "section", "category", "is_packed", "brand", "source"), RULES)
def test_the_first_rule_that_applies_decides(
    name: str, column: str, section: str, category: str, is_packed: bool, brand: str, source: BrandSource
):
    """The rules run in the order in which `BrandSource` lists them."""
    names = [f"Zarvex {what}" for what in ("sesame", "flour", "sugar")]
    of_list = collect_list_brands([*names, "Heinz ketchup"], [""] * 4, make_register([("Heinz", "")]))
    assert brand_rules.find_brand(name, section, of_list, column=column, category=category, is_packed=is_packed) == (brand, source)


def test_brands_of_a_column_are_known_where_its_cells_are_empty():
    """A list that fills the column for some of its goods names them in the others."""
    of_list = collect_list_brands(["Ketchup", "Zarvex mustard"], ["ZARVEX", ""], NO_BRANDS)
    assert brand_rules.find_brand("Zarvex mustard", "", of_list) == ("Zarvex", BrandSource.REGISTER)


def test_the_catalogue_spells_a_brand():
    """Its spelling goes before that of a column, and of what the list repeats."""
    catalogue = make_register([("Zar-Vex", "")])
    of_list = collect_list_brands(["Ketchup", "ZARVEX mustard"], ["ZARVEX", ""], catalogue)
    assert brand_rules.find_brand("Ketchup", "", of_list, column="ZARVEX")[0] == "Zar-Vex"
    assert brand_rules.find_brand("ZARVEX mustard", "", of_list)[0] == "Zar-Vex"


def test_a_column_that_names_contradict_does_not_count():
    """Most names begin with another of its brands than that of their row: then the name is right."""
    names, column = ["Zarvex Max 1", "Qorbit Max 2", "Melvane Pro 3", "Zarvex Pro 4"], ["Qorbit", "Melvane", "Zarvex", "Zarvex"]
    of_list = collect_list_brands(names, column, NO_BRANDS)
    assert brand_rules.find_brand(names[0], "", of_list, column=column[0]) == ("Zarvex", BrandSource.REGISTER)
    others = [f"Sesame {number}" for number in range(9)]
    rare = collect_list_brands([*names, *others], [*column, *["Zarvex"] * 9], NO_BRANDS)
    assert brand_rules.find_brand(names[0], "", rare, column=column[0]) == ("Qorbit", BrandSource.COLUMN)
    few = collect_list_brands(names[2:], column[2:], NO_BRANDS)
    assert brand_rules.find_brand(names[2], "", few, column=column[2]) == ("Zarvex", BrandSource.COLUMN)
