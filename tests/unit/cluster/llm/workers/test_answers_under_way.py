"""Who waits for which requests, and which answers are had from them."""

import threading
import time

from monito_ray.cluster.llm.workers.answers_under_way import AnswersUnderWay


def test_only_those_who_ask_the_same_wait():
    """They have the answers when the request comes, or ask themselves where it brought none."""
    under_way = AnswersUnderWay()
    under_way.leave("one", ("a", "b"))
    assert under_way.take(("c",)) == {}
    threading.Timer(0.1, lambda: under_way.come("one", {"a": 1})).start()
    assert under_way.take(("a", "b", "c")) == {"a": 1}
    under_way.leave("two", ("b",))
    under_way.come("two", {})
    assert under_way.take(("b",)) == {}


def test_answers_are_kept_until_whoever_looks_into_the_store_finds_them():
    """Also a while longer: the store was looked into before."""
    now = [0.0]
    under_way = AnswersUnderWay(lambda: now[0])
    under_way.leave("one", ("a",))
    under_way.come("one", {"a": 1})
    now[0] = 1000.0
    under_way.record([])
    assert under_way.take(("a",)) == {"a": 1}
    under_way.record(["one"])
    now[0] = 1050.0
    under_way.record([])
    assert under_way.take(("a",)) == {"a": 1}
    now[0] = 1100.0
    under_way.record([])
    assert under_way.take(("a",)) == {}


def test_a_wait_ends_when_it_is_told_to():
    """The request may take minutes."""
    under_way, stop = AnswersUnderWay(), threading.Event()
    under_way.leave("one", ("a",))
    threading.Timer(0.1, stop.set).start()
    began = time.monotonic()
    assert under_way.take(("a",), stop) == {}
    assert time.monotonic() - began < 1
