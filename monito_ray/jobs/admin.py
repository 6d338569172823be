"""What people do to tasks and queues: cancel, try again, purge, pause, resume. All of it lies in the store and outlives every process."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, insert, literal, select, update

from monito_ray.errors import QueueUnknown
from monito_ray.jobs import lifecycle, queue
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import paused_queues, task_events, tasks


def stage_named(name: str) -> Stage:
    """The queue of this name.

    Raises:
        QueueUnknown: there is none.
    """
    try:
        return Stage(name)
    except ValueError:
        raise QueueUnknown(f"there is no queue {name!r}") from None


def cancel(store: Store, task_id: str, now: datetime) -> Task:
    """Give up a task that has not ended; a driver that runs it stops within a second.

    Raises:
        TaskUnknown, TransitionRefused: there is none of this id, or it has ended.
    """
    return _change(store, task_id, lifecycle.cancel, "task.cancelled", now)


def requeue(store: Store, task_id: str, now: datetime) -> Task:
    """Let a task that failed or was cancelled wait again where it stood; one that waits out a failure is due at once.

    Raises:
        TaskUnknown, TransitionRefused: there is none of this id, or it waits, runs or succeeded already.
    """
    return _change(store, task_id, lifecycle.requeue, "task.requeued", now)


def purge(store: Store, stage: Stage, now: datetime) -> int:
    """Cancel every task that waits in this queue, in one transaction; how many there were."""
    mine = queue.WAITING, tasks.c.stage == stage.value
    with store.write() as connection:
        # The rows are locked first, so that what is recorded and what is cancelled are the same tasks.
        ids = connection.execute(select(tasks.c.id).where(*mine).with_for_update()).scalars().all()
        told = select(tasks.c.id, literal(now, task_events.c.at.type), literal("task.cancelled"), literal({}, task_events.c.data.type))
        connection.execute(insert(task_events).from_select(["task_id", "at", "name", "data"], told.where(*mine)))
        ended = {"status": Status.CANCELLED.value, "owner": "", "finished_at": now, "updated_at": now}
        connection.execute(update(tasks).where(*mine).values(ended))
    return len(ids)


def pause(store: Store, stage: Stage, now: datetime) -> None:
    """Let nobody claim tasks of this queue until it is resumed; those that run there go on to the end of the stage."""
    with store.write() as connection:
        insert_missing(connection, paused_queues, [{"queue": stage.value, "paused_at": now}])


def resume(store: Store, stage: Stage) -> None:
    """Let tasks of this queue be claimed again."""
    with store.write() as connection:
        connection.execute(delete(paused_queues).where(paused_queues.c.queue == stage.value))


def paused_stages(store: Store) -> frozenset[Stage]:
    """The queues that are paused."""
    with store.read() as connection:
        return frozenset(map(Stage, connection.execute(select(paused_queues.c.queue)).scalars()))


def _change(store: Store, task_id: str, move: Callable[[Task, datetime], Task], event: str, now: datetime) -> Task:
    return queue.transition(store, task_id, lambda task: move(task, now), event)
