"""The `x-ratelimit-*` and `retry-after` headers in which a provider announces its limits, read without trust."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monito_ray.spending import Allowance, RateLimits

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(?<!\d)(\d+(?:\.\d+)?)(ms|[smhd])")
#: Longer waits are nonsense.
_LONGEST_S = 366 * 86400.0
#: Larger numbers are nonsense; real limits go up to some 10^9 tokens a minute.
_LARGEST = 10**12


def parse_rate_limits(headers: Mapping[str, str]) -> RateLimits:
    """Return the limits in `headers`; None for those that are missing, not positive or no numbers. Some servers send -1."""
    return RateLimits(_allowance(headers, "requests"), _allowance(headers, "tokens"))


def parse_retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the requested wait in seconds, None without a sane one.

    It comes from `retry-after-ms`, or from `retry-after` as seconds, as a duration or as an HTTP date.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = parse_duration_s(text)
    return _seconds_until(text, now) if seconds is None else seconds


def parse_duration_s(text: str) -> float | None:
    """Return the seconds of "12ms", "6m0s", "1h2m", or of a plain number; None for anything else, and for negative ones."""
    text = text.strip().lower()
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return _number(text)
    seconds = sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    return seconds if seconds <= _LONGEST_S else None


def _allowance(headers: Mapping[str, str], unit: str) -> Allowance:
    limit = _number(headers.get(f"x-ratelimit-limit-{unit}", ""))
    remaining = _number(headers.get(f"x-ratelimit-remaining-{unit}", ""))
    return Allowance(
        int(limit) or None if limit is not None else None,
        None if remaining is None else int(remaining),
        parse_duration_s(headers.get(f"x-ratelimit-reset-{unit}", "")),
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < _LARGEST else None


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
