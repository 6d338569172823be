"""The right of one driver to write about a task: from its claim until somebody else claims it, ends it, or takes it from a dead owner."""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, select

from monito_ray.errors import LeaseLost
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store
from monito_ray.store.schema import tasks


@dataclass(frozen=True, slots=True)
class Lease:
    """One holding of one task; `claim_number` tells it from an earlier or later one of the same owner."""

    task_id: str
    owner: str
    claim_number: int


def lease_of(task: Task) -> Lease:
    """The lease of whoever has claimed `task`."""
    return Lease(task.id, task.owner, task.claim_number)


def confirm(connection: Connection, lease: Lease) -> None:
    """See that the lease holds, and that it does so until the transaction of `connection` ends.

    Raises:
        LeaseLost: it does not.
    """
    if connection.execute(_mine(lease).with_for_update()).first() is None:
        raise LeaseLost(f"task {lease.task_id} is another driver's by now")


def holds(store: Store, lease: Lease) -> bool:
    """Whether the lease holds at this moment; for what is written elsewhere than in the database."""
    with store.read() as connection:
        return connection.execute(_mine(lease)).first() is not None


def _mine(lease: Lease) -> Select[tuple[str]]:
    return select(tasks.c.id).where(tasks.c.id == lease.task_id, tasks.c.owner == lease.owner, tasks.c.claim_number == lease.claim_number)
