"""Limits a minute as providers enforce them: a bucket that refills, or a window that slides. Pure; time in seconds is passed in."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

MINUTE_S = 60.0


class LimitKind(StrEnum):
    """How a limit is enforced."""

    BUCKET = "bucket"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class LlmLimits:
    """What a provider allows a minute, and how much it says about that."""

    #: Requests a minute, 0 = without limit.
    requests: int = 0
    #: Tokens a minute, 0 = without limit.
    tokens: int = 0
    kind: LimitKind = LimitKind.BUCKET
    #: A bucket holds what refills in this time.
    burst_s: float = MINUTE_S
    #: Whether answers carry the `x-ratelimit-*` headers.
    headers: bool = True
    #: Whether refusals say how long to wait.
    retry_after: bool = True


class LimitMeter(Protocol):
    """One limit and what is left of it."""

    limit: int

    def wait_s(self, amount: int, now: float) -> float:
        """Return how long until `amount` fits; 0 when it does."""

    def take(self, amount: int, now: float) -> None:
        """Count `amount`, whether it fits or not."""

    def remaining(self, now: float) -> int:
        """Return what is left."""

    def reset_s(self, now: float) -> float:
        """Return how long until all of it is left again."""


class RefillingBucket:
    """Refills all the time; what refused requests take is owed, but never more than the bucket holds."""

    def __init__(self, limit: int, burst_s: float, now: float) -> None:
        self.limit = limit
        self._capacity = max(1.0, limit * burst_s / MINUTE_S)
        self._level = self._capacity
        self._at = now

    def wait_s(self, amount: int, now: float) -> float:
        """Return the time to refill, after which an amount larger than the bucket fits, too."""
        return max(0.0, (min(amount, self._capacity) - self._refilled(now)) * MINUTE_S / self.limit)

    def take(self, amount: int, now: float) -> None:
        """Lower the level."""
        self._level = max(self._refilled(now) - amount, -self._capacity)

    def remaining(self, now: float) -> int:
        """Return the level in whole units."""
        return max(0, int(self._refilled(now)))

    def reset_s(self, now: float) -> float:
        """Return the time until it is full."""
        return (self._capacity - self._refilled(now)) * MINUTE_S / self.limit

    def _refilled(self, now: float) -> float:
        self._level = min(self._capacity, self._level + max(0.0, now - self._at) * self.limit / MINUTE_S)
        self._at = now
        return self._level


class MinuteWindow:
    """At most the limit in any minute."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._taken: deque[tuple[float, int]] = deque()
        self._sum = 0

    def wait_s(self, amount: int, now: float) -> float:
        """Return the time until enough has left the window."""
        over = self._counted(now) + min(amount, self.limit) - self.limit
        for at, taken in self._taken:
            if over <= 0:
                break
            over -= taken
            if over <= 0:
                return at + MINUTE_S - now
        return 0.0

    def take(self, amount: int, now: float) -> None:
        """Let it into the window."""
        self._taken.append((now, amount))
        self._sum += amount

    def remaining(self, now: float) -> int:
        """Return what fits into the window now."""
        return max(0, self.limit - self._counted(now))

    def reset_s(self, now: float) -> float:
        """Return the time until the window is empty."""
        self._counted(now)
        return self._taken[-1][0] + MINUTE_S - now if self._taken else 0.0

    def take_over(self, other: "MinuteWindow") -> None:
        """Continue with what another window counted."""
        self._taken, self._sum = other._taken, other._sum  # noqa: SLF001

    def _counted(self, now: float) -> int:
        while self._taken and self._taken[0][0] <= now - MINUTE_S:
            self._sum -= self._taken.popleft()[1]
        return self._sum


class LimitEnforcer:
    """Both limits together. Refused requests count as requests, as with the big providers."""

    def __init__(self, limits: LlmLimits, now: float, before: "LimitEnforcer | None" = None) -> None:
        self.limits = limits
        amounts = {"requests": limits.requests, "tokens": limits.tokens}
        self._meters = {name: _meter(limits, limit, now) for name, limit in amounts.items() if limit}
        for name, meter in self._meters.items():
            earlier = before._meters.get(name) if before else None  # noqa: SLF001
            if isinstance(meter, MinuteWindow) and isinstance(earlier, MinuteWindow):
                meter.take_over(earlier)
            elif isinstance(meter, RefillingBucket) and earlier is not None:
                # A changed limit fills no bucket.
                meter.take(max(0, int(meter.remaining(now) - earlier.remaining(now))), now)

    def admit(self, tokens: int, now: float) -> float:
        """Count a request of `tokens` and return 0 if it may pass, else how long it has to wait."""
        amounts = {"requests": 1, "tokens": tokens}
        wait_s = max([meter.wait_s(amounts[name], now) for name, meter in self._meters.items()], default=0.0)
        for name, meter in self._meters.items():
            if wait_s == 0 or name == "requests":
                meter.take(amounts[name], now)
        return wait_s

    def headers(self, now: float) -> dict[str, str]:
        """Return the `x-ratelimit-*` headers, if answers have them."""
        headers: dict[str, str] = {}
        for name, meter in self._meters.items() if self.limits.headers else ():
            headers[f"x-ratelimit-limit-{name}"] = str(meter.limit)
            headers[f"x-ratelimit-remaining-{name}"] = str(meter.remaining(now))
            headers[f"x-ratelimit-reset-{name}"] = format_duration(meter.reset_s(now))
        return headers


def format_duration(seconds: float) -> str:
    """Return `seconds` in the form of the headers: "12ms", "6.5s", "6m0s", "1h2m0s"."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest:.3f}".rstrip("0").rstrip(".") + "s"


def _meter(limits: LlmLimits, limit: int, now: float) -> LimitMeter:
    return MinuteWindow(limit) if limits.kind == LimitKind.WINDOW else RefillingBucket(limit, limits.burst_s, now)
