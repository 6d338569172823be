"""Lists, corrections, links, undos and changes of suppliers in any order: the catalogue is what a replay of what remains makes it."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import catalogue_actions
import pytest
import search_measure
from catalogue_actions import (
    ACTIONS,
    KINDS,
    NAMES,
    NOW,
    ROWS,
    Action,
    Choice,
    assert_equal,
    do_all,
    empty_store,
    rows_of,
    write,
    written_anew,
)
from catalogues import view
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from monito_ray.catalog.grouping import shared_blocks
from monito_ray.catalog.lists import replay, standing_offers
from monito_ray.errors import LeaseLost
from monito_ray.records import ProductRow
from monito_ray.store import schema
from monito_ray.store.database import open_store

#: More of them with MONITO_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("MONITO_EXAMPLES", "25"))


def _check(actions: list[Action]) -> None:
    with empty_store() as store, empty_store() as anew:
        truth = do_all(store, actions)
        written_anew(store, anew, truth)
        assert_equal(store, anew)
        assert search_measure.entries(store) == search_measure.rebuilt_entries(store)


@pytest.mark.parametrize("most_alike", [20, 2])
@settings(max_examples=EXAMPLES)
@given(actions=ACTIONS)
def test_the_catalogue_is_a_replay_of_what_remains(most_alike: int, actions: list[Action]):
    """Products, offers, histories and changes, whatever lists came, came late or were taken back, and whatever people said meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_blocks, "MOST_ALIKE", most_alike)
        patch.setattr(replay, "SLICE_OFFERS", 2)
        patch.setattr(replay, "_PAUSE_S", 0)
        _check(actions)


#: A correction makes two articles exact repeats of one: the id of the other leads to the product of this one.
REPEATS_BY_A_CORRECTION = [
    Action("list", 1, 0, 24, 0, ((3, 0, 0, 0, 0, 0, 2), *(((0, 0, 0, 0, 0, 0, 0),) * 2), (0, 0, 0, 0, 0, 1, 0), (0, 0, 0, 0, 0, 0, 1))),
    Action("list", 1, 0, 40, 0, ((0, 1, 0, 0, 0, 0, 0), (0, 1, 0, 0, 0, 1, 0))),
    Action("list", 1, 0, 40, 0, ((5, 1, 2, 0, 0, 0, 2), (5, 0, 2, 0, 0, 0, 1))),
    Action("correct", 0, 0, 10, 0, ((0, 0, 0, 0, 0, 0, 0),) * 3),
]


def test_an_id_leads_on_where_a_correction_makes_repeats(monkeypatch: pytest.MonkeyPatch):
    """Found at random once."""
    monkeypatch.setattr(replay, "SLICE_OFFERS", 2)
    monkeypatch.setattr(replay, "_PAUSE_S", 0)
    _check(REPEATS_BY_A_CORRECTION)


#: A late list makes an offer gone: its product is found no more.
GONE_BY_A_LATE_LIST = [
    Action("list", 3, 3, 2, 3, ((0, 0, 3, 2, 0, 0, 0), (6, 0, 3, 0, 1, 0, 1), (4, 1, 3, 0, 1, 0, 2))),
    Action("list", 2, 4, 47, 5, ((5, 0, 1, 0, 1, 0, 0), (4, 0, 0, 0, 1, 0, 0))),
    Action("list", 2, 4, 37, 4, ((4, 0, 0, 2, 0, 0, 0),)),
]


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_catalogues_on_both_databases_are_a_replay_of_what_remains(url: str, seed: int | None):
    """On PostgreSQL as on SQLite: what was found to fail once, and a few random sequences."""
    actions = GONE_BY_A_LATE_LIST if seed is None else random_actions(Random(seed))  # noqa: S311
    with open_store(url) as store, empty_store() as anew:
        truth = do_all(store, actions)
        written_anew(store, anew, truth)
        assert_equal(store, anew)
        assert search_measure.entries(store) == search_measure.rebuilt_entries(store)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_currencies_that_come_and_go_are_a_replay_of_what_remains(seed: int, monkeypatch: pytest.MonkeyPatch):
    """Whatever lists came in which currency, or in several, came late, or were taken back."""

    def in_currencies(action: Action, at: datetime) -> list[ProductRow]:
        random = Random(repr((seed, action, at)))  # noqa: S311
        of_list, is_mixed = random.choice(("IDR", "USD", "")), random.random() < 0.2
        return [replace(row, currency=random.choice(("IDR", "USD", "EUR", "")) if is_mixed else of_list) for row in rows_of(action, at)]

    monkeypatch.setattr(catalogue_actions, "rows_of", in_currencies)
    _check(random_actions(Random(seed)))  # noqa: S311


