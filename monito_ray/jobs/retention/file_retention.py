"""Retention: uploads and artifacts of ended tasks are removed when they are old, or when all together are too large.

The catalogue keeps the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import Artifacts, StoredItem
from monito_ray.store.database import Store
from monito_ray.store.schema import tasks

#: Newer files are never removed: an upload is staged before its task is committed, and until then no task needs it.
_YOUNGEST_REMOVED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RetentionLimits:
    """When files of ended tasks are removed."""

    #: Files that were changed longer ago are removed.
    age: timedelta
    #: The oldest files are removed until all files together have at most this size; 0 = no limit.
    size_bytes: int = 0


def remove_expired(store: Store, files: Artifacts, limits: RetentionLimits, now: datetime) -> int:
    """Remove the files that are over the limits, and return how many bytes that freed.

    Raises:
        StoreUnavailable: the database does not answer, or a file cannot be removed.
    """
    with store.read() as connection:
        open_tasks = connection.execute(select(tasks.c.id, tasks.c.file_hash).where(queue.IS_OPEN)).all()
    needed = {name for row in open_tasks for name in row}
    expired = choose_expired(files.all_items(), needed, limits, now)
    for item in expired:
        files.remove(item)
    return sum(item.size_bytes for item in expired)


def choose_expired(items: Sequence[StoredItem], needed: set[str], limits: RetentionLimits, now: datetime) -> list[StoredItem]:
    """Return the items to remove, the oldest first; never one whose name (task id or content hash) is `needed`, nor a recent one."""
    removable = [item for item in items if item.name not in needed and item.changed_at < now - _YOUNGEST_REMOVED]
    total_bytes = sum(item.size_bytes for item in items)
    expired: list[StoredItem] = []
    for item in sorted(removable, key=lambda item: item.changed_at):
        is_over_size = limits.size_bytes and total_bytes > limits.size_bytes
        if is_over_size or item.changed_at < now - limits.age:
            expired.append(item)
            total_bytes -= item.size_bytes
    return expired
