"""The transitions of a task, as pure functions from task to task: time is passed in and the store is not touched."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monito_ray.errors import MonitoError, Permanent, TaskDeadly
from monito_ray.jobs.task import Task
from monito_ray.records import SUPPLIER_QUESTION, Status

#: A task whose driver died this often in one stage fails as `TaskDeadly` (a dead letter). A driver may die once or twice for reasons
#: of its own, such as a machine that runs out of memory; three deaths in one stage point to the task.
MOST_OWNER_DEATHS = 3
#: From so many deaths in one stage on a task is suspected, and runs beside no other suspect. One proves nothing: all that ran there were
#: lost with the driver, 64 at the most, and one after the other they would take minutes.
SUSPECT_FROM = 2


class TransitionRefused(Permanent):
    """The status of the task does not allow this transition."""


def claim(task: Task, owner: str, now: datetime) -> Task:
    """Give a waiting task to `owner`. The new claim number ends every earlier lease on the task."""
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
    """End a stage that took `duration_ms` and go on to the next one, whose attempts and owner deaths count from the start.

    `rows` is the length of the list; the first stage that knows it sets it.

    Raises:
        TransitionRefused: the task does not run, or is in its last stage: that one ends with `succeed`.
    """
    _require(task, Status.RUNNING)
    next_stage = task.next_stage
    if next_stage is None:
        raise TransitionRefused(f"task {task.id} is in its last stage")
    return replace(
        task,
        stage=next_stage,
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
    """End the last stage, which took `duration_ms`, with `result`; the times of all stages are added to it."""
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


def name_supplier(task: Task, supplier: str, how: str, changed: Mapping[str, Any], now: datetime) -> Task:
    """Say in the result of a list that a person named its supplier, and ask no more; a task without a result stays as it is.

    `changed` is what the list changes beside that supplier's earlier ones, by the names of the result.
    """
    if task.result is None:
        return task
    questions = [question for question in task.result.get("questions", ()) if question["id"] != SUPPLIER_QUESTION]
    result = task.result | {"supplier": supplier, "supplier_how": how, "questions": questions, **changed}
    return replace(task, result=result, updated_at=now)


def settle_question(task: Task, question_id: str, now: datetime) -> Task:
    """Ask a question of the result no more: a person said that it is as it was read, or leaves it open."""
    if task.result is None:
        return task
    questions = [question for question in task.result.get("questions", ()) if question["id"] != question_id]
    settled = sorted({*task.result.get("settled", ()), question_id})
    return replace(task, result=task.result | {"questions": questions, "settled": settled}, updated_at=now)


def retry_later(task: Task, error: MonitoError, wait_s: float, now: datetime) -> Task:
    """Let the task wait for `wait_s` before the next attempt, after a failure that may pass."""
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
    """Give the task up because of `error`."""
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
    """Put a running task back, since its owner stops: it waits in its stage, due at once, and the attempt that was broken off does not count."""
    _require(task, Status.RUNNING)
    # The clock may have been set back since it was claimed.
    not_before = min(task.not_before, now)
    return replace(task, status=Status.PENDING, owner="", attempts=max(task.attempts - 1, 0), not_before=not_before, updated_at=now)


def is_suspect(task: Task) -> bool:
    """Return whether a task may have killed its drivers."""
    return task.owner_deaths >= SUSPECT_FROM


def owner_died(task: Task, now: datetime) -> Task:
    """Put a task back whose owner died, or fail it when that happened `MOST_OWNER_DEATHS` times in this stage."""
    owner_deaths = task.owner_deaths + 1
    released = replace(release(task, now), owner_deaths=owner_deaths)
    if owner_deaths < MOST_OWNER_DEATHS:
        return released
    return fail(released, TaskDeadly(f"{task.file_name or task.id}: {owner_deaths} drivers died in {task.stage}, so it is set aside"), now)


def cancel(task: Task, now: datetime) -> Task:
    """End a task on a person's request. A driver that runs it loses its lease and stops."""
    _require(task, Status.PENDING, Status.RETRY, Status.RUNNING)
    return replace(task, status=Status.CANCELLED, owner="", finished_at=now, updated_at=now)


def requeue(task: Task, now: datetime) -> Task:
    """Let a task that failed or was cancelled wait again in its stage, with all attempts left. A task in retry becomes due at once."""
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
