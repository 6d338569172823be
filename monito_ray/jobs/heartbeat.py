"""Signs of life: which drivers work on a database, and since when they were last heard of."""

import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import psutil
from sqlalchemy import delete, insert, select, update

from monito_ray.errors import StoreUnavailable
from monito_ray.store.database import Store
from monito_ray.store.schema import heartbeats

INTERVAL_S = 3.0
LEASE_S = 10.0
"""Who was not heard of for so long is dead, and has nothing any more."""
_SAME_PROCESS_S = 1.0
LAPSE_S = 8.0
"""Who could not be heard of for so long lets go of everything, before anybody takes it."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A driver as others see it.

    `is_serving`: it takes everybody's tasks, not those of one command alone. `workers`: the LLM workers it has; `dashboard`: the
    address of its Ray's dashboard. `process_started`: seconds since the epoch as its machine counts them, which tells a process from
    another that was given its number later; 0 = not known.
    """

    driver_id: str
    host: str
    pid: int
    is_serving: bool
    started_at: datetime
    seen_at: datetime
    workers: int = 0
    dashboard: str = ""
    process_started: float = 0.0


def beat(store: Store, driver_id: str, *, is_serving: bool, now: datetime, workers: int = 0, dashboard: str = "") -> None:
    """Say that the driver in this process lives; the first time, that it is there."""
    with store.write() as connection:
        news = {"seen_at": now, "workers": workers, "dashboard": dashboard}
        known = connection.execute(update(heartbeats).where(heartbeats.c.driver_id == driver_id).values(news)).rowcount
        if not known:
            mine = {"host": socket.gethostname(), "pid": os.getpid(), "process_started": psutil.Process().create_time()}
            connection.execute(insert(heartbeats).values(driver_id=driver_id, serving=is_serving, started_at=now, **mine, **news))


class HeartbeatTracker:
    """When a driver last made itself heard, so that it knows by itself when others must think it dead: it was stopped, or its store was away."""

    def __init__(self) -> None:
        self._felt_at = time.monotonic()
        self._lives = 0

    def feel(self, began_at: float) -> None:
        """A beat that began then was heard; after too long a pause it is the first of another life."""
        self._lives += began_at - self._felt_at > LAPSE_S
        self._felt_at = began_at

    @property
    def life(self) -> int:
        """The number of this life: what was claimed in another is the driver's no more."""
        return self._lives + self.has_lapsed

    @property
    def has_lapsed(self) -> bool:
        """Whether others may think the driver dead."""
        return time.monotonic() - self._felt_at > LAPSE_S


@contextmanager
def beat_in_background(beat_once: Callable[[], None]) -> Iterator[HeartbeatTracker]:
    """Call `beat_once` now and every `EVERY_S` seconds from a thread of its own, whatever the block is busy with; give the pulse.

    Raises:
        StoreUnavailable: the first beat failed; later ones may, and the next is tried.
    """
    done, pulse = threading.Event(), HeartbeatTracker()

    def beat_now() -> None:
        began_at = time.monotonic()
        beat_once()
        pulse.feel(began_at)

    def go_on() -> None:
        while not done.wait(INTERVAL_S):
            with suppress(StoreUnavailable):
                beat_now()

    beat_now()
    thread = threading.Thread(target=go_on, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        done.set()
        thread.join()


def sign_off(store: Store, driver_id: str) -> None:
    """Say that the driver is done."""
    with store.write() as connection:
        connection.execute(delete(heartbeats).where(heartbeats.c.driver_id == driver_id))


def registered(store: Store) -> list[Heartbeat]:
    """The drivers that did not say they were done, oldest first; some may be dead."""
    with store.read() as connection:
        rows = connection.execute(select(heartbeats).order_by(heartbeats.c.started_at)).all()
    return [
        Heartbeat(
            row.driver_id, row.host, row.pid, row.serving, row.started_at, row.seen_at, row.workers, row.dashboard, row.process_started
        )
        for row in rows
    ]


def alive(store: Store, now: datetime) -> list[Heartbeat]:
    """Those heard of within the lease, less those whose process on this machine is gone."""
    since = now - timedelta(seconds=LEASE_S)
    return [found for found in registered(store) if found.seen_at >= since and not _is_gone(found)]


def serving(store: Store, now: datetime) -> list[Heartbeat]:
    """The drivers alive that take everybody's tasks."""
    return [found for found in alive(store, now) if found.is_serving]


def remove(store: Store, driver_ids: Collection[str]) -> None:
    """Take drivers off the list; one that lives all the same is back with its next beat."""
    if driver_ids:
        with store.write() as connection:
            connection.execute(delete(heartbeats).where(heartbeats.c.driver_id.in_(driver_ids)))


def _is_gone(found: Heartbeat) -> bool:
    if found.host != socket.gethostname():
        return False
    try:
        process = psutil.Process(found.pid)
        is_another = found.process_started and abs(process.create_time() - found.process_started) > _SAME_PROCESS_S
        return bool(is_another) or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
