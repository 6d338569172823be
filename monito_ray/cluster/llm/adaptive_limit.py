"""Going no faster than a limit that nobody tells: refusals alone teach where it is. Pure; time in seconds is passed in."""

from bisect import bisect_left

from monito_ray.cluster.llm.token_bucket import MARGIN, WINDOW_S, Pace

# At a refusal: what is taken off where nothing more was tried; what is left of a climb that went far; how far under what was let in.
_CUT, _CUT_MOST = 0.93, 0.5
_AFTER_LEAP = 0.65
_UNDER = 0.985
# A climb that was let in for longer than this burst found another limit.
_LEAP_S = 15.0
# Between climbs: so many requests, within these seconds. One of them is refused each time, so that about one in a hundred is.
_PLATEAU, _SHORTEST_S, _LONGEST_S = 120.0, 28.0, 45.0
# The climb: seconds until it is twice as fast, also while no limit is known; never much faster than what was used of late.
_DOUBLING_S, _SEARCHING_S = 8.0, 4.0
_GROWTH, _RECENT_S = 1.5, 8.0
_LOWEST_RATE = 6.0
# What refused a request is empty: wait until so many requests have refilled, and twice as long each time that was in vain.
_REFILL = 2.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 16.0


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
        x = self._climbing_s(now) / (_SEARCHING_S if self._is_searching else _DOUBLING_S)
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
            self._stay_down(now)
        self._refused_at = now
        self._pause_until = max(self._pause_until, now + self._pause_s())

    def _stay_down(self, now: float) -> None:
        """Nothing was let in after a pause: climb later, and where that was so twice, from what the last minute let in."""
        self._cut_at = now
        if self._in_vain > 1:
            self._base = max(_LOWEST_RATE, min(self._base, self._used(now, WINDOW_S)))

    def _pause_s(self) -> float:
        refill_s = 0.0 if self._is_searching else _REFILL * WINDOW_S / self._base
        return min(max(_FIRST_PAUSE_S, refill_s) * 2.0**self._in_vain, _LONGEST_PAUSE_S)

    def _cut(self, now: float, known: float) -> None:
        rate = self.rate(now)
        if rate is None:
            base = _CUT * known or self._used(now, WINDOW_S)
        elif self._has_leapt(now):
            base = _AFTER_LEAP * rate
        elif rate > self._base:
            base = max(_UNDER * self._let_in_since_cut(now), _CUT * self._base)
        else:
            base = min(max(self._let_in_since_cut(now), _CUT_MOST * rate), _CUT * rate)
        self._is_searching = rate is None and not known
        self._base = max(base, _LOWEST_RATE)
        self._cut_at = now
        self._pace = self._pace or Pace(self._base, now, burst=0.0)
        self._pace.lower_to(0.0, now)

    def _climbing_s(self, now: float) -> float:
        """How long more has been tried than was let in before."""
        plateau_s = 0.0 if self._is_searching else min(max(_PLATEAU * WINDOW_S / self._base, _SHORTEST_S), _LONGEST_S)
        return max(0.0, now - self._cut_at - plateau_s)

    def _has_leapt(self, now: float) -> bool:
        """Whether the climb was let in for so long that no burst explains it: the limit is another one."""
        climbing_s = self._climbing_s(now)
        return self._since(now - climbing_s) > (climbing_s + _LEAP_S) * self._base / WINDOW_S

    def _let_in_since_cut(self, now: float) -> float:
        """Requests a minute; what refused a request is empty then, so between two refusals no more is let in than refills."""
        since_s = now - self._cut_at
        return self._since(self._cut_at) * WINDOW_S / since_s if since_s else 0.0

    def _paced(self, pace: Pace, now: float) -> Pace:
        pace.limit_to((self.rate(now) or 0.0) / MARGIN, now)
        return pace

    def _since(self, at: float) -> int:
        return len(self._let_in) - bisect_left(self._let_in, at)

    def _used(self, now: float, window_s: float) -> float:
        """Requests a minute let in over the last `window_s`."""
        return self._since(now - window_s) * WINDOW_S / window_s
