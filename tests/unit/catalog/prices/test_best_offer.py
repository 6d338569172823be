"""The best of several offers."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import COLA_ROW, JULY, cola_offer

from monito_ray.catalog.offers import Offer
from monito_ray.catalog.prices.best_offer import best_first, best_offer

OLD = replace(COLA_ROW, list_date=date(2023, 7, 1))
SPRING = replace(COLA_ROW, list_date=date(2026, 4, 1))


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
        (
            "a suspicious one does not compete",
            [cola_offer("A", 1, "1", suspicion="a tenth of its last price"), cola_offer("B", 9, "9")],
            "B",
        ),
        ("unless all are suspicious", [cola_offer("A", 1, "1", suspicion="x"), cola_offer("B", 9, "9", suspicion="x")], "A"),
        ("an outdated one does not compete", [cola_offer("A", 1, "1", row=OLD), cola_offer("B", 9, "9")], "B"),
        ("an outdated one goes before a suspicious one", [cola_offer("A", 9, "9", row=OLD), cola_offer("B", 1, "1", suspicion="x")], "A"),
        ("one of the same season competes", [cola_offer("A", 1, "1", row=SPRING), cola_offer("B", 9, "9")], "A"),
        (
            "of equal ones the newest list, whenever it came",
            [cola_offer("A", 10, "5", updated=JULY, row=SPRING), cola_offer("B", 10, "5")],
            "B",
        ),
        ("of equal and equally new ones the first by name", [cola_offer("b", 10, "5"), cola_offer("A", 10, "5")], "A"),
    ],
)
def test_best_offer(case: str, offers: list[Offer], best: str):
    """The best of several offers is the one a buyer would take."""
    assert best_offer(offers).supplier == best, case


ROWS = st.sampled_from((COLA_ROW, OLD, SPRING, replace(COLA_ROW, list_date=date(2025, 9, 1))))
OFFERS = st.lists(
    st.builds(
        lambda supplier, price, base, unit, row, suspicion: cola_offer(
            supplier, price, base, base_unit=unit if base else "", row=row, suspicion=suspicion
        ),
        st.sampled_from("ABC"),
        st.integers(1, 4),
        st.sampled_from((None, "1", "2", "3")),
        st.sampled_from(("l", "pcs")),
        ROWS,
        st.sampled_from(("", "", "x")),
    ),
    max_size=9,
)


@settings(max_examples=400, deadline=None)
@given(OFFERS)
def test_the_best_first_is_the_best_of_what_is_left(offers: list[Offer]):
    """Whatever goes with it: the newest list, the commonest unit, the last one without a suspicion."""
    left, expected = list(offers), []
    while left:
        expected.append(best_offer(left))
        left.remove(expected[-1])
    assert best_first(offers) == expected
