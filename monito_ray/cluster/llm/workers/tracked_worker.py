"""A worker as its group sees it, and how many workers there are to be."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import WorkerLife, WorkerReply
from monito_ray.errors import LlmNodeLost, LlmWorkerLost
from monito_ray.records import LlmUse

#: LLM workers that a node has where no number is set: one holds the whole of a node's requests, and the second goes on while Ray restarts it.
_WORKERS_PER_NODE = 2


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request on its way."""

    request: Request
    at: float
    #: Of the worker when it was sent.
    life: WorkerLife


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
    heard_at: float = float("-inf")
    #: The question whether it lives that is on its way, and when it was asked.
    question: Any = None
    question_at: float = float("-inf")
    #: When a request to it failed last; an answer to an earlier question says nothing then.
    failed_at: float = float("-inf")
    is_retiring: bool = False
    in_flight: dict[str, SentRequest] = field(default_factory=dict)
    #: Requests whose replies came, with the time when they did: the worker keeps them until it is told.
    received: list[tuple[str, float]] = field(default_factory=list)
    #: Requests that Ray says are lost, with the time when it did.
    lost: list[tuple[SentRequest, float]] = field(default_factory=list)


def worker_count(requested: int, node_count: int, concurrency: int) -> int:
    """Return how many LLM workers are started: those requested, else some for each node, but no more than there are requests."""
    return max(1, min(requested or _WORKERS_PER_NODE * node_count, concurrency))


def surplus(members: Sequence[TrackedWorker], count: int) -> list[TrackedWorker]:
    """Return `count` workers that are of least use: those that do not answer any more, then those of crowded nodes."""
    per_node = Counter(member.node_id for member in members)
    chosen: list[TrackedWorker] = []
    while len(chosen) < count:
        left = [member for member in members if member not in chosen]
        least = max(left, key=lambda one: (one.life is not None and not one.is_up, per_node[one.node_id], one.number))
        per_node[least.node_id] -= 1
        chosen.append(least)
    return chosen


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
