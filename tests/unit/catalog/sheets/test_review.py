"""Which rows are shown for review, and why."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from rows import COLA, COLA_ROW, cola_offer

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.sheets.review import ReviewEntry, review_entries, review_sheet
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
        (replace(COLA_ROW, currency=""), [], [COLA], "no currency: send the list again with --currency"),
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


def test_the_sheet_has_a_row_for_each_entry_and_a_hidden_product_id():
    """The sheet shows every row in doubt, also the dearer rows of an offer, under its own titles."""
    unsure = replace(COLA_ROW, field_confidence='{"pack_count": 0.1}')
    sheet = review_sheet(Snapshot((COLA,), (cola_offer(row=COLA_ROW, others=(unsure,)),)), "Review")
    (cells,) = sheet.rows
    shown = dict(zip((column.title for column in sheet.columns), cells, strict=True))
    assert (sheet.title, shown["Why"], shown["Original Name"]) == ("Review", "not sure of pack", COLA_ROW.original_name)
    assert [column.title for column in sheet.columns if column.hidden] == ["Product ID"]
