"""How fast the LLM may be asked: one limiter for all requests of a driver, which leaves other drivers on the same store their part. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from monito_ray.cluster.llm.adaptive_limit import Ceiling
from monito_ray.cluster.llm.request_retry import LONGEST_WAIT_S
from monito_ray.cluster.llm.token_bucket import Pace
from monito_ray.spending import Allowance, Others, RateLimits

_CHANGE = 0.1


@dataclass(frozen=True, slots=True)
class Reservation:
    """A request that may leave: when, and how many tokens were counted for it."""

    at: float
    tokens: float


class Limiter:
    """Keeps requests and tokens a minute within what settings and provider say, and under what it refuses.

    Every reservation is settled once. Times are of one monotonic clock, in seconds.

    Args:
        requests: most requests a minute; 0 = as the provider's headers say, else as its refusals teach.
        tokens: most tokens a minute, likewise.
    """

    def __init__(self, requests: int = 0, tokens: int = 0) -> None:
        self._set: Mapping[str, int] = {"requests": requests, "tokens": tokens}
        self._told: dict[str, int] = {}
        self._paces: dict[str, Pace] = {}
        self._ceiling = Ceiling()
        self._known_since = float("-inf")
        self._heard_of = float("-inf")
        self._paused_until = float("-inf")
        self._others = Others()
        self._open = 0

    @property
    def open_reservations(self) -> int:
        """Reservations that are not settled yet."""
        return self._open

    def rates(self, now: float) -> dict[str, float]:
        """What may be used a minute now, of what is limited."""
        found = {name: pace.limit for name, pace in self._paces.items()}
        ceiling = self._ceiling.rate(now)
        return found if ceiling is None else found | {"requests": min(ceiling, found.get("requests", ceiling))}

    def wait_s(self, tokens: float, now: float) -> float:
        """How long until a request of so many tokens may leave; 0 when it may."""
        self._apply(now)
        waits = [pace.wait_s(_amount(name, tokens), now) for name, pace in self._paces.items()]
        return max([0.0, self._paused_until - now, self._ceiling.wait_s(now), *waits])

    def reserve(self, tokens: float, now: float) -> Reservation:
        """Count a request that leaves now."""
        self._ceiling.take(now)
        for name, pace in self._paces.items():
            pace.take(_amount(name, tokens), now)
        self._open += 1
        return Reservation(now, tokens)

    def settle(self, reservation: Reservation, tokens: float | None, told: RateLimits | None, now: float) -> None:
        """The request ended with so many tokens (None: nobody knows) and these limits told."""
        self._open -= 1
        if tokens is not None and "tokens" in self._paces:
            self._paces["tokens"].give_back(reservation.tokens - tokens, now)
        # What was told to a request that left earlier is older, whenever it arrives.
        if told is not None and reservation.at >= self._heard_of:
            self._heard_of = reservation.at
            self._hear(told, now)

    def refuse(self, reservation: Reservation, told: RateLimits | None, wait_s: float | None, now: float) -> None:
        """The request was refused for its number (429), its tokens were not counted, and others had better wait.

        Who is told to wait for hours asks again after a minute all the same, so that every list learns soon that it had better go on without.
        """
        self.settle(reservation, 0.0, told, now)
        wait_s = None if wait_s is None else min(wait_s, LONGEST_WAIT_S)
        self._paused_until = max(self._paused_until, now + (wait_s or 0.0))
        for pace in self._paces.values():
            pace.rest(self._paused_until, now)
        # What left before the limits were known says nothing about them.
        if reservation.at >= self._known_since:
            known = self._paces["requests"].limit if "requests" in self._paces else 0.0
            self._ceiling.refused(reservation.at, now, wait_s, known)

    def leave(self, others: Others, now: float) -> None:
        """Other drivers use the same account: keep to what they leave, or to an equal part where that is more."""
        self._others = others
        self._apply(now)

    def _hear(self, told: RateLimits, now: float) -> None:
        """Go by what is told; a limit that is another one than thought makes void what refusals taught."""
        changed = False
        for name, allowance in (("requests", told.requests), ("tokens", told.tokens)):
            if allowance.limit is None:
                continue
            known = self._told.get(name)
            changed = changed or known is None or abs(allowance.limit - known) > _CHANGE * known
            self._told[name] = allowance.limit
        if changed:
            self._known_since = now
            self._ceiling.lift()
        self._apply(now)
        self._lower("requests", told.requests, now)
        self._lower("tokens", told.tokens, now)

    def _lower(self, name: str, allowance: Allowance, now: float) -> None:
        if allowance.remaining is not None and name in self._paces:
            self._paces[name].lower_to(allowance.remaining, now)

    def _apply(self, now: float) -> None:
        for name, used in (("requests", self._others.requests), ("tokens", self._others.tokens)):
            limits = [limit for limit in (self._set[name], self._told.get(name, 0)) if limit]
            if not limits:
                continue
            limit = min(limits)
            ours = max(limit - used, limit / (self._others.drivers + 1))
            if name not in self._paces:
                self._paces[name] = Pace(ours, now)
            self._paces[name].limit_to(ours, now)


def _amount(name: str, tokens: float) -> float:
    return 1.0 if name == "requests" else tokens
