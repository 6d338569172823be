"""What may happen to a task, as functions from task to task. Nothing here asks the time or touches the store."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monito_ray.errors import MonitoError, Permanent, TaskDeadly
from monito_ray.jobs.task import Task
from monito_ray.records import Status

MOST_OWNER_DEATHS = 3
"""Deaths of drivers in one stage of a task after which it is set aside."""


class TransitionRefused(Permanent):
    """A task was asked to do what its status does not allow."""


def claim(task: Task, owner: str, now: datetime) -> Task:
    """`owner` begins or goes on with a task that waits; whoever had it before can write nothing about it any more."""
    _require(task, Status.PENDING, Status.RETRY)
    started = task.started_at or now
    return replace(
        task,
        status=Status.RUNNING,
        owner=owner,
        claim_number=task.claim_number + 1,
        attempts=task.attempts + 1,
        started_at=started,
        updated_at=now,
    )


def advance(task: Task, duration_ms: int, now: datetime, rows: int = 0) -> Task:
    """The stage is done after `duration_ms`, through `rows` rows; the next begins with a clean slate. The last stage does not advance, it succeeds."""
    _require(task, Status.RUNNING)
    after = task.next_stage
    if after is None:
        raise TransitionRefused(f"task {task.id} is in its last stage")
    return replace(
        task,
        stage=after,
        rows=task.rows or rows,
        stage_ms=_with_stage(task, duration_ms),
        attempts=1,
        owner_deaths=0,
        error="",
        error_code="",
        remedy="",
        updated_at=now,
    )


def succeed(task: Task, result: dict[str, Any], duration_ms: int, now: datetime) -> Task:
    """The last stage is done after `duration_ms`; `result` is what is told about it, less the times of the stages, which are added here."""
    _require(task, Status.RUNNING)
    stage_ms = _with_stage(task, duration_ms)
    return replace(
        task,
        status=Status.SUCCESS,
        result={**result, "stages": stage_ms},
        stage_ms=stage_ms,
        owner="",
        error="",
        error_code="",
        remedy="",
        finished_at=now,
        updated_at=now,
    )


def retry_later(task: Task, error: MonitoError, wait_s: float, now: datetime) -> Task:
    """The stage failed in a way that may pass: it is tried again after `wait_s`."""
    _require(task, Status.RUNNING)
    return replace(
        task,
        status=Status.RETRY,
        owner="",
        not_before=now + timedelta(seconds=wait_s),
        error=str(error),
        error_code=error.code,
        remedy=error.remedy,
        updated_at=now,
    )


def fail(task: Task, error: MonitoError, now: datetime) -> Task:
    """The task is given up."""
    _require(task, Status.RUNNING, Status.PENDING, Status.RETRY)
    return replace(
        task,
        status=Status.FAILURE,
        owner="",
        error=str(error),
        error_code=error.code,
        remedy=error.remedy,
        finished_at=now,
        updated_at=now,
    )


def release(task: Task, now: datetime) -> Task:
    """The owner stops before the end: the task waits again where it stood, and the broken-off attempt does not count."""
    _require(task, Status.RUNNING)
    return replace(task, status=Status.PENDING, owner="", attempts=max(task.attempts - 1, 0), updated_at=now)


def owner_died(task: Task, now: datetime) -> Task:
    """The owner died: the task waits again where it stood, or is set aside as one that takes its drivers with it."""
    owner_deaths = task.owner_deaths + 1
    left = replace(release(task, now), owner_deaths=owner_deaths)
    if owner_deaths < MOST_OWNER_DEATHS:
        return left
    return fail(left, TaskDeadly(f"{task.file_name or task.id}: {owner_deaths} drivers died in {task.stage}, so it is set aside"), now)


def cancel(task: Task, now: datetime) -> Task:
    """Nobody wants the task any more; who runs it cannot save it from now on, and stops."""
    _require(task, Status.PENDING, Status.RETRY, Status.RUNNING)
    return replace(task, status=Status.CANCELLED, owner="", finished_at=now, updated_at=now)


def requeue(task: Task, now: datetime) -> Task:
    """The task is wanted after all: it waits where it stood, as if it had never been tried there; one that waits out a failure is due now."""
    _require(task, Status.FAILURE, Status.CANCELLED, Status.RETRY)
    return replace(
        task,
        status=Status.PENDING,
        attempts=0,
        owner_deaths=0,
        error="",
        error_code="",
        remedy="",
        not_before=now,
        finished_at=None,
        updated_at=now,
    )


def _with_stage(task: Task, duration_ms: int) -> dict[str, int]:
    return {**task.stage_ms, task.stage.value: task.stage_ms.get(task.stage.value, 0) + duration_ms}


def _require(task: Task, *allowed: Status) -> None:
    if task.status not in allowed:
        raise TransitionRefused(f"task {task.id} is {task.status}, not {' or '.join(allowed)}")
