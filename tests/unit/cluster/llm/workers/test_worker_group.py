"""The workers of a pool while they die, are away and come back: what is sent to whom, and what is said of a request that got no reply."""

from concurrent.futures import Future
from typing import Any

import pytest

from monito_ray.cluster import node_watch
from monito_ray.cluster.llm.limiter import Permit
from monito_ray.cluster.llm.question_queue import QuestionQueue
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.request_batch import Batch
from monito_ray.cluster.llm.worker import WorkerLife, WorkerReply
from monito_ray.cluster.llm.workers import lost_requests, worker_group
from monito_ray.cluster.llm.workers.tracked_worker import TrackedWorker
from monito_ray.cluster.llm.workers.worker_group import WorkerGroup
from monito_ray.cluster.node_watch import ClusterNode, NodeWatch
from monito_ray.errors import LlmNodeLost, LlmWorkerLost
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.records import LlmUse


class _Call:
    """A method of an actor; its calls stay open until the test ends them."""

    def __init__(self) -> None:
        self.open: list[Future[Any]] = []

    def remote(self, *_args: Any) -> "_Call":
        self.open.append(Future())
        return self

    def future(self) -> "Future[Any]":
        return self.open[-1]


class _Actor:
    def __init__(self) -> None:
        self.ask, self.life = _Call(), _Call()


class _World:
    """A group with two workers, on nodes `a` and `b`, whose time and nodes the test decides."""

    def __init__(self) -> None:
        self.listed = [ClusterNode("a", "", 0, 1), ClusterNode("b", "", 0, 1)]
        #: Nodes that nothing is heard of, and those where nobody listens any more.
        self.silent: set[str] = set()
        self.shut: set[str] = set()
        self.replies: list[tuple[str, WorkerReply | Exception]] = []
        self.slots: list[int] = []
        self.group = WorkerGroup(
            None,  # type: ignore[arg-type]
            4,
            2,
            10.0,
            lambda request, reply: self.replies.append((request.id, reply)),
            self.slots.append,
            lambda error: self.replies.append(("all", error)),
        )
        self.watch = NodeWatch(lambda: self.listed, self.silences)
        self.watch.look()
        for name in ("a", "b"):
            member = TrackedWorker(len(self.group._members), _Actor(), name)
            member.life, member.is_up, member.heard_at = WorkerLife(f"first-{name}", name), True, 0.0
            self.group._members.append(member)

    def silences(self, node: ClusterNode) -> int:
        return 2 if node.id in self.shut else int(node.id in self.silent)

    def send(self, name: str) -> None:
        queue = QuestionQueue(RowQuestion("Toko"), [], 1)
        self.group.send(Request(name, queue, Batch(()), Permit(0.0, 0.0), 1))

    def calls(self, number: int) -> "list[Future[Any]]":
        return [call for call in self.group._members[number].actor.ask.open if not call.done()]

    def give_up(self, now: float) -> None:
        for member in self.group._members:
            self.replies += [(request.id, reply) for request, reply in lost_requests.give_up(member, now, 10.0)]

    def restart(self, number: int, now: float) -> None:
        member = self.group._members[number]
        member.life, member.heard_at = WorkerLife("second", member.node_id), now


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> _World:
    """Give a world whose clock stands at 0."""
    made = _World()
    monkeypatch.setattr(worker_group.time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(node_watch, "watch", lambda: made.watch)
    return made


def _died() -> Exception:
    from ray.exceptions import ActorDiedError  # noqa: PLC0415

    return ActorDiedError()


def _errors(world: _World) -> list[tuple[str, type, bool]]:
    return [(name, type(reply.error), reply.is_certain) for name, reply in world.replies if isinstance(reply, WorkerReply)]


def test_a_death_on_a_node_that_lives_suspects_the_rows(world: _World):
    """It may have been paid for; the other worker gets what comes next."""
    world.send("one")
    world.calls(0)[0].set_exception(_died())
    for name in ("two", "three"):
        world.send(name)
    assert (len(world.calls(0)), len(world.calls(1))) == (0, 2)
    world.give_up(30.0)
    assert world.replies == []
    world.restart(0, 31.0)
    world.give_up(31.0)
    assert _errors(world) == [("one", LlmWorkerLost, False)]


def test_a_death_is_looked_into_when_the_nodes_were_looked_at(world: _World):
    """A worker that is started again at once may have been taken along by its node."""
    world.send("one")
    world.calls(0)[0].set_exception(_died())
    world.restart(0, 1.0)
    world.give_up(1.0)
    assert world.replies == []
    world.give_up(2.0)
    assert _errors(world) == [("one", LlmWorkerLost, False)]


def test_a_death_with_its_node_suspects_nobody(world: _World):
    """Also before Ray has noticed the node's death."""
    world.send("one")
    world.calls(0)[0].set_exception(_died())
    world.shut = {"a"}
    world.watch.look()
    world.give_up(0.5)
    assert _errors(world) == [("one", LlmNodeLost, False)]


def test_what_a_node_that_is_cut_off_has_is_waited_for_and_holds_no_slot(world: _World):
    """Until Ray gives the node up, for its answer is paid for; others take the requests of its share meanwhile."""
    for name in ("one", "two"):
        world.send(name)
    world.silent = {"a"}
    world.watch.look()
    world.watch.look()
    world.group._members[0].is_up = False
    world.group._tell_slots()
    world.give_up(30.0)
    assert (world.replies, world.slots[-1]) == ([], 5)
    world.listed[0] = ClusterNode("a", "", 0, 1, is_listed=False)
    world.watch.look()
    world.give_up(40.0)
    assert _errors(world) == [("one", LlmNodeLost, False)]
    world.calls(0)[0].set_result("late")
    assert len(world.replies) == 1


def test_a_request_that_nobody_can_take_did_not_leave(world: _World):
    """It is certain that it was not paid for, and no more may leave."""
    for member in world.group._members:
        member.is_up = False
    world.send("one")
    world.group._tell_slots()
    assert _errors(world) == [("one", LlmNodeLost, True)]
    assert world.replies[0][1].use == LlmUse()  # type: ignore[union-attr]
    assert world.slots[-1] == 0


def test_a_request_that_was_forgotten_is_lost_requests(world: _World):
    """Its worker lives, and its own time-out is long over."""
    world.send("one")
    world.give_up(69.0)
    assert world.replies == []
    world.give_up(71.0)
    assert _errors(world) == [("one", LlmNodeLost, False)]


def test_workers_that_were_left_stay_until_their_answers_are_taken(world: _World, monkeypatch: pytest.MonkeyPatch):
    """However many there are: they hold answers that were paid for."""
    monkeypatch.setattr(worker_group, "end_worker", lambda _: None)
    made = world.group._members
    made += [TrackedWorker(number, _Actor(), "a") for number in (2, 3)]
    world.group._places.fixed_until = 1.0
    world.group._place(0.0)
    assert not any(member.is_retiring for member in made)
    world.group._place(1.0)
    assert sum(member.is_retiring for member in world.group._members) + 4 - len(world.group._members) == 2
