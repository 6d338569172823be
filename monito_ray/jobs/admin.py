"""Administration of tasks and queues: cancel, requeue, purge, pause, resume. Every change is in the store and outlives all processes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, literal, select, update

from monito_ray.errors import QueueUnknown
from monito_ray.jobs import chat_messages, lifecycle, queue
from monito_ray.jobs.task import FILE, Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import paused_queues, task_events, tasks


def stage_named(name: str) -> Stage:
    """Return the stage whose queue has this name.

    Raises:
        QueueUnknown: no queue has it.
    """
    try:
        return Stage(name)
    except ValueError:
        raise QueueUnknown(f"there is no queue {name!r}") from None


def cancel(store: Store, task_id: str, now: datetime) -> Task:
    """Cancel a task that has not ended; a driver that runs it stops within a second.

    Raises:
        TaskUnknown: there is no task with this id.
        TransitionRefused: the task has ended.
    """
    return _change(store, task_id, lifecycle.cancel, "task.cancelled", now)


def requeue(store: Store, task_id: str, now: datetime) -> Task:
    """Let a task that failed or was cancelled wait again in its stage; a task in retry becomes due at once.

    The chat of a file is told of its new end, too; a message that may have arrived is sent again.

    Raises:
        TaskUnknown: there is no task with this id.
        TransitionRefused: the task waits, runs, or succeeded.
    """
    with store.write() as connection:
        task = queue.transition_within(connection, task_id, lambda task: lifecycle.requeue(task, now), "task.requeued")
        if task.kind == FILE:
            chat_messages.reopen_closing(connection, task_id)
        else:
            chat_messages.reopen_unknown(connection, task_id)
    return task


def name_supplier(store: Store, task_id: str, supplier: str, how: str, changed: Mapping[str, Any], now: datetime) -> Task:
    """Say in the result of a task whose list it is; see `lifecycle.name_supplier`."""
    return queue.transition(store, task_id, lambda task: lifecycle.name_supplier(task, supplier, how, changed, now), "supplier.assigned")


def settle_question(store: Store, task_id: str, question_id: str, now: datetime) -> Task:
    """Ask a question of a task's result no more; see `lifecycle.settle_question`."""
    return queue.transition(store, task_id, lambda task: lifecycle.settle_question(task, question_id, now), "question.settled")


def purge(store: Store, stage: Stage, now: datetime) -> int:
    """Cancel every task that waits in this queue, in one transaction, and return how many there were."""
    waits_here = queue.IS_WAITING, tasks.c.stage == stage.value
    with store.write() as connection:
        # The rows are locked first, so that the recorded and the cancelled tasks are the same.
        ids = connection.execute(select(tasks.c.id).where(*waits_here).with_for_update()).scalars().all()
        event = select(tasks.c.id, literal(now, task_events.c.at.type), literal("task.cancelled"), literal({}, task_events.c.data.type))
        connection.execute(insert(task_events).from_select(["task_id", "at", "name", "data"], event.where(*waits_here)))
        cancelled = {"status": Status.CANCELLED.value, "owner": "", "finished_at": now, "updated_at": now}
        connection.execute(update(tasks).where(*waits_here).values(cancelled))
    return len(ids)


def pause(store: Store, stage: Stage, now: datetime) -> None:
    """Keep tasks of this queue from being claimed until it is resumed; running ones finish the stage."""
    with store.write() as connection:
        insert_missing(connection, paused_queues, [{"queue": stage.value, "paused_at": now}])


def resume(store: Store, stage: Stage) -> None:
    """Let tasks of this queue be claimed again; harmless for a queue that is not paused."""
    with store.write() as connection:
        connection.execute(delete(paused_queues).where(paused_queues.c.queue == stage.value))


def paused_stages(store: Store) -> frozenset[Stage]:
    """Return the stages whose queues are paused."""
    with store.read() as connection:
        return frozenset(map(Stage, connection.execute(select(paused_queues.c.queue)).scalars()))


def _change(store: Store, task_id: str, move: Callable[[Task, datetime], Task], event: str, now: datetime) -> Task:
    return queue.transition(store, task_id, lambda task: move(task, now), event)
