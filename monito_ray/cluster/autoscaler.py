"""What waits, told to Ray's autoscaler.

Reading is let into Ray a few files at a time (`task_slots`), so the demand that Ray sees is never more than the cluster holds. So the number
of cores that would work at once is told to it; it starts nodes for them, and takes away those that stand idle once less is asked for.
"""

import time
from collections.abc import Callable

#: Less is asked for only when less was needed for so long: files come in bursts, and a node takes a while to start.
_CALM_S = 10.0
#: The head may have been started again, and has forgotten what it was told. And Ray Data, once a long list was worked on, tells it its own demand
#: every 20 s, mostly none, in place of ours: the autoscaler looks every 5 s and shall mostly find ours.
_TELL_AGAIN_S = 4.0


def request_cores(cores: int) -> None:
    """Ask for a cluster of at least so many cores, those at work included; 0: whatever it has."""
    from ray.autoscaler.sdk import request_resources  # noqa: PLC0415

    request_resources(num_cpus=cores)


class Demand:
    """Asks for as many cores as there are files in work or waiting, at once for more, a while later for less.

    Args:
        most: the maximum number of cores to ask for.
        request: asks for that many.
        clock: gives seconds that never go back.
    """

    def __init__(self, most: int, request: Callable[[int], None] = request_cores, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._request = request
        self._clock = clock
        self._requested = 0
        self._requested_at = float("-inf")
        #: Since when less is needed than was asked for; None: it is not.
        self._less_since: float | None = None

    def tell(self, files: int) -> None:
        """Take how many files are in work or wait for a core."""
        cores, now = min(files, self._most), self._clock()
        if cores >= self._requested:
            self._less_since = None
        elif self._less_since is None:
            self._less_since = now
        is_calm = self._less_since is not None and now - self._less_since >= _CALM_S
        if cores > self._requested or is_calm:
            self._requested, self._less_since = cores, None
        elif not self._requested or now - self._requested_at < _TELL_AGAIN_S:
            return
        self._requested_at = now
        self._request(self._requested)

    def close(self) -> None:
        """Ask for nothing any more; another driver on the cluster tells its own demand within seconds."""
        if self._requested:
            self._request(0)
