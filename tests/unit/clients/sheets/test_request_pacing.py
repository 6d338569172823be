"""Keeping to Google's quota, within a process and from one process to the next."""

from pathlib import Path

import pytest

from monito_ray.clients.sheets.request_pacing import RequestPacer, SlidingWindow


@pytest.mark.parametrize(
    ("times", "now", "wait_s"),
    [
        ([], 100, 0),
        ([90, 95], 100, 0),
        ([90, 95, 99], 100, 50),
        ([30, 95, 99], 100, 0),
        ([90, 95, 97, 99], 100, 55),
        ([500, 500, 500], 100, 60),
    ],
)
def test_the_window_slides(times: list[float], now: float, wait_s: float):
    """Of three within a minute the fourth waits for the first to pass out of it; a clock set back costs one minute at most."""
    assert SlidingWindow(3, 60, times).wait_s(now) == wait_s


def test_the_next_process_knows_what_was_used(tmp_path: Path):
    """Windows are kept beside the database; a broken file is none."""
    path = tmp_path / "pace.json"
    RequestPacer(path, most=1).note("writes")
    assert not _pacer(path).take_turn("writes")
    assert _pacer(path).take_turn("reads")
    path.write_text("{", "utf-8")
    assert _pacer(path).take_turn("writes")


def _pacer(path: Path) -> RequestPacer:
    """A pace of one request a minute that gives up rather than wait."""
    pacer = RequestPacer(path, most=1)
    pacer.start(lambda _: True)
    return pacer
