"""What a provider says about its limits: the `x-ratelimit-*` and `retry-after` headers, read without trust."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monito_ray.spending import Allowance, RateLimits

_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")
_LONGEST_S = 366 * 86400.0


def rate_limits(headers: Mapping[str, str]) -> RateLimits:
    """The limits in `headers`; those that are left out, not positive or no numbers are unsaid."""
    return RateLimits(_allowance(headers, "requests"), _allowance(headers, "tokens"))


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait: from `retry-after-ms`, or from `retry-after` in seconds, as a duration or as an HTTP date; None where nothing sane is said."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = duration_s(text)
    return _until(text, now) if seconds is None else seconds


def duration_s(text: str) -> float | None:
    """Seconds of "12ms", "6m0s", "1h2m", or of a plain number; None for what is none of these, or negative."""
    text = text.strip().lower()
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return _number(text)
    seconds = sum(float(number) * _UNITS_S[unit] for number, unit in parts)
    return seconds if seconds <= _LONGEST_S else None


def _allowance(headers: Mapping[str, str], what: str) -> Allowance:
    limit = _number(headers.get(f"x-ratelimit-limit-{what}", ""))
    remaining = _number(headers.get(f"x-ratelimit-remaining-{what}", ""))
    return Allowance(
        int(limit) or None if limit is not None else None,
        None if remaining is None else int(remaining),
        duration_s(headers.get(f"x-ratelimit-reset-{what}", "")),
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 10**12 else None


def _until(text: str, now: datetime) -> float | None:
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
