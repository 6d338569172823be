"""Who has a Ray task next."""

import threading
import time
from contextlib import suppress

from monito_ray.cluster.task_slots import PrioritySlots


def test_what_is_furthest_goes_first_then_who_came_first():
    """Of those that wait the lowest rank is let in, and of one rank in the order of coming."""
    gate, order = PrioritySlots(lambda: 1), []

    def pass_through(rank: int, number: int) -> None:
        with gate.held(rank):
            order.append((rank, number))

    threads = [threading.Thread(target=pass_through, args=(rank, number)) for number, rank in enumerate([2, 2, 0, 1, 0])]
    with gate.held(2):
        for thread in threads:
            thread.start()
            time.sleep(0.03)
    for thread in threads:
        thread.join(timeout=10)
    assert order == [(0, 2), (0, 4), (1, 3), (2, 0), (2, 1)]


def test_no_more_are_let_in_than_there_are_places_and_none_is_lost():
    """Also where those who are let in fail."""
    gate, inside, most = PrioritySlots(lambda: 3), [], []

    def pass_through(number: int) -> None:
        with suppress(ZeroDivisionError), gate.held(number % 3):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.002)
            inside.remove(number)
            _ = 1 // 0

    threads = [threading.Thread(target=pass_through, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert (len(most), max(most), inside) == (40, 3, [])


def test_places_that_are_added_are_used():
    """A node that joins: whoever comes or goes next lets in as many as there is room for."""
    places, inside, go = [1], threading.Semaphore(0), threading.Event()
    gate = PrioritySlots(lambda: places[0])

    def pass_through() -> None:
        with gate.held(0):
            inside.release()
            go.wait(10)

    threads = [threading.Thread(target=pass_through) for _ in range(4)]
    for thread in threads[:3]:
        thread.start()
    assert inside.acquire(timeout=10)
    assert not inside.acquire(timeout=0.1)
    places[0] = 4
    threads[3].start()
    assert all(inside.acquire(timeout=10) for _ in range(3))
    go.set()
    for thread in threads:
        thread.join(timeout=10)
