"""`monito` on a clock that another process moves: the seconds in the file `$CLOCK_AHEAD` are added to the time.

CLOCK_AHEAD=/tmp/ahead python benchmarks/moved_clock.py serve
"""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monito_ray import serve, wiring
from monito_ray.driver import driver

#: So long is an hour of the driver, since days pass within a minute here.
_HOUR_S = 5.0


def moved_now() -> datetime:
    """Return the time of the moved clock."""
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ["CLOCK_AHEAD"]).read_text()))


def start_child(child: serve.Child) -> None:
    """Start a child of the service on the same clock."""
    child.process = subprocess.Popen([sys.executable, __file__, *child.arguments], start_new_session=True)
    child.started_at = time.monotonic()


if __name__ == "__main__":
    wiring.utc_now = moved_now
    driver._RETENTION_SWEEP_S = _HOUR_S  # noqa: SLF001  what is looked at every hour
    serve.Child.start = start_child  # type: ignore[method-assign]
    from monito_ray.cli import main

    main()
