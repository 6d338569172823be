"""How fast requests may leave for the LLM: each driver has one limiter, which leaves a part to other drivers on the same store. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from monito_ray.cluster.llm.adaptive_limit import AdaptiveLimit
from monito_ray.cluster.llm.request_retry import LONGEST_WAIT_S
from monito_ray.cluster.llm.token_bucket import TokenBucket
from monito_ray.spending import Allowance, OtherUsage, RateLimits

#: An announced limit that differs from the one before by more than this part of it is a new limit, not noise.
_CHANGE = 0.1


@dataclass(frozen=True, slots=True)
class Permit:
    """A request that may leave: when it left, and how many tokens were counted for it."""

    at: float
    tokens: float


class Limiter:
    """Keeps requests and tokens a minute within the limits of settings and provider, and below the rate that the provider refuses.

    Three limits are combined, and the longest wait counts:

    - A token bucket each for requests and for tokens, if settings or headers have a limit (the lower of both).
    - An adaptive limit, learned from refusals.
    - The pause that a refusal requested.

    Each permit is given back once: by `withdraw` if its request has not left, else by `release` or `on_refusal`. Times are of one monotonic clock, in seconds. There is no lock: the
    scheduler's thread alone uses it.

    Args:
        requests: the maximum number of requests a minute; 0 = the limit in the provider's headers, else the one learned from its refusals.
        tokens: the maximum number of tokens a minute, likewise.
    """

    def __init__(self, requests: int = 0, tokens: int = 0) -> None:
        self._configured: Mapping[str, int] = {"requests": requests, "tokens": tokens}
        #: The latest limits from headers, by the same names.
        self._announced: dict[str, int] = {}
        self._announced_since = float("-inf")
        #: When the request left whose headers were read last.
        self._headers_of = float("-inf")
        self._buckets: dict[str, TokenBucket] = {}
        self._adaptive_limit = AdaptiveLimit()
        self._paused_until = float("-inf")
        self._other_usage = OtherUsage()

    def wait_s(self, tokens: float, now: float) -> float:
        """Return how long until a request of `tokens` may leave; 0 when it may."""
        self._update_buckets(now)
        waits = [bucket.wait_s(_amount(name, tokens), now) for name, bucket in self._buckets.items()]
        return max([0.0, self._paused_until - now, self._adaptive_limit.wait_s(now), *waits])

    def acquire(self, tokens: float, now: float) -> Permit:
        """Count a request that leaves now."""
        self._adaptive_limit.take(now)
        for name, bucket in self._buckets.items():
            bucket.take(_amount(name, tokens), now)
        return Permit(now, tokens)

    def withdraw(self, permit: Permit, now: float) -> None:
        """Uncount a request that has not left."""
        self._adaptive_limit.give_back(permit.at, now)
        for name, bucket in self._buckets.items():
            bucket.give_back(_amount(name, permit.tokens), now)

    def release(self, permit: Permit, tokens: float | None, limits: RateLimits | None, now: float) -> None:
        """Record a request that ended, with the tokens that it used (None: unknown) and the limits that came with its answer."""
        if tokens is not None and "tokens" in self._buckets:
            self._buckets["tokens"].give_back(permit.tokens - tokens, now)
        # Answers overtake each other: the headers of a request that left earlier are older, whenever they arrive.
        if limits is not None and permit.at >= self._headers_of:
            self._headers_of = permit.at
            self._adopt(limits, now)

    def on_refusal(self, permit: Permit, limits: RateLimits | None, retry_after_s: float | None, now: float) -> None:
        """Record a request that was refused because there were too many (429): its tokens do not count, and all requests pause.

        A requested wait of hours is cut to `LONGEST_WAIT_S`, so that every list learns soon that it has to go on without the LLM.
        """
        self.release(permit, 0.0, limits, now)
        pause_s = None if retry_after_s is None else min(retry_after_s, LONGEST_WAIT_S)
        self._paused_until = max(self._paused_until, now + (pause_s or 0.0))
        for bucket in self._buckets.values():
            bucket.pause(self._paused_until, now)
        # A request that left before the limits were announced says nothing about them.
        if permit.at >= self._announced_since:
            announced = self._buckets["requests"].limit if "requests" in self._buckets else 0.0
            self._adaptive_limit.on_refusal(permit.at, now, pause_s, announced)

    def set_other_usage(self, usage: OtherUsage, now: float) -> None:
        """Use only what other drivers on the same account leave, but at least an equal part."""
        self._other_usage = usage
        self._update_buckets(now)

    def _adopt(self, limits: RateLimits, now: float) -> None:
        """Keep to announced limits; if they have changed, forget the limit learned from refusals."""
        has_changed = False
        for name, allowance in (("requests", limits.requests), ("tokens", limits.tokens)):
            if allowance.limit is None:
                continue
            before = self._announced.get(name)
            has_changed = has_changed or before is None or abs(allowance.limit - before) > _CHANGE * before
            self._announced[name] = allowance.limit
        if has_changed:
            self._announced_since = now
            self._adaptive_limit.reset()
        self._update_buckets(now)
        self._cap("requests", limits.requests, now)
        self._cap("tokens", limits.tokens, now)

    def _cap(self, name: str, allowance: Allowance, now: float) -> None:
        if allowance.remaining is not None and name in self._buckets:
            self._buckets[name].cap(allowance.remaining, now)

    def _update_buckets(self, now: float) -> None:
        for name, used in (("requests", self._other_usage.requests), ("tokens", self._other_usage.tokens)):
            limits = [limit for limit in (self._configured[name], self._announced.get(name, 0)) if limit]
            if not limits:
                continue
            limit = min(limits)
            ours = max(limit - used, limit / (self._other_usage.drivers + 1))
            if name not in self._buckets:
                self._buckets[name] = TokenBucket(ours, now)
            self._buckets[name].set_limit(ours, now)


def _amount(name: str, tokens: float) -> float:
    return 1.0 if name == "requests" else tokens
