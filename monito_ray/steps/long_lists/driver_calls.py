"""What the process of long lists asks of the driver, which alone has Ray, the LLM and the spreadsheet."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from monito_ray.cluster.batches import TableFunction
from monito_ray.events import Event
from monito_ray.steps.context import Attempt, WriteRequest
from monito_ray.steps.long_lists.call_channel import CallChannel


class DriverCalls:
    """Answers the process on behalf of the attempts whose steps it runs, which it names by numbers."""

    def __init__(self) -> None:
        self.attempts: dict[int, Attempt] = {}
        #: Requests to the LLM that are to stop though their attempts go on.
        self._stops: dict[tuple[int, int], threading.Event] = {}

    def functions(self, channel: Callable[[], CallChannel]) -> Mapping[str, Callable[..., Any]]:
        """Return what the process may call, by name; `channel` returns the channel to it."""
        return {
            "time_now": lambda number: self.attempts[number].services.clock(),
            "emit_event": self._emit_event,
            "map_rows": self._map_rows,
            "ask_llm": lambda *args: self._ask_llm(channel(), *args),
            "stop_asking": self._stop_asking,
            "request_workbook": lambda number: self.attempts[number].services.workbook.request(),
            "write_spreadsheet": self._write_spreadsheet,
        }

    def _emit_event(self, number: int, event: Event) -> None:
        self.attempts[number].sink(event)

    def _map_rows(self, number: int, rows: pa.Table, function: TableFunction, fallback: TableFunction, block_rows: int) -> pa.Table:
        attempt = self.attempts[number]
        return attempt.services.row_batches.map(rows, function, fallback, block_rows, attempt.check_stop)

    def _ask_llm(self, channel: CallChannel, number: int, asking: int, method: str, args: tuple[Any, ...], ids: tuple[int, str]) -> None:
        """Ask, and hand over each outcome as it arrives."""
        attempt = self.attempts[number]
        stop = self._stops[number, asking] = _StopOfBoth(attempt.stop)
        try:
            for outcome in getattr(attempt.services.pool, method)(*args, stop, *ids):
                channel.call("take_outcome", number, asking, outcome)
        finally:
            del self._stops[number, asking]

    def _stop_asking(self, number: int, asking: int) -> None:
        if (stop := self._stops.get((number, asking))) is not None:
            stop.set()

    def _write_spreadsheet(self, number: int) -> None:
        attempt = self.attempts[number]
        if attempt.services.spreadsheet is not None:
            attempt.services.spreadsheet.submit(WriteRequest(attempt.stop, attempt.lease))


class _StopOfBoth(threading.Event):
    """Set by itself, and as soon as another event is."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop

    def is_set(self) -> bool:
        return super().is_set() or self._stop.is_set()
