"""Which nodes get an LLM worker, and which workers retire, as nodes come and go and questions do."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from monito_ray.cluster import node_watch
from monito_ray.cluster.llm.workers.tracked_worker import TrackedWorker
from monito_ray.cluster.node_watch import ClusterNode

#: LLM workers that a node has where no number is set: one holds the whole of a node's requests, and the second goes on while Ray restarts it.
_WORKERS_PER_NODE = 2
#: A node has to be without a worker for so long before it gets one: Ray sends an actor elsewhere whose node has joined this moment. And none
#: is started for a node again before the second time has passed.
_BARE_S, _PLACE_AGAIN_S = 3.0, 20.0
#: Where nothing was asked for so long, workers leave the other nodes: Ray's autoscaler takes no node away that has an actor.
_REST_S = 20.0


def worker_count(requested: int, node_count: int, concurrency: int) -> int:
    """Return how many LLM workers are started: those requested, else some for each node, but no more than there are requests."""
    return max(1, min(requested or _WORKERS_PER_NODE * node_count, concurrency))


def surplus(members: Sequence[TrackedWorker], count: int, nodes: Sequence[ClusterNode]) -> list[TrackedWorker]:
    """Return `count` workers that are of least use: those that do not answer any more, then those elsewhere than on `nodes`, or crowded."""
    per_node, node_ids = Counter(member.node_id for member in members), {node.id for node in nodes}
    chosen: list[TrackedWorker] = []
    while len(chosen) < count:
        left = [member for member in members if member not in chosen]
        least = max(
            left,
            key=lambda one: (one.life is not None and not one.is_up, one.node_id not in node_ids, per_node[one.node_id], one.number),
        )
        per_node[least.node_id] -= 1
        chosen.append(least)
    return chosen


class WorkerPlaces:
    """Decides for one group of workers, in its thread; `asking` is called in those of lists.

    Args:
        requested: the number of workers; 0 = two for each node.
        concurrency: the maximum number of requests in flight.
        rests: workers leave the other nodes while nothing is asked.
    """

    def __init__(self, requested: int, concurrency: int, *, rests: bool) -> None:
        self._requested = requested
        self._concurrency = concurrency
        self._rests = rests
        #: The node of this process.
        self.own_node = ""
        #: Until then all workers stay as they are.
        self.fixed_until = float("-inf")
        #: How many ask now, and when the last one ended.
        self._askers, self._idle_since = 0, time.monotonic()
        self._lock = threading.Lock()
        #: Since when a node has no worker, and when one was last started for it; Ray may have put it elsewhere.
        self._bare_since: dict[str, float] = {}
        self._placed_at: dict[str, float] = {}

    def count(self, node_count: int) -> int:
        """Return how many workers so many nodes have."""
        return worker_count(self._requested, node_count, self._concurrency)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Have workers on all nodes while the block runs, and a while longer."""
        with self._lock:
            self._askers += 1
        try:
            yield
        finally:
            with self._lock:
                self._askers -= 1
                self._idle_since = time.monotonic()

    def changes(self, members: Sequence[TrackedWorker], now: float) -> tuple[list[ClusterNode], list[TrackedWorker]]:
        """Return the nodes that get a worker each, which count as placed, and the workers that are to retire."""
        here, away = self._working_nodes(now)
        nodes = [*here, *away]
        if not here or now < self.fixed_until:
            return [], []
        target = self.count(len(nodes))
        staying = [member for member in members if not member.is_retiring]
        per_node = Counter(member.node_id for member in staying)
        missing = max(0, target - len(staying))
        movable = sum(count - 1 for count in per_node.values() if count)
        bare = self._bare([node for node in here if not per_node[node.id]], now)
        new = bare[: missing + movable] if len(nodes) > 1 else []
        self._placed_at |= {node.id: now for node in new}
        return new, surplus(staying, len(staying) + len(new) - target, nodes)

    def _bare(self, nodes: Sequence[ClusterNode], now: float) -> list[ClusterNode]:
        """Return those of the nodes without a worker that are to get one now."""
        self._bare_since = {node.id: self._bare_since.get(node.id, now) for node in nodes}
        return [
            node
            for node in nodes
            if now - self._bare_since[node.id] >= _BARE_S and now - self._placed_at.get(node.id, float("-inf")) > _PLACE_AGAIN_S
        ]

    def _working_nodes(self, now: float) -> tuple[list[ClusterNode], list[ClusterNode]]:
        """Return the nodes that are to have workers: those that answer, and those that may do so again."""
        watch = node_watch.watch()
        here, away = watch.here(), watch.away()
        own = [node for node in here if node.id == self.own_node]
        if not own or not self._rests or self._askers or now - self._idle_since <= _REST_S:
            return here, away
        self._placed_at.clear()  # with the next question all get one at once
        return own, []
