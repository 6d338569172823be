"""Work on very many small objects without Python's collector of reference cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects made before the collector looks at the young ones, and how many such looks come before one at the older ones, and at all. By default it
#: looks after 700, which takes a sixth of the time in which lists are written: nearly all that is made then is in no cycle.
_COLLECT_AFTER = 50_000, 20, 100


def collect_rarely() -> None:
    """Have the collector look rarely, and never again at what is loaded by now: for a process that lives long and makes very many objects."""
    gc.set_threshold(*_COLLECT_AFTER)
    gc.freeze()


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the collector inside the block.

    It would walk the rows of a list again and again, and with them all that is loaded, while no row is in a cycle.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
