"""The limiter against providers that announce their limits: never over them, near to them, and back again when they change."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_provider import KINDS, SimulatedProvider

from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.cluster.llm.token_bucket import WINDOW_S
from monito_ray.spending import Allowance, OtherUsage, RateLimits
from monito_ray.testing.llm_rate_limits import LimitKind, LlmLimits


@pytest.mark.parametrize(("kind", "burst_s"), KINDS)
def test_a_limit_on_requests_is_used_and_not_passed(kind: LimitKind, burst_s: float):
    """Of a limit in the headers nine tenths are used at least, and one request in a hundred is refused at most."""
    provider = SimulatedProvider(LlmLimits(requests=600, kind=kind, burst_s=burst_s))
    provider.run(180)
    used, _, refused = provider.usage(30 if kind is LimitKind.BUCKET else 0, 180)
    assert used >= 0.9 * 600
    assert provider.usage(30, 180)[2] <= 0.01
    assert refused <= 0.05


@pytest.mark.parametrize(("kind", "burst_s"), KINDS[:2])
def test_a_limit_on_tokens_is_used_and_not_passed(kind: LimitKind, burst_s: float):
    """The same holds where tokens bind, with requests of different sizes."""
    provider = SimulatedProvider(LlmLimits(tokens=2_000_000, kind=kind, burst_s=burst_s))
    provider.run(180)
    _, used, refused = provider.usage(30, 180)
    assert used >= 0.9 * 2_000_000
    assert refused <= 0.01


@pytest.mark.parametrize(("kind", "burst_s"), KINDS)
def test_a_limit_that_changes_is_followed(kind: LimitKind, burst_s: float):
    """A limit that is cut to a quarter without notice is kept within 15 s; restored, it is used again within a minute."""
    provider = SimulatedProvider(LlmLimits(requests=600, kind=kind, burst_s=burst_s))
    provider.run(120)
    provider.change(LlmLimits(requests=150, kind=kind, burst_s=burst_s))
    provider.run(240)
    provider.change(LlmLimits(requests=600, kind=kind, burst_s=burst_s))
    provider.run(360)
    assert provider.usage(135, 240)[2] <= 0.01
    assert provider.usage(300, 360)[0] >= 0.9 * 600


def test_settings_bind_where_they_are_lower_than_the_headers():
    """The lower of both limits counts."""
    provider = SimulatedProvider(LlmLimits(requests=6000), limiter=Limiter(requests=300))
    provider.run(120)
    assert 0.9 * 300 <= provider.usage(60, 120)[0] <= 300


@pytest.mark.parametrize(("others", "ours"), [(580, 300), (100, 500)])
def test_two_drivers_on_one_account_stay_within_it(others: int, ours: int):
    """Each keeps to its half when both want all, and takes what the other leaves."""
    limiter = Limiter(requests=600)
    limiter.set_other_usage(OtherUsage(drivers=1, requests=others, tokens=0), 0.0)
    assert 0.9 * ours <= _requests_in_a_minute(limiter) <= ours


def _requests_in_a_minute(limiter: Limiter) -> int:
    now, count = 0.0, 0
    while (now := now + limiter.wait_s(1, now) + 1e-6) < WINDOW_S:
        limiter.acquire(1, now)
        count += 1
    return count


def test_a_request_that_leaves_late_counts_from_then():
    """A store that takes 25 s to record a request lets no more of them leave in the minute after it."""
    limiter = Limiter(requests=5)
    assert limiter.wait_s(1, 0.0) == 0.0
    limiter.withdraw(limiter.acquire(1, 0.0), 25.0)
    limiter.acquire(1, 25.0)
    left, now = [25.0], 25.0
    while (now := now + limiter.wait_s(1, now) + 1e-6) < 25.0 + WINDOW_S:
        limiter.acquire(1, now)
        left.append(now)
    assert len(left) == 5


def test_a_request_that_does_not_leave_is_not_counted():
    """What the budget holds back takes nothing from the limits, nor from what refusals taught."""
    limiter, other = Limiter(requests=5), Limiter(requests=5)
    for one in (limiter, other):
        assert one.wait_s(1, 0.0) == 0.0
        one.on_refusal(one.acquire(1, 0.0), None, None, 1.0)
    limiter.withdraw(limiter.acquire(1, 60.0), 60.0)
    assert limiter.wait_s(1, 60.0) == other.wait_s(1, 60.0) == 0.0


def test_a_requested_wait_of_hours_ends_after_a_minute():
    """A daily limit stops nobody for a day: a minute later a request finds out."""
    limiter = Limiter()
    limiter.on_refusal(limiter.acquire(1000, 0.0), None, 8 * 3600.0, 0.1)
    assert 50 < limiter.wait_s(1000, 0.2) <= 75


def test_headers_that_were_overtaken_are_not_read():
    """The limits of a request that left earlier are older, whenever its answer arrives."""
    limiter = Limiter()
    early, late = limiter.acquire(1, 0.0), limiter.acquire(1, 1.0)
    limiter.release(late, 1, RateLimits(requests=Allowance(limit=600, remaining=0)), 2.0)
    limiter.release(early, 1, RateLimits(requests=Allowance(limit=6, remaining=0)), 3.0)
    assert limiter.wait_s(1, 3.0) < 1.0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(KINDS), st.booleans(), st.integers(30, 2000))
def test_nothing_starves(seed: int, kind: tuple[LimitKind, float], headers: bool, limit: int):
    """Whatever the provider does, requests go on."""
    provider = SimulatedProvider(LlmLimits(limit, 200_000, kind[0], kind[1], headers), random=Random(seed))  # noqa: S311
    provider.run(90)
    assert any(tokens for at, tokens in provider.log if at > 30)
