"""Signs of life: which drivers work on a database, and since when they were last heard of."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from monito_ray.store.database import Store
from monito_ray.store.tables import heartbeats

EVERY_S = 3.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A driver as others see it. `is_serving`: it takes everybody's tasks, not those of one command alone."""

    driver_id: str
    host: str
    pid: int
    is_serving: bool
    started_at: datetime
    seen_at: datetime


def beat(store: Store, driver_id: str, *, is_serving: bool, now: datetime) -> None:
    """Say that the driver in this process lives; the first time, that it is there."""
    with store.write() as connection:
        known = connection.execute(update(heartbeats).where(heartbeats.c.driver_id == driver_id).values(seen_at=now)).rowcount
        if not known:
            here = {"host": socket.gethostname(), "pid": os.getpid(), "serving": is_serving}
            connection.execute(insert(heartbeats).values(driver_id=driver_id, started_at=now, seen_at=now, **here))


def leave(store: Store, driver_id: str) -> None:
    """Say that the driver is done."""
    with store.write() as connection:
        connection.execute(delete(heartbeats).where(heartbeats.c.driver_id == driver_id))


def alive(store: Store, since: datetime) -> list[Heartbeat]:
    """The drivers heard of at or after `since`, oldest first."""
    with store.read() as connection:
        rows = connection.execute(select(heartbeats).where(heartbeats.c.seen_at >= since).order_by(heartbeats.c.started_at)).all()
    return [Heartbeat(row.driver_id, row.host, row.pid, row.serving, row.started_at, row.seen_at) for row in rows]
