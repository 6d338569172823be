"""Work in a copy of this process, beside it: what both have read costs neither time nor memory twice."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


def work_beside(work: Callable[[], T]) -> Callable[[], T]:
    """Start `work` in a copy of this process, and return a function that waits for its result, which has to be picklable.

    Only for a process of one thread. The copy has to leave alone what both hold, such as connections to a database. Where no copy can be
    made, or it ends without a result, the work is done here when the result is asked for, so errors are raised here too.
    """
    if (os.cpu_count() or 1) == 1 or "fork" not in multiprocessing.get_all_start_methods():
        return work
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    try:
        copy = context.Process(target=_send_result, args=(work, sender), daemon=True)
        copy.start()
    except OSError:  # no memory for one
        return work
    sender.close()

    def result() -> T:
        try:
            received: T = receiver.recv()
        except (EOFError, OSError):
            return work()
        finally:
            receiver.close()
            copy.join()
        return received

    return result


def _send_result(work: Callable[[], T], sender: "Connection") -> None:
    try:
        sender.send(work())
    except Exception:  # noqa: BLE001  the process that waits does the work again and meets the error
        os._exit(1)
