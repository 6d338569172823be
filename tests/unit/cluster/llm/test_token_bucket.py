"""The token bucket: never over the limit in any minute, and no wait for ever."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.cluster.llm.token_bucket import WINDOW_S, TokenBucket

STEPS = st.lists(st.tuples(st.floats(0, 20), st.integers(1, 40)), min_size=1, max_size=200)


@settings(max_examples=40, deadline=None)
@given(st.integers(100, 5000), STEPS)
def test_never_over_the_limit_in_any_window(limit: int, steps: Sequence[tuple[float, int]]):
    """Whatever leaves in a minute, counted from any request on, is within the limit, and after the wait that it names an amount may leave."""
    bucket, now = TokenBucket(limit, 0.0, largest=40), 0.0
    taken: list[tuple[float, int]] = []
    for idle_s, amount in steps:
        now += idle_s
        waited_s = bucket.wait_s(amount, now)
        assert waited_s <= 2 * WINDOW_S
        now += waited_s + 1e-6
        assert bucket.wait_s(amount, now) == 0
        bucket.take(amount, now)
        taken.append((now, amount))
    for start, _ in taken:
        assert sum(amount for at, amount in taken if start <= at < start + WINDOW_S - 1e-3) <= limit


def test_what_was_not_used_is_given_back():
    """An estimate that was too high costs no time."""
    bucket = TokenBucket(6000, 0.0)
    bucket.take(1000, 0.0)
    waited_s = bucket.wait_s(100, 0.0)
    bucket.give_back(900, 0.0)
    assert bucket.wait_s(100, 0.0) < waited_s / 5


def test_a_pause_saves_up_nothing():
    """After a refusal the bucket starts empty, however long the pause."""
    bucket = TokenBucket(600, 0.0)
    bucket.pause(30.0, 0.0)
    assert bucket.wait_s(1, 30.0) > 0
