"""Lists, corrections, links, undos and changes of suppliers in any order: the catalogue is what a replay of what remains makes it."""

import os
from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from catalogue_actions import ACTIONS, NOW, ROWS, Action, assert_equal, check_index, do_all, empty_store, rows_of, write, written_anew
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.catalog.grouping import neighbourhood

#: More of them with MONITO_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("MONITO_EXAMPLES", "25"))
DONE: Counter[str] = Counter()


def _check(actions: list[Action]) -> None:
    with empty_store() as store, empty_store() as anew:
        truth = do_all(store, actions)
        DONE.update(truth.done)
        written_anew(store, anew, truth)
        assert_equal(store, anew)
        check_index(store)


@pytest.mark.parametrize("most_alike", [20, 2])
@settings(max_examples=EXAMPLES)
@given(actions=ACTIONS)
def test_the_catalogue_is_a_replay_of_what_remains(most_alike: int, actions: list[Action]):
    """Products, offers, histories and changes, whatever lists came, came late or were taken back, and whatever people said meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbourhood, "MOST_ALIKE", most_alike)
        _check(actions)


@settings(max_examples=EXAMPLES)
@given(
    st.lists(st.tuples(st.sampled_from(["list", "list", "numbers"]), st.integers(0, 20), ROWS), min_size=2, max_size=5),
    st.integers(0, 10**6),
)
def test_the_order_of_arrival_makes_no_difference(lists: list[tuple[str, int, tuple]], seed: int):  # type: ignore[type-arg]
    """Lists of one month, and of two suppliers one twice, give the same products whichever comes first."""
    arriving = []
    for number, (kind, choice, rows) in enumerate(lists):
        at: datetime = NOW + timedelta(days=number)
        arriving.append((f"t{number}", rows_of(Action(kind, number % 3, choice, choice, 0, rows), at), at))
    with empty_store() as store, empty_store() as other:
        for one in arriving:
            write(store, *one)
        for one in Random(seed).sample(arriving, len(arriving)):  # noqa: S311
            write(other, *one)
        assert_equal(store, other)
