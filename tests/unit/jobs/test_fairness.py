"""The order of claims."""

from datetime import UTC, datetime, timedelta

import pytest

from monito_ray.jobs.fairness import COMMAND_LINE_USER, Load, Waiting, pick

NOW = datetime(2024, 7, 1, tzinfo=UTC)
ANN, BOB = 1, 2


def _waiting(*tasks: tuple[str, int, int]) -> list[Waiting]:
    return [Waiting(name, user, rows, NOW + timedelta(seconds=place)) for place, (name, user, rows) in enumerate(tasks)]


@pytest.mark.parametrize(
    ("waiting", "running", "most", "concurrent", "picked"),
    [
        ([("a", ANN, 0), ("b", ANN, 0), ("c", BOB, 0)], {}, 3, 0, "acb"),
        ([("a", ANN, 0), ("b", ANN, 0), ("c", BOB, 0)], {}, 1, 0, "a"),
        ([("a", ANN, 9000), ("b", ANN, 0), ("c", BOB, 20), ("d", BOB, 20)], {}, 4, 0, "acdb"),
        ([("a", ANN, 0), ("b", BOB, 0)], {ANN: Load(1, 50_000)}, 2, 0, "ba"),
        ([("a", ANN, 0), ("b", BOB, 0)], {ANN: Load(1, 20), BOB: Load(3, 10)}, 1, 0, "b"),
        ([("a", ANN, 0), ("b", BOB, 0)], {ANN: Load(1, 0), BOB: Load(3, 0)}, 1, 0, "a"),
        ([("a", ANN, 0), ("b", ANN, 0), ("c", ANN, 0)], {ANN: Load(2, 10)}, 9, 3, "a"),
        ([("a", COMMAND_LINE_USER, 0), ("b", COMMAND_LINE_USER, 0)], {COMMAND_LINE_USER: Load(9, 10)}, 9, 3, "ab"),
        ([("a", ANN, 0)], {ANN: Load(3, 10)}, 9, 3, ""),
        ([], {ANN: Load(3, 10)}, 9, 3, ""),
    ],
)
def test_the_next_task_is_of_the_user_with_the_least_load(
    waiting: list[tuple[str, int, int]], running: dict[int, Load], most: int, concurrent: int, picked: str
):
    """Fewest running rows, then fewest running tasks, then the oldest task; no user has more than the quota."""
    assert "".join(pick(_waiting(*waiting), running, most, concurrent)) == picked
