"""Which nodes get an LLM worker, and which workers retire."""

import pytest

from monito_ray.cluster import node_watch
from monito_ray.cluster.llm.worker import WorkerLife
from monito_ray.cluster.llm.workers import worker_places
from monito_ray.cluster.llm.workers.tracked_worker import TrackedWorker
from monito_ray.cluster.llm.workers.worker_places import WorkerPlaces, surplus, worker_count
from monito_ray.cluster.node_watch import ClusterNode, NodeWatch

NODES = [ClusterNode("a", "", 0, 1), ClusterNode("b", "", 0, 1)]


@pytest.mark.parametrize(
    ("requested", "node_count", "concurrency", "count"), [(0, 1, 32, 2), (0, 3, 32, 6), (0, 3, 4, 4), (1, 3, 32, 1), (5, 1, 32, 5)]
)
def test_each_node_has_two_unless_a_number_is_set(requested: int, node_count: int, concurrency: int, count: int):
    """There are never more than requests that may be in flight."""
    assert worker_count(requested, node_count, concurrency) == count


def _members(node_ids: str) -> list[TrackedWorker]:
    return [TrackedWorker(number, None, node_id, WorkerLife("x", node_id), is_up=True) for number, node_id in enumerate(node_ids)]


def test_surplus_workers_are_those_that_do_not_answer_then_those_elsewhere_or_of_crowded_nodes():
    """One that has just been started did not answer yet; a node keeps its last one as long as another has two."""
    members = _members("aabbb")
    members[0].is_up = members[1].is_up = False
    members[1].life = None
    assert [member.number for member in surplus(members, 3, NODES)] == [0, 4, 3]
    assert [member.number for member in surplus(members, 3, NODES[1:])] == [0, 1, 4]


def _places(monkeypatch: pytest.MonkeyPatch, *, rests: bool) -> WorkerPlaces:
    watch = NodeWatch(lambda: NODES, lambda _: 0)
    watch.look()
    monkeypatch.setattr(node_watch, "watch", lambda: watch)
    monkeypatch.setattr(worker_places.time, "monotonic", lambda: 0.0)
    places = WorkerPlaces(0, 32, rests=rests)
    places.own_node = "a"
    return places


def _changes(places: WorkerPlaces, members: list[TrackedWorker], now: float) -> tuple[list[str], list[int]]:
    new, retiring = places.changes(members, now)
    return [node.id for node in new], [member.number for member in retiring]


def test_a_node_gets_a_worker_a_moment_after_it_came(monkeypatch: pytest.MonkeyPatch):
    """Ray would start it elsewhere; where it did so after all, another one is started later."""
    places, members = _places(monkeypatch, rests=False), _members("aa")
    times = (0.0, 2.0, 4.0, 6.0, 24.0, 26.0)
    assert [_changes(places, members, now)[0] for now in times] == [[], [], ["b"], [], [], ["b"]]


def test_workers_leave_the_other_nodes_when_nothing_is_asked(monkeypatch: pytest.MonkeyPatch):
    """An autoscaler takes no node away that has one; they come back with the next question."""
    places, members = _places(monkeypatch, rests=True), _members("aabb")
    with places.asking():
        assert _changes(places, members, 100.0) == ([], [])
    assert _changes(places, members, 19.0) == ([], [])
    assert _changes(places, members, 21.0) == ([], [3, 2])
    assert _changes(_places(monkeypatch, rests=False), members, 21.0) == ([], [])
    for now in (22.0, 30.0):
        with places.asking():
            assert _changes(places, members[:2], now) == ([], [])
            assert _changes(places, members[:2], now + 3.0) == (["b"], [])
        assert _changes(places, members[:3], now + 3.5) == ([], [2])
