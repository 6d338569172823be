"""The spreadsheet written by a process of its own, by the right of a driver that holds the list."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from lists import Bench, bench
from sheets import records

from monito_ray.driver.driver import Driver
from monito_ray.errors import SheetsRefused, SheetsUnavailable
from monito_ray.jobs import queue
from monito_ray.jobs.lease import Lease, lease_of
from monito_ray.records import Status
from monito_ray.steps import publish
from monito_ray.steps.background.coalescing import Coalescer
from monito_ray.steps.context import WriteRequest
from monito_ray.testing.sheets_server import SheetsFault, SheetsServer

pytestmark = pytest.mark.command


class Place(NamedTuple):
    """A catalogue and the server of its spreadsheet, both of which other processes know by their settings."""

    made: Bench
    server: SheetsServer


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Give a bench with six products to publish, and an empty spreadsheet."""
    with SheetsServer(reads=1000, writes=1000) as server, bench(tmp_path) as made:
        server.spreadsheet()
        key = tmp_path / "key.json"
        key.write_text(json.dumps(server.credentials), "utf-8")
        monkeypatch.setenv("MONITO_HOME", str(tmp_path))
        monkeypatch.setenv("MONITO_SHEET_ID", "catalogue")
        monkeypatch.setenv("MONITO_SHEETS_ENDPOINT", server.url)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
        Driver(made.services).work([made.submit()], threading.Event())
        yield Place(made, server)


def _held(made: Bench) -> Lease:
    """The lease of a list that a driver has just claimed."""
    made.submit(name="held.csv")
    (task,) = queue.claim(made.store, "driver-1", made.services.clock(), 1)
    return lease_of(task)


def test_who_holds_a_list_publishes_the_catalogue(place: Place):
    """All products stand in the spreadsheet; done again, nothing is written."""
    request = WriteRequest(threading.Event(), _held(place.made))
    assert publish.publish_in_subprocess([request, request]) == [None, None]
    writes = place.server.tally.writes
    assert len(records(place.server)) == 6
    publish.publish_in_subprocess([request])
    assert place.server.tally.writes == writes


def test_a_list_ends_when_its_products_are_published(place: Place):
    """The whole way of a list, published elsewhere."""
    settings = place.made.services.settings.model_copy(update={"sheet_id": "catalogue"})
    services = replace(place.made.services, settings=settings, spreadsheet=Coalescer(publish.publish_in_subprocess))
    task_id = place.made.submit(name="again.csv")
    Driver(services).work([task_id], threading.Event())
    assert queue.load(place.made.store, task_id).status is Status.SUCCESS
    assert len(records(place.server)) == 6


def test_who_lost_the_list_writes_nothing(place: Place):
    """A driver that was away for too long has started the process: another holds the list by now."""
    stale = replace(_held(place.made), claim_number=0)
    with pytest.raises(SheetsUnavailable, match="stop"):
        publish.publish_in_subprocess([WriteRequest(threading.Event(), stale)])
    assert place.server.tally.writes == 0


def test_the_error_comes_back_as_it_was_raised(place: Place, monkeypatch: pytest.MonkeyPatch):
    """With its kind, its message and its remedy."""
    monkeypatch.setenv("MONITO_SHEET_ID", "gone")
    with pytest.raises(SheetsRefused, match="does not know the spreadsheet") as raised:
        publish.publish_in_subprocess([WriteRequest(threading.Event(), _held(place.made))])
    assert "Share the spreadsheet with" in raised.value.remedy


def test_told_to_stop_it_ends_soon_though_google_hangs(place: Place):
    """The process does not outlive who waits for it."""
    place.server.fail({SheetsFault.HANG: 1.0})
    request = WriteRequest(threading.Event(), _held(place.made))
    threading.Timer(3.0, request.stop.set).start()
    began = time.monotonic()
    with pytest.raises(SheetsUnavailable):
        publish.publish_in_subprocess([request])
    assert time.monotonic() - began < 30
    assert place.server.tally.writes == 0
