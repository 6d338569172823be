"""A worker as its group sees it."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import WorkerLife, WorkerReply
from monito_ray.errors import LlmNodeLost, LlmWorkerLost
from monito_ray.records import LlmUse


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request on its way."""

    request: Request
    at: float
    #: Of the worker when it was sent.
    life: WorkerLife


@dataclass(frozen=True, slots=True)
class LostRequest:
    """A request whose call Ray has lost: its worker may have died, and may have its answer."""

    sent: SentRequest
    #: When Ray said so.
    at: float


@dataclass(slots=True, eq=False)
class TrackedWorker:
    """A worker as its group sees it."""

    number: int
    actor: Any
    #: The node that it was started for, until it says where it is.
    node_id: str
    #: The last life that it told of; None before the first.
    life: WorkerLife | None = None
    #: Whether it may be sent requests.
    is_up: bool = False
    #: Since when it answers; what was sent before may be lost.
    up_since: float = float("-inf")
    #: Whether it died and is not started again.
    is_dead: bool = False
    heard_at: float = float("-inf")
    #: The question whether it lives that is on its way, and when it was asked.
    question: Any = None
    question_at: float = float("-inf")
    #: When a request to it failed last; an answer to an earlier question says nothing then.
    failed_at: float = float("-inf")
    is_retiring: bool = False
    in_flight: dict[str, SentRequest] = field(default_factory=dict)
    #: Requests whose replies came: the worker keeps them until it is told that they are recorded.
    received: set[str] = field(default_factory=set)
    #: Requests that it will be told of.
    recorded: set[str] = field(default_factory=set)
    lost: list[LostRequest] = field(default_factory=list)
    #: The question what became of requests that is on its way, and when it was asked.
    search: Any = None
    searched_at: float = float("-inf")


def end_worker(member: TrackedWorker) -> None:
    """End it, and what is on its way there."""
    import ray  # noqa: PLC0415

    with suppress(ray.exceptions.RayError):
        if ray.is_initialized():
            ray.kill(member.actor)


def loss_of(node_lives: bool) -> LlmWorkerLost:
    """Return what is said of a request whose worker died: its rows are suspected only where the node lives."""
    if node_lives:
        return LlmWorkerLost("the worker that asked is gone")
    return LlmNodeLost("the node of the worker that asked is gone")


def lost_reply(error: LlmWorkerLost, use: LlmUse, *, is_certain: bool = False) -> WorkerReply:
    """Return the reply to a request that got none."""
    return WorkerReply({}, {}, use, 0, error, is_certain=is_certain)
