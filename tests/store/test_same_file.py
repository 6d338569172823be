"""A file whose rows stand under two suppliers, who compete with each other by mistake."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rows import OIL, RICE

from monito_ray.catalog.lists import stored_lists, undo, writing
from monito_ray.catalog.lists.stored_lists import ListOfFile
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a catalogue with a supplier's list."""
    with open_store(url) as opened:
        _bring(opened, "first", "Toko A")
        yield opened


def _bring(store: Store, task_id: str, supplier: str, file_hash: str = "h" * 64, days: int = 0) -> None:
    at = NOW + timedelta(days=days)
    ended = {"status": Status.SUCCESS, "started_at": at, "finished_at": at}
    queue.submit(store, Task(id=task_id, file_name="f.csv", file_hash=file_hash, created_at=at, updated_at=at, not_before=at, **ended))
    writing.write_list(store, task_id, [replace(row, supplier=supplier, list_date=None) for row in (RICE, OIL)], at)


def test_the_same_file_is_seen_under_another_supplier(store: Store):
    """Also for the first of the two, until one is taken back."""
    _bring(store, "second", "Rynok", days=1)
    assert stored_lists.list_of_same_file(store, "second", SINCE) == ListOfFile("first", "f.csv", "Toko A")
    assert stored_lists.list_of_same_file(store, "first", SINCE) == ListOfFile("second", "f.csv", "Rynok")
    undo.undo(store, "first", 7, NOW)
    assert stored_lists.list_of_same_file(store, "second", SINCE) is None


@pytest.mark.parametrize(
    ("second", "since"),
    [
        ({"supplier": "Toko A"}, SINCE),
        ({"supplier": "Rynok", "file_hash": "i" * 64}, SINCE),
        ({"supplier": "Rynok"}, NOW + timedelta(hours=1)),
    ],
    ids=["its own list", "another file", "long ago"],
)
def test_other_lists_are_not_of_the_same_file(store: Store, second: dict[str, str], since: datetime):
    """Nor is a list of the same supplier, which takes the place of the one before."""
    _bring(store, "second", **second, days=1)
    assert stored_lists.list_of_same_file(store, "second", since) is None


def test_a_list_of_which_no_offer_stands_is_no_rival(store: Store):
    """Its supplier's next list has taken its place."""
    _bring(store, "newer", "Toko A", "n" * 64, days=1)
    _bring(store, "second", "Rynok", days=2)
    assert stored_lists.list_of_same_file(store, "second", SINCE) is None
