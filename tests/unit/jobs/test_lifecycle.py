"""The transitions of a task."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monito_ray.errors import FileDamaged, LlmUnavailable
from monito_ray.jobs import lifecycle
from monito_ray.jobs.task import LLM, NOTIFICATION, Task
from monito_ray.records import Status
from monito_ray.stages import Stage

NOW = datetime(2024, 7, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
WAITING = Task(id="t", created_at=NOW, updated_at=NOW, not_before=NOW)
RUNNING = lifecycle.claim(WAITING, "d1", NOW)
MOVES: dict[str, Callable[[Task], Task]] = {
    "claim": lambda task: lifecycle.claim(task, "d2", LATER),
    "advance": lambda task: lifecycle.advance(task, 5, LATER),
    "succeed": lambda task: lifecycle.succeed(task, {}, 5, LATER),
    "retry_later": lambda task: lifecycle.retry_later(task, LlmUnavailable("slow"), 4, LATER),
    "fail": lambda task: lifecycle.fail(task, FileDamaged("broken"), LATER),
    "owner_died": lambda task: lifecycle.owner_died(task, LATER),
    "release": lambda task: lifecycle.release(task, LATER),
    "cancel": lambda task: lifecycle.cancel(task, LATER),
    "requeue": lambda task: lifecycle.requeue(task, LATER),
}
ALLOWED = {
    Status.PENDING: {"claim", "fail", "cancel"},
    Status.RETRY: {"claim", "fail", "cancel", "requeue"},
    Status.RUNNING: {"advance", "succeed", "retry_later", "fail", "release", "owner_died", "cancel"},
    Status.SUCCESS: set[str](),
    Status.FAILURE: {"requeue"},
    Status.CANCELLED: {"requeue"},
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", MOVES)
def test_only_some_transitions_are_allowed(status: Status, move: str):
    """From each status exactly the listed transitions are possible; success is final."""
    task = replace(WAITING, status=status)
    if move in ALLOWED[status]:
        assert MOVES[move](task).updated_at == LATER
    else:
        with pytest.raises(lifecycle.TransitionRefused, match=str(status)):
            MOVES[move](task)


def test_a_task_passes_all_stages_in_order():
    """A task advances through every stage, and the last one can only succeed."""
    task, seen = RUNNING, [RUNNING.stage]
    while task.next_stage:
        task = lifecycle.advance(task, 7, LATER)
        seen.append(task.stage)
    assert seen == list(Stage)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.advance(task, 7, LATER)


def test_a_success_has_the_time_of_every_stage():
    """The milliseconds of each stage are added to the result, summed over attempts."""
    task = lifecycle.advance(replace(RUNNING, stage_ms={"file_processing": 3}), 4, LATER)
    done = lifecycle.succeed(replace(task, stage=Stage.NOTIFICATIONS), {"rows_found": 2}, 5, LATER)
    assert done.result == {"rows_found": 2, "stages": {"file_processing": 7, "notifications": 5}}
    assert (done.status, done.owner, done.finished_at) == (Status.SUCCESS, "", LATER)


def test_a_failure_says_why_and_what_to_do():
    """The task has message, code and remedy of the error."""
    failed = lifecycle.fail(RUNNING, FileDamaged("a.xlsx: broken"), LATER)
    assert (failed.error, failed.error_code, failed.remedy) == ("a.xlsx: broken", "FileDamaged", FileDamaged.remedy)
    assert failed.has_ended


def test_a_task_in_retry_waits():
    """It is due after the wait, and claiming it is the next attempt."""
    postponed = lifecycle.retry_later(RUNNING, LlmUnavailable("slow"), 4, NOW)
    assert postponed.not_before == NOW + timedelta(seconds=4)
    assert lifecycle.claim(postponed, "d2", LATER).attempts == 2


def test_a_released_attempt_does_not_count():
    """A task whose driver stopped starts again with as many attempts left."""
    assert lifecycle.claim(lifecycle.release(RUNNING, NOW), "d2", LATER).attempts == RUNNING.attempts


def test_a_task_of_another_kind_has_its_own_stages():
    """A product list for the LLM, or a message, ends in the stage it starts in."""
    for kind, stage in ((LLM, Stage.LLM_PROCESSING), (NOTIFICATION, Stage.NOTIFICATIONS)):
        task = replace(RUNNING, kind=kind, stage=stage)
        assert task.next_stage is None
        assert lifecycle.succeed(task, {}, 5, LATER).result == {"stages": {stage.value: 5}}


def test_a_requeued_task_has_all_its_attempts():
    """Its error is cleared, its stage stays."""
    failed = lifecycle.fail(replace(RUNNING, stage=Stage.SHEETS_WRITING, attempts=3), FileDamaged("broken"), NOW)
    again = lifecycle.requeue(failed, LATER)
    assert (again.stage, again.attempts, again.error, again.remedy, again.finished_at) == (Stage.SHEETS_WRITING, 0, "", "", None)
    assert again.not_before == LATER


def test_every_claim_has_a_number_of_its_own():
    """The claim number grows with each claim, whoever makes it, and with nothing else."""
    again = lifecycle.claim(lifecycle.release(RUNNING, LATER), "d1", LATER)
    assert (RUNNING.claim_number, again.claim_number, lifecycle.advance(again, 5, LATER).claim_number) == (1, 2, 2)


def test_a_task_whose_drivers_die_fails():
    """The third death in one stage fails the task; the end of a stage, or a requeue, resets the count."""
    task = RUNNING
    for _ in range(lifecycle.MOST_OWNER_DEATHS - 1):
        task = lifecycle.claim(lifecycle.owner_died(task, LATER), "d2", LATER)
    assert (task.status, task.owner_deaths, task.attempts) == (Status.RUNNING, 2, 1)
    assert lifecycle.advance(task, 5, LATER).owner_deaths == 0
    ended = lifecycle.owner_died(task, LATER)
    assert (ended.status, ended.error_code, ended.owner) == (Status.FAILURE, "TaskDeadly", "")
    assert ended.error == "t: 3 drivers died in file_processing, so it is set aside"
    assert (lifecycle.requeue(ended, LATER).status, lifecycle.requeue(ended, LATER).owner_deaths) == (Status.PENDING, 0)
