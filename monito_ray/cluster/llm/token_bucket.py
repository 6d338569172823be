"""Going no faster than a known limit allows. Pure; time in seconds is passed in."""

WINDOW_S = 60.0
MARGIN = 0.98
"""Part of a limit that is used: clocks differ, and requests do not arrive as evenly as they leave."""

_BURST = 0.02
_SLOWEST = 0.5


class Pace:
    """At most `limit` units in any minute, spread evenly but for a small burst.

    What leaves in a window is at most what was saved up plus what refills meanwhile, so both together are kept within the limit.
    A request larger than the burst goes when the burst is saved up, and the rest is owed.

    Args:
        limit: units a minute.
        now: the time.
        burst: which part of the limit may leave at once.
        largest: the largest amount that is expected; larger ones are learned of as they come.
    """

    def __init__(self, limit: float, now: float, burst: float = _BURST, largest: float = 1.0) -> None:
        self._burst_part = burst
        self._largest = largest
        self._at = now
        self.limit = limit
        self._level = self._burst

    def limit_to(self, limit: float, now: float) -> None:
        """Go by another limit from now on."""
        if limit != self.limit:
            self._fill(now)
            self.limit = limit
            self._level = min(self._level, self._burst)

    def wait_s(self, amount: float, now: float) -> float:
        """Until `amount` may go."""
        missing = min(amount, self._burst) - self._fill(now)
        return missing / self._rate if missing > 1e-9 else 0.0

    def take(self, amount: float, now: float) -> None:
        """`amount` goes."""
        self._level = self._fill(now) - amount
        self._largest = max(self._largest, min(amount, self.limit))

    def give_back(self, amount: float, now: float) -> None:
        """So much less was used than taken; more, where it is negative."""
        self._level = min(self._burst, self._fill(now) + amount)

    def lower_to(self, remaining: float, now: float) -> None:
        """The provider says that no more is left: somebody else uses it, too."""
        self._level = min(self._fill(now), remaining)

    def rest(self, until: float, now: float) -> None:
        """Nothing is saved up before `until`."""
        self._level = min(self._fill(now), 0.0)
        self._at = max(self._at, until)

    @property
    def _burst(self) -> float:
        return max(1.0, self._burst_part * self.limit)

    @property
    def _rate(self) -> float:
        """Units a second."""
        saved = max(self._burst, self._largest)
        return max(MARGIN * self.limit + 1 - saved, _SLOWEST * self.limit) / WINDOW_S

    def _fill(self, now: float) -> float:
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._rate)
        self._at = max(self._at, now)
        return self._level
