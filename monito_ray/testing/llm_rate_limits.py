"""Limits a minute as providers keep them: a bucket that refills, or a window that slides. Pure; time in seconds is passed in."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

MINUTE_S = 60.0


class Kind(StrEnum):
    """How a limit is kept."""

    BUCKET = "bucket"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests and tokens a minute, 0 = without end; a bucket holds what refills in `burst_s`.

    `headers`: whether answers tell of the limits; `retry_after`: whether refusals say how long to wait.
    """

    requests: int = 0
    tokens: int = 0
    kind: Kind = Kind.BUCKET
    burst_s: float = MINUTE_S
    headers: bool = True
    retry_after: bool = True


class Quota(Protocol):
    """One limit and what is left of it."""

    limit: int

    def wait_s(self, amount: int, now: float) -> float:
        """How long until `amount` fits; 0 when it does."""

    def take(self, amount: int, now: float) -> None:
        """Count `amount`, whether it fits or not."""

    def remaining(self, now: float) -> int:
        """What is left."""

    def reset_s(self, now: float) -> float:
        """How long until all of it is left again."""


class Bucket:
    """Refills all the time; what refused requests take is owed, but never more than the bucket holds."""

    def __init__(self, limit: int, burst_s: float, now: float) -> None:
        self.limit = limit
        self._capacity = max(1.0, limit * burst_s / MINUTE_S)
        self._level = self._capacity
        self._at = now

    def wait_s(self, amount: int, now: float) -> float:
        """Time to refill, after which an amount larger than the bucket fits, too."""
        return max(0.0, (min(amount, self._capacity) - self._filled(now)) * MINUTE_S / self.limit)

    def take(self, amount: int, now: float) -> None:
        """Lower the level."""
        self._level = max(self._filled(now) - amount, -self._capacity)

    def remaining(self, now: float) -> int:
        """The level in whole units."""
        return max(0, int(self._filled(now)))

    def reset_s(self, now: float) -> float:
        """Time until it is full."""
        return (self._capacity - self._filled(now)) * MINUTE_S / self.limit

    def _filled(self, now: float) -> float:
        self._level = min(self._capacity, self._level + max(0.0, now - self._at) * self.limit / MINUTE_S)
        self._at = now
        return self._level


class Window:
    """No more than the limit in any minute."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._taken: deque[tuple[float, int]] = deque()
        self._sum = 0

    def wait_s(self, amount: int, now: float) -> float:
        """Time until enough has left the window."""
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
        """What fits into the window now."""
        return max(0, self.limit - self._counted(now))

    def reset_s(self, now: float) -> float:
        """Time until the window is empty."""
        self._counted(now)
        return self._taken[-1][0] + MINUTE_S - now if self._taken else 0.0

    def carry(self, other: "Window") -> None:
        """Take over what another window counted."""
        self._taken, self._sum = other._taken, other._sum  # noqa: SLF001

    def _counted(self, now: float) -> int:
        while self._taken and self._taken[0][0] <= now - MINUTE_S:
            self._sum -= self._taken.popleft()[1]
        return self._sum


class Gate:
    """Both limits together. Refused requests count as requests, as with the big providers."""

    def __init__(self, limits: Limits, now: float, before: "Gate | None" = None) -> None:
        self.limits = limits
        self._quotas = {
            name: _quota(limits, limit, now) for name, limit in (("requests", limits.requests), ("tokens", limits.tokens)) if limit
        }
        for name, quota in self._quotas.items():
            earlier = before._quotas.get(name) if before else None  # noqa: SLF001
            if isinstance(quota, Window) and isinstance(earlier, Window):
                quota.carry(earlier)
            elif isinstance(quota, Bucket) and earlier is not None:
                # A changed limit fills no bucket.
                quota.take(max(0, int(quota.remaining(now) - earlier.remaining(now))), now)

    def admit(self, tokens: int, now: float) -> float:
        """0 when a request of so many tokens may pass, which is then counted, else how long to wait."""
        amounts = {"requests": 1, "tokens": tokens}
        wait_s = max([quota.wait_s(amounts[name], now) for name, quota in self._quotas.items()], default=0.0)
        for name, quota in self._quotas.items():
            if wait_s == 0 or name == "requests":
                quota.take(amounts[name], now)
        return wait_s

    def headers(self, now: float) -> dict[str, str]:
        """The `x-ratelimit-*` headers, if answers have them."""
        told: dict[str, str] = {}
        for name, quota in self._quotas.items() if self.limits.headers else ():
            told[f"x-ratelimit-limit-{name}"] = str(quota.limit)
            told[f"x-ratelimit-remaining-{name}"] = str(quota.remaining(now))
            told[f"x-ratelimit-reset-{name}"] = duration(quota.reset_s(now))
        return told


def duration(seconds: float) -> str:
    """In the form of the headers: "12ms", "6.5s", "6m0s", "1h2m0s"."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest:.3f}".rstrip("0").rstrip(".") + "s"


def _quota(limits: Limits, limit: int, now: float) -> Quota:
    return Window(limit) if limits.kind is Kind.WINDOW else Bucket(limit, limits.burst_s, now)
