"""The limiter against limits kept as providers keep them: never over, near to it, and back again. All in numbers, without waiting."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.clients.llm.rate_limit_headers import parse_duration_s, parse_rate_limits, parse_retry_after_s
from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.cluster.llm.token_bucket import WINDOW_S, TokenBucket
from monito_ray.spending import Allowance, OtherUsage, RateLimits
from monito_ray.testing.llm_rate_limits import LimitEnforcer, LimitKind, LlmLimits, format_duration

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
DURATIONS = [
    ("12ms", 0.012), ("6m0s", 360.0), ("1h2m", 3720.0), ("1.5s", 1.5), ("1d", 86400.0), ("20", 20.0), (" 0.5 ", 0.5),
    ("-1", None), ("", None), ("soon", None), ("6m-1s", None), ("nan", None), ("inf", None), ("99999d", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), DURATIONS)
def test_durations_are_read_as_providers_write_them(text: str, seconds: float | None):
    """What is none is unsaid, never zero."""
    assert parse_duration_s(text) == (None if seconds is None else pytest.approx(seconds))


RETRIES = [
    ({"retry-after": "7"}, 7.0),
    ({"retry-after": "0.05"}, 0.05),
    ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
    ({"retry-after": "Fri, 27 Nov 2026 08:00:30 GMT"}, 30.0),
    ({"retry-after": "Fri, 27 Nov 2026 07:00:00 GMT"}, 0.0),
    ({"retry-after": "-1"}, None),
    ({"retry-after": "later"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), RETRIES)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], seconds: float | None):
    """Milliseconds, seconds, or an HTTP date."""
    assert parse_retry_after_s(headers, NOW) == seconds


def test_limits_are_read_from_the_headers():
    """What is left out or is no number is unsaid."""
    headers = {"x-ratelimit-limit-requests": "600", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}
    assert parse_rate_limits(headers | {"x-ratelimit-limit-tokens": "-1"}) == RateLimits(
        Allowance(600, 0, 360.0), Allowance(None, None, None)
    )


@given(st.floats(0, 10**6))
def test_durations_survive_the_wire(seconds: float):
    """What the testing server writes is what the client reads."""
    assert parse_duration_s(format_duration(seconds)) == pytest.approx(seconds, abs=0.001)


STEPS = st.lists(st.tuples(st.floats(0, 20), st.integers(1, 40)), min_size=1, max_size=200)


@settings(max_examples=150, deadline=None)
@given(st.integers(100, 5000), STEPS)
def test_never_over_the_limit_in_any_window(limit: int, steps: Sequence[tuple[float, int]]):
    """Whatever is asked and whenever: what leaves in a minute, counted from any request on, is within the limit; and whoever waits as told may go."""
    pace, now = TokenBucket(limit, 0.0, largest=40), 0.0
    taken: list[tuple[float, int]] = []
    for idle_s, amount in steps:
        now += idle_s
        waited_s = pace.wait_s(amount, now)
        assert waited_s <= 2 * WINDOW_S
        now += waited_s + 1e-6
        assert pace.wait_s(amount, now) == 0
        pace.take(amount, now)
        taken.append((now, amount))
    for start, _ in taken:
        assert sum(amount for at, amount in taken if start <= at < start + WINDOW_S - 1e-3) <= limit


@dataclass
class World:
    """A provider and a limiter, in numbers: requests take `latency_s`, refusals come back at once."""

    limits: LlmLimits
    limiter: Limiter = field(default_factory=Limiter)
    tokens: tuple[int, int] = (3000, 7000)
    latency_s: float = 0.9
    places: int = 64
    chance: Random = field(default_factory=lambda: Random(1))  # noqa: S311
    log: list[tuple[float, int]] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self._gate = LimitEnforcer(self.limits, self.now)
        self._back: list[tuple[float, int, object, int | None, RateLimits | None, float | None]] = []
        self._next = self.chance.randint(*self.tokens)

    def change(self, limits: LlmLimits) -> None:
        """From now on these limits."""
        self._gate = LimitEnforcer(limits, self.now, self._gate)

    def run(self, until: float) -> None:
        """Ask as fast as the limiter lets."""
        while self.now < until:
            while self._back and self._back[0][0] <= self.now:
                self._settle(*heapq.heappop(self._back))
            wait_s = self.limiter.wait_s(self._next, self.now)
            if wait_s == 0 and len(self._back) < self.places:
                self._send()
                self.now += 0.001
            else:
                self.now = min([self.now + max(wait_s, 0.001), *(back[0] for back in self._back[:1])]) + 1e-4

    def _send(self) -> None:
        tokens, self._next = self._next, self.chance.randint(*self.tokens)
        reservation = self.limiter.reserve(tokens, self.now)
        wait_s = self._gate.admit(tokens, self.now + 0.002)
        heard = parse_rate_limits(self._gate.headers(self.now)) if self._gate.limits.headers else None
        self.log.append((self.now, 0 if wait_s else tokens))
        took_s = 0.01 if wait_s else self.latency_s * self.chance.uniform(0.9, 1.1)
        asked_s = wait_s if self._gate.limits.retry_after and wait_s else None
        heapq.heappush(self._back, (self.now + took_s, len(self.log), reservation, None if wait_s else tokens, heard, asked_s))

    def _settle(self, _at: float, _number: int, reservation, tokens: int | None, heard: RateLimits | None, asked_s: float | None) -> None:
        if tokens is None:
            self.limiter.refuse(reservation, heard, asked_s, self.now)
        else:
            self.limiter.settle(reservation, tokens, heard, self.now)

    def used(self, start: float, end: float) -> tuple[float, float, float]:
        """Requests and tokens a minute let in, and the share refused, between two times."""
        asked = [tokens for at, tokens in self.log if start <= at < end]
        let_in = [tokens for tokens in asked if tokens]
        minutes = (end - start) / 60
        return len(let_in) / minutes, sum(let_in) / minutes, 1 - len(let_in) / max(1, len(asked))


KINDS = [(LimitKind.BUCKET, 60.0), (LimitKind.BUCKET, 6.0), (LimitKind.BUCKET, 1.0), (LimitKind.WINDOW, 60.0)]


@pytest.mark.parametrize(("kind", "burst_s"), KINDS)
def test_a_limit_on_requests_is_used_and_kept(kind: LimitKind, burst_s: float):
    """Told by headers: at least nine tenths of it, at most one in a hundred refused."""
    world = World(LlmLimits(requests=600, kind=kind, burst_s=burst_s))
    world.run(180)
    used, _, refused = world.used(30 if kind is LimitKind.BUCKET else 0, 180)
    assert used >= 0.9 * 600
    assert world.used(30, 180)[2] <= 0.01
    assert refused <= 0.05


@pytest.mark.parametrize(("kind", "burst_s"), KINDS[:2])
def test_a_limit_on_tokens_is_used_and_kept(kind: LimitKind, burst_s: float):
    """The same where tokens bind, with requests of different sizes."""
    world = World(LlmLimits(tokens=2_000_000, kind=kind, burst_s=burst_s))
    world.run(180)
    _, used, refused = world.used(30, 180)
    assert used >= 0.9 * 2_000_000
    assert refused <= 0.01


@pytest.mark.parametrize(("kind", "burst_s"), [*KINDS[:3]])
def test_a_limit_that_nobody_tells_is_found(kind: LimitKind, burst_s: float):
    """No headers and no wait told: refusals alone lead there, and few of them."""
    world = World(LlmLimits(requests=600, kind=kind, burst_s=burst_s, headers=False, retry_after=False))
    world.run(180)
    used, _, refused = world.used(30, 180)
    assert used >= 0.9 * 600
    assert refused <= 0.01


@pytest.mark.parametrize(("kind", "burst_s"), KINDS)
def test_a_limit_that_changes_is_followed(kind: LimitKind, burst_s: float):
    """Cut to a quarter without notice it is kept within 15 s; restored it is used again within a minute."""
    world = World(LlmLimits(requests=600, kind=kind, burst_s=burst_s))
    world.run(120)
    world.change(LlmLimits(requests=150, kind=kind, burst_s=burst_s))
    world.run(240)
    world.change(LlmLimits(requests=600, kind=kind, burst_s=burst_s))
    world.run(360)
    assert world.used(135, 240)[2] <= 0.01
    assert world.used(300, 360)[0] >= 0.9 * 600


@pytest.mark.parametrize(("kind", "burst_s"), KINDS[:3])
def test_a_change_that_nobody_tells_is_found_out(kind: LimitKind, burst_s: float):
    """By refusals alone it takes no more of them, and as long to come back."""
    world = World(LlmLimits(requests=600, kind=kind, burst_s=burst_s, headers=False, retry_after=False))
    world.run(120)
    world.change(LlmLimits(requests=150, kind=kind, burst_s=burst_s, headers=False, retry_after=False))
    world.run(240)
    world.change(LlmLimits(requests=600, kind=kind, burst_s=burst_s, headers=False, retry_after=False))
    world.run(360)
    assert world.used(135, 240)[2] <= 0.01
    assert world.used(300, 360)[0] >= 0.9 * 600


def test_settings_bind_where_they_are_lower_than_what_is_told():
    """The smaller of both counts."""
    world = World(LlmLimits(requests=6000), limiter=Limiter(requests=300))
    world.run(120)
    assert 0.9 * 300 <= world.used(60, 120)[0] <= 300


def test_two_drivers_on_one_account_stay_within_it():
    """Each keeps to its half when both want all, and takes what the other leaves."""
    limiter = Limiter(requests=600)
    limiter.wait_s(1, 0.0)
    limiter.leave(OtherUsage(drivers=1, requests=580, tokens=0), 0.0)
    assert limiter.rates(0.0) == {"requests": 300.0}
    limiter.leave(OtherUsage(drivers=1, requests=100, tokens=0), 1.0)
    assert limiter.rates(1.0) == {"requests": 500.0}


def test_a_wait_of_hours_is_asked_after_again():
    """A daily limit stops nobody for a day: a minute later somebody asks."""
    limiter = Limiter()
    limiter.refuse(limiter.reserve(1000, 0.0), None, 8 * 3600.0, 0.1)
    assert 50 < limiter.wait_s(1000, 0.2) <= 75


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(KINDS), st.booleans(), st.integers(30, 2000))
def test_reservations_are_always_settled_and_nothing_starves(seed: int, kind: tuple[LimitKind, float], headers: bool, limit: int):
    """Whatever the provider does, requests go on, and at the end none is left open."""
    world = World(LlmLimits(limit, 200_000, kind[0], kind[1], headers), chance=Random(seed))  # noqa: S311
    world.run(90)
    assert any(tokens for at, tokens in world.log if at > 30)
    world.places = 0
    world.run(100)
    assert world.limiter.open_reservations == 0
