"""The durable queue: tasks are put in, claimed by one driver at a time, and saved only by the driver that holds them."""

from collections.abc import Callable, Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Update, bindparam, func, insert, select, update

from monito_ray.errors import TaskUnknown
from monito_ray.jobs import fairness, lifecycle
from monito_ray.jobs.fairness import Load, Waiting
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import Store
from monito_ray.store.schema import paused_queues, task_events, tasks

EventRow = tuple[datetime, str, dict[str, Any]]
_COLUMNS = tuple(field.name for field in fields(Task))
_FIXED = {"id", "kind", "user_id", "file_name", "options", "program_version", "created_at", "priority", "dedup_key"}
_CHANGING = tuple(name for name in _COLUMNS if name not in _FIXED)
WAITING = tasks.c.status.in_((Status.PENDING.value, Status.RETRY.value))
"""The condition that a task waits."""
# Made once: building a statement takes longer than running it.
_ADD_TASK, _ADD_EVENT = insert(tasks), insert(task_events)
_RUNNING = tasks.c.status == Status.RUNNING.value
_CHANGE = update(tasks).where(tasks.c.id == bindparam("task"))
_CHANGE_WAITING = _CHANGE.where(WAITING)
_CHANGE_HELD = _CHANGE.where(tasks.c.owner == bindparam("holder"), tasks.c.claim_number == bindparam("holding"))


def submit(store: Store, task: Task) -> None:
    """Commit a new task."""
    with store.write() as connection:
        insert_task(connection, task)


def insert_task(connection: Connection, task: Task) -> None:
    """Add a new task to a transaction of the caller's."""
    connection.execute(_ADD_TASK, _values(task))
    _record(connection, task, "task.submitted", {"file_name": task.file_name})


def set_file_hash(store: Store, task_id: str, file_hash: str) -> None:
    """Remember the content of a task whose file came after the task; saves of drivers that do not know it leave it in place."""
    with store.write() as connection:
        connection.execute(update(tasks).where(tasks.c.id == task_id).values(file_hash=file_hash))


def load(store: Store, task_id: str) -> Task:
    """The task as it stands.

    Raises:
        TaskUnknown: there is none of this id.
    """
    found = load_all(store, [task_id])
    if not found:
        raise TaskUnknown(f"there is no task {task_id}")
    return found[0]


def load_all(store: Store, task_ids: Collection[str]) -> list[Task]:
    """Those of the tasks that exist, oldest first."""
    with store.read() as connection:
        rows = connection.execute(select(tasks).where(tasks.c.id.in_(task_ids)).order_by(tasks.c.created_at, tasks.c.id)).all()
    return [_task(row) for row in rows]


def newest_tasks(store: Store, most: int, user_id: int | None = None) -> list[Task]:
    """The last `most` tasks, newest first; of everybody, or of one person."""
    wanted = select(tasks).order_by(tasks.c.created_at.desc(), tasks.c.id.desc()).limit(most)
    if user_id is not None:
        wanted = wanted.where(tasks.c.user_id == user_id)
    with store.read() as connection:
        return [_task(row) for row in connection.execute(wanted).all()]


def claim(
    store: Store, owner: str, now: datetime, most: int, only: Collection[str] | None = None, suspects: int = 1, concurrent: int = 0
) -> list[Task]:
    """Take up to `most` tasks that are due in queues that are not paused, in the order of `fairness.pick`.

    `only` names those it may be; None: any. At most `suspects` of them are tasks whose driver died, and they come first: side by
    side, the one that kills its driver would take the innocent with it. Of nobody run more than `concurrent` (0: any number). No two
    owners ever get the same task.
    """
    due = select(tasks.c.id).where(WAITING, tasks.c.not_before <= now, tasks.c.stage.not_in(select(paused_queues.c.queue)))
    if only is not None:
        due = due.where(tasks.c.id.in_(only))
    with store.read() as connection:
        if connection.execute(due.limit(1)).first() is None:
            return []  # looking is cheap, a write transaction is not
    with store.write(alone="claims") as connection:
        # Elsewhere than on SQLite others write meanwhile: what they have taken is passed over, not waited for.
        deadly = (
            due.where(tasks.c.owner_deaths > 0).order_by(tasks.c.created_at).limit(min(suspects, most)).with_for_update(skip_locked=True)
        )
        ids = list(connection.execute(deadly).scalars())
        ids += fairness.pick(_waiting(connection, due, most), _loads(connection), most - len(ids), concurrent)
        rows = connection.execute(select(tasks).where(tasks.c.id.in_(ids))).all()
        claimed = sorted((lifecycle.claim(_task(row), owner, now) for row in rows), key=lambda task: ids.index(task.id))
        return [task for task in claimed if _update(connection, task, _CHANGE_WAITING)]


