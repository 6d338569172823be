"""The workbook drawn aside: a list has ended when the catalogue has it, and the drawing shows it soon after."""

import threading
import time
from collections.abc import Callable

from monito_ray import log
from monito_ray.errors import MonitoError

_AGAIN_S = 30.0
# A large workbook takes long; lists that end meanwhile have two thirds of the time to themselves.
_REST = 2.0


class WorkbookRefresher:
    """Calls `draw` from a thread of its own, once for all who asked before it began, and rests after it, unless somebody waits."""

    def __init__(self, draw: Callable[[], object]) -> None:
        self._draw = draw
        self._turn = threading.Condition()
        self._asked = 0
        self._failed = 0
        self._drawn = 0
        self._awaited = 0
        self._error: MonitoError | None = None
        self._thread: threading.Thread | None = None

    def request(self) -> None:
        """What stands in the catalogue now is to be drawn."""
        with self._turn:
            self._asked += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_drawing, name="drawing", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    def finish(self, timeout_s: float | None = None) -> None:
        """Wait until all that was asked for is drawn, or could not be, or the time is over.

        Raises:
            OutputNotWritable: it could not be.
        """
        with self._turn:
            asked = self._awaited = self._asked
            self._turn.notify_all()
            self._turn.wait_for(lambda: max(self._drawn, self._failed) >= asked, timeout_s)
            if self._error is not None and self._failed >= asked:
                raise self._error

    def _keep_drawing(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._asked > self._drawn)
                asked = self._asked
            began = time.monotonic()
            error = self._try()
            took_s = time.monotonic() - began
            with self._turn:
                self._error = error
                if error:
                    self._failed = asked
                else:
                    self._drawn = asked
                self._turn.notify_all()
                if error:
                    # Somebody has the file open, or the disk is full: whoever asks next is not made to wait for it.
                    self._turn.wait_for(lambda: self._asked > self._failed, _AGAIN_S)
                else:
                    self._turn.wait_for(lambda: self._awaited > self._drawn, _REST * took_s)

    def _try(self) -> MonitoError | None:
        try:
            self._draw()
        except MonitoError as error:
            log.warning("workbook.undrawn", code=error.code, message=str(error))
            return error
        return None
