"""Retention of records: what happened to tasks that have ended, requests to the LLM, and its answers, each for as long as is set."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from monito_ray.jobs import queue
from monito_ray.store.database import Store
from monito_ray.store.pruning import prune
from monito_ray.store.schema import answers, llm_requests, open_pairs, pair_answers, task_events, tasks

_OF_ENDED_TASK = select(tasks.c.id).where(queue.HAS_ENDED)


def remove_old_events(store: Store, age: timedelta, now: datetime) -> int:
    """Remove the events of ended tasks that are older, and return how many those are.

    The newest event of all stays, so that no later one gets a number that was given before: hooks ask for what came after a number.
    """
    is_old = (task_events.c.at < now - age) & task_events.c.task_id.in_(_OF_ENDED_TASK)
    return prune(store, task_events, is_old & (task_events.c.id < select(func.max(task_events.c.id)).scalar_subquery()))


def remove_old_requests(store: Store, age: timedelta, now: datetime) -> int:
    """Remove the requests of ended tasks from the ledger that are older; the results of these tasks keep their sums."""
    return prune(store, llm_requests, (llm_requests.c.at < now - age) & llm_requests.c.task_id.in_(_OF_ENDED_TASK))


def remove_old_answers(store: Store, age: timedelta, now: datetime) -> int:
    """Remove stored answers that are older: their rows are asked about, and paid, again when a list brings them.

    Answers that may belong to a task that has not ended stay, and so do those about pairs of offers that are open.
    """
    with store.read() as connection:
        oldest_open = connection.execute(select(func.min(tasks.c.created_at)).where(queue.IS_OPEN)).scalar()
    until = min(now - age, oldest_open or now)
    is_open_pair = pair_answers.c.key.in_(select(open_pairs.c.answer_key).where(open_pairs.c.answer_key.is_not(None)))
    removed = prune(store, answers, answers.c.created_at < until)
    return removed + prune(store, pair_answers, (pair_answers.c.created_at < until) & ~is_open_pair)
