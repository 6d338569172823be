"""The workbook is drawn aside."""

import threading
import time

import pytest

from monito_ray.errors import OutputNotWritable
from monito_ray.steps.background.workbook_refresh import WorkbookRefresher


def test_those_who_ask_while_it_draws_share_the_next_drawing():
    """Nobody waits for a drawing but who says so; the last drawing begins after the last asked."""
    begun, go = threading.Semaphore(0), threading.Semaphore(0)

    def draw() -> None:
        begun.release()
        assert go.acquire(timeout=10)

    drawing = WorkbookRefresher(draw)
    drawing.request()
    assert begun.acquire(timeout=10)
    for _ in range(5):
        drawing.request()
    go.release(2)
    drawing.finish(10)
    assert begun.acquire(timeout=10)
    assert not begun.acquire(blocking=False)


def test_who_waits_hears_what_went_wrong_and_the_next_is_drawn():
    """A workbook that somebody has open costs the drawing, not the list."""
    errors = [OutputNotWritable("cannot write catalog.xlsx: it is open")]

    def draw() -> None:
        if errors:
            raise errors.pop()

    drawing = WorkbookRefresher(draw)
    drawing.finish(0)
    drawing.request()
    with pytest.raises(OutputNotWritable, match="it is open"):
        drawing.finish(10)
    began = time.monotonic()
    drawing.request()
    drawing.finish(10)
    assert time.monotonic() - began < 5


def test_it_rests_after_a_drawing_unless_somebody_waits():
    """A workbook that takes long to draw is not drawn without a pause; who waits for it has it at once."""
    drawn: list[float] = []

    def draw() -> None:
        time.sleep(0.5)
        drawn.append(time.monotonic())

    drawing = WorkbookRefresher(draw)
    drawing.request()
    drawing.finish(10)
    drawing.request()
    time.sleep(0.7)
    assert len(drawn) == 1
    drawing.finish(10)
    assert len(drawn) == 2
    assert drawn[1] - drawn[0] < 5
