"""What the steps work with."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from monito_ray.errors import MonitoError
from monito_ray.events import Sink
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.records import LlmUse, RawRow, Standard
from monito_ray.settings import Settings
from monito_ray.steps.rounds import Rounds
from monito_ray.store.database import Store

T = TypeVar("T")
Judge = Callable[[pa.Table], pa.Table]


class Stopped(Exception):
    """The step was told to stop and left its work undone."""


class Workers(Protocol):
    """Where pure functions are run: `cluster.batches`, or anything that keeps its promises."""

    def run(self, function: Callable[..., T], *args: Any) -> T:
        """`function(*args)`, elsewhere."""

    def read_file(self, data: bytes, file_name: str, read: Callable[..., T], *args: Any) -> T:
        """`read(data, file_name, *args)`, where a crash costs nothing but the file."""

    def map_batches(self, tables: Sequence[pa.Table], judge: Judge) -> list[pa.Table]:
        """`judge` over the batches of all tables: a table for each, in order."""

    def cancel(self) -> None:
        """Make calls of `run` and `read_file` that other threads wait for raise soon."""


class Answered(Protocol):
    """A request to the LLM that ended: standards by the position of their row, and what it cost."""

    @property
    def standards(self) -> Mapping[int, Standard]:
        """What may be believed of the answer."""

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

    def ask(self, supplier: str, rows: Sequence[RawRow], stop: threading.Event) -> Iterator[Answered]:
        """Ask about `rows`; outcomes come as they arrive, and no more of them once `stop` is set.

        Rows that no outcome settles stay to the rules; the last outcome's `error` then says why.
        """


class Chats(Protocol):
    """Telegram: `clients.telegram_line.TelegramLine`, or anything that keeps its promises."""

    def download(self, file_id: str, file_name: str) -> bytes:
        """The bytes of a file that a person sent."""

    def send(self, chat_id: int, html: str) -> int:
        """Send a message; its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything a step may touch. Its fields are safe to use from several threads."""

    settings: Settings
    store: Store
    files: Artifacts
    workers: Workers
    pool: Pool | None
    sink: Sink
    clock: Callable[[], datetime]
    judging: Rounds[tuple[pa.Table, bool], pa.Table]
    drawing: Rounds[None, Path]
    publishing: Rounds[threading.Event, None] | None = None
    telegram: Chats | None = None
    stop: threading.Event = field(default_factory=threading.Event)
