"""The retry policy of tasks."""

import pytest

from monito_ray.errors import (
    ClusterUnavailable,
    FileDamaged,
    LlmMisconfigured,
    LlmRateLimited,
    MonitoError,
    SheetsUnavailable,
    StoreTooNew,
    StoreUnavailable,
)
from monito_ray.jobs.retry import STAGE_RETRIES
from monito_ray.records import GiveUp, Retry


def _asked(error: LlmRateLimited, wait_s: float) -> LlmRateLimited:
    error.retry_after_s = wait_s
    return error


@pytest.mark.parametrize(
    ("error", "attempt", "wait_s"),
    [
        (StoreUnavailable("x"), 1, 1.0),
        (StoreUnavailable("x"), 2, 4.0),
        (StoreUnavailable("x"), 3, 16.0),
        (StoreUnavailable("x"), 7, 300.0),
        (StoreUnavailable("x"), 8, None),
        (SheetsUnavailable("x"), 3, 16.0),
        (ClusterUnavailable("x"), 1, 1.0),
        (ClusterUnavailable("x"), 3, None),
        (_asked(LlmRateLimited("x"), 20), 1, 20.0),
        (_asked(LlmRateLimited("x"), 0.1), 2, 4.0),
        (_asked(LlmRateLimited("x"), 86400), 1, 300.0),
        (LlmMisconfigured("x"), 1, None),
        (FileDamaged("x"), 1, None),
        (StoreTooNew("x"), 1, None),
        (MonitoError("x"), 1, None),
    ],
)
def test_only_transient_errors_are_retried(error: MonitoError, attempt: int, wait_s: float | None):
    """Three attempts in all, eight where an outage is outside this program, with longer waits each time."""
    decision = STAGE_RETRIES.decide(error, attempt)
    if wait_s is None:
        assert isinstance(decision, GiveUp)
        assert decision.reason
    else:
        assert decision == Retry(wait_s)
