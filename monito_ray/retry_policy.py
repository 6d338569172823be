"""How often a failed call is made again and how long is waited before: a policy is a value, and its test is a table."""

from dataclasses import dataclass

from monito_ray.errors import MonitoError
from monito_ray.records import GiveUp, Retry


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff, in which the type of the error alone decides how many tries there are.

    The wait after the n-th try is `first_wait_s * growth ** (n - 1)`, at least what the server requested, at most `longest_wait_s`.
    """

    #: Tries in all by type of error; the first type that fits counts. Other errors are not tried again: the same call would fail again.
    tries: tuple[tuple[type[MonitoError], int], ...]
    first_wait_s: float
    growth: float
    longest_wait_s: float
    #: Give up when a server requests a wait beyond the longest, instead of asking it again too early.
    refuses_longer_waits: bool = False

    def decide(self, error: MonitoError, attempt: int, jitter: float = 0.0) -> Retry | GiveUp:
        """Return what follows `error` on the `attempt`-th try (from 1).

        `jitter` (0 to 1, random) draws the wait out by up to a half, so that calls that failed together do not come back together.
        """
        tries = next((tries for kind, tries in self.tries if isinstance(error, kind)), 0)
        if attempt >= tries:
            return GiveUp(f"failed {attempt} times" if tries else "the same call would fail again")
        requested_s: float = getattr(error, "retry_after_s", None) or 0.0
        if self.refuses_longer_waits and requested_s > self.longest_wait_s:
            return GiveUp(f"the server requests a wait of {requested_s:.0f} s")
        backoff_s = self.first_wait_s * self.growth ** (attempt - 1)
        return Retry(min(max(requested_s, backoff_s) * (1 + jitter / 2), self.longest_wait_s))
