"""The retry policy of tasks: whether and when a failed attempt is repeated, decided by the type of its error."""

from monito_ray.errors import LlmUnavailable, MonitoError, SheetsUnavailable, StoreUnavailable, TelegramUnavailable, Transient
from monito_ray.records import GiveUp, Retry

#: Attempts at a stage whose failure may be the fault of the list or of this program.
MOST_ATTEMPTS = 3
#: Attempts at a stage that failed for an outage which ends by itself: a full disk, a locked database, Google, Telegram.
#: The seven waits between them are almost 16 minutes together: 1 + 4 + 16 + 64 + 256 + 300 + 300 s.
MOST_ATTEMPTS_OUTSIDE = 8
_OUTSIDE = StoreUnavailable | SheetsUnavailable | TelegramUnavailable
#: Exponential backoff: each wait is `_GROWTH` times the one before, up to the longest.
_FIRST_WAIT_S = 1.0
_GROWTH = 4.0
_LONGEST_WAIT_S = 300.0


def decide(error: MonitoError, attempt: int) -> Retry | GiveUp:
    """Return the decision after attempt number `attempt` (from 1) failed with `error`.

    Only `Transient` errors are retried. The wait is never shorter than the Retry-After of the server, up to `_LONGEST_WAIT_S`.
    """
    if not isinstance(error, Transient):
        return GiveUp("the same call would fail again")
    if attempt >= (MOST_ATTEMPTS_OUTSIDE if isinstance(error, _OUTSIDE) else MOST_ATTEMPTS):
        return GiveUp(f"failed {attempt} times")
    wait_s = _FIRST_WAIT_S * _GROWTH ** (attempt - 1)
    retry_after_s = error.retry_after_s if isinstance(error, LlmUnavailable | TelegramUnavailable) else None
    return Retry(min(max(wait_s, retry_after_s or 0.0), _LONGEST_WAIT_S))
