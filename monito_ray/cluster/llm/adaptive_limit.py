"""A limit learned from refusals, for providers that announce none. Pure; time in seconds is passed in.

Additive increase, multiplicative decrease (Chiu and Jain, 1989) with the growth curve of TCP CUBIC (Ha, Rhee and Xu, 2008; RFC 9438):
a refusal lowers the rate at once. The rate then stays on a plateau at what the provider accepted, and after that climbs, slowly at first and
then faster and faster.

Tests with simulated providers (buckets of 1 to 60 s; limits that are cut to a quarter and restored) check what the constants achieve: at least
nine tenths of the limit are used, and at most one request in a hundred is refused. Reasons: docs/decisions/0006.
"""

from bisect import bisect_left

from monito_ray.cluster.llm.token_bucket import MARGIN, WINDOW_S, TokenBucket

#: Factor on the rate at a refusal on the plateau, and the lowest factor, even if less was accepted.
_DECREASE, _STRONGEST_DECREASE = 0.93, 0.5
#: Factor after a climb that went far: the old limit then says nothing about the new one.
_DECREASE_AFTER_LEAP = 0.65
#: Factor on what was accepted since the last refusal, when a climb ends.
_DECREASE_AFTER_CLIMB = 0.985
#: If a climb is accepted for longer than a burst of this length explains, the provider's limit has changed.
_LEAP_S = 15.0
#: The plateau between climbs lasts for this many requests, within these bounds. Each climb ends with a refusal, so about one request in a
#: hundred is refused.
_PLATEAU_REQUESTS, _SHORTEST_PLATEAU_S, _LONGEST_PLATEAU_S = 120.0, 28.0, 45.0
#: A climb doubles the rate in this time; the shorter time holds until a first limit is found.
_DOUBLING_S, _SEARCH_DOUBLING_S = 8.0, 4.0
#: A climb never exceeds this factor on the rate of the last seconds: a rate that the lists do not use cannot be tested.
_GROWTH, _RECENT_S = 1.5, 8.0
#: The rate in requests a minute never falls below this, so that a list always notices when the LLM is back.
_LOWEST_RATE = 6.0
#: The provider's bucket is empty at a refusal: pause until this many requests have refilled, and twice as long after each pause that was too
#: short.
_REFILL_REQUESTS = 2.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 16.0