def random_actions(random: Random) -> list[Action]:
    """Return a sequence of actions without a search for a simpler one."""

    def choice() -> Choice:
        few = [random.choice(of) for of in ((0, 0, 1), range(4), (0, 0, 0, 1, 2), (0, 0, 0, 1), (0, 0, 0, 1, 2), (0, 0, 0, 0, 1, 2))]
        return random.randrange(len(NAMES)), *few

    return [
        Action(
            random.choice(KINDS), random.randrange(5), random.randrange(5), random.randrange(61), random.randrange(6),
            tuple(choice() for _ in range(random.randint(1, 6))),
        )
        for _ in range(12)
    ]  # fmt: skip


@settings(max_examples=EXAMPLES)
@given(
    st.lists(st.tuples(st.sampled_from(["list", "list", "numbers"]), st.integers(0, 20), ROWS), min_size=2, max_size=5),
    st.integers(0, 10**6),
)
def test_the_order_of_arrival_makes_no_difference(lists: list[tuple[str, int, tuple]], seed: int):  # type: ignore[type-arg]
    """Lists of one month, and of two suppliers one twice, give the same products whichever comes first.

    A supplier that comes under two names is called by the first, so here none does.
    """
    arriving = []
    for number, (kind, choice, rows) in enumerate(lists):
        at: datetime = NOW + timedelta(days=number)
        listed = rows_of(Action(kind, number % 3, choice, choice, 0, rows), at)
        arriving.append((f"t{number}", [replace(row, supplier=row.supplier.replace("PT Zarvex", "Amber")) for row in listed], at))
    with empty_store() as store, empty_store() as other:
        for one in arriving:
            write(store, *one)
        for one in Random(seed).sample(arriving, len(arriving)):  # noqa: S311
            write(other, *one)
        assert_equal(store, other)


def test_a_supplier_is_made_again_in_short_transactions_and_after_an_interruption_noticed_again(url: str, monkeypatch: pytest.MonkeyPatch):
    """Others write in between; nothing is left undone that nobody notices, and what comes out is what it was."""
    monkeypatch.setattr(replay, "SLICE_OFFERS", 2)
    calls: list[int] = []

    def written(_connection: object, replayed: replay.Replayed) -> None:
        calls.append(len(replayed.changes))
        if len(calls) == 2:
            raise LeaseLost("somebody else has it")

    with open_store(url) as store:
        for number in range(2):
            write(store, f"t{number}", rows_of(Action("numbers", 0, number, 0, 0), NOW), NOW + timedelta(days=number))
        before = view(store)
        with store.write() as connection:
            connection.execute(update(schema.offers).values(features=""))
        with pytest.raises(LeaseLost):
            replay.replay_in_slices(store, "Toko A", written)
        with store.read() as connection:
            assert standing_offers.suppliers_with_outdated_offers(connection) == ["Toko A"]
        replay.replay_outdated(store)
        assert view(store) == before
        with store.read() as connection:
            assert not standing_offers.suppliers_with_outdated_offers(connection)


def test_a_replay_that_is_stopped_leaves_the_other_suppliers_to_the_next(url: str):
    """A service that ends does not wait for a large catalogue."""
    with open_store(url) as store:
        for number in range(2):
            write(store, f"t{number}", rows_of(Action("numbers", number, number, 0, 0), NOW), NOW)
        before = view(store)
        with store.write() as connection:
            connection.execute(update(schema.offers).values(features=""))
        left = replay.suppliers_to_replay(store)
        assert len(left) == 2
        answers = iter([False, True])
        replay.replay_outdated(store, lambda: next(answers))
        assert replay.suppliers_to_replay(store) == left[1:]
        replay.replay_outdated(store)
        assert replay.suppliers_to_replay(store) == []
        assert view(store) == before
