"""Heartbeats in the database: which drivers are alive."""

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


def test_a_later_process_with_the_same_number_is_another(store: Store):
    """A process number that was reused keeps no lease alive."""
    heartbeat.beat(store, "d1", is_serving=True, now=NOW)
    assert len(heartbeat.live_drivers(store, NOW)) == 1
    with store.write() as connection:
        connection.execute(update(heartbeats).values(process_started=heartbeats.c.process_started - 60))
    assert heartbeat.live_drivers(store, NOW) == []
