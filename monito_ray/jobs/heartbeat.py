"""Heartbeats: which drivers work on a database, and when each was last alive."""

import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import psutil
from sqlalchemy import bindparam, delete, insert, select, update

from monito_ray.errors import StoreUnavailable
from monito_ray.store.database import Store
from monito_ray.store.machine_identity import this_machine
from monito_ray.store.schema import heartbeats

#: Time between two heartbeats of a driver.
INTERVAL_S = 3.0
#: A driver without a heartbeat for this long is presumed dead; its tasks are released.
PRESUMED_DEAD_AFTER_S = 10.0
#: A driver that could not write a heartbeat for this long stops its tasks. It is shorter than `PRESUMED_DEAD_AFTER_S`, so that it stops before others
#: take the tasks over.
STOP_AFTER_SILENCE_S = 8.0
# Statements are built once: building one takes longer than running it.
_BEAT = update(heartbeats).where(heartbeats.c.driver_id == bindparam("beating"))
_REGISTERED = select(heartbeats).order_by(heartbeats.c.started_at)
#: Start times of one process, read at different moments, differ by less than this. A difference above this means another process with the
#: same PID.
_SAME_PROCESS_S = 1.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A driver as other processes see it."""

    driver_id: str
    host: str
    pid: int
    #: Whether it takes the tasks of all users; an embedded driver takes those of one command only.
    is_serving: bool
    started_at: datetime
    #: The time of its last heartbeat.
    seen_at: datetime
    #: Its LLM workers.
    workers: int = 0
    #: The address of its Ray's dashboard, "" for none.
    dashboard: str = ""
    #: When its process started, in seconds since the epoch by its machine's clock; a later process with the same PID has another time.
    #: 0 = unknown.
    process_started: float = 0.0
    #: See `machine.this_machine`; "" = unknown.
    machine: str = ""
    #: The nodes of its cluster and how they stand, for people; "" where it has a Ray of its own.
    nodes: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, under a process number that means the same here."""
        return self.machine == this_machine()


def beat(store: Store, driver_id: str, *, is_serving: bool, now: datetime, workers: int = 0, dashboard: str = "", nodes: str = "") -> None:
    """Write a heartbeat of the driver in this process; the first one registers it."""
    with store.write() as connection:
        state = {"seen_at": now, "workers": workers, "dashboard": dashboard, "nodes": nodes}
        is_registered = connection.execute(_BEAT, {"beating": driver_id, **state}).rowcount
        if not is_registered:
            process = {"pid": os.getpid(), "process_started": psutil.Process().create_time()}
            where = {"host": socket.gethostname(), "machine": this_machine()}
            connection.execute(
                insert(heartbeats).values(driver_id=driver_id, serving=is_serving, started_at=now, **where, **process, **state)
            )


class HeartbeatTracker:
    """Tracks a driver's last successful heartbeat, so that it can stop before others presume it dead.

    A heartbeat is late when the process was suspended or the database did not answer.
    """

    def __init__(self) -> None:
        self._last_beat_at = time.monotonic()
        self._lapses = 0

    def record_beat(self, started_at: float) -> None:
        """Record a successful heartbeat that started at `started_at` (monotonic seconds)."""
        self._lapses += started_at - self._last_beat_at > STOP_AFTER_SILENCE_S
        self._last_beat_at = started_at

    @property
    def epoch(self) -> int:
        """A number that grows with each lapse: tasks that were claimed in an earlier epoch may belong to another driver now."""
        return self._lapses + self.has_lapsed

    @property
    def has_lapsed(self) -> bool:
        """Whether other drivers may presume this one dead."""
        return time.monotonic() - self._last_beat_at > STOP_AFTER_SILENCE_S


@contextmanager
def beat_in_background(beat_once: Callable[[], None]) -> Iterator[HeartbeatTracker]:
    """Call `beat_once` now, and every `INTERVAL_S` seconds from a thread while the block runs; give the tracker of these heartbeats.

    Raises:
        StoreUnavailable: the first heartbeat failed. Later ones may fail; the next one is tried at its time.
    """
    done, tracker = threading.Event(), HeartbeatTracker()

    def beat_now() -> None:
        started_at = time.monotonic()
        beat_once()
        tracker.record_beat(started_at)

    def beat_until_done() -> None:
        while not done.wait(INTERVAL_S):
            with suppress(StoreUnavailable):
                beat_now()

    beat_now()
    thread = threading.Thread(target=beat_until_done, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield tracker
    finally:
        done.set()
        thread.join()


def sign_off(store: Store, driver_id: str) -> None:
    """Remove the heartbeat of a driver that stops."""
    with store.write() as connection:
        connection.execute(delete(heartbeats).where(heartbeats.c.driver_id == driver_id))


def registered_drivers(store: Store) -> list[Heartbeat]:
    """Return the drivers that have not signed off, oldest first; some may be dead."""
    with store.read() as connection:
        rows = connection.execute(_REGISTERED).all()
    return [
        Heartbeat(
            row.driver_id,
            row.host,
            row.pid,
            row.serving,
            row.started_at,
            row.seen_at,
            row.workers,
            row.dashboard,
            row.process_started,
            row.machine,
            row.nodes,
        )
        for row in rows
    ]


def live_drivers(store: Store, now: datetime) -> list[Heartbeat]:
    """Return the drivers with a heartbeat within `PRESUMED_DEAD_AFTER_S`, without those whose process on this machine has ended."""
    return living(registered_drivers(store), now)


def living(drivers: Sequence[Heartbeat], now: datetime) -> list[Heartbeat]:
    """Return those of the drivers that `live_drivers` returns."""
    since = now - timedelta(seconds=PRESUMED_DEAD_AFTER_S)
    return [driver for driver in drivers if driver.seen_at >= since and not _has_exited(driver)]


def serving_drivers(store: Store, now: datetime) -> list[Heartbeat]:
    """Return the live drivers that take all users' tasks."""
    return [driver for driver in live_drivers(store, now) if driver.is_serving]


def remove(store: Store, driver_ids: Collection[str]) -> None:
    """Remove the heartbeats of these drivers; one that is alive registers again with its next heartbeat."""
    if driver_ids:
        with store.write() as connection:
            connection.execute(delete(heartbeats).where(heartbeats.c.driver_id.in_(driver_ids)))


def _has_exited(driver: Heartbeat) -> bool:
    if not driver.is_here:
        return False
    try:
        process = psutil.Process(driver.pid)
        is_another = driver.process_started and abs(process.create_time() - driver.process_started) > _SAME_PROCESS_S
        return bool(is_another) or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
