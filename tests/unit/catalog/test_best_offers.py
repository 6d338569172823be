"""Which of several offers is the cheapest."""

import pytest
from rows import JULY, cola_offer

from monito_ray.catalog.best_offers import best_offer
from monito_ray.catalog.offers import Offer


@pytest.mark.parametrize(
    ("case", "offers", "best"),
    [
        ("base prices decide, not prices", [cola_offer("A", 10, "5"), cola_offer("B", 20, "4")], "B"),
        ("without any base price, the price decides", [cola_offer("A", 10, None), cola_offer("B", 9, None)], "B"),
        ("one without a base price does not compete", [cola_offer("A", 1, None), cola_offer("B", 9, "9")], "B"),
        (
            "only the commonest base unit competes",
            [cola_offer("A", 1, "1", base_unit="pcs"), cola_offer("B", 9, "9"), cola_offer("C", 8, "8")],
            "C",
        ),
        ("of equal ones the newest", [cola_offer("A", 10, "5"), cola_offer("B", 10, "5", updated=JULY)], "B"),
        ("of equal and equally new ones the first by name", [cola_offer("b", 10, "5"), cola_offer("A", 10, "5")], "A"),
    ],
)
def test_best_offer(case: str, offers: list[Offer], best: str):
    """The best of several offers is the one a buyer would take."""
    assert best_offer(offers).supplier == best, case
