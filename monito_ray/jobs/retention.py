"""How long files are kept: uploads and artifacts of tasks that have ended, until they are old or too many. The catalogue keeps the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from monito_ray.jobs.artifacts import Artifacts, StoredItem
from monito_ray.records import Status
from monito_ray.store.database import Store
from monito_ray.store.schema import tasks

_OPEN = (Status.PENDING.value, Status.RUNNING.value, Status.RETRY.value)
# An upload is kept before its task is committed.
_FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RetentionLimits:
    """Files of ended tasks older than `age` go, and of what is left the oldest until all have no more than `size_bytes` (0: any size)."""

    age: timedelta
    size_bytes: int = 0


def sweep(store: Store, files: Artifacts, limits: RetentionLimits, now: datetime) -> int:
    """Remove what is due; the bytes that were freed.

    Raises:
        StoreUnavailable: the database does not answer, or the files cannot be removed.
    """
    with store.read() as connection:
        wanted = select(tasks.c.id, tasks.c.file_hash).where(tasks.c.status.in_(_OPEN))
        needed = {name for row in connection.execute(wanted) for name in row}
    due = choose(files.all_items(), needed, limits, now)
    for kept in due:
        files.remove(kept)
    return sum(kept.size_bytes for kept in due)


def choose(kept: Sequence[StoredItem], needed: set[str], limits: RetentionLimits, now: datetime) -> list[StoredItem]:
    """Those that go: none that is `needed` (task ids and content hashes), none that just came, the oldest first."""
    free = sorted((one for one in kept if one.name not in needed and one.changed_at < now - _FRESH), key=lambda one: one.changed_at)
    total = sum(one.size_bytes for one in kept)
    gone: list[StoredItem] = []
    for one in free:
        is_over = limits.size_bytes and total > limits.size_bytes
        if is_over or one.changed_at < now - limits.age:
            gone.append(one)
            total -= one.size_bytes
    return gone
