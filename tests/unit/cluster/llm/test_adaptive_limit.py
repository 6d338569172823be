"""Limits that nobody announces: refusals alone lead there, and back when they change."""

import pytest
from simulated_provider import BUCKETS, SimulatedProvider

from monito_ray.cluster.llm.adaptive_limit import AdaptiveLimit
from monito_ray.testing.llm_rate_limits import LimitKind, LlmLimits


def _silent(requests: int, kind: LimitKind, burst_s: float) -> LlmLimits:
    return LlmLimits(requests=requests, kind=kind, burst_s=burst_s, headers=False, retry_after=False)


def test_there_is_no_limit_before_the_first_refusal():
    """However many requests leave, none has to wait until one is refused."""
    limit = AdaptiveLimit()
    for number in range(1000):
        limit.take(number / 100)
    assert (limit.rate(10.0), limit.wait_s(10.0)) == (None, 0.0)
    limit.on_refusal(9.99, 10.0, None)
    assert limit.rate(10.0) is not None
    assert limit.wait_s(10.0) > 0


def test_a_late_refusal_of_the_same_burst_teaches_nothing_new():
    """Requests that left before the last refusal came back do not lower the rate again."""
    limit = AdaptiveLimit()
    for number in range(100):
        limit.take(number / 100)
    limit.on_refusal(0.98, 1.0, None)
    rate = limit.rate(1.0)
    limit.on_refusal(0.99, 1.1, None)
    assert rate is not None
    assert limit.rate(1.1) >= rate


@pytest.mark.parametrize(("kind", "burst_s"), BUCKETS)
def test_a_limit_that_nobody_announces_is_found(kind: LimitKind, burst_s: float):
    """Without headers and requested waits nine tenths of it are used, and one request in a hundred is refused at most."""
    provider = SimulatedProvider(_silent(600, kind, burst_s))
    provider.run(180)
    used, _, refused = provider.usage(30, 180)
    assert used >= 0.9 * 600
    assert refused <= 0.01


@pytest.mark.parametrize(("kind", "burst_s"), BUCKETS)
def test_a_change_that_nobody_announces_is_noticed(kind: LimitKind, burst_s: float):
    """A limit that is cut to a quarter is kept within 15 s, and used again within a minute when it is restored."""
    provider = SimulatedProvider(_silent(600, kind, burst_s))
    provider.run(120)
    provider.change(_silent(150, kind, burst_s))
    provider.run(240)
    provider.change(_silent(600, kind, burst_s))
    provider.run(360)
    assert provider.usage(135, 240)[2] <= 0.01
    assert provider.usage(300, 360)[0] >= 0.9 * 600
