"""Which cells say how much a price buys."""

import pytest

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows.columns.quantity_columns import QuantityTexts, package_of_price, states_size, unit_of_title
from monito_ray.pipeline.tables.locate import find_tables

BLOCKS = [
    ["Item", "Unit", "Wholesale price", "Retail weight", "Retail price"],
    ["Coriander", "kg", 80000.0, "25 gr", 10000.0],
    ["Spearmint", "kg", 60000.0, "50 gr", 9000.0],
    ["Rosemary", "kg", 120000.0, "20 gr", 6000.0],
    ["Thyme", "kg", 150000.0, "20 gr", 7500.0],
]


def test_each_price_has_the_quantities_of_its_own_block():
    """The unit beside the wholesale price says nothing of the retail price, nor the other way round."""
    sheet = Sheet("A", BLOCKS)
    (table,) = find_tables(sheet)
    quantities = QuantityTexts(sheet, table)
    texts = ["Coriander", "kg", "80000", "25 gr", "10000"]
    assert quantities.of_row(4, texts) == ("25 gr", "", "")
    assert quantities.of_row(2, texts) == ("", "", "kg")


STATED = [
    ("275 CC", True),
    ("PAQUETE 20 UNIDAD 20 GRAMOS", True),
    ("1 l btl", True),
    ("Strawberry 100 g", False),
    ("12 pcs", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "is_size"), STATED)
def test_a_text_states_a_size_where_it_has_no_other_words(text: str, is_size: bool):
    """Packages and counts may stand beside it."""
    assert states_size(text) is is_size


@pytest.mark.parametrize(
    ("title", "unit"),
    [("Цена за кг", "кг"), ("Harga/pcs", "pcs"), ("Тара(л)", "л"), ("Price per kg or liter", "liter"), ("Skill", ""), ("", "")],
)
def test_the_unit_of_a_title_is_the_last_one_in_it(title: str, unit: str):
    """Letters within words are no units."""
    assert unit_of_title(title) == unit


@pytest.mark.parametrize(
    ("title", "package"),
    [
        ("Harga/dus", "dus"),
        ("Harga per dus", "dus"),
        ("Price per case (GBP)", "case"),
        ("Case price", "Case"),
        ("Case £", "Case"),
        ("Ctn (Rp)", "Ctn"),
        ("Цена за кор.", "кор"),
        ("Precio x caja", "caja"),
        ("Preis pro Karton", "Karton"),
        ("Price/pc", ""),
        ("Price for 10 cases", ""),
        ("Showcase price", ""),
        ("Price", ""),
    ],
)
def test_the_title_of_a_price_names_the_package_that_it_is_for(title: str, package: str):
    """Next to a word for prices, or behind "per" or a stroke; a package that only tells how much to order is none."""
    assert package_of_price(title) == package
