"""The nodes of the cluster that this process has joined: which of them answer, and which of them the next task goes to.

Ray takes 15 s to notice that a node was killed and a minute that it is cut off, and a call to a node that is cut off may hang for ever. So a
thread looks at each node itself, by a connection to its raylet every few seconds. A Ray of one's own has one node and needs no watch.
"""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from monito_ray import log

#: Time between two looks at all nodes, and how long a node may take to accept a connection: one that lives needs milliseconds.
_LOOK_EVERY_S, _CONNECT_S = 1.5, 2.0
#: A node that did not answer this often in a row counts as away: one packet may be lost.
_SILENCES = 2
#: Nodes that are looked at side by side.
_LOOKERS = 16


class NodeState(StrEnum):
    """How a node stands."""

    #: It answers.
    HERE = "here"
    #: It does not answer, and may come back with all that runs there.
    AWAY = "away"
    #: Ray has given it up: what ran there is lost.
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ClusterNode:
    """A node as Ray lists it."""

    id: str
    host: str
    #: Where its raylet listens.
    port: int
    cores: int
    #: False once Ray has given it up.
    is_listed: bool = True


def listed_nodes() -> list[ClusterNode]:
    """Return the nodes that this process's Ray knows, dead ones included."""
    import ray  # noqa: PLC0415

    return [
        ClusterNode(
            node["NodeID"],
            str(node["NodeManagerAddress"]),
            int(node["NodeManagerPort"]),
            int(node.get("Resources", {}).get("CPU", 0)),
            bool(node["Alive"]),
        )
        for node in cast("list[dict[str, Any]]", ray.nodes())  # type: ignore[no-untyped-call]
    ]


def silences(node: ClusterNode) -> int:
    """Return 0 where the raylet of a node accepts a connection, 1 where nothing came back, `_SILENCES` where nobody listens any more."""
    try:
        socket.create_connection((node.host, node.port), timeout=_CONNECT_S).close()
    except ConnectionRefusedError:
        return _SILENCES
    except OSError:
        return 1
    return 0


class NodeWatch:
    """Knows how each node stands, and how many tasks of this process each has. Threads may share it.

    Args:
        list_nodes: returns the nodes.
        count_silences: tries a node once; see `silences`.
        on_new: is called with each node that answers for the first time after the first look, from the thread that looks.
    """

    def __init__(
        self,
        list_nodes: Callable[[], Sequence[ClusterNode]] = listed_nodes,
        count_silences: Callable[[ClusterNode], int] = silences,
        on_new: Callable[[ClusterNode], None] = lambda _: None,
    ) -> None:
        self._list_nodes = list_nodes
        self._count_silences = count_silences
        self._on_new = on_new
        self._nodes: dict[str, ClusterNode] = {}
        #: Nodes that were ever listed.
        self._listed_once: set[str] = set()
        self._silences: Counter[str] = Counter()
        #: Nodes on whose hosts nobody listens where their raylets did.
        self._shut: set[str] = set()
        self._placed: Counter[str] = Counter()
        self._losses = 0
        self._lock = threading.Lock()

    def look(self) -> None:
        """Look at all nodes once."""
        listed = {node.id: node for node in self._list_nodes()}
        trying = [node for node in listed.values() if node.is_listed]
        with ThreadPoolExecutor(_LOOKERS, thread_name_prefix="node-look") as threads:
            counts = dict(zip([node.id for node in trying], threads.map(self._count_silences, trying), strict=True))
        before = {node.id for node in self.here()}
        with self._lock:
            earlier = self._listed_once.copy()
            self._nodes = listed
            self._listed_once |= listed.keys()
            self._silences = Counter({node_id: count and self._silences[node_id] + count for node_id, count in counts.items()})
            self._shut = {node_id for node_id, count in counts.items() if count >= _SILENCES}
            here = {node.id for node in listed.values() if self._state(node.id) is NodeState.HERE}
            self._losses += len(before - here)
        for lost in sorted(before - here):
            log.warning("node.away", node=lost[:8], message="a node does not answer; its work is done elsewhere")
        for back in sorted((here - before) & earlier):
            log.warning("node.back", node=back[:8], message="a node answers again")
        if earlier:
            for node_id in sorted(here - earlier):
                self._on_new(listed[node_id])

    def state(self, node_id: str) -> NodeState:
        """Return how a node stands; a node that nobody has looked at yet is here."""
        with self._lock:
            return self._state(node_id)

    def is_shut(self, node_id: str) -> bool:
        """Return whether a node's Ray has ended, with all that ran there, though Ray may not have noticed yet; not so if it is cut off."""
        with self._lock:
            return node_id in self._shut

    def here(self) -> list[ClusterNode]:
        """Return the nodes that answer."""
        with self._lock:
            return [node for node in self._nodes.values() if self._state(node.id) is NodeState.HERE]

    def away(self) -> list[ClusterNode]:
        """Return the nodes that do not answer and that Ray has not given up."""
        with self._lock:
            return [node for node in self._nodes.values() if self._state(node.id) is NodeState.AWAY]

    def summary(self) -> str:
        """Return how the nodes stand, for people; of those that are gone, whose hosts have no other node. "" before the first look."""
        with self._lock:
            hosts = {node.host for node in self._nodes.values() if node.is_listed}
            shown = [node for node in self._nodes.values() if node.is_listed or node.host not in hosts]
            standing = dict.fromkeys(f"{node.host} {self._state(node.id)}, {node.cores} cores" for node in shown)
        return "; ".join(sorted(standing))

    @property
    def losses(self) -> int:
        """How often a node was lost since the watch began."""
        return self._losses

    @contextmanager
    def placed(self) -> Iterator[str]:
        """Give the node that the next task goes to, and count the task there while the block runs; "": Ray may choose."""
        with self._lock:
            node_id = self._least_busy()
            self._placed[node_id] += 1
        try:
            yield node_id
        finally:
            with self._lock:
                self._placed[node_id] -= 1

    def _state(self, node_id: str) -> NodeState:
        node = self._nodes.get(node_id)
        if node_id in self._listed_once and (node is None or not node.is_listed):
            return NodeState.GONE
        return NodeState.AWAY if self._silences[node_id] >= _SILENCES else NodeState.HERE

    def _least_busy(self) -> str:
        fitting = [node for node in self._nodes.values() if node.cores and self._state(node.id) is NodeState.HERE]
        listed = sum(node.is_listed for node in self._nodes.values())
        if listed < 2 or not fitting:
            return ""
        return min(fitting, key=lambda node: self._placed[node.id] / node.cores).id


#: The watch of this process; Ray is one per process. Before it looks, and without one, every node is here and Ray chooses.
_watch = NodeWatch(list)


def watch() -> NodeWatch:
    """Return the watch of this process."""
    return _watch


@contextmanager
def watching(on_new: Callable[[ClusterNode], None] = lambda _: None) -> Iterator[None]:
    """Watch the nodes of this process's Ray while the block runs."""
    global _watch  # noqa: PLW0603
    before, _watch = _watch, NodeWatch(on_new=on_new)
    done = threading.Event()

    def look_until_done(watched: NodeWatch) -> None:
        while not done.is_set():
            began = time.monotonic()
            try:
                watched.look()
            except Exception as error:  # noqa: BLE001  Ray is about to end: its own probe says so
                log.warning("node.unseen", code=type(error).__name__, message=str(error).partition("\n")[0])
            done.wait(max(0.0, began + _LOOK_EVERY_S - time.monotonic()))

    thread = threading.Thread(target=look_until_done, args=(_watch,), name="nodes", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(2 * _CONNECT_S)
        _watch = before
