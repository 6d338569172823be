"""Two pure ways to go no faster than allowed: `Pace` keeps a limit that is known, `Ceiling` finds one that is not. Time in seconds is passed in."""

from bisect import bisect_left

WINDOW_S = 60.0
MARGIN = 0.98
"""Part of a limit that is used: clocks differ, and requests do not arrive as evenly as they leave."""

_BURST = 0.02
_SLOWEST = 0.5
_RECENT_S = 10.0
_CUT, _CUT_MOST = 0.93, 0.5
_LEAP, _AFTER_LEAP = 1.5, 0.65
_ROOM, _STEP_UP, _STEP_DOWN = 1.15, 1.02, 0.98
_GROWTH = 1.5
_PLATEAU_S = 28.0
_DOUBLING_S = 10.0
_SEARCHING_S = 4.0
_LOWEST_RATE = 6.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 16.0


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


class Ceiling:
    """Requests a minute under a limit that nobody told: lowered where the provider refuses, raised again along a cubic curve.

    The curve (as TCP CUBIC's) stays for a while where the refusal left it, then tries more, faster and faster, as long as more is used.
    Refusals of requests that left before the last one tell nothing new, and while nothing is let in they tell only to wait longer.
    Until the first refusal there is no ceiling.
    """

    def __init__(self) -> None:
        self._let_in: list[float] = []
        self._base = 0.0
        self._cut_at = float("-inf")
        self._refused_at = float("-inf")
        self._in_vain = 0
        self._pause_until = float("-inf")
        self._is_searching = True
        self._pace: Pace | None = None

    def rate(self, now: float) -> float | None:
        """Requests a minute now; None where nothing was ever refused."""
        if self._pace is None:
            return None
        plateau_s, doubling_s = (0.0, _SEARCHING_S) if self._is_searching else (_PLATEAU_S, _DOUBLING_S)
        x = max(0.0, now - self._cut_at - plateau_s) / doubling_s
        return max(self._base, min(self._base * (1 + x**3), _GROWTH * self._used(now, _RECENT_S)))

    def wait_s(self, now: float) -> float:
        """Until the next request may leave."""
        paused_s = max(0.0, self._pause_until - now)
        return max(paused_s, self._paced(self._pace, now).wait_s(1, now)) if self._pace else paused_s

    def take(self, now: float) -> None:
        """A request leaves; it counts as let in as long as no refusal comes back."""
        self._let_in.append(now)
        if self._let_in[0] < now - 2 * WINDOW_S:
            del self._let_in[: bisect_left(self._let_in, now - WINDOW_S)]
        if self._pace:
            self._paced(self._pace, now).take(1, now)

    def lift(self) -> None:
        """What refusals taught does not hold any more."""
        self._pace = None

    def refused(self, sent_at: float, now: float, wait_s: float | None, known: float = 0.0) -> None:
        """A request was refused, and told to come back after `wait_s`, if anything; `known` is the limit a minute, where one is."""
        at = bisect_left(self._let_in, sent_at)
        if at < len(self._let_in) and self._let_in[at] == sent_at:
            del self._let_in[at]
        self._pause_until = max(self._pause_until, now + (wait_s or 0.0))
        if sent_at < self._refused_at:
            return
        if self._since(self._refused_at):
            self._in_vain = 0
            self._cut(now, known)
        else:
            self._in_vain += 1
        self._refused_at = now
        self._pause_until = max(self._pause_until, now + min(_FIRST_PAUSE_S * 2**self._in_vain, _LONGEST_PAUSE_S))

    def _cut(self, now: float, known: float) -> None:
        rate, since_s = self.rate(now), now - self._cut_at
        if rate is None and known:
            base = _CUT * known
        elif rate is None:
            base = self._used(now, WINDOW_S)
        elif rate > _LEAP * self._base:
            base = _AFTER_LEAP * rate
        elif rate > self._base:
            base = self._base * (_STEP_UP if rate > _ROOM * self._base else _STEP_DOWN)
        else:
            let_in = self._since(self._cut_at) * WINDOW_S / since_s if since_s else 0.0
            base = min(max(let_in, _CUT_MOST * rate), _CUT * rate)
        self._is_searching = rate is None and not known
        self._base = max(base, _LOWEST_RATE)
        self._cut_at = now
        self._pace = self._pace or Pace(self._base, now, burst=0.0)
        self._pace.lower_to(0.0, now)

    def _paced(self, pace: Pace, now: float) -> Pace:
        pace.limit_to((self.rate(now) or 0.0) / MARGIN, now)
        return pace

    def _since(self, at: float) -> int:
        return len(self._let_in) - bisect_left(self._let_in, at)

    def _used(self, now: float, window_s: float) -> float:
        """Requests a minute let in over the last `window_s`."""
        return self._since(now - window_s) * WINDOW_S / window_s
