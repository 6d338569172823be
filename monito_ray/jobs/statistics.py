"""Statistics of queues and workers, counted by the database without loading a task."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, extract, func, select

from monito_ray.jobs import admin, heartbeat, queue
from monito_ray.jobs.task import STAGES_BY_KIND, Task
from monito_ray.records import QueueStatus, Status, WorkerStats
from monito_ray.stages import Stage
from monito_ray.store.database import Store
from monito_ray.store.schema import paused_queues, tasks

_WAITING = (Status.PENDING, Status.RETRY)
_DAY_MS = 86_400_000  # julianday counts days


def queue_status(store: Store, now: datetime) -> dict[str, QueueStatus]:
    """Return the status of each queue, in running order. `done` counts tasks that have passed the stage, `failed` those that failed in it."""
    counted = select(
        tasks.c.kind, tasks.c.stage, tasks.c.status, func.count().label("number"), func.min(tasks.c.updated_at).label("oldest")
    )
    with store.read() as connection:
        rows = connection.execute(counted.group_by(tasks.c.kind, tasks.c.stage, tasks.c.status)).all()
        paused = set(connection.execute(select(paused_queues.c.queue)).scalars())
    return {stage.value: _status(stage, rows, now, is_paused=stage.value in paused) for stage in Stage}


def files_for_cores(store: Store, now: datetime) -> int:
    """Return how many files are in work, or could be, in the stages that take a core each: reading, and judging rows."""
    is_theirs = tasks.c.stage.in_([Stage.FILE_PROCESSING.value, Stage.DATA_VALIDATION.value])
    counted = select(func.count()).select_from(tasks).where(is_theirs, queue.IS_DUE | (tasks.c.status == Status.RUNNING.value))
    with store.read() as connection:
        paused = select(paused_queues.c.queue)
        return int(connection.execute(counted.where(tasks.c.stage.not_in(paused)), queue.moment(now)).scalar_one())


def worker_stats(store: Store, now: datetime) -> WorkerStats:
    """Return the statistics of all tasks. `active_workers` are the LLM workers of live drivers; the average is over tasks that succeeded."""
    with store.read() as connection:
        counted = connection.execute(select(tasks.c.status, func.count()).group_by(tasks.c.status)).all()
        average_ms = connection.execute(select(func.avg(_took_ms(connection))).where(tasks.c.status == Status.SUCCESS.value)).scalar()
    counts = {row[0]: row[1] for row in counted}
    waiting = sum(counts.get(status.value, 0) for status in _WAITING)
    return WorkerStats(
        total_tasks=sum(counts.values()),
        successful_tasks=counts.get(Status.SUCCESS.value, 0),
        failed_tasks=counts.get(Status.FAILURE.value, 0),
        pending_tasks=waiting,
        active_workers=sum(driver.workers for driver in heartbeat.live_drivers(store, now)),
        queue_length=waiting,
        average_processing_time_ms=round(float(average_ms or 0.0), 1),
    )


def outlook(store: Store, task: Task, now: datetime) -> dict[str, Any]:
    """Return whether an open task is left alone, as its result's metadata has it.

    `nobody_alive`: no driver is alive on this store. `waiting_for`: a sentence on what does not come by itself, "" for nothing.
    """
    if not heartbeat.live_drivers(store, now):
        return {"nobody_alive": True, "waiting_for": "nobody is alive to do the task; run `monito serve`"}
    is_paused = task.status in _WAITING and task.stage in admin.paused_stages(store)
    pause = f"the queue {task.stage} is paused; run `monito resume {task.stage}`" if is_paused else ""
    return {"nobody_alive": False, "waiting_for": pause}


def _status(stage: Stage, rows: Iterable[Row[Any]], now: datetime, *, is_paused: bool) -> QueueStatus:
    in_stage = [row for row in rows if row.stage == stage]
    oldest = min((row.oldest for row in in_stage if row.status in _WAITING), default=now)
    return QueueStatus(
        name=stage.value,
        waiting=sum(row.number for row in in_stage if row.status in _WAITING),
        running=sum(row.number for row in in_stage if row.status == Status.RUNNING),
        done=sum(row.number for row in rows if _has_passed(row, stage)),
        failed=sum(row.number for row in in_stage if row.status == Status.FAILURE),
        paused=is_paused,
        oldest_waiting_s=max((now - oldest).total_seconds(), 0.0),
    )


def _has_passed(row: Row[Any], stage: Stage) -> bool:
    """Whether the tasks that a row counts are past the stage."""
    route = STAGES_BY_KIND[row.kind]
    if stage not in route:
        return False
    return row.status == Status.SUCCESS or route.index(stage) < route.index(Stage(row.stage))


def _took_ms(connection: Connection) -> Any:
    """Return the SQL expression of milliseconds from the first claim of a task to its end."""
    if connection.dialect.name == "sqlite":
        return (func.julianday(tasks.c.finished_at) - func.julianday(tasks.c.started_at)) * _DAY_MS
    return extract("epoch", tasks.c.finished_at - tasks.c.started_at) * 1000
