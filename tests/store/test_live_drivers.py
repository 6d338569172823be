"""Heartbeats in the database: which drivers are alive."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from monito_ray.jobs import heartbeat
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import heartbeats

NOW = datetime(2024, 7, 1, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a database of this test's own."""
    opened = open_store(url)
    yield opened
    opened.close()


def test_only_drivers_with_recent_heartbeats_are_alive(store: Store):
    """A driver whose heartbeats stopped, or that signed off, is not alive."""
    heartbeat.beat(store, "d1", is_serving=True, now=NOW)
    heartbeat.beat(store, "d2", is_serving=False, now=NOW)
    heartbeat.beat(store, "d1", is_serving=True, now=NOW + timedelta(seconds=9))
    (driver,) = heartbeat.live_drivers(store, NOW + timedelta(seconds=15))
    assert (driver.driver_id, driver.is_serving, driver.started_at) == ("d1", True, NOW)
    heartbeat.sign_off(store, "d1")
    assert heartbeat.live_drivers(store, NOW + timedelta(seconds=15)) == []


def test_a_driver_of_another_machine_with_this_ones_name_is_alive(store: Store):
    """Its process number means nothing here: it lives as long as its heartbeats are recent."""
    heartbeat.beat(store, "d1", is_serving=True, now=NOW)
    with store.write() as connection:
        connection.execute(update(heartbeats).values(pid=2**22 + 1))
    assert heartbeat.live_drivers(store, NOW) == []
    with store.write() as connection:
        connection.execute(update(heartbeats).values(machine="another"))
    (driver,) = heartbeat.live_drivers(store, NOW)
    assert (driver.host, driver.is_here) == (socket.gethostname(), False)
    assert heartbeat.live_drivers(store, NOW + timedelta(seconds=11)) == []


def test_a_heartbeat_waits_for_nobody(store: Store):
    """Also while threads of this process hold every connection there is, or wait for one turn: who waits for a turn holds none."""
    is_done = threading.Event()

    def work() -> None:
        with store.write(alone="catalogue"):
            is_done.wait(20)

    threads = [threading.Thread(target=work) for _ in range(40)]
    with store.apart() as apart:
        if apart is store:
            pytest.skip("all writers of a SQLite file have one turn")
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        began = time.monotonic()
        heartbeat.beat(apart, "d1", is_serving=True, now=NOW)
        (driver,) = heartbeat.registered_drivers(store)  # a reader of the shared ones finds a connection, too
        assert time.monotonic() - began < 2
        is_done.set()
        for thread in threads:
            thread.join()
    assert driver.driver_id == "d1"


def test_only_a_database_that_is_shared_tells_the_time(store: Store, url: str):
    """PostgreSQL's clock is everybody's; a file has none."""
    told = store.time()
    assert told is None if url.startswith("sqlite") else told and abs(told - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_later_process_with_the_same_number_is_another(store: Store):
    """A process number that was reused keeps no lease alive."""
    heartbeat.beat(store, "d1", is_serving=True, now=NOW)
    assert len(heartbeat.live_drivers(store, NOW)) == 1
    with store.write() as connection:
        connection.execute(update(heartbeats).values(process_started=heartbeats.c.process_started - 60))
    assert heartbeat.live_drivers(store, NOW) == []
