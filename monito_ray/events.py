"""Events as values: code emits them; sinks turn them into progress bars, log lines, metrics and calls of hooks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from monito_ray.stages import Stage


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a task."""

    #: Dotted, in the past tense; also in logs and in `task_events`, so it never changes without a migration.
    name: ClassVar[str] = "event"
    task_id: str


@dataclass(frozen=True, slots=True)
class StageStarted(Event):
    """Work on a stage started."""

    name: ClassVar[str] = "stage.started"
    stage: Stage
    #: Rows to process, 0 while their number is unknown.
    rows: int


@dataclass(frozen=True, slots=True)
class StageAdvanced(Event):
    """`rows_done` of the stage's `rows` are processed."""

    name: ClassVar[str] = "stage.advanced"
    stage: Stage
    rows_done: int
    rows: int


@dataclass(frozen=True, slots=True)
class StageFinished(Event):
    """A stage is done and its artifacts are written."""

    name: ClassVar[str] = "stage.finished"
    stage: Stage
    rows: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class RowsRejected(Event):
    """`count` rows of a list were rejected for one reason; those that repeat another row have the reason `duplicate`."""

    name: ClassVar[str] = "rows.rejected"
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class LlmCalled(Event):
    """A request to the LLM was answered or failed."""

    name: ClassVar[str] = "llm.called"
    rows: int
    prompt_tokens: int
    #: The part of `prompt_tokens` that the provider had cached.
    cached_tokens: int
    completion_tokens: int
    duration_ms: int
    #: The code of the failure, "" for an answer.
    error: str = ""
    #: 0 when no request was sent, because the rest of the list was given up.
    requests: int = 1
    #: 0 for a model whose price is unknown.
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class LlmTraffic(Event):
    """Requests of a task left for the LLM or came back. Not recorded: it comes many times a second, and shows how it stands."""

    name: ClassVar[str] = "llm.traffic"
    #: Requests of the task that wait for their answers.
    in_flight: int
    #: Requests that left just now to ask again about rows with wrong answers.
    repairs: int = 0


@dataclass(frozen=True, slots=True)
class LlmAdapted(Event):
    """The server of the LLM is asked otherwise from now on, because of what it refused or how it answered; once for each change."""

    name: ClassVar[str] = "llm.adapted"
    reason: str


@dataclass(frozen=True, slots=True)
class LlmSkipped(Event):
    """The rest of a list is standardized by the rules alone."""

    name: ClassVar[str] = "llm.skipped"
    reason: str
    #: Rows that a configured LLM was not asked about; 0 when there is no LLM.
    rows_left: int = 0


@dataclass(frozen=True, slots=True)
class TaskSucceeded(Event):
    """A task succeeded."""

    name: ClassVar[str] = "task.succeeded"
    duration_ms: int


@dataclass(frozen=True, slots=True)
class TaskFailed(Event):
    """A task failed for good."""

    name: ClassVar[str] = "task.failed"
    #: Class name of the error.
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TaskRetried(Event):
    """An attempt failed, and the next is due after `wait_s`."""

    name: ClassVar[str] = "task.retried"
    code: str
    message: str
    wait_s: float


@dataclass(frozen=True, slots=True)
class TaskCancelled(Event):
    """A running task was cancelled, or claimed by another driver."""

    name: ClassVar[str] = "task.cancelled"


Sink = Callable[[Event], None]
