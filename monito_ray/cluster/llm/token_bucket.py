"""A token bucket: requests, or LLM tokens, leave no faster than a limit a minute allows. Pure; time in seconds is passed in."""

WINDOW_S = 60.0
#: Part of a limit that is used: clocks differ, and requests do not arrive as evenly as they leave.
MARGIN = 0.98

#: Part of a limit that may leave at once, so that a moment without requests is not lost.
_BURST = 0.02
#: The bucket refills at this part of the limit at least, however large single amounts are; less would starve small ones.
_SLOWEST = 0.5
#: What is missing below this is rounding.
_NEGLIGIBLE = 1e-9


class TokenBucket:
    """At most `limit` units in any minute, spread evenly but for a small burst.

    What leaves in a minute is at most what was saved up at its start plus what refills during it, so the refill is that much slower than
    the limit. A request larger than the burst leaves when the burst is saved up, and the rest is owed: the level goes below 0.

    Args:
        limit: units a minute.
        now: the time.
        burst: part of the limit that may leave at once.
        largest: the largest amount that is expected; larger ones are noticed as they come.
    """

    def __init__(self, limit: float, now: float, burst: float = _BURST, largest: float = 1.0) -> None:
        self._burst_part = burst
        self._largest = largest
        self._at = now
        self.limit = limit
        self._level = self._burst

    def set_limit(self, limit: float, now: float) -> None:
        """Keep to another limit from now on."""
        if limit != self.limit:
            self._refill(now)
            self.limit = limit
            self._level = min(self._level, self._burst)

    def wait_s(self, amount: float, now: float) -> float:
        """Return how long until `amount` may leave; 0 when it may."""
        missing = min(amount, self._burst) - self._refill(now)
        return missing / self._rate if missing > _NEGLIGIBLE else 0.0

    def take(self, amount: float, now: float) -> None:
        """Count `amount` as leaving now."""
        self._level = self._refill(now) - amount
        self._largest = max(self._largest, min(amount, self.limit))

    def give_back(self, amount: float, now: float) -> None:
        """Correct an earlier `take`: `amount` less was used than taken, or more if it is negative."""
        self._level = min(self._burst, self._refill(now) + amount)

    def cap(self, remaining: float, now: float) -> None:
        """Lower the level to `remaining`: the provider says that this is left, because others use the same limit."""
        self._level = min(self._refill(now), remaining)

    def pause(self, until: float, now: float) -> None:
        """Stay empty until `until`."""
        self._level = min(self._refill(now), 0.0)
        self._at = max(self._at, until)

    @property
    def _burst(self) -> float:
        return max(1.0, self._burst_part * self.limit)

    @property
    def _rate(self) -> float:
        """Units a second."""
        saved = max(self._burst, self._largest)
        return max(MARGIN * self.limit + 1 - saved, _SLOWEST * self.limit) / WINDOW_S

    def _refill(self, now: float) -> float:
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._rate)
        self._at = max(self._at, now)
        return self._level
