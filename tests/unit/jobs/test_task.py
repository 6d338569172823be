"""A task's stages and its published view."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monito_ray.jobs.task import FILE, LLM, STAGES_BY_KIND, Task, task_result
from monito_ray.records import OPEN_STATUSES, Status
from monito_ray.stages import Stage

NOW = datetime(2024, 7, 1, tzinfo=UTC)
TASK = Task(id="t", created_at=NOW, updated_at=NOW + timedelta(seconds=2), not_before=NOW + timedelta(seconds=9), file_name="june.xlsx")


@pytest.mark.parametrize("kind", STAGES_BY_KIND)
def test_the_stages_of_a_kind_follow_one_another(kind: str):
    """Each stage names the next, and the last names none."""
    route = STAGES_BY_KIND[kind]
    assert [replace(TASK, kind=kind, stage=stage).next_stage for stage in route] == [*route[1:], None]


@pytest.mark.parametrize("status", Status)
def test_a_task_is_open_or_has_ended(status: Status):
    """Every status is one or the other."""
    assert replace(TASK, status=status).has_ended is (status not in OPEN_STATUSES)


@pytest.mark.parametrize(
    ("started_s", "finished_s", "duration_ms"),
    [(None, None, 0), (1, None, 1000), (1, 1.5, 500)],
)
def test_a_duration_counts_from_the_first_claim(started_s: float | None, finished_s: float | None, duration_ms: int):
    """To the end of a task that has ended, else to its last change; 0 before the first claim."""
    started = None if started_s is None else NOW + timedelta(seconds=started_s)
    finished = None if finished_s is None else NOW + timedelta(seconds=finished_s)
    assert replace(TASK, started_at=started, finished_at=finished).duration_ms == duration_ms


def test_the_next_attempt_is_published_in_retry_alone():
    """Other statuses have no due time that means anything."""
    assert "next_attempt_at" not in task_result(TASK).metadata
    assert task_result(replace(TASK, status=Status.RETRY)).metadata["next_attempt_at"] == "2024-07-01T00:00:09+00:00"


def test_an_empty_error_is_published_as_none():
    """`error` is None or a message, never empty."""
    assert task_result(TASK).error is None
    assert task_result(replace(TASK, error="broken")).error == "broken"


@pytest.mark.parametrize(("options", "is_lenient"), [({}, False), ({"validate": True}, False), ({"validate": False}, True)])
def test_only_a_plain_false_turns_validation_off(options: dict[str, bool], is_lenient: bool):
    """The default is to validate."""
    assert replace(TASK, options=options).is_lenient is is_lenient


def test_an_llm_task_has_one_stage():
    """It needs no file and writes no catalogue."""
    assert (STAGES_BY_KIND[LLM], STAGES_BY_KIND[FILE]) == ((Stage.LLM_PROCESSING,), tuple(Stage))
