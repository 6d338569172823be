"""Prices of pictures that a person has looked at, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from rows import RICE

from monito_ray.catalog.edits.review_queue import RowToSettle, confirm_row, review_queue
from monito_ray.catalog.lists import undo
from monito_ray.catalog.lists.correcting import confirm_prices, settle_prices
from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.offers import Offer, snapshot
from monito_ray.catalog.settled_prices import count_doubts_left
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import PRICE_OF_PICTURE
from monito_ray.store.database import Store, open_store

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
DOUBT = f"{PRICE_OF_PICTURE}: the picture is not clear"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a database with a list of which a picture's price is in doubt."""
    with open_store(url) as opened:
        _list(opened, 0, "3900")
        yield opened


def _list(store: Store, week: int, price: str) -> None:
    at = MONDAY + timedelta(weeks=week)
    queue.submit(store, Task(id=f"t{week}", created_at=at, updated_at=at, not_before=at))
    row = replace(RICE, price=Decimal(price), list_date=at.date(), source_sheet="page 1", source_row=2, doubt=DOUBT)
    write_list(store, f"t{week}", [row], at)


def _offer(store: Store) -> Offer:
    (offer,) = snapshot(store).offers
    return offer


def _in_doubt(store: Store) -> list[str]:
    return [item.entry.row.doubt for item in review_queue(store) if isinstance(item, RowToSettle)]


def test_a_price_that_is_put_right_holds_for_its_list_alone(store: Store):
    """With its base price; the next picture is looked at for itself, and goes when it is taken back."""
    before = _offer(store)
    assert _in_doubt(store) == [DOUBT]
    settle_prices(store, [(before.row, Decimal(39_000))], MONDAY)
    after = _offer(store)
    assert (after.row.price, after.row.doubt, _in_doubt(store)) == (Decimal(39_000), "", [])
    assert after.row.base_price == Decimal(7_800)
    assert after.offer_id == before.offer_id
    _list(store, 1, "3900")
    assert (_offer(store).row.price, _in_doubt(store)) == (Decimal(3_900), [DOUBT])
    undo.undo(store, "t1", 0, MONDAY)
    assert (_offer(store).row.price, _in_doubt(store)) == (Decimal(39_000), [])


def test_a_persons_word_on_the_article_leaves_the_price_in_doubt(store: Store):
    """A size that was put right says nothing of what a picture shows, this time and the next; a price that is called right does."""
    confirm_row(store, _offer(store).row, {"Size": "10", "Unit": "kg", "Category": OTHER}, MONDAY, 7)
    assert (_offer(store).row.size, _in_doubt(store)) == (Decimal(10), [DOUBT])
    confirm_prices(store, [_offer(store).row], MONDAY)
    assert _in_doubt(store) == []
    assert (_offer(store).row.price, _offer(store).row.size) == (Decimal(3_900), Decimal(10))
    _list(store, 1, "3800")
    assert _in_doubt(store) == [DOUBT]


def test_a_price_that_the_last_list_confirms_is_in_doubt_no_longer(store: Store):
    """As it was called right there; another one stays in doubt, and both are counted so."""
    confirm_prices(store, [_offer(store).row], MONDAY)
    for week, (price, doubts) in enumerate([("3900", []), ("3800", [DOUBT])], start=1):
        _list(store, week, price)
        assert _in_doubt(store) == doubts
        row = replace(_offer(store).row, doubt=DOUBT)
        assert (
            count_doubts_left(store, f"t{week}", [row, replace(row, source_row=9, doubt="its name is too long to be one")])
            == len(doubts) + 1
        )
