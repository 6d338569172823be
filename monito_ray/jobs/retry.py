"""Whether a failed attempt is worth another: decided by the error's type alone."""

from monito_ray.errors import LlmUnavailable, MonitoError, SheetsUnavailable, StoreUnavailable, TelegramUnavailable, Transient
from monito_ray.records import GiveUp, Retry

MOST_ATTEMPTS = 3
MOST_ATTEMPTS_OUTSIDE = 8
"""For what is nobody's fault here and comes back: a full disk, a locked database, Google, Telegram. Seven waits are 14 minutes."""
_OUTSIDE = StoreUnavailable | SheetsUnavailable | TelegramUnavailable
_FIRST_WAIT_S = 1.0
_GROWTH = 4.0
_LONGEST_WAIT_S = 300.0


def decide(error: MonitoError, attempt: int) -> Retry | GiveUp:
    """What to do after `attempt` (counted from 1) ended in `error`; waits grow fourfold, and never undercut what a server asked for."""
    if not isinstance(error, Transient):
        return GiveUp("the same call would fail again")
    if attempt >= (MOST_ATTEMPTS_OUTSIDE if isinstance(error, _OUTSIDE) else MOST_ATTEMPTS):
        return GiveUp(f"failed {attempt} times")
    wait_s = _FIRST_WAIT_S * _GROWTH ** (attempt - 1)
    asked_s = error.retry_after_s if isinstance(error, LlmUnavailable | TelegramUnavailable) else None
    return Retry(min(max(wait_s, asked_s or 0.0), _LONGEST_WAIT_S))
