"""Quantities in a text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline.products.measuring.quantities import Quantity, QuantityKind, find_quantities, parse_size

SIZE, COUNT, CARTON, DOSE, RANGE = QuantityKind.SIZE, QuantityKind.COUNT, QuantityKind.CARTON, QuantityKind.DOSE, QuantityKind.RANGE

QUANTITIES = [
    # text, kind, the text of the quantity, size, unit, pieces, container
    ("Santan 200 ml", SIZE, "200 ml", "200", "ml", 1, ""),
    ("Soda 24x330ml", SIZE, "24x330ml", "330", "ml", 24, ""),
    ("Noodles 130gx48", SIZE, "130gx48", "130", "g", 48, ""),
    ("Water 1 l/btl", SIZE, "1 l/btl", "1", "l", 1, "bottle"),
    ("Mie dus isi 40", COUNT, "dus isi 40", None, "", 40, "carton"),
    ("Cola 220 ml krat isi 12", COUNT, "krat isi 12", None, "", 12, "crate"),
    ("Cola 220 ml krat 12", COUNT, "krat 12", None, "", 12, "crate"),
    ("Cola 330 ml (dus 24)", COUNT, "dus 24", None, "", 24, "carton"),
    ("Telur tray 30", COUNT, "tray 30", None, "", 30, "tray"),
    ("Telur tray isi 30", COUNT, "tray isi 30", None, "", 30, "tray"),
    ("Salfetki 100 pcs", COUNT, "100 pcs", None, "", 100, "pcs"),
    ("Hot cocoa 8's", COUNT, "8's", None, "", 8, ""),
    ("Sachet (288/dus)", CARTON, "(288/dus)", None, "", 288, "carton"),
    ("Drops 5mg/10 ml", DOSE, "5mg/10 ml", "10", "ml", 1, ""),
    ("Paper 80 g/m2", DOSE, "80 g/m2", None, "", 1, ""),
    ("Lamb leg 2 - 3 kg", RANGE, "2 - 3 kg", None, "", 1, ""),
]


@pytest.mark.parametrize(("text", "kind", "part", "size", "unit", "pieces", "container"), QUANTITIES)
def test_a_quantity_has_its_kind_and_position(
    text: str, kind: QuantityKind, part: str, size: str | None, unit: str, pieces: int, container: str
):
    """What a quantity says is in its fields, and where it stands is in `start` and `end`."""
    quantity = next(quantity for quantity in find_quantities(text) if quantity.kind is kind)
    assert text[quantity.start : quantity.end].strip() == part
    assert quantity == Quantity(kind, quantity.start, quantity.end, None if size is None else Decimal(size), unit, pieces, container)


NO_QUANTITIES = [
    "Almanac 2010 г",  # a year
    "Phone 5G",  # a generation
    "Bolt М6 x 30",  # a dimension
    "Sedan X5",  # a model
    "Codes 12345678 pcs",  # more than any pack
    "Krat 12",  # goods
    "Drawer box 12",  # its number
    "Letter tray 3",  # its number
    "Tomato",
    "",
]


@pytest.mark.parametrize("text", NO_QUANTITIES)
def test_years_dimensions_and_models_are_no_quantities(text: str):
    """What only looks like one is none."""
    assert find_quantities(text) == ()


def test_a_number_before_a_size_is_no_range():
    """Ends that are too far apart belong to different things: the second is a size."""
    (quantity,) = find_quantities("Mix 3 - 500 g")
    assert (quantity.kind, quantity.size) == (SIZE, Decimal(500))


VALUES = [
    ("1,5", "l", "1.5"),
    ("1.550", "kg", "1.550"),
    ("1.550", "g", "1550"),
    ("0.500", "ml", "0.500"),
    ("1.000.000", "l", "1000000"),
    ("1.000,5", "g", "1000.5"),
    ("1/2", "kg", "0.5"),
    ("2 1/2", "kg", "2.5"),
    ("½", "l", "0.5"),
    ("1½", "l", "1.5"),
    ("330", "ml", "330"),
]


@pytest.mark.parametrize(("text", "unit", "value"), VALUES)
def test_three_digits_are_thousands_of_small_units_alone(text: str, unit: str, value: str):
    """Nobody sells 1,550 kg in one piece, nor writes millilitres with three decimals."""
    assert parse_size(text, unit) == Decimal(value)


@given(st.text(max_size=80))
def test_quantities_are_in_order(text: str):
    """Whatever the text, they lie within it, one after the other."""
    positions = [position for quantity in find_quantities(text) for position in (quantity.start, quantity.end)]
    assert positions == sorted(positions)
    assert all(0 <= position <= len(text) for position in positions)
