"""Leases: the right of one driver to write for a task, from the claim until the task ends, is released or is claimed again."""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, select

from monito_ray.errors import LeaseLost
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store
from monito_ray.store.schema import tasks


@dataclass(frozen=True, slots=True)
class Lease:
    """One claim of one task by one driver."""

    task_id: str
    owner: str
    #: The fencing token: tells this lease from an earlier or later one of the same owner.
    claim_number: int


def lease_of(task: Task) -> Lease:
    """Return the lease that the owner of a claimed task has."""
    return Lease(task.id, task.owner, task.claim_number)


def confirm(connection: Connection, lease: Lease) -> None:
    """Check that the lease holds, and keep it from being lost until the transaction of `connection` ends.

    Raises:
        LeaseLost: the task was released, ended, or claimed again.
    """
    if connection.execute(_held_row(lease).with_for_update()).first() is None:
        raise LeaseLost(f"task {lease.task_id} is another driver's by now")


def holds(store: Store, lease: Lease) -> bool:
    """Return whether the lease holds at this moment. Call it just before a write outside the database, which no transaction can guard."""
    with store.read() as connection:
        return connection.execute(_held_row(lease)).first() is not None


def _held_row(lease: Lease) -> Select[tuple[str]]:
    return select(tasks.c.id).where(tasks.c.id == lease.task_id, tasks.c.owner == lease.owner, tasks.c.claim_number == lease.claim_number)
