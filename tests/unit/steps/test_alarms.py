"""Which changes are worth telling, and when collected alarms come."""

from datetime import UTC, datetime

import pytest
from logged_changes import logged_change

from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.steps.alarms import is_worth_telling, next_morning


@pytest.mark.parametrize(
    ("kind", "before", "after", "is_told"),
    [
        (ChangeKind.UP, 100, 105, True),
        (ChangeKind.UP, 100, 104, False),
        (ChangeKind.DOWN, 100, 90, True),
        (ChangeKind.DOWN, 100, 99, False),
        (ChangeKind.SMALLER_PACK, 100, 100, True),
        (ChangeKind.GONE, 100, None, True),
    ],
)
def test_small_moves_are_not_told(kind: ChangeKind, before: int, after: int | None, is_told: bool):
    """Five percent are the limit here; what shrinks or goes is always told."""
    change = logged_change(kind, before, after)
    assert is_worth_telling(change, 5.0) is is_told


def test_the_morning_is_the_next_one():
    """By the clock of the machine, within a day."""
    now = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
    morning = next_morning(now)
    assert now < morning
    assert (morning - now).total_seconds() <= 24 * 3600
    assert (morning.hour, morning.minute) == (7, 0)
    assert next_morning(morning) > morning
