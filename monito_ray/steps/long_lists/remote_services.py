"""The services of a step in the process of long lists: store and files are its own, for all else it asks the driver."""

import itertools
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, Protocol

import pyarrow as pa

from monito_ray import frames
from monito_ray.cluster.batches import TableFunction
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.pipeline.llm.questions import Question
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.settings import Settings
from monito_ray.steps.background.coalescing import Coalescer
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.background.workbook_refresh import WorkbookRefresher
from monito_ray.steps.context import LlmOutcome, Services, WriteRequest
from monito_ray.steps.long_lists.call_channel import CallChannel
from monito_ray.store.database import Store

#: How often a wait for the LLM looks whether it is to stop.
_LOOK_EVERY_S = 0.1
#: Rows that the driver has of a list at a time: with all of 300,000 it grew by 200 MB. Fewer would leave cores of a large cluster idle.
MOST_ROWS_SENT = 60_000


@dataclass(frozen=True, slots=True)
class OpenHome:
    """What the process has open, for all its lists."""

    settings: Settings
    store: Store
    files: Artifacts


@dataclass(frozen=True, slots=True)
class StepCall:
    """A step that the driver has the process run, by its number, and whether the driver has an LLM and a spreadsheet."""

    number: int
    has_llm: bool
    has_spreadsheet: bool


@dataclass(slots=True)
class _Outcomes:
    """The outcomes of one question to the LLM, as they come."""

    arrived: "queue.SimpleQueue[LlmOutcome]" = field(default_factory=queue.SimpleQueue)


class RemotePool:
    """The LLM of the driver; a `Pool`."""

    def __init__(self, channel: CallChannel, number: int) -> None:
        self._channel = channel
        self._number = number
        self._numbers = itertools.count()
        self._outcomes: dict[int, _Outcomes] = {}

    def ask_rows(
        self, supplier: str, rows: Sequence[RowItem], keys: Sequence[str], stop: threading.Event, user_id: int, task_id: str
    ) -> Iterator[LlmOutcome]:
        """Ask about rows; see `Pool`."""
        return self._ask("ask_rows", (supplier, rows, keys), stop, (user_id, task_id))

    def ask(
        self, question: Question, items: Sequence[Any], keys: Sequence[str], stop: threading.Event, user_id: int, task_id: str
    ) -> Iterator[LlmOutcome]:
        """Ask another question; see `Pool`."""
        return self._ask("ask", (question, items, keys), stop, (user_id, task_id))

    def take_outcome(self, asking: int, outcome: LlmOutcome) -> None:
        """Hand an outcome to the step that waits for it."""
        self._outcomes[asking].arrived.put(outcome)

    def _ask(self, method: str, args: tuple[Any, ...], stop: threading.Event, ids: tuple[int, str]) -> Iterator[LlmOutcome]:
        asking = next(self._numbers)
        arrived = self._outcomes.setdefault(asking, _Outcomes()).arrived
        end = self._channel.start("ask_llm", self._number, asking, method, args, ids)
        try:
            yield from self._as_they_come(arrived, end, asking, stop)
        finally:
            if not end.done():
                self._channel.start("stop_asking", self._number, asking)
            del self._outcomes[asking]

    def _as_they_come(
        self, arrived: "queue.SimpleQueue[LlmOutcome]", end: "Future[Any]", asking: int, stop: threading.Event
    ) -> Iterator[LlmOutcome]:
        is_stopping = False
        while not (end.done() and arrived.empty()):
            try:
                yield arrived.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                if stop.is_set() and not is_stopping:
                    is_stopping = True
                    self._channel.call("stop_asking", self._number, asking)
        end.result()  # raises what ended the questions


class _Caller(Protocol):
    """A `CallChannel`, or anything that calls as it does."""

    def call(self, name: str, *args: Any) -> Any:
        """Return what a function of the other end returns."""


class RemoteBatches(RowBatches):
    """Rows are worked on by the driver's Ray."""

    def __init__(self, channel: _Caller, number: int) -> None:
        self._channel = channel
        self._number = number

    def map(
        self, rows: pa.Table, function: TableFunction, fallback: TableFunction, block_rows: int, check_stop: Callable[[], None]
    ) -> pa.Table:
        """As `RowBatches.map`; the driver has a part of a very long list at a time."""
        parts = []
        for start in range(0, max(rows.num_rows, 1), MOST_ROWS_SENT):
            check_stop()
            part = frames.slice_copied(rows, start, MOST_ROWS_SENT)
            parts.append(self._channel.call("map_rows", self._number, part, function, fallback, block_rows))
        return pa.concat_tables(parts)


class _NoFiles:
    """Files are read by the driver's workers alone; a `Workers`."""

    def read_file(self, *_args: Any, **_named: Any) -> NoReturn:
        raise NotImplementedError("the process of long lists reads no files")

    def cores(self) -> int:
        raise NotImplementedError("the process of long lists has no cores of its own")

    def cancel(self) -> None:
        """Nothing is read."""


class _RemoteWorkbook(WorkbookRefresher):
    """The workbook is drawn by the driver."""

    def __init__(self, channel: CallChannel, number: int) -> None:
        self._channel = channel
        self._number = number

    def request(self) -> None:
        self._channel.call("request_workbook", self._number)


def remote_services(channel: CallChannel, home: OpenHome, call: StepCall, pool: RemotePool) -> Services:
    """Return the services of one step."""

    def write_spreadsheet(requests: Sequence[WriteRequest]) -> list[None]:
        channel.call("write_spreadsheet", call.number)
        return [None for _ in requests]

    def time_now() -> datetime:
        now: datetime = channel.call("time_now", call.number)
        return now

    return Services(
        settings=home.settings,
        store=home.store,
        files=home.files,
        workers=_NoFiles(),
        pool=pool if call.has_llm else None,
        sink=lambda event: channel.call("emit_event", call.number, event),
        clock=time_now,
        row_batches=RemoteBatches(channel, call.number),
        workbook=_RemoteWorkbook(channel, call.number),
        spreadsheet=Coalescer(write_spreadsheet) if call.has_spreadsheet else None,
    )
