"""Which files the retention removes."""

from datetime import UTC, datetime, timedelta

import pytest

from monito_ray.jobs.artifacts import StoredItem
from monito_ray.jobs.retention import file_retention
from monito_ray.jobs.retention.file_retention import RetentionLimits

NOW = datetime(2024, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def _item(name: str, days: float, size: int = 10) -> StoredItem:
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
    items = [_item("n", 80), _item("c", 5), _item("a", 60), _item("b", 31), _item("f", 0.01)]
    assert "".join(one.name for one in file_retention.choose_expired(items, {"n"}, limits, NOW)) == gone
