"""What `monito serve` says at its start."""

from dataclasses import replace
from datetime import UTC, datetime

from monito_ray.cli.service import _services_alive
from monito_ray.jobs.heartbeat import Heartbeat

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
SERVING = Heartbeat("d1", "kitchen", 4711, is_serving=True, started_at=NOW, seen_at=NOW)


def test_another_service_on_the_database_is_named():
    """With its machine and process, so that one who started it twice sees that; the driver of a command alone is none."""
    lines = _services_alive([SERVING, replace(SERVING, driver_id="d2", pid=12, is_serving=False)])
    assert lines == ["a service is alive on this database: kitchen, process 4711, since 2026-07-01 09:00 UTC; both do the tasks"]
    assert _services_alive([]) == []
