"""What happened, as values: code emits them, sinks turn them into progress bars, log lines, metrics and hooks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from monito_ray.stages import Stage


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a task. `name` is fixed, dotted, past tense."""

    name: ClassVar[str] = "event"
    task_id: str


@dataclass(frozen=True, slots=True)
class StageStarted(Event):
    """Work on a stage began; `rows` is how many it will go through, 0 when that is not known yet."""

    name: ClassVar[str] = "stage.started"
    stage: Stage
    rows: int


@dataclass(frozen=True, slots=True)
class StageAdvanced(Event):
    """`rows_done` of the stage's `rows` are through."""

    name: ClassVar[str] = "stage.advanced"
    stage: Stage
    rows_done: int
    rows: int


@dataclass(frozen=True, slots=True)
class StageFinished(Event):
    """A stage is done and its artifact in place."""

    name: ClassVar[str] = "stage.finished"
    stage: Stage
    rows: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class RowsRejected(Event):
    """`count` rows of the list were rejected for one reason."""

    name: ClassVar[str] = "rows.rejected"
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class LlmCalled(Event):
    """One request to the LLM was answered, or failed (`error` is then the error's code).

    `requests` is 0 where none was sent: what is left of a list was given up. `cost_usd` is 0 for a model whose price is not known.
    """

    name: ClassVar[str] = "llm.called"
    rows: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    duration_ms: int
    error: str = ""
    requests: int = 1
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class LlmSkipped(Event):
    """The list goes on by rules alone, for this reason; `rows_left` counts those that an LLM that is set could not be asked about."""

    name: ClassVar[str] = "llm.skipped"
    reason: str
    rows_left: int = 0


@dataclass(frozen=True, slots=True)
class TaskSucceeded(Event):
    """The task is done."""

    name: ClassVar[str] = "task.succeeded"
    duration_ms: int


@dataclass(frozen=True, slots=True)
class TaskFailed(Event):
    """The task is given up."""

    name: ClassVar[str] = "task.failed"
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TaskRetried(Event):
    """The task will be tried again after `wait_s`."""

    name: ClassVar[str] = "task.retried"
    code: str
    message: str
    wait_s: float


@dataclass(frozen=True, slots=True)
class TaskCancelled(Event):
    """The task was taken away while it ran: cancelled, or claimed by another driver."""

    name: ClassVar[str] = "task.cancelled"


Sink = Callable[[Event], None]