class AdaptiveLimit:
    """The requests a minute that a provider accepts, learned from its refusals; there is no limit until the first one.

    Refusals fall into three cases:

    - The request left before the last refusal came back: its refusal says nothing new.
    - Something was accepted since the last refusal: the rate is lowered (`_decrease`).
    - Nothing was accepted since: the pause was too short, so the next one is longer (`_stay_down`).
    """

    def __init__(self) -> None:
        #: Times of the requests of the last minutes that were accepted, or whose replies have not come yet.
        self._accepted: list[float] = []
        #: The rate of the plateau.
        self._base = 0.0
        self._decreased_at = float("-inf")
        self._refused_at = float("-inf")
        self._pauses_in_vain = 0
        self._pause_until = float("-inf")
        #: Whether no limit was found yet. Then there is no plateau, and climbs are faster.
        self._is_searching = True
        #: None without a limit.
        self._bucket: TokenBucket | None = None

    def rate(self, now: float) -> float | None:
        """Return the requests a minute that may leave now; None where nothing was ever refused."""
        if self._bucket is None:
            return None
        x = self._climbing_s(now) / (_SEARCH_DOUBLING_S if self._is_searching else _DOUBLING_S)
        return max(self._base, min(self._base * (1 + x**3), _GROWTH * self._accepted_per_minute(now, _RECENT_S)))

    def wait_s(self, now: float) -> float:
        """Return how long until the next request may leave."""
        paused_s = max(0.0, self._pause_until - now)
        return max(paused_s, self._updated(self._bucket, now).wait_s(1, now)) if self._bucket else paused_s

    def take(self, now: float) -> None:
        """Count a request that leaves now; it counts as accepted as long as no refusal comes back."""
        self._accepted.append(now)
        if self._accepted[0] < now - 2 * WINDOW_S:
            del self._accepted[: bisect_left(self._accepted, now - WINDOW_S)]
        if self._bucket:
            self._updated(self._bucket, now).take(1, now)

    def give_back(self, taken_at: float, now: float) -> None:
        """Uncount the request that was to leave at `taken_at`, and did not."""
        self._forget(taken_at)
        if self._bucket:
            self._bucket.give_back(1, now)

    def reset(self) -> None:
        """Forget the limit: what refusals taught does not hold any more."""
        self._bucket = None

    def on_refusal(self, sent_at: float, now: float, retry_after_s: float | None, announced: float = 0.0) -> None:
        """Learn from the refusal of the request that left at `sent_at`.

        `retry_after_s` is the wait that came with it, if any; `announced` the limit a minute that the provider announces, 0 = none.
        """
        self._forget(sent_at)
        self._pause_until = max(self._pause_until, now + (retry_after_s or 0.0))
        if sent_at < self._refused_at:
            return
        if self._count_since(self._refused_at):
            self._pauses_in_vain = 0
            self._decrease(now, announced)
        else:
            self._pauses_in_vain += 1
            self._stay_down(now)
        self._refused_at = now
        self._pause_until = max(self._pause_until, now + self._pause_s())

    def _forget(self, taken_at: float) -> None:
        at = bisect_left(self._accepted, taken_at)
        if at < len(self._accepted) and self._accepted[at] == taken_at:
            del self._accepted[at]

    def _stay_down(self, now: float) -> None:
        """Start the plateau again, and after a second pause in vain from the rate that the last minute accepted."""
        self._decreased_at = now
        if self._pauses_in_vain > 1:
            self._base = max(_LOWEST_RATE, min(self._base, self._accepted_per_minute(now, WINDOW_S)))

    def _pause_s(self) -> float:
        refill_s = 0.0 if self._is_searching else _REFILL_REQUESTS * WINDOW_S / self._base
        return min(max(_FIRST_PAUSE_S, refill_s) * 2.0**self._pauses_in_vain, _LONGEST_PAUSE_S)

    def _decrease(self, now: float, announced: float) -> None:
        rate = self.rate(now)
        if rate is None:
            base = _DECREASE * announced or self._accepted_per_minute(now, WINDOW_S)
        elif self._has_leapt(now):
            base = _DECREASE_AFTER_LEAP * rate
        elif rate > self._base:
            base = max(_DECREASE_AFTER_CLIMB * self._accepted_since_decrease(now), _DECREASE * self._base)
        else:
            base = min(max(self._accepted_since_decrease(now), _STRONGEST_DECREASE * rate), _DECREASE * rate)
        self._is_searching = rate is None and not announced
        self._base = max(base, _LOWEST_RATE)
        self._decreased_at = now
        self._bucket = self._bucket or TokenBucket(self._base, now, burst=0.0)
        self._bucket.cap(0.0, now)

    def _climbing_s(self, now: float) -> float:
        """Return for how long the rate has been rising above the plateau."""
        plateau_s = 0.0
        if not self._is_searching:
            plateau_s = min(max(_PLATEAU_REQUESTS * WINDOW_S / self._base, _SHORTEST_PLATEAU_S), _LONGEST_PLATEAU_S)
        return max(0.0, now - self._decreased_at - plateau_s)

    def _has_leapt(self, now: float) -> bool:
        """Return whether the climb was accepted for so long that no burst explains it, so that the limit is another one."""
        climbing_s = self._climbing_s(now)
        return self._count_since(now - climbing_s) > (climbing_s + _LEAP_S) * self._base / WINDOW_S

    def _accepted_since_decrease(self, now: float) -> float:
        """Return requests a minute. The provider's bucket is empty at a refusal, so between two refusals it accepts what refills."""
        since_s = now - self._decreased_at
        return self._count_since(self._decreased_at) * WINDOW_S / since_s if since_s else 0.0

    def _updated(self, bucket: TokenBucket, now: float) -> TokenBucket:
        bucket.set_limit((self.rate(now) or 0.0) / MARGIN, now)
        return bucket

    def _count_since(self, at: float) -> int:
        return len(self._accepted) - bisect_left(self._accepted, at)

    def _accepted_per_minute(self, now: float, window_s: float) -> float:
        """Return the requests a minute that were accepted over the last `window_s`."""
        return self._count_since(now - window_s) * WINDOW_S / window_s