def _waiting(connection: Connection, due: Select[Any], most: int) -> list[Waiting]:
    """The first `most` due tasks of everybody that no driver died of: of higher `priority` first, then the oldest."""
    order = tasks.c.priority.desc(), tasks.c.created_at, tasks.c.id
    place = func.row_number().over(partition_by=tasks.c.user_id, order_by=order).label("place")
    ranked = due.where(tasks.c.owner_deaths == 0).add_columns(tasks.c.user_id, tasks.c.rows, tasks.c.created_at, place).subquery()
    first = select(ranked).where(ranked.c.place <= most).order_by(ranked.c.place)
    return [Waiting(row.id, row.user_id, row.rows, row.created_at) for row in connection.execute(first)]


def _loads(connection: Connection) -> dict[int, Load]:
    running = select(tasks.c.user_id, func.count(), func.coalesce(func.sum(tasks.c.rows), 0)).where(_RUNNING).group_by(tasks.c.user_id)
    return {user_id: Load(count, int(rows)) for user_id, count, rows in connection.execute(running)}


def transition(store: Store, task_id: str, move: Callable[[Task], Task], event: str) -> Task:
    """Make a `move` of the life cycle with a task, whoever holds it, and return it as it is then.

    Raises:
        TaskUnknown: there is none of this id.
        TransitionRefused: its status does not allow the move.
    """
    with store.write() as connection:
        row = connection.execute(select(tasks).where(tasks.c.id == task_id).with_for_update()).one_or_none()
        if row is None:
            raise TaskUnknown(f"there is no task {task_id}")
        moved = move(_task(row))
        _update(connection, moved, _CHANGE)
        _record(connection, moved, event, {})
    return moved


def held_by(store: Store, owner: str) -> set[str]:
    """The ids of the tasks that `owner` holds."""
    with store.read() as connection:
        return set(connection.execute(select(tasks.c.id).where(_RUNNING, tasks.c.owner == owner)).scalars())


def free_orphans(store: Store, alive: Collection[str], now: datetime, only: Collection[str] | None = None) -> list[str]:
    """Take tasks from owners that are none of the drivers `alive`, so that they wait again or are set aside; their ids. `only` as in `claim`."""
    orphaned = select(tasks).where(_RUNNING, tasks.c.owner.not_in(alive))
    if only is not None:
        orphaned = orphaned.where(tasks.c.id.in_(only))
    with store.read() as connection:
        found = [_task(row) for row in connection.execute(orphaned)]
    return [task.id for task in found if _bury(store, task, now)]


def _bury(store: Store, task: Task, now: datetime) -> bool:
    """Take a task from its dead owner, unless somebody else has done so."""
    left, what = lifecycle.owner_died(task, now), {"stage": task.stage.value, "lost": task.owner, "owner_deaths": task.owner_deaths + 1}
    if left.has_ended:
        return save(store, left, task.owner, "task.failed", what | {"code": left.error_code, "message": left.error})
    return save(store, left, task.owner, "task.released", what)


def save(store: Store, task: Task, holder: str, event: str, data: dict[str, Any] | None = None) -> bool:
    """Save a task that `holder` has claimed, with what happened; False, and nothing saved, when it is the holder's no more, or anew."""
    with store.write() as connection:
        saved = _update(connection, task, _CHANGE_HELD, holder=holder, holding=task.claim_number)
        if saved:
            _record(connection, task, event, data or {})
    return saved


def record_event(store: Store, task_id: str, name: str, data: dict[str, Any], now: datetime) -> None:
    """Record something that happened to a task and does not change it."""
    with store.write() as connection:
        connection.execute(_ADD_EVENT, {"task_id": task_id, "at": now, "name": name, "data": data})


def events_since(store: Store, task_ids: Collection[str], after: int) -> list[tuple[int, str, str, dict[str, Any]]]:
    """What happened to these tasks since the event numbered `after`: number, task id, name, data, in order."""
    wanted = select(task_events).where(task_events.c.id > after, task_events.c.task_id.in_(task_ids)).order_by(task_events.c.id)
    with store.read() as connection:
        return [(row.id, row.task_id, row.name, row.data) for row in connection.execute(wanted)]


def events_of(store: Store, task_id: str) -> list[EventRow]:
    """What happened to a task, in order: time, name, data."""
    wanted = select(task_events.c.at, task_events.c.name, task_events.c.data).where(task_events.c.task_id == task_id)
    with store.read() as connection:
        return [(at, name, data) for at, name, data in connection.execute(wanted.order_by(task_events.c.id))]


def _update(connection: Connection, task: Task, change: Update, **known: Any) -> bool:
    """Save all of the task that may have changed by one of the statements made for it; whether its condition held."""
    values = {name: getattr(task, name) for name in _CHANGING}
    if not task.file_hash:
        del values["file_hash"]
    return connection.execute(change, {**values, "task": task.id, **known}).rowcount == 1


def _record(connection: Connection, task: Task, name: str, data: dict[str, Any]) -> None:
    connection.execute(_ADD_EVENT, {"task_id": task.id, "at": task.updated_at, "name": name, "data": data})


def _values(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in _COLUMNS}


def _task(row: Row[Any]) -> Task:
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for it
    return Task(**values | {"stage": Stage(values["stage"]), "status": Status(values["status"])})
