"""The watch over a cluster's nodes: who is away, who is gone, and where the next task goes."""

import socket
from collections import Counter

from monito_ray.cluster.node_watch import ClusterNode, NodeState, NodeWatch, silences

A, B = ClusterNode("a", "10.0.0.1", 1, 2), ClusterNode("b", "10.0.0.2", 1, 4)
GONE_B = ClusterNode("b", "10.0.0.2", 1, 4, is_listed=False)


class _Cluster:
    """What Ray lists, and how often each node is silent when it is tried."""

    def __init__(self, *listed: ClusterNode) -> None:
        self.listed = list(listed)
        self.silent: Counter[str] = Counter()
        self.new: list[str] = []
        self.watch = NodeWatch(lambda: self.listed, lambda node: self.silent[node.id], lambda node: self.new.append(node.id))


def test_a_node_is_away_at_its_second_silence_and_comes_back():
    """One silence is chance; who answers again is here at once."""
    cluster = _Cluster(A, B)
    cluster.watch.look()
    seen = []
    for silent in (1, 1, 1, 0):
        cluster.silent["b"] = silent
        cluster.watch.look()
        seen.append((cluster.watch.state("b"), cluster.watch.losses))
    assert seen == [(NodeState.HERE, 0), (NodeState.AWAY, 1), (NodeState.AWAY, 1), (NodeState.HERE, 1)]


def test_a_node_that_ray_gave_up_is_gone():
    """Whether it is listed as dead or not at all; one that nobody saw yet is here."""
    cluster = _Cluster(A, B)
    cluster.watch.look()
    cluster.listed = [A, GONE_B]
    cluster.watch.look()
    assert (cluster.watch.state("b"), cluster.watch.losses) == (NodeState.GONE, 1)
    cluster.listed = [A]
    cluster.watch.look()
    assert (cluster.watch.state("b"), cluster.watch.state("new"), cluster.watch.losses) == (NodeState.GONE, NodeState.HERE, 1)


def test_nodes_are_told_to_people():
    """One that is gone is shown until another one stands on its host."""
    cluster = _Cluster(A, B)
    assert cluster.watch.summary() == ""
    cluster.listed = [A, GONE_B]
    cluster.watch.look()
    assert cluster.watch.summary() == "10.0.0.1 here, 2 cores; 10.0.0.2 gone, 4 cores"
    cluster.listed = [A, GONE_B, ClusterNode("c", "10.0.0.2", 1, 4)]
    cluster.watch.look()
    assert cluster.watch.summary() == "10.0.0.1 here, 2 cores; 10.0.0.2 here, 4 cores"


def test_new_nodes_are_told_once():
    """Those of the first look were there from the beginning."""
    cluster = _Cluster(A)
    cluster.watch.look()
    cluster.listed = [A, B]
    cluster.watch.look()
    cluster.watch.look()
    assert cluster.new == ["b"]


def test_tasks_go_to_the_node_with_the_most_room():
    """By its cores; to none that is away; and Ray chooses where there is one node."""
    cluster = _Cluster(A, B)
    cluster.watch.look()
    with cluster.watch.placed() as first, cluster.watch.placed() as second, cluster.watch.placed() as third:
        assert (first, second, third) == ("a", "b", "b")
    cluster.silent["b"] = 2
    cluster.watch.look()
    with cluster.watch.placed(), cluster.watch.placed() as node_id:
        assert node_id == "a"
    with _Cluster(A).watch.placed() as node_id:
        assert node_id == ""


def test_where_nobody_listens_one_look_is_enough():
    """A raylet listens as long as it lives."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        node = ClusterNode("a", "127.0.0.1", listener.getsockname()[1], 1)
        assert silences(node) == 0
    assert silences(node) == 2
