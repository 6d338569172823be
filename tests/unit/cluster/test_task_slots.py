"""How many tasks wait in Ray at once."""

import threading
import time
from contextlib import suppress

from monito_ray.cluster.task_slots import TaskSlots


def test_threads_are_let_in_in_the_order_of_coming():
    """The first that waits is the next to hold a slot."""
    slots, order = TaskSlots(lambda: 1), []

    def hold(number: int) -> None:
        with slots.held():
            order.append(number)

    threads = [threading.Thread(target=hold, args=(number,)) for number in range(5)]
    with slots.held():
        for thread in threads:
            thread.start()
            time.sleep(0.03)
    for thread in threads:
        thread.join(timeout=10)
    assert order == [0, 1, 2, 3, 4]


def test_no_more_are_let_in_than_there_are_slots_and_none_is_lost():
    """Also where those who are let in fail."""
    slots, inside, most = TaskSlots(lambda: 3), [], []

    def hold(number: int) -> None:
        with suppress(ZeroDivisionError), slots.held():
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.002)
            inside.remove(number)
            _ = 1 // 0

    threads = [threading.Thread(target=hold, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert (len(most), max(most), inside) == (40, 3, [])


def test_slots_that_are_added_are_used():
    """A node that joins: the next thread that comes or leaves lets in as many as there is room for."""
    limit, inside, go = [1], threading.Semaphore(0), threading.Event()
    slots = TaskSlots(lambda: limit[0])

    def hold() -> None:
        with slots.held():
            inside.release()
            go.wait(10)

    threads = [threading.Thread(target=hold) for _ in range(4)]
    for thread in threads[:3]:
        thread.start()
    assert inside.acquire(timeout=10)
    assert not inside.acquire(timeout=0.1)
    limit[0] = 4
    threads[3].start()
    assert all(inside.acquire(timeout=10) for _ in range(3))
    go.set()
    for thread in threads:
        thread.join(timeout=10)


def test_one_owner_leaves_a_slot_to_others():
    """Who has all slots but one waits, others go in before; one that stops waiting leaves the line."""
    slots, inside, go = TaskSlots(lambda: 3), [], threading.Event()

    def hold(owner: int) -> None:
        with slots.held(owner=owner):
            inside.append(owner)
            go.wait(10)

    threads = [threading.Thread(target=hold, args=(owner,)) for owner in (7, 7, 7, 8)]
    for thread in threads:
        thread.start()
        time.sleep(0.03)
    assert inside == [7, 7, 8]

    def stop() -> None:
        raise InterruptedError

    with suppress(InterruptedError), slots.held(stop, 9):
        inside.append(9)
    go.set()
    for thread in threads:
        thread.join(timeout=10)
    assert inside == [7, 7, 8, 7]
