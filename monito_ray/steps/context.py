"""What a step works with: the services, which live as long as the process, and the attempt that the step is part of."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

import pyarrow as pa
from sqlalchemy import Connection

from monito_ray import frames
from monito_ray.errors import MonitoError
from monito_ray.events import Sink
from monito_ray.jobs import lease
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.lease import Lease, lease_of
from monito_ray.jobs.task import Task
from monito_ray.pipeline.llm.questions import Question
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import LlmUse
from monito_ray.settings import Settings
from monito_ray.steps.background.coalescing import Coalescer
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.background.workbook_refresh import WorkbookRefresher
from monito_ray.store.database import Store

#: Tables of up to this many rows stay in memory during an attempt. A longer one is read back: rows as records take about 2 KB each.
CACHED_ROWS = 2_000

T = TypeVar("T")


class Stopped(Exception):
    """The step has to stop, or its task belongs to another driver now; the work is not finished."""


class Workers(Protocol):
    """Reads files in other processes: `cluster.tasks`, or anything with the same behaviour."""

    def read_file(
        self,
        data: bytes,
        file_name: str,
        read: Callable[..., T],
        *args: Any,
        ahead: Callable[..., T] | None = None,
        check_stop: Callable[[], None] = lambda: None,
        user: int | None = None,
    ) -> T:
        """Return `read(data, file_name, *args)`; a crash affects only this file. `ahead`, which does more, is tried first.

        `check_stop` is called during the wait and may raise; then the reading is ended. A `user` leaves a turn to others.
        """

    def cores(self) -> int:
        """Return how many processors there are."""
        ...

    def cancel(self) -> None:
        """Make calls of `read_file` in other threads raise soon."""


class LlmOutcome(Protocol):
    """A request to the LLM that ended."""

    @property
    def standards(self) -> Mapping[int, Any]:
        """The answers that passed the checks, by the position of the item in the question: a `Standard` for a row."""

    @property
    def use(self) -> LlmUse:
        """Requests and tokens paid for."""

    @property
    def duration_ms(self) -> int:
        """Time from request to answer."""

    @property
    def error(self) -> MonitoError | None:
        """Why some items have no answer, if so."""


class Pool(Protocol):
    """The LLM: `cluster.llm.pool.LlmPool`, or anything with the same behaviour."""

    def ask_rows(
        self, supplier: str, rows: Sequence[RowItem], keys: Sequence[str], stop: threading.Event, user_id: int, task_id: str
    ) -> Iterator[LlmOutcome]:
        """Ask about `rows` and yield outcomes as they arrive, until all are answered or given up, or `stop` is set.

        Answers are stored under `keys` before they are yielded. Requests in flight are divided among users first, then among
        the lists of each; the ledger charges the task. If rows are left to the rules, the `error` of the last outcome says why.
        """

    def ask(
        self, question: Question, items: Sequence[Any], keys: Sequence[str], stop: threading.Event, user_id: int, task_id: str
    ) -> Iterator[LlmOutcome]:
        """Ask another `question` about `items`, in the same way."""


class Chats(Protocol):
    """Telegram: `clients.telegram.loop_thread.TelegramThread`, or anything with the same behaviour."""

    def download(self, file_id: str, file_name: str, max_mb: float) -> bytes:
        """Return the bytes of a file that a person sent."""

    def send(self, chat_id: int, html: str) -> int:
        """Send a message and return its id."""


class LongListSteps(Protocol):
    """Runs steps on long lists elsewhere: `steps.long_lists.long_list_process.LongLists`, or anything with the same behaviour."""

    def start_ahead(self) -> None:
        """Make ready for a first step, which comes soon."""

    def run(self, step: "Callable[[Attempt], Any]", attempt: "Attempt", rows: int) -> Any:
        """Return what `step(attempt)` returns for a list of so many rows; raise what it raises."""


class ManyListSteps(Protocol):
    """Runs steps on short lists here or elsewhere: `steps.long_lists.many_lists.ManyLists`, or anything with the same behaviour."""

    def run(self, step: "Callable[[Attempt], Any]", attempt: "Attempt", rows: int) -> Any:
        """Return what `step(attempt)` returns for a list of so many rows; raise what it raises."""


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """A list that waits for the spreadsheet to be written."""

    #: Set when the list is to stop waiting.
    stop: threading.Event
    #: The right to write; None if no other driver can have the list.
    lease: Lease | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What lives as long as the process. Every field is safe to use from several threads."""

    settings: Settings
    store: Store
    files: Artifacts
    workers: Workers
    #: None without an LLM: then the rules alone standardize.
    pool: Pool | None
    sink: Sink
    clock: Callable[[], datetime]
    #: Works on the rows of long lists in parallel.
    row_batches: RowBatches
    workbook: WorkbookRefresher
    #: None without a spreadsheet in the settings.
    spreadsheet: Coalescer[WriteRequest, None] | None = None
    #: None without a bot in the settings.
    telegram: Chats | None = None
    #: None where steps on long lists run in this process, as those on short ones do.
    long_lists: LongListSteps | None = None
    #: None where steps on short lists always run in this process.
    many_lists: ManyListSteps | None = None


@dataclass(frozen=True, slots=True)
class Cache:
    """The short tables that one attempt holds in memory, by their names."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    records: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a task: from its claim until it ends, waits again, or is lost. One thread works on it."""

    services: Services
    #: The task as it is in the stage that runs.
    task: Task
    #: Set when the task is cancelled or belongs to another driver, or when the driver stops.
    stop: threading.Event
    #: Receives the events of this driver.
    sink: Sink
    cache: Cache = field(default_factory=Cache)

    @property
    def lease(self) -> Lease:
        """The right to write about the task."""
        return lease_of(self.task)

    def confirm_lease(self, connection: Connection) -> None:
        """Hold the lease until the transaction of `connection` ends.

        Raises:
            LeaseLost: another driver has the task.
        """
        lease.confirm(connection, self.lease)

    def check_stop(self) -> None:
        """Raise `Stopped` when the step is to stop."""
        if self.stop.is_set():
            raise Stopped

    def keep(self, name: str, table: pa.Table) -> None:
        """Write a table of the task, and hold it in memory if it is short.

        Raises:
            Stopped: nothing was written.
        """
        self.check_stop()
        self.services.files.write_table(self.task.id, name, table)
        if table.num_rows <= CACHED_ROWS:
            self.cache.tables[name] = table
            self.cache.records.pop(name, None)

    def table(self, name: str) -> pa.Table:
        """Return a table of the task.

        Raises:
            ArtifactGone: retention has removed it.
        """
        cached = self.cache.tables.get(name)
        return self.services.files.read_table(self.task.id, name) if cached is None else cached

    def records(self, name: str, record_type: type[T]) -> list[T]:
        """Return the rows of a table as records; raises as `table`."""
        if (cached := self.cache.records.get(name)) is not None:
            return cached
        rows = frames.from_table(self.table(name), record_type)
        if name in self.cache.tables:
            self.cache.records[name] = rows
        return rows

    def forget(self, *names: str) -> None:
        """Hold tables no longer in memory; whoever needs them reads them again."""
        for name in names:
            self.cache.tables.pop(name, None)
            self.cache.records.pop(name, None)

    def row_count(self, name: str) -> int:
        """Return the number of rows of a table, without reading it; raises as `table`."""
        cached = self.cache.tables.get(name)
        return self.services.files.row_count(self.task.id, name) if cached is None else int(cached.num_rows)

    def has_table(self, name: str) -> bool:
        """Return whether the table exists and was made by this version of the program."""
        return name in self.cache.tables or self.services.files.has_table(self.task.id, name)
