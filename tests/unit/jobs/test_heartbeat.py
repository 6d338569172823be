"""The tracker of a driver's own heartbeats."""

import pytest

from monito_ray.jobs import heartbeat


def test_a_lapse_starts_another_epoch(monkeypatch: pytest.MonkeyPatch):
    """From the moment others may presume the driver dead it is in another epoch, and stays in it when its heartbeats return."""
    now = [100.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now[0])
    pulse = heartbeat.HeartbeatTracker()
    seen = []
    for at, is_heard in ((103, True), (110, False), (112, False), (130, True), (133, True)):
        now[0] = at
        if is_heard:
            pulse.record_beat(at)
        seen.append((pulse.epoch, pulse.has_lapsed))
    assert seen == [(0, False), (0, False), (1, True), (1, False), (1, False)]
