"""The pause of Python's collector."""

import gc

import pytest

from monito_ray.pipeline.gc_pause import gc_paused


def test_the_collector_runs_again_after_an_error():
    """Inside it is off; after it, however the block ends, it is as before."""
    with gc_paused():
        assert not gc.isenabled()
    with pytest.raises(ZeroDivisionError), gc_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_pause_within_a_pause_does_not_end_it():
    """A collector that was off stays off."""
    with gc_paused():
        with gc_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
