"""What the steps work with."""

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
from monito_ray.jobs.lease import Lease
from monito_ray.pipeline.llm.questions import Question
from monito_ray.pipeline.short_list import ListRead
from monito_ray.records import LlmUse, RawRow
from monito_ray.settings import Settings
from monito_ray.steps.coalescing import Coalescer
from monito_ray.steps.workbook_refresh import WorkbookRefresher
from monito_ray.store.database import Store

AT_HAND_ROWS = 2_000
"""A table of so many rows at the most stays in memory for as long as its list is worked on."""

T = TypeVar("T")
R = TypeVar("R")
Judge = Callable[[pa.Table], pa.Table]


class Stopped(Exception):
    """The step was told to stop, or the task is another driver's, and the work is left undone."""


class Workers(Protocol):
    """Where pure functions are run: `cluster.batches`, or anything that keeps its promises."""

    def run(self, function: Callable[..., T], *args: Any) -> T:
        """`function(*args)`, elsewhere."""

    def read_file(self, data: bytes, file_name: str, read: Callable[..., T], *args: Any, ahead: Callable[..., T] | None = None) -> T:
        """`read(data, file_name, *args)`, where a crash costs nothing but the file; `ahead`, which does more, instead, if that does not crash."""

    def run_over(self, function: Callable[[Sequence[T]], Sequence[R]], rows: Sequence[T]) -> list[R | None]:
        """`function(rows)`, elsewhere: a result for each, None for rows that kill the process that has them."""

    def map_batches(self, tables: Sequence[pa.Table], judge: Judge, set_aside: Judge) -> list[pa.Table]:
        """`judge` over the batches of all tables, and `set_aside` over rows that kill the process that has them: a table for each, in order."""

    def cancel(self) -> None:
        """Make calls of `run` and `read_file` that other threads wait for raise soon."""


class LlmOutcome(Protocol):
    """A request to the LLM that ended: standards by the position of their row, and what it cost."""

    @property
    def standards(self) -> Mapping[int, Any]:
        """What may be believed of the answer: a `Standard` for each row, or what else was asked about."""

    @property
    def use(self) -> LlmUse:
        """What was paid."""

    @property
    def duration_ms(self) -> int:
        """From request to answer."""

    @property
    def error(self) -> MonitoError | None:
        """What went wrong with this request, if anything."""


class Pool(Protocol):
    """The LLM: `cluster.llm_pool.LlmPool`, or anything that keeps its promises."""

    def ask(
        self, supplier: str, rows: Sequence[RawRow], keys: Sequence[str], stop: threading.Event, share: int, task_id: str
    ) -> Iterator[LlmOutcome]:
        """Ask about `rows`; outcomes come as they arrive, their answers kept under `keys`, and no more of them once `stop` is set.

        Places are divided among shares (users) first, then among the lists of each; the task pays.

        Rows that no outcome settles stay to the rules; the last outcome's `error` then says why.
        """

    def put(
        self, question: Question, items: Sequence[Any], keys: Sequence[str], stop: threading.Event, share: int, task_id: str
    ) -> Iterator[LlmOutcome]:
        """Ask another `question` about `items`, in the same way."""


class Chats(Protocol):
    """Telegram: `clients.telegram.loop_thread.TelegramThread`, or anything that keeps its promises."""

    def download(self, file_id: str, file_name: str) -> bytes:
        """The bytes of a file that a person sent."""

    def send(self, chat_id: int, html: str) -> int:
        """Send a message; its id."""


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """A list that waits for the spreadsheet: what tells it to stop, and by what right it writes, None where nobody else can have it."""

    stop: threading.Event
    lease: Lease | None = None


@dataclass(frozen=True, slots=True)
class AtHand:
    """What one attempt has in memory, by task: tables that it has put in place and their rows, by their name, too, and how its list began."""

    tables: dict[tuple[str, str], pa.Table] = field(default_factory=dict)
    records: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    begun: dict[str, ListRead] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything a step may touch. Its fields are safe to use from several threads, but for `at_hand`, which is one attempt's own."""

    settings: Settings
    store: Store
    files: Artifacts
    workers: Workers
    pool: Pool | None
    sink: Sink
    clock: Callable[[], datetime]
    judging: Coalescer[tuple[pa.Table, bool], pa.Table]
    drawing: WorkbookRefresher
    publishing: Coalescer[WriteRequest, None] | None = None
    telegram: Chats | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    lease: Lease | None = None
    at_hand: AtHand = field(default_factory=AtHand)

    def confirm(self, connection: Connection) -> None:
        """See that the task is still ours, and stays so until the transaction of `connection` ends; without a lease nobody else can have it.

        Raises:
            LeaseLost: it is not.
        """
        if self.lease is not None:
            lease.confirm(connection, self.lease)

    def keep(self, task_id: str, name: str, table: pa.Table) -> None:
        """Put a task's table in place, unless it was told to stop meanwhile.

        Raises:
            Stopped: nothing was written.
        """
        if self.stop.is_set():
            raise Stopped
        self.files.write_table(task_id, name, table)
        if table.num_rows <= AT_HAND_ROWS:
            self.at_hand.tables[task_id, name] = table
            self.at_hand.records.pop((task_id, name), None)

    def table(self, task_id: str, name: str) -> pa.Table:
        """A task's table.

        Raises:
            ArtifactGone: it is kept no more.
        """
        found = self.at_hand.tables.get((task_id, name))
        return self.files.read_table(task_id, name) if found is None else found

    def records(self, task_id: str, name: str, record_type: type[T]) -> list[T]:
        """The rows of a task's table; as `table`."""
        if (found := self.at_hand.records.get((task_id, name))) is not None:
            return found
        rows = frames.from_table(self.table(task_id, name), record_type)
        if (task_id, name) in self.at_hand.tables:
            self.at_hand.records[task_id, name] = rows
        return rows

    def rows(self, task_id: str, name: str) -> int:
        """How many rows a task's table has."""
        found = self.at_hand.tables.get((task_id, name))
        return self.files.row_count(task_id, name) if found is None else int(found.num_rows)
