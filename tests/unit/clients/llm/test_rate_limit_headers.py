"""Headers in which providers announce limits, read without trust."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.clients.llm.rate_limit_headers import parse_duration_s, parse_rate_limits, parse_retry_after_s
from monito_ray.spending import Allowance, RateLimits
from monito_ray.testing.llm_rate_limits import format_duration

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
DURATIONS = [
    ("12ms", 0.012), ("6m0s", 360.0), ("1h2m", 3720.0), ("1.5s", 1.5), ("1d", 86400.0), ("20", 20.0), (" 0.5 ", 0.5),
    ("-1", None), ("", None), ("soon", None), ("6m-1s", None), ("nan", None), ("inf", None), ("99999d", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), DURATIONS)
def test_durations_are_read_as_providers_write_them(text: str, seconds: float | None):
    """A text that is no duration is None, never zero."""
    assert parse_duration_s(text) == (None if seconds is None else pytest.approx(seconds))


WAITS = [
    ({"retry-after": "7"}, 7.0),
    ({"retry-after": "0.05"}, 0.05),
    ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
    ({"retry-after": "Fri, 27 Nov 2026 08:00:30 GMT"}, 30.0),
    ({"retry-after": "Fri, 27 Nov 2026 07:00:00 GMT"}, 0.0),
    ({"retry-after": "-1"}, None),
    ({"retry-after": "later"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), WAITS)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], seconds: float | None):
    """It comes as milliseconds, seconds, or an HTTP date."""
    assert parse_retry_after_s(headers, NOW) == seconds


def test_limits_are_read_from_the_headers():
    """A header that is missing or no number is None."""
    headers = {"x-ratelimit-limit-requests": "600", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}
    assert parse_rate_limits(headers | {"x-ratelimit-limit-tokens": "-1"}) == RateLimits(Allowance(600, 0, 360.0), Allowance())


@given(st.floats(0, 10**6))
def test_durations_survive_the_wire(seconds: float):
    """The client reads what the testing server writes."""
    assert parse_duration_s(format_duration(seconds)) == pytest.approx(seconds, abs=0.001)
