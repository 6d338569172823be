"""Names less what they say of quantities and units."""

import pytest

from monito_ray.pipeline.products.measuring.name_rest import name_without
from monito_ray.pipeline.products.measuring.quantities import QuantityKind, find_quantities


@pytest.mark.parametrize(
    ("name", "price_unit", "rest"),
    [
        ("Cola (330 ml)", "", "Cola"),
        ("Сыр ~1,2 кг", "kg", "Сыр"),
        ("Beef /kg", "kg", "Beef"),
        ("Lamb leg 2 - 3 kg", "", "Lamb leg 2 - 3 kg"),
        ("500 g", "", "500 g"),
    ],
)
def test_quantities_and_the_unit_of_the_price_are_taken_out(name: str, price_unit: str, rest: str):
    """Ranges stay, and a name that is nothing else."""
    assert name_without(find_quantities(name), name, "", price_unit) == rest


def test_a_kind_of_quantity_can_be_kept():
    """A garbage bag's litres tell it from others."""
    name = "Garbage bag 60 l 20 pcs"
    assert name_without(find_quantities(name), name, "", "", keep=QuantityKind.SIZE) == "Garbage bag 60 l"
