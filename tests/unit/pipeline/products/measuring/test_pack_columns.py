"""What the columns of packs and sizes say a price buys."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.products.measuring.measures import parse_measure
from monito_ray.pipeline.products.measuring.pack_columns import pieces_in_size, read_pack

PACKS = [
    # name, pack, pieces
    ("Galletas", "Caja 24", 24),
    ("Sobres", "caja 5000", 5000),
    ("Clips", "paquete 5", 5),
    ("Senf", "Karton 12", 12),
    ("Mie", "dus 40", 40),
    ("Mie", "dus isi 40", 40),
    ("Печенье", "кор. 12", 12),
    ("Fountain", "1 box (10)", 10),
    ("Flour", "bag 25 kg", 0),
    ("Flour", "1 box", 0),
    ("Jabón", "10 barras", 10),
    ("Vino", "6 botellas", 6),
    ("Mushrooms", "250 gramos", 0),
    ("Pens", "24", 0),
    ("Pens", "24 pcs", 0),
    ("Ручки", "24 шт", 0),
    ("Pens", "24 ctn", 0),
    ("Amlodipine 5 mg", "10x10", 100),
    ("Amlodipine 5 mg", "1 x 10", 10),
    ("Amlodipine", "15's", 15),
    ("Amlodipine", "15 TAB", 15),
    ("Амлодипин 5 мг", "30 таб.", 30),
    ("Amlodipine 5 mg", "100", 100),
    ("Amlodipine 5 mg", "10 pcs", 10),
    ("Syrup 125 mg/5 ml", "60", 0),
    ("Шприц 5 мл", "50 шт", 50),
    ("Gum", "4 x 240s", 960),
    ("Blades", "20 x 4pk", 80),
    ("Tomatoes", "6/#10", 6),
    ("Gloves", "20/50 CT", 1000),
    ("Shrimp", "21/25 CT", 0),
    ("Straws", "3000 CT", 3000),
    ("Eggs", "15 doz", 180),
    ("Codes", "9000x90", 0),
]


@pytest.mark.parametrize(("name", "pack", "pieces"), PACKS)
def test_a_pack_column_tells_pieces(name: str, pack: str, pieces: int):
    """Packages with counts, factors and counted things do; bare numbers only beside medicines."""
    assert read_pack(pack, name).pieces == pieces


@pytest.mark.parametrize(
    ("size", "pieces"), [("10/100 CT", 1000), ("6/#10", 6), ("15 doz", 180), ("Caja 24", 24), ("10x10", 0), ("40 S", 0), ("12 inches", 0)]
)
def test_a_size_column_may_be_a_dimension(size: str, pieces: int):
    """Only what can be nothing but a pack counts there."""
    assert pieces_in_size(size) == pieces


@pytest.mark.parametrize(("unit", "pieces"), [("", 12), ("caja", 12), ("Stück", 1), ("шт", 1), ("botella", 1), ("strip", 1), ("kg", 1)])
def test_the_unit_of_the_price_goes_before_a_pack_column(unit: str, pieces: int):
    """Beside a price for one piece the pack is what a carton holds."""
    assert parse_measure("Biscuits", "", "Karton 12", unit).pack_count == pieces


UNITS = [
    # pack, size, unit, price unit
    ("kg", None, "", "kg"),
    ("ekor", None, "", "pcs"),
    ("Karton", None, "", "carton"),
    ("уп.", None, "", "pack"),
    ("botella", None, "", "bottle"),
    ("pack 200gr", "200", "g", "pack"),
    ("1 kg/pack", "1", "kg", "pack"),
    ("пакет 500 г", "500", "g", "pouch"),
    ("6x1 kg", "1", "kg", ""),
    ("24", None, "", ""),
    ("red", None, "", ""),
]


@pytest.mark.parametrize(("pack", "size", "unit", "price_unit"), UNITS)
def test_a_pack_column_may_name_the_unit_of_the_price(pack: str, size: str | None, unit: str, price_unit: str):
    """Alone or beside the size of the goods."""
    measure = parse_measure("Goods", "", pack)
    assert (measure.size, measure.unit, measure.price_unit) == (None if size is None else Decimal(size), unit, price_unit)
