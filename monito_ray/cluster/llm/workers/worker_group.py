"""The LLM workers of a pool: started on every node, asked all the time whether they answer, and given requests only while they do.

A worker that is away is so told from a row that kills: nothing is sent to it, what it had is waited for as long as its node may come back,
or looked for there (`lost_requests`), and only a death on a node that lives makes the rows suspect that it asked about.
"""

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any

from monito_ray import log
from monito_ray.cluster import node_watch
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import LlmWorker, WorkerReply
from monito_ray.cluster.llm.workers import lost_requests
from monito_ray.cluster.llm.workers.tracked_worker import LostRequest, SentRequest, TrackedWorker, end_worker, lost_reply
from monito_ray.cluster.llm.workers.worker_places import WorkerPlaces
from monito_ray.cluster.node_watch import ClusterNode, NodeState
from monito_ray.cluster.tasks import on_node
from monito_ray.errors import ClusterUnavailable, LlmNodeLost
from monito_ray.records import LlmUse
from monito_ray.spending import ModelAddress

#: How often the workers are looked at, how often one that answers is asked, and after how long without an answer it gets no more requests.
_TICK_S, _ASK_EVERY_S, _SILENT_S = 0.1, 1.0, 5.0
#: A question whether it lives that was not answered for so long is given up, and another one asked.
_FORGET_S = 20.0
#: Where no worker has answered for so long, lists do not wait any more. A node that starts with a cold disk needs half of it.
_ALL_AWAY_S = 90.0
#: Calls that a worker accepts beyond the requests in flight: for its statistics, and while replies are on their way.
_SPARE_CALLS = 16
#: Beyond a request's own time-out, until the answers of an earlier driver are taken from the workers.
_UNHEARD_S = 20.0
#: A worker that outlives its driver ends when none has come for so long: a driver starts in seconds, on a busy machine in a minute.
_ALONE_S = 180.0


