"""Which files the retention removes."""

from datetime import UTC, datetime, timedelta

import pytest

from monito_ray.jobs import retention
from monito_ray.jobs.artifacts import StoredItem
from monito_ray.jobs.retention import RetentionLimits

NOW = datetime(2024, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def _kept(name: str, days: float, size: int = 10) -> StoredItem:
    return StoredItem(name, f"/files/{name}", size, NOW - days * DAY)


@pytest.mark.parametrize(
    ("limits", "gone"),
    [
        (RetentionLimits(30 * DAY), "ab"),
        (RetentionLimits(90 * DAY), ""),
        (RetentionLimits(90 * DAY, 1000), ""),
        (RetentionLimits(90 * DAY, 45), "a"),
        (RetentionLimits(90 * DAY, 25), "abc"),
        (RetentionLimits(90 * DAY, 1), "abc"),
        (RetentionLimits(30 * DAY, 1000), "ab"),
    ],
)
def test_old_and_oversized_files_are_removed_unless_needed(limits: RetentionLimits, gone: str):
    """The oldest go first; files of open tasks and recent files stay."""
    kept = [_kept("n", 80), _kept("c", 5), _kept("a", 60), _kept("b", 31), _kept("f", 0.01)]
    assert "".join(one.name for one in retention.choose_expired(kept, {"n"}, limits, NOW)) == gone
