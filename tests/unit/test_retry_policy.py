"""Retry policies in general; those in use have tables of their own (`test_retry`, `test_request_retry`)."""

from hypothesis import given
from hypothesis import strategies as st

from monito_ray.errors import LlmRateLimited, StoreUnavailable, Transient
from monito_ray.records import GiveUp, Retry
from monito_ray.retry_policy import RetryPolicy

POLICY = RetryPolicy(((LlmRateLimited, 5), (Transient, 2)), first_wait_s=1.0, growth=3.0, longest_wait_s=20.0)


def _limited(retry_after_s: float) -> LlmRateLimited:
    error = LlmRateLimited("x")
    error.retry_after_s = retry_after_s
    return error


@given(st.integers(1, 4), st.floats(0, 1), st.floats(0, 100))
def test_waits_stay_within_their_bounds(attempt: int, jitter: float, requested_s: float):
    """No wait is longer than the longest, and none undercuts the backoff or the server while these are shorter than that."""
    decision = POLICY.decide(_limited(requested_s), attempt, jitter)
    assert isinstance(decision, Retry)
    assert min(max(3.0 ** (attempt - 1), requested_s), 20.0) <= decision.wait_s <= 20.0


def test_the_first_type_that_fits_counts():
    """An error of a listed type has that type's tries, another of the same family the family's."""
    assert isinstance(POLICY.decide(LlmRateLimited("x"), 2), Retry)
    assert isinstance(POLICY.decide(StoreUnavailable("x"), 2), GiveUp)
