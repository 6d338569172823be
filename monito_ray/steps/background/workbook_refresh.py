"""The workbook, refreshed beside the steps: a list has ended when the catalogue has it, and the workbook shows it soon after."""

import threading
import time
from collections.abc import Callable

from monito_ray import log
from monito_ray.errors import MonitoError

#: Seconds until a failed drawing is tried again; a request ends the wait.
_RETRY_S = 30.0
#: Rest after a drawing, in times of what it took: lists that end meanwhile have two thirds of the time to themselves.
_REST = 2.0


class WorkbookRefresher:
    """Calls `draw` from a thread of its own, once for all requests made before it starts, and rests afterwards unless somebody waits.

    The counts are guarded by `_turn`, which is notified whenever one of them changes: requests made, the number of them that are drawn or
    could not be, and the number that somebody waits for.
    """

    def __init__(self, draw: Callable[[], object]) -> None:
        self._draw = draw
        self._turn = threading.Condition()
        self._requested = 0
        self._failed = 0
        self._drawn = 0
        self._awaited = 0
        self._error: MonitoError | None = None
        self._thread: threading.Thread | None = None

    def request(self) -> None:
        """Have the catalogue drawn as it is now; return at once."""
        with self._turn:
            self._requested += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_drawing, name="drawing", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    def finish(self, timeout_s: float | None = None) -> None:
        """Wait until every request so far is drawn or has failed, or the time is over.

        Raises:
            OutputNotWritable: the drawing failed.
        """
        with self._turn:
            target = self._awaited = self._requested
            self._turn.notify_all()
            self._turn.wait_for(lambda: max(self._drawn, self._failed) >= target, timeout_s)
            if self._error is not None and self._failed >= target:
                raise self._error

    def _keep_drawing(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._requested > self._drawn)
                requested = self._requested
            began = time.monotonic()
            error = self._try()
            took_s = time.monotonic() - began
            with self._turn:
                self._error = error
                if error:
                    self._failed = requested
                else:
                    self._drawn = requested
                self._turn.notify_all()
                if error:
                    # Somebody has the file open, or the disk is full: the next request does not wait for it.
                    self._turn.wait_for(lambda: self._requested > self._failed, _RETRY_S)
                else:
                    self._turn.wait_for(lambda: self._awaited > self._drawn, _REST * took_s)

    def _try(self) -> MonitoError | None:
        try:
            self._draw()
        except MonitoError as error:
            log.warning("workbook.undrawn", code=error.code, message=str(error))
            return error
        return None
