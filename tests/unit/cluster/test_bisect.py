"""Finding what kills, with few deaths."""

import math

from hypothesis import given
from hypothesis import strategies as st

from monito_ray.cluster.bisect import WorkerDied, isolate_failures


@given(count=st.integers(0, 3000), deadly=st.sets(st.integers(0, 2999), max_size=3), strokes=st.sets(st.integers(0, 40), max_size=4))
def test_each_row_ends_once_and_only_the_deadly_are_condemned(count: int, deadly: set[int], strokes: set[int]):
    """Whatever kills from outside (in these runs) beside the rows themselves: but for a single row that is hit alone, no innocent suffers."""
    runs: list[tuple[int, int]] = []
    hit_alone: set[int] = set()

    def run(start: int, end: int) -> range:
        runs.append((start, end))
        if deadly & set(range(start, end)):
            raise WorkerDied
        if len(runs) in strokes:
            if end - start == 1:
                hit_alone.add(start)
            raise WorkerDied
        return range(start, end)

    found = isolate_failures(count, run)
    done = [row for start, end, part in found.parts for row in part if (start, end) == (part.start, part.stop)]
    assert sorted(done + found.deadly) == list(range(count))
    assert done == sorted(done)
    assert set(found.deadly) == {row for row in deadly if row < count} | hit_alone


@given(count=st.integers(1, 5000), place=st.floats(0, 1, exclude_max=True))
def test_one_deadly_row_costs_a_death_a_level(count: int, place: float):
    """At most log2(rows) + 2 deaths, wherever it stands."""
    deadly, deaths = int(count * place), 0

    def run(start: int, end: int) -> None:
        nonlocal deaths
        if start <= deadly < end:
            deaths += 1
            raise WorkerDied

    assert isolate_failures(count, run).deadly == [deadly]
    assert deaths <= math.log2(count) + 2
