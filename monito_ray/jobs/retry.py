"""The retry policy of tasks: whether and when a failed attempt at a stage is repeated."""

from monito_ray.errors import SheetsUnavailable, StoreUnavailable, TelegramUnavailable, Transient
from monito_ray.retry_policy import RetryPolicy

#: Attempts at a stage whose failure may be the fault of the list or of this program.
MOST_ATTEMPTS = 3
#: Attempts at a stage that failed for an outage which ends by itself: a full disk, a locked database, Google, Telegram.
#: The seven waits between them are almost 16 minutes together: 1 + 4 + 16 + 64 + 256 + 300 + 300 s.
MOST_ATTEMPTS_OUTSIDE = 8

STAGE_RETRIES = RetryPolicy(
    tries=(
        (StoreUnavailable, MOST_ATTEMPTS_OUTSIDE),
        (SheetsUnavailable, MOST_ATTEMPTS_OUTSIDE),
        (TelegramUnavailable, MOST_ATTEMPTS_OUTSIDE),
        (Transient, MOST_ATTEMPTS),
    ),
    first_wait_s=1.0,
    growth=4.0,
    longest_wait_s=300.0,
)
