"""What an amount costs at an offer."""

from decimal import Decimal

import pytest
from rows import cola_offer

from monito_ray.catalog.basket.amount_costs import cost_of
from monito_ray.catalog.offers import Offer
from monito_ray.pipeline.products.measuring.measures import base_price


def _offer(price: int, price_unit: str, size: str | None = None, unit: str = "", pack: int = 1) -> Offer:
    of_size = None if size is None else Decimal(size)
    base, base_unit = base_price(Decimal(price), of_size, unit, pack, price_unit)
    offer = cola_offer(price=price, base=None if base is None else str(base))
    fields = {"price_unit": price_unit, "size": of_size, "unit": unit, "pack_count": pack, "price": Decimal(price)}
    row = offer.row.__class__(**{name: fields.get(name, getattr(offer.row, name)) for name in offer.row.__slots__})
    return cola_offer(price=price, base=None if base is None else str(base), base_unit=base_unit, row=row)


LOOSE = _offer(34_000, "kg")
SACK = _offer(312_000, "sack", "25", "kg")
BOTTLE = _offer(36_500, "bottle", "2", "l")
CARTON = _offer(120_000, "carton", "330", "ml", 24)
TRAY = _offer(55_000, "tray")
UNSAID = _offer(53_000, "")
TRAY_OF_30 = _offer(55_000, "tray", pack=30)


@pytest.mark.parametrize(
    ("offer", "amount", "unit", "count"),
    [
        (LOOSE, "2.5", "kg", "2.5"),
        (LOOSE, "500", "g", "0.5"),
        (LOOSE, "3", "", "3"),
        (LOOSE, "3", "pcs", None),
        (LOOSE, "3", "l", None),
        (LOOSE, "2", "tray", None),
        (SACK, "30", "kg", "2"),
        (SACK, "2", "", "2"),
        (SACK, "2", "sack", "2"),
        (SACK, "2", "carton", None),
        (BOTTLE, "5", "l", "3"),
        (BOTTLE, "2", "pcs", "2"),
        (CARTON, "30", "", "2"),
        (CARTON, "24", "pcs", "1"),
        (CARTON, "8", "l", "2"),
        (CARTON, "2", "carton", "2"),
        (TRAY, "5", "tray", "5"),
        (TRAY, "60", "pcs", None),
        (TRAY_OF_30, "60", "pcs", "2"),
        (UNSAID, "60", "pcs", None),
        (UNSAID, "2", "", "2"),
        (TRAY_OF_30, "5", "dozen", "2"),
    ],
)
def test_packs_are_bought_whole_and_only_equal_kinds_compared(offer: Offer, amount: str, unit: str, count: str | None):
    """Goods sold loose by the amount, others by as many packs as hold it; what cannot be compared has no cost."""
    cost = cost_of(offer, Decimal(amount), unit)
    assert (None if cost is None else cost.count) == (None if count is None else Decimal(count))
    assert cost is None or cost.cost == cost.count * offer.price


def test_a_size_that_something_contradicts_is_not_compared():
    """Such an offer has no base price."""
    doubtful = cola_offer(price=120_000, base=None, row=CARTON.row)
    assert cost_of(doubtful, Decimal(8), "l") is None
