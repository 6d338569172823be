"""Prices that may be wrong."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from rows import COLA_ROW, cola_offer

from monito_ray.catalog.offers import Offer
from monito_ray.catalog.prices import suspicions
from monito_ray.catalog.prices.suspicions import pack_counts, price_jump, suspect

BOTTLE = replace(COLA_ROW, original_name="Nusa Cola", pack_count=1, price_unit="")
CARTONED = replace(BOTTLE, original_name="Nusa Cola 24x330ml")


def _offer(name: str, price: str, unit: str = "l", **changes: object) -> Offer:
    amount = Decimal(price)
    own = {"base_price": amount if unit else None, "base_unit": unit, "row": BOTTLE}
    return replace(cola_offer(name), offer_id=name, price=amount, **own | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "earlier", "price", "counts", "reason"),
    [
        ("a place lost", [28_500], 2_850, [], "one tenth of its last price: 28,500 → 2,850"),
        ("a place lost while it rose", [28_500], 3_100, [], "one tenth of its last price: 28,500 → 3,100"),
        ("a place too many", [2_850], 28_500, [], "10 times its last price: 2,850 → 28,500"),
        ("thousands left out", [28_500], 28, [], "one thousandth of its last price: 28,500 → 28"),
        ("a piece of a carton", [120_000], 5_000, [24], "the price of one piece? its last price: 120,000 → 5,000"),
        ("a carton for a piece", [5_000], 121_000, [24], "the price of a pack of 24? its last price: 5,000 → 121,000"),
        ("a place too many, though the pack has about ten", [39_000], 390_000, [12], "10 times its last price: 39,000 → 390,000"),
        ("far below, for whatever reason", [139_000], 18_000, [], "13% of its last price: 139,000 → 18,000"),
        ("far above, for whatever reason", [18_000], 139_000, [], "8 times its last price: 18,000 → 139,000"),
        ("more than four times, which seasons do", [18_000], 80_000, [], ""),
        ("half of it", [28_500], 14_000, [], ""),
        ("a third, which chillies do", [90_000], 30_000, [], ""),
        ("the misprint is corrected", [28_500, 2_850], 28_600, [], ""),
        ("nothing before", [], 2_850, [], ""),
        ("prices of nothing", [0], 2_850, [], ""),
    ],
)
def test_a_price_beside_its_own_earlier_ones(case: str, earlier: list[int], price: int, counts: list[int], reason: str):
    """A price that is ten times the last one, or that of a piece of the pack, may be wrong; one that only moved is not."""
    assert (
        price_jump([Decimal(number) for number in earlier], Decimal(price), [replace(BOTTLE, pack_count=count) for count in counts])
        == reason
    ), case


@pytest.mark.parametrize(
    ("case", "offers", "reasons"),
    [
        ("prices as they are", [_offer("A", "10"), _offer("B", "13"), _offer("C", "8")], {}),
        ("one is alone", [_offer("A", "10")], {}),
        (
            "below half of all others",
            [_offer("A", "10"), _offer("B", "13"), _offer("C", "4.5")],
            {"C": "below half of all 2 other prices: 10 → 4.50"},
        ),
        ("half of one other says nothing", [_offer("A", "10"), _offer("C", "4.5")], {}),
        (
            "unless it has fallen as far",
            [_offer("A", "10"), _offer("C", "4.5", previous_price=Decimal(10))],
            {"C": "below half of the other price and of its own last one: 10 → 4.50"},
        ),
        ("a tenth of the only other", [_offer("A", "28500"), _offer("B", "2850")], {"B": "one tenth of the other price: 28,500 → 2,850"}),
        ("far below the only other", [_offer("A", "28500"), _offer("B", "900")], {"B": "3% of the other price: 28,500 → 900"}),
        (
            "ten times the others",
            [_offer("A", "100"), _offer("B", "110"), _offer("C", "1000")],
            {"C": "10 times the other prices: 105 → 1,000"},
        ),
        (
            "far above the others",
            [_offer("A", "100"), _offer("B", "110"), _offer("C", "700")],
            {"C": "over 4 times all 2 other prices: 110 → 700"},
        ),
        ("twice the others is dear, not wrong", [_offer("A", "100"), _offer("B", "110"), _offer("C", "300")], {}),
        (
            "a bottle among cartons, by the count in another's name",
            [_offer("A", "120", row=CARTONED), _offer("B", "5")],
            {"B": "the price of one piece? the other price: 120 → 5"},
        ),
        (
            "another base unit",
            [_offer("A", "10"), _offer("B", "11"), _offer("C", "12", "kg")],
            {"C": "priced per kg, the others per l"},
        ),
        ("two units, one each", [_offer("A", "10"), _offer("C", "12", "kg")], {}),
        ("another currency says nothing", [_offer("A", "28500"), _offer("B", "2850", currency="USD")], {}),
        ("prices without a base unit", [_offer("A", "28500", ""), _offer("B", "2850", "")], {"B": "one tenth of the other price: 28,500 → 2,850"}),
        ("a base price and none are not compared", [_offer("A", "28500"), _offer("B", "2850", "")], {}),
        (
            "one that jumped is blamed alone",
            [_offer("A", "28500", previous_price=Decimal(2850)), _offer("B", "2850")],
            {"A": "10 times its last price: 2,850 → 28,500"},
        ),
        ("the others agree with the jump", [_offer("A", "28500", previous_price=Decimal(2850)), _offer("B", "29000")], {}),
    ],
)  # fmt: skip
def test_a_price_beside_those_of_others(case: str, offers: list[Offer], reasons: dict[str, str]):
    """What is far from all other prices for the product may be wrong; what differs as suppliers do is not."""
    assert suspect(offers) == reasons, case


def _random_offer(rng: random.Random, number: int) -> Offer:
    price = rng.randint(1_000, rng.choice([1_200, 2_000, 2_100, 30_000]))
    previous = rng.choice([None, Decimal(price), Decimal(price * 10)])
    return cola_offer(f"s{number}", price, rng.choice([None, *[str(price)] * 9]), offer_id=f"o{number}", previous_price=previous)


def test_prices_near_each_other_are_suspected_as_they_are_one_by_one(monkeypatch: pytest.MonkeyPatch):
    """The look at all at once that spares most products the other one says the same."""
    rng = random.Random(3)  # noqa: S311  not a secret
    products = [[_random_offer(rng, number) for number in range(rng.randint(1, 6))] for _ in range(2_000)]
    at_once = list(map(suspect, products))
    assert 200 < sum(map(bool, at_once)) < 1_800
    monkeypatch.setattr(suspicions, "_are_close", lambda _offers: False)
    assert list(map(suspect, products)) == at_once


def test_all_earlier_prices_count():
    """A price that is back where it was before a misprint is right, where its history is there."""
    offer = _offer("A", "28500", previous_price=Decimal(2850))
    assert suspect([offer]) == {"A": "10 times its last price: 2,850 → 28,500"}
    assert suspect([offer], {"A": [Decimal(28_000), Decimal(2850)]}) == {}


@pytest.mark.parametrize(
    ("name", "pack", "counts"),
    [
        ("Nusa Cola 24x330ml", 24, [24]),
        ("Nusa Cola 24 x 330 ml", 1, [24]),
        ("Nusa Cola 330ml x 12", 1, [12]),
        ("Telur 30's", 1, [30]),
        ("Telur (30)", 1, [30]),
        ("Nusa Cola 1.5 l", 1, []),
        ("Paket 2x1 l", 1, []),
        ("Papan 20x40 cm", 1, [20]),
    ],
)
def test_counts_stand_in_names(name: str, pack: int, counts: list[int]):
    """Counts of packs from five on are read in names, beside the count of the row."""
    assert pack_counts([replace(BOTTLE, original_name=name, pack_count=pack)]) == counts
