"""How long to go on asking an LLM that does not answer: a pure decision."""

from monito_ray.errors import LlmRateLimited, LlmUnavailable, MonitoError
from monito_ray.records import GiveUp, Retry

TRIES = 4
TRIES_WHEN_LIMITED = 8
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0


def decide(error: MonitoError, attempt: int, spread: float = 0.0) -> Retry | GiveUp:
    """What follows `error` on the `attempt`-th try (from 1).

    Waits double from `FIRST_WAIT_S`, are never shorter than the server asked for, and are drawn out by up to a half by
    `spread` (0 to 1, random), so that requests that failed together do not come back together.
    """
    if not isinstance(error, LlmUnavailable):
        return GiveUp(str(error))
    asked_s = error.retry_after_s or 0.0
    if asked_s > LONGEST_WAIT_S:
        return GiveUp(f"{error}; it asks to wait {asked_s:.0f} s")
    tries = TRIES_WHEN_LIMITED if isinstance(error, LlmRateLimited) else TRIES
    if attempt >= tries:
        return GiveUp(f"{error}; tried {attempt} times")
    backoff_s = FIRST_WAIT_S * 2 ** (attempt - 1)
    return Retry(min(max(asked_s, backoff_s) * (1 + spread / 2), LONGEST_WAIT_S))
