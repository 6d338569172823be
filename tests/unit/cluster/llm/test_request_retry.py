"""Which failed requests to the LLM are made again, and after how long."""

import pytest

from monito_ray.cluster.llm.request_retry import LONGEST_WAIT_S, REQUEST_RETRIES, TRIES, TRIES_WHEN_LIMITED
from monito_ray.errors import LlmMisconfigured, LlmRateLimited, LlmRefused, LlmUnavailable, MonitoError
from monito_ray.records import GiveUp, Retry


def _limited(retry_after_s: float | None) -> LlmRateLimited:
    error = LlmRateLimited("slow down")
    error.retry_after_s = retry_after_s
    return error


DECISIONS = [
    (LlmUnavailable("away"), 1, 0.0, 0.5),
    (LlmUnavailable("away"), 3, 0.0, 2.0),
    (LlmUnavailable("away"), 1, 1.0, 0.75),
    (LlmUnavailable("away"), TRIES, 0.0, None),
    (_limited(None), 1, 0.0, 0.5),
    (_limited(7.0), 1, 0.0, 7.0),
    (_limited(7.0), 1, 1.0, 10.5),
    (_limited(0.01), 2, 0.0, 1.0),
    (_limited(None), TRIES_WHEN_LIMITED - 1, 1.0, LONGEST_WAIT_S * 0.8),
    (_limited(None), TRIES_WHEN_LIMITED, 0.0, None),
    (_limited(3600.0), 1, 0.0, None),
    (LlmMisconfigured("wrong key"), 1, 0.0, None),
    (LlmRefused("too long"), 1, 0.0, None),
]


@pytest.mark.parametrize(("error", "attempt", "jitter", "wait_s"), DECISIONS)
def test_which_requests_are_made_again(error: MonitoError, attempt: int, jitter: float, wait_s: float | None):
    """What passes is waited for, longer each time and as long as the server requests; what does not pass is given up."""
    decision = REQUEST_RETRIES.decide(error, attempt, jitter)
    assert isinstance(decision, GiveUp) if wait_s is None else decision == Retry(wait_s)
