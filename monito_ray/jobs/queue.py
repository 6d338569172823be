"""The durable queue: tasks are inserted, claimed by one driver at a time, and saved only by the driver that holds their lease."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, Update, bindparam, func, insert, or_, select, update

from monito_ray.errors import TaskUnknown
from monito_ray.jobs import fairness, lifecycle
from monito_ray.jobs.fairness import Load, Waiting
from monito_ray.jobs.retry import STAGE_RETRIES
from monito_ray.jobs.task import Task
from monito_ray.records import OPEN_STATUSES, Status
from monito_ray.stages import Stage
from monito_ray.store.database import Store
from monito_ray.store.schema import paused_queues, task_events, tasks

#: Time, name and data of a row of `task_events`.
EventRow = tuple[datetime, str, dict[str, Any]]
#: Number, task id, name and data of a row of `task_events`.
NumberedEvent = tuple[int, str, str, dict[str, Any]]
_COLUMNS = tuple(field.name for field in fields(Task))
#: Columns that never change after the insert, but `options` of a list that comes in several messages, until it is claimed. If an UPDATE sets a key column, SQLite checks every foreign key that points to the row, even
#: if the value stays the same. So an UPDATE that sets `id` would scan the whole catalogue.
_FIXED = {"id", "kind", "user_id", "file_name", "options", "program_version", "created_at", "priority", "dedup_key"}
_CHANGING = tuple(name for name in _COLUMNS if name not in _FIXED)
#: A task that was changed so much later than now was changed before the clock was set back: its `not_before` means nothing, and it is due. As
#: long as the longest wait between two attempts, so that clocks which differ by less shorten none.
CLOCK_SET_BACK = timedelta(seconds=STAGE_RETRIES.longest_wait_s)
#: Conditions on the rows of `tasks`.
IS_WAITING = tasks.c.status.in_((Status.PENDING.value, Status.RETRY.value))
IS_OPEN = tasks.c.status.in_([status.value for status in OPEN_STATUSES])
HAS_ENDED = tasks.c.status.in_([status.value for status in Status if status not in OPEN_STATUSES])
# Statements are built once: building one takes longer than running it.
_ADD_TASK, _ADD_EVENT = insert(tasks), insert(task_events)
_IS_RUNNING = tasks.c.status == Status.RUNNING.value
#: Waiting tasks whose time has come at a `moment`.
IS_DUE = IS_WAITING & or_(tasks.c.not_before <= bindparam("now"), tasks.c.updated_at > bindparam("beyond"))
_IS_OPEN_QUEUE = tasks.c.stage.not_in(select(paused_queues.c.queue))
#: Tasks that may be claimed at a `moment`.
_DUE = select(tasks.c.id).where(IS_DUE, _IS_OPEN_QUEUE)
_HELD = select(tasks.c.id).where(_IS_RUNNING, tasks.c.owner == bindparam("holder"))
_ORPHANED = select(tasks).where(_IS_RUNNING, tasks.c.owner.not_in(bindparam("alive", expanding=True)))
_BY_ID = select(tasks).where(tasks.c.id.in_(bindparam("ids", expanding=True))).order_by(tasks.c.created_at, tasks.c.id)
_UPDATE = update(tasks).where(tasks.c.id == bindparam("updated_id"))
_UPDATE_WAITING = _UPDATE.where(IS_WAITING)
_UPDATE_HELD = _UPDATE.where(tasks.c.owner == bindparam("holder"), tasks.c.claim_number == bindparam("held_claim"))
_LOADS = select(tasks.c.user_id, func.count(), func.coalesce(func.sum(tasks.c.rows), 0)).where(_IS_RUNNING).group_by(tasks.c.user_id)


class _ClaimStatements(NamedTuple):
    """What a claim reads of the tasks that are due."""

    any_due: Select[Any]
    suspects: Select[Any]
    #: The first `limit` of each user, by priority and then by age, without suspects.
    ranked: Select[Any]


def _claim_statements(due: Select[Any]) -> _ClaimStatements:
    columns = tasks.c.user_id, tasks.c.rows, tasks.c.created_at
    suspects = due.where(tasks.c.owner_deaths >= lifecycle.SUSPECT_FROM).add_columns(*columns).order_by(tasks.c.created_at)
    order = tasks.c.priority.desc(), tasks.c.created_at, tasks.c.id
    rank = func.row_number().over(partition_by=tasks.c.user_id, order_by=order).label("rank")
    ranked = due.where(tasks.c.owner_deaths < lifecycle.SUSPECT_FROM).add_columns(*columns, rank).subquery()
    return _ClaimStatements(
        due.limit(1),
        # PostgreSQL lets others write meanwhile: rows that they have locked are skipped, not waited for.
        suspects.with_for_update(skip_locked=True),
        select(ranked).where(ranked.c.rank <= bindparam("limit")).order_by(ranked.c.rank),
    )


_CLAIM = _claim_statements(_DUE)


def moment(now: datetime) -> dict[str, datetime]:
    """Return the parameters of `IS_DUE` for this time."""
    return {"now": now, "beyond": now + CLOCK_SET_BACK}


def submit(store: Store, task: Task) -> None:
    """Commit a new task."""
    with store.write() as connection:
        insert_task(connection, task)


def insert_task(connection: Connection, task: Task) -> None:
    """Insert a new task within the transaction of `connection`."""
    connection.execute(_ADD_TASK, {name: getattr(task, name) for name in _COLUMNS})
    _record(connection, task, "task.submitted", {"file_name": task.file_name})


def set_file_hash(store: Store, task_id: str, file_hash: str) -> None:
    """Set the content hash of a task whose file was fetched after the task was committed.

    A later save with an empty hash does not overwrite it.
    """
    with store.write() as connection:
        connection.execute(update(tasks).where(tasks.c.id == task_id).values(file_hash=file_hash))


def load(store: Store, task_id: str) -> Task:
    """Return the task.

    Raises:
        TaskUnknown: there is no task with this id.
    """
    rows = load_all(store, [task_id])
    if not rows:
        raise TaskUnknown(f"there is no task {task_id}")
    return rows[0]


def load_all(store: Store, task_ids: Collection[str]) -> list[Task]:
    """Return the tasks with these ids, oldest first; ids without a task are skipped."""
    with store.read() as connection:
        return load_within(connection, task_ids)


def load_within(connection: Connection, task_ids: Collection[str]) -> list[Task]:
    """Do as `load_all`, within the transaction of `connection`."""
    return [_task(row) for row in connection.execute(_BY_ID, {"ids": list(task_ids)})]


def newest_tasks(store: Store, limit: int, user_id: int | None = None, kind: str = "") -> list[Task]:
    """Return the last `limit` tasks, newest first; of all users or of one, of all kinds or of one."""
    query = select(tasks).order_by(tasks.c.created_at.desc(), tasks.c.id.desc()).limit(limit)
    if user_id is not None:
        query = query.where(tasks.c.user_id == user_id)
    if kind:
        query = query.where(tasks.c.kind == kind)
    with store.read() as connection:
        return [_task(row) for row in connection.execute(query).all()]


def claim(
    store: Store, owner: str, now: datetime, limit: int, only: Collection[str] | None = None, suspects: int = 1, concurrent: int = 0
) -> list[Task]:
    """Claim up to `limit` tasks that are due and whose queues are not paused, in the order of `fairness.pick`.

    No two owners ever claim the same task.

    Args:
        store: the database.
        owner: the driver that claims.
        now: the time.
        limit: the maximum number of tasks to claim.
        only: ids of the tasks that may be claimed; None for any.
        suspects: the maximum number of tasks to claim whose earlier drivers died, `lifecycle.SUSPECT_FROM` of them. They are claimed first, but only a few at a time: if one
            kills its driver again, all tasks running there are lost.
        concurrent: the maximum number of running tasks of one user, suspects among them; 0 = no limit.
    """
    statements = _CLAIM if only is None else _claim_statements(_DUE.where(tasks.c.id.in_(only)))
    at = moment(now)
    with store.read() as connection:
        if connection.execute(statements.any_due, at).first() is None:
            return []  # this read is cheap, the write transaction below is not
    with store.write(alone="claims") as connection:
        suspected = _as_waiting(connection.execute(statements.suspects, at))
        loads = _loads(connection)
        ids = fairness.pick(suspected, loads, min(suspects, limit), concurrent)
        loads = fairness.add_loads(loads, [task for task in suspected if task.task_id in ids])
        waiting = _as_waiting(connection.execute(statements.ranked, at | {"limit": limit}))
        ids += fairness.pick(waiting, loads, limit - len(ids), concurrent)
        rows = connection.execute(_BY_ID, {"ids": ids}).all()
        claimed = sorted((lifecycle.claim(_task(row), owner, now) for row in rows), key=lambda task: ids.index(task.id))
        return [task for task in claimed if _update(connection, task, _UPDATE_WAITING)]


def _as_waiting(rows: Iterable[Row[Any]]) -> list[Waiting]:
    return [Waiting(row.id, row.user_id, row.rows, row.created_at) for row in rows]


def _loads(connection: Connection) -> dict[int, Load]:
    return {user_id: Load(count, int(rows)) for user_id, count, rows in connection.execute(_LOADS)}


def transition(store: Store, task_id: str, move: Callable[[Task], Task], event: str) -> Task:
    """Apply a transition of `lifecycle` to a task, whoever holds it, record `event`, and return the changed task.

    Raises:
        TaskUnknown: there is no task with this id.
        TransitionRefused: its status does not allow the transition.
    """
    with store.write() as connection:
        return transition_within(connection, task_id, move, event)


def transition_within(connection: Connection, task_id: str, move: Callable[[Task], Task], event: str) -> Task:
    """Do as `transition`, within the transaction of `connection`."""
    row = connection.execute(select(tasks).where(tasks.c.id == task_id).with_for_update()).one_or_none()
    if row is None:
        raise TaskUnknown(f"there is no task {task_id}")
    changed = move(_task(row))
    _update(connection, changed, _UPDATE)
    _record(connection, changed, event, {})
    return changed


def held_by(store: Store, owner: str) -> set[str]:
    """Return the ids of the running tasks that `owner` holds."""
    with store.read() as connection:
        return set(connection.execute(_HELD, {"holder": owner}).scalars())


def free_orphans(store: Store, alive: Collection[str], now: datetime, only: Collection[str] | None = None) -> list[str]:
    """Release the running tasks whose owner is not among the drivers `alive`, and return their ids.

    A released task waits again, or fails when too many owners died with it (`lifecycle.owner_died`). `only` as in `claim`.
    """
    orphaned = _ORPHANED if only is None else _ORPHANED.where(tasks.c.id.in_(only))
    with store.read() as connection:
        orphans = [_task(row) for row in connection.execute(orphaned, {"alive": list(alive)})]
    return [task.id for task in orphans if _release_orphan(store, task, now)]


def _release_orphan(store: Store, seen: Task, now: datetime) -> bool:
    """Take a task from its dead owner; False if another driver was faster, or the owner ended it."""
    is_still_held = (_IS_RUNNING, tasks.c.owner == seen.owner, tasks.c.claim_number == seen.claim_number)
    with store.write() as connection:
        # Looked at anew: an owner that is only slow may have gone on by a stage since the task was seen.
        row = connection.execute(select(tasks).where(tasks.c.id == seen.id, *is_still_held).with_for_update()).one_or_none()
        if row is None:
            return False
        task = _task(row)
        released = lifecycle.owner_died(task, now)
        _update(connection, released, _UPDATE)
        data = {"stage": task.stage.value, "lost": task.owner, "owner_deaths": released.owner_deaths}
        if released.has_ended:
            _record(connection, released, "task.failed", data | _failure(released))
        else:
            _record(connection, released, "task.released", data)
    return True


def _failure(task: Task) -> dict[str, str]:
    return {"code": task.error_code, "message": task.error, "remedy": task.remedy}


def save(store: Store, task: Task, holder: str, event: str, data: dict[str, Any] | None = None) -> bool:
    """Save a changed task and record `event`, if `holder` still has the lease that the task was loaded with.

    Returns False, without saving, if the lease was lost or the task was claimed again.
    """
    with store.write() as connection:
        saved = _update(connection, task, _UPDATE_HELD, holder=holder, held_claim=task.claim_number)
        if saved:
            _record(connection, task, event, data or {})
    return saved


def record_event(store: Store, task_id: str, name: str, data: dict[str, Any], now: datetime) -> None:
    """Record an event that does not change its task."""
    with store.write() as connection:
        connection.execute(_ADD_EVENT, {"task_id": task_id, "at": now, "name": name, "data": data})


def events_since(store: Store, task_ids: Collection[str], after: int) -> list[NumberedEvent]:
    """Return the events of these tasks with a number above `after`, in order."""
    return _events(store, task_events.c.id > after, task_events.c.task_id.in_(task_ids))


def events_named(store: Store, names: Collection[str], after: int) -> list[NumberedEvent]:
    """Return the events of all tasks that have one of these names and a number above `after`, in order."""
    return _events(store, task_events.c.id > after, task_events.c.name.in_(names))


def newest_event(store: Store) -> int:
    """Return the highest number of an event, 0 where there is none."""
    with store.read() as connection:
        return connection.execute(select(func.max(task_events.c.id))).scalar() or 0


def _events(store: Store, *conditions: ColumnElement[bool]) -> list[NumberedEvent]:
    query = select(task_events).where(*conditions).order_by(task_events.c.id)
    with store.read() as connection:
        return [(row.id, row.task_id, row.name, row.data) for row in connection.execute(query)]


def events_of(store: Store, task_id: str) -> list[EventRow]:
    """Return the events of a task, in order: time, name, data."""
    query = select(task_events.c.at, task_events.c.name, task_events.c.data).where(task_events.c.task_id == task_id)
    with store.read() as connection:
        return [(at, name, data) for at, name, data in connection.execute(query.order_by(task_events.c.id))]


def _update(connection: Connection, task: Task, statement: Update, **conditions: Any) -> bool:
    """Run `statement` (`_UPDATE` or a variant) with the changing columns of a task. Return whether a row was updated."""
    values = {name: getattr(task, name) for name in _CHANGING}
    if not task.file_hash:
        del values["file_hash"]
    return connection.execute(statement, {**values, "updated_id": task.id, **conditions}).rowcount == 1


def _record(connection: Connection, task: Task, name: str, data: dict[str, Any]) -> None:
    connection.execute(_ADD_EVENT, {"task_id": task.id, "at": task.updated_at, "name": name, "data": data})


def _task(row: Row[Any]) -> Task:
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for it
    return Task(**values | {"stage": Stage(values["stage"]), "status": Status(values["status"])})
