"""Which rows are shown for review, and why."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from rows import COLA, COLA_ROW, cola_offer

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.sheets.review import ReviewEntry, review_entries
from monito_ray.records import Method, ProductRow

SIZED = [replace(COLA, product_id=f"s{n}") for n in range(5)]


def _entries(offers: Sequence[Offer], products: Sequence[Product] = (COLA,)) -> list[ReviewEntry]:
    return review_entries(Snapshot(tuple(products), tuple(offers)))


@pytest.mark.parametrize(
    ("row", "others", "products", "why"),
    [
        (COLA_ROW, [], [COLA], ""),
        (replace(COLA_ROW, field_confidence='{"price": 0.99, "size": 0.5, "brand": 0.4}'), [], [COLA], "not sure of size, brand"),
        (replace(COLA_ROW, category=""), [], [COLA], "no category found"),
        (replace(COLA_ROW, currency=""), [], [COLA], "the list does not say its currency: send it again and say which it is"),
        (replace(COLA_ROW, size=None), [], SIZED, "no size, though most of its category have one"),
        (replace(COLA_ROW, size=None), [], [COLA], ""),
        (replace(COLA_ROW, size=None, price_unit="kg"), [], SIZED, ""),
        (COLA_ROW, [cola_offer("Beta", base="2000")], [COLA], "price far from other suppliers': check size and pack"),
        (COLA_ROW, [cola_offer("Beta", base="9000")], [COLA], ""),
        (replace(COLA_ROW, category="", field_confidence='{"price": 0.3}'), [], [COLA], "not sure of price; no category found"),
        (replace(COLA_ROW, category="", method=Method.MANUAL), [], [COLA], ""),
    ],
)
def test_review_says_why(row: ProductRow, others: list[Offer], products: list[Product], why: str):
    """A row is up for review exactly for the reasons that it shows, and never after a person corrected it."""
    entries = _entries([cola_offer(row=row), *others], products)
    assert "; ".join(reason for entry in entries if entry.row.supplier == row.supplier for reason in entry.why) == why


def test_review_starts_with_the_lowest_confidence():
    """A person who has time for ten rows gets the ten worst."""
    confidences = {"A": 0.5, "B": 0.2}
    offers = [
        cola_offer(name, row=replace(COLA_ROW, supplier=name, category="", confidence=confidence))
        for name, confidence in confidences.items()
    ]
    assert [entry.row.confidence for entry in _entries(offers)] == [0.2, 0.5]


def test_review_starts_with_what_costs_money():
    """A price that may be wrong beside other suppliers' comes first, then one without rivals, then packs, then what has no category."""
    rows = {
        "no category": replace(COLA_ROW, category="", confidence=0.1),
        "pack": replace(COLA_ROW, field_confidence='{"pack_count": 0.1}', confidence=0.2),
        "price": replace(COLA_ROW, field_confidence='{"price": 0.5}', confidence=0.5),
        "rival": replace(COLA_ROW, field_confidence='{"price": 0.5}', confidence=0.5),
    }
    offers = [cola_offer(name, product_id=name, row=replace(row, supplier=name)) for name, row in rows.items()]
    offers.append(cola_offer("Other", product_id="rival"))
    assert [entry.row.supplier for entry in _entries(offers)] == ["rival", "price", "pack", "no category"]


def test_a_suspicion_is_told_in_its_words():
    """Why a price may be wrong is why the row is up for review, once; those beside it are not."""
    offers = [cola_offer("A", suspicion="a tenth of its last price"), cola_offer("Beta", base="2000")]
    assert [(entry.row.supplier, entry.why) for entry in _entries(offers)] == [("A", ("a tenth of its last price",))]


CAUSES = {
    "a doubtful field": (replace(COLA_ROW, field_confidence='{"size": 0.5}'), {"field_confidence": '{"size": 0.95}'}),
    "what the reader doubts": (replace(COLA_ROW, doubt="two columns could be the price"), {"doubt": ""}),
    "no category": (replace(COLA_ROW, category=""), {"category": "beverages"}),
    "no currency": (replace(COLA_ROW, currency=""), {"currency": "IDR"}),
    "no size": (replace(COLA_ROW, size=None, unit=""), {"size": COLA_ROW.size, "unit": COLA_ROW.unit}),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_row_leaves_when_its_cause_is_gone(cause: str):
    """A newer list or a person puts right what it was there for, and it is there no more; a person's word is enough for any cause."""
    row, right = CAUSES[cause]
    assert [entry.row for entry in _entries([cola_offer(row=row)], SIZED)] == [row]
    assert _entries([cola_offer(row=replace(row, **right))], SIZED) == []
    assert _entries([cola_offer(row=replace(row, method=Method.MANUAL))], SIZED) == []


def test_a_correction_says_nothing_of_a_suspected_price():
    """Another name for the goods leaves the price as doubtful as it was."""
    suspected = cola_offer(row=replace(COLA_ROW, category="", method=Method.MANUAL), suspicion="ten times its last price")
    assert [entry.why for entry in _entries([suspected])] == [("ten times its last price",)]


def test_a_row_leaves_when_its_price_or_its_rivals_is_right():
    """A suspicion goes with the price that had it, and a price far from others' when these or it come closer, or they are gone."""
    suspected = replace(cola_offer(), suspicion="ten times its last price")
    assert len(_entries([suspected])) == 1
    assert _entries([replace(suspected, suspicion="")]) == []
    assert len(_entries([cola_offer("Alpha"), cola_offer("Beta", base="2000")])) == 2
    assert _entries([cola_offer("Alpha"), cola_offer("Beta", base="9000")]) == []
    assert _entries([cola_offer("Alpha")]) == []