class WorkerGroup:
    """Starts workers, sends requests to them and passes on what comes of each, once.

    A thread looks at the workers; the lock guards them. Callbacks are called without the lock.

    Args:
        address: the model and where it is.
        concurrency: the maximum number of requests in flight.
        requested: the number of workers; 0 = two for each node.
        timeout_s: how long one request may take.
        on_reply: takes the end of a request, from any thread.
        on_slots: takes how many requests may be in flight now, 0 while no worker answers.
        on_away: is told why nothing can be asked, while no worker has answered for long.
        name: workers of this name outlive this group, and the next one of that name has them; "": they end with it.
        rests: workers leave the other nodes while nothing is asked.
    """

    def __init__(
        self,
        address: ModelAddress,
        concurrency: int,
        requested: int,
        timeout_s: float,
        on_reply: Callable[[Request, WorkerReply | Exception], None],
        on_slots: Callable[[int], None],
        on_away: Callable[[ClusterUnavailable], None],
        name: str = "",
        *,
        rests: bool = False,
    ) -> None:
        self._address = address
        self._concurrency = concurrency
        self._timeout_s = timeout_s
        self._on_reply = on_reply
        self._on_slots = on_slots
        self._on_away = on_away
        #: Tells its requests at a worker from those of another driver.
        self.id = uuid.uuid4().hex[:12]
        #: A namespace for each pool keeps two of them from claiming one name.
        self._namespace = f"monito-{name or self.id}"
        self._outlives = bool(name)
        self._members: list[TrackedWorker] = []
        self._started = 0
        self._heard_at = 0.0
        self._places = WorkerPlaces(requested, concurrency, rests=rests)
        self._lock, self._done = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._look_until_done, name="llm-workers", daemon=True)

    @property
    def actors(self) -> list[Any]:
        """The workers."""
        return [member.actor for member in self._members]

    def start(self) -> list[Any]:
        """Start the workers, on the nodes that there are now; return those that an earlier group of this name has left."""
        import ray  # noqa: PLC0415

        listed = [node for node in node_watch.listed_nodes() if node.is_listed]
        self._places.own_node = ray.get_runtime_context().get_node_id()
        left = self._find_left() if self._outlives else []
        for number in range(len(left), self._places.count(len(listed))):
            self._start_one(listed[number % len(listed)] if len(listed) > 1 else None)
        self._heard_at = time.monotonic()
        if left:  # they hold answers for the driver that has died
            self._places.fixed_until = self._heard_at + self._timeout_s + _UNHEARD_S
        self._thread.start()
        return left

    def _find_left(self) -> list[Any]:
        import ray  # noqa: PLC0415

        left = [one["name"] for one in ray.util.list_named_actors(all_namespaces=True) if one["namespace"] == self._namespace]
        for number in sorted(int(name.rpartition(" ")[2]) for name in left):
            self._started = number
            with suppress(ValueError):  # it has just ended
                self._members.append(TrackedWorker(number, ray.get_actor(f"LLM worker {number}", self._namespace), ""))
        return self.actors

    def close(self) -> None:
        """End the workers; requests in flight are lost, unless the workers outlive this group: then those that have some live on.

        So do those that have replies which are not recorded.
        """
        self._done.set()
        if self._thread.is_alive():
            self._thread.join(_SILENT_S)
        for member in self._members:
            if not (self._outlives and (member.in_flight or member.lost or member.received)):
                end_worker(member)
        self._members = []

    def asking(self) -> AbstractContextManager[None]:
        """Have workers on all nodes while the block runs, and a while longer."""
        return self._places.asking()

    def send(self, request: Request) -> None:
        """Give a request to the worker with the fewest requests, of those that answer."""
        with self._lock:
            fitting = [member for member in self._members if member.is_up and not member.is_retiring and member.life]
            member = min(fitting, key=lambda one: len(one.in_flight), default=None)
            if member is not None and member.life is not None:
                member.in_flight[request.id] = SentRequest(request, time.monotonic(), member.life)
        if member is None:
            self._on_reply(request, lost_reply(LlmNodeLost("no worker could be reached"), LlmUse(), is_certain=True))
            return
        options = request.options(self._timeout_s)
        reply = member.actor.ask.remote(request.queue.question, request.items, request.faults, options, request.id, request.keys, self.id)
        reply.future().add_done_callback(partial(self._on_done, request, member))

    def acknowledge(self, request_ids: Sequence[str]) -> None:
        """Let the workers forget the replies to these requests: they are recorded."""
        with self._lock:
            for member in self._members:
                member.recorded |= member.received.intersection(request_ids)
                member.received -= member.recorded

    def _start_one(self, node: ClusterNode | None) -> None:
        import ray  # noqa: PLC0415

        self._started += 1
        options: dict[str, Any] = {
            # The workers wait on the network: with a CPU each they would keep tasks from running, or never start.
            "num_cpus": 0,
            # Those of an earlier driver may still be on their way.
            "max_concurrency": (1 + self._outlives) * self._concurrency + _SPARE_CALLS,
            "max_restarts": -1,
            # The queue repeats lost requests itself, since it has to know which batches were at a worker that died.
            "max_task_retries": 0,
            "scheduling_strategy": on_node(node.id, is_soft=True) if node else "SPREAD",
            # People read the names on the dashboard.
            "name": f"LLM worker {self._started}",
            "namespace": self._namespace,
        }
        if self._outlives:
            options["lifetime"] = "detached"
        actor = ray.remote(LlmWorker).options(**options).remote(self._address, _ALONE_S if self._outlives else 0.0)
        with self._lock:
            self._members.append(TrackedWorker(self._started, actor, node.id if node else ""))

    def _on_done(self, request: Request, member: TrackedWorker, future: "Future[WorkerReply]") -> None:
        """Pass the end of a request on; Ray calls this in a thread of its own. One that was given up before has ended already."""
        from ray.exceptions import RayError, RayTaskError  # noqa: PLC0415

        try:
            reply: WorkerReply | Exception | None = future.result()
        except RayTaskError as error:
            reply = error
        except RayError:
            reply = None
        with self._lock:
            sent = member.in_flight.pop(request.id, None)
            if sent is None:
                return
            if isinstance(reply, WorkerReply):
                member.received.add(request.id)
            if reply is None:
                member.is_up, member.failed_at = False, time.monotonic()
                member.lost.append(LostRequest(sent, member.failed_at))
        if reply is None:
            self._tell_slots()
        else:
            self._on_reply(request, reply)

    def _look_until_done(self) -> None:
        while not self._done.wait(_TICK_S):
            try:
                self._look(time.monotonic())
            except Exception as error:  # noqa: BLE001  what Ray raises while it ends; the driver's own probe says so
                log.warning("llm.workers_unseen", code=type(error).__name__, message=str(error).partition("\n")[0])

    def _look(self, now: float) -> None:
        for member in list(self._members):
            self._hear(member, now)
            with self._lock:
                ended = lost_requests.search(member, now, self._timeout_s) + lost_requests.give_up(member, now, self._timeout_s)
            for request, reply in ended:
                self._on_reply(request, reply)
        self._place(now)
        self._tell_slots()
        if any(member.is_up for member in self._members):
            self._heard_at = now
        elif now - self._heard_at > _ALL_AWAY_S:
            self._heard_at = now
            self._on_away(ClusterUnavailable("no worker that asks the LLM answers", "See that the nodes of the cluster run."))

    def _hear(self, member: TrackedWorker, now: float) -> None:
        """Take the answer of a worker that was asked whether it lives, and ask again when it is time."""
        import ray  # noqa: PLC0415

        if member.question is not None and ray.wait([member.question], timeout=0)[0]:
            question, member.question = member.question, None
            try:
                life = ray.get(question)
            except ray.exceptions.RayError as error:
                with self._lock:
                    member.is_up = False
                    member.is_dead = isinstance(error, ray.exceptions.ActorDiedError)
            else:
                with self._lock:
                    member.life, member.node_id, member.heard_at = life, life.node_id, now
                    is_up = member.question_at > member.failed_at
                    member.up_since = now if is_up and not member.is_up else member.up_since
                    member.is_up = is_up
        with self._lock:
            if now - member.heard_at > _SILENT_S or node_watch.watch().state(member.node_id) is not NodeState.HERE:
                member.is_up = False
        if member.question is None and (not member.is_up or now - member.question_at > _ASK_EVERY_S):
            with self._lock:
                recorded, member.recorded = list(member.recorded), set()
            member.question, member.question_at = member.actor.life.remote(recorded), now
        elif member.question is not None and now - member.question_at > _FORGET_S:
            member.question = None

    def _tell_slots(self) -> None:
        """Tell how many requests may be in flight: those that hang at workers that are away do not count."""
        with self._lock:
            is_any_up = any(member.is_up and not member.is_retiring for member in self._members)
            hanging = sum(len(member.in_flight) + len(member.lost) for member in self._members if not member.is_up)
        self._on_slots(self._concurrency + hanging if is_any_up else 0)

    def _place(self, now: float) -> None:
        """Give nodes that have no worker one, and let surplus ones retire."""
        new, retiring = self._places.changes(self._members, now)
        for node in new:
            self._start_one(node)
            log.warning("llm.worker_started", message="a node that had no LLM worker gets one", node=node.id[:8])
        for member in retiring:
            member.is_retiring = True
        for member in [one for one in self._members if one.is_retiring and not (one.in_flight or one.lost or one.received)]:
            with self._lock:
                self._members.remove(member)
            end_worker(member)
