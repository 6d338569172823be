"""The process that works for `child_process`: it takes a call, answers it within its budget, and waits for the next."""

import fcntl
import os
import resource
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from monito_ray.isolation import process_limits
from monito_ray.isolation.child_messages import CallOutcome, portable, receive, send

#: A process that has grown by more than this is ended after its answer: it would not give the memory back.
_MOST_GROWTH_BYTES = 256_000_000
#: A call that comes so soon need not wait for modules that it may not want, nor does one to another child share the processor with their import.
_WAIT_S = 1.0


def serve(calls_fd: int, parent_fd: int, modules: str = "") -> None:
    """Answer calls on one end of a pipe until the other is closed; `parent_fd` is of a pipe that ends when the parent does.

    `modules`, names with commas between them, are imported while there is no call yet.
    """
    _end_with_parent(parent_fd)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection = Connection(calls_fd)
    if modules and not connection.poll(_WAIT_S):
        for module in modules.split(","):
            import_module(module)
    start_bytes = process_limits.data_bytes()
    while True:
        try:
            call = receive(connection)
        except EOFError:
            return
        except Exception as error:  # noqa: BLE001  what cannot be unpickled here is for the caller to know
            send(connection, (CallOutcome.RAISED, *portable(error)), is_last=False)
            continue
        try:
            is_last = _answer(connection, start_bytes, *call)
        except MemoryError:
            send(connection, (CallOutcome.EXHAUSTED,), is_last=True)
            is_last = True
        if is_last:
            os._exit(0)  # tearing down what a long list left behind takes a second


def _answer(connection: Connection, start_bytes: int, budget: Any, function: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    """Call the function and send what becomes of it; return whether this process is to end.

    Raises:
        MemoryError: the call needs more memory than its budget.
    """
    with process_limits.limited(budget):
        try:
            answer: tuple[Any, ...] = (CallOutcome.RETURNED, function(*args))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  it is raised on the other side
            answer = (CallOutcome.RAISED, *portable(error))
        is_last = process_limits.data_bytes() - start_bytes > _MOST_GROWTH_BYTES
        send(connection, answer, is_last=is_last)
    return is_last


def _end_with_parent(parent_fd: int) -> None:
    """Let the kernel end this process (SIGIO) when the other end of the pipe is closed, also while C code runs that no thread interrupts."""
    fcntl.fcntl(parent_fd, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(parent_fd, fcntl.F_GETFL)
    fcntl.fcntl(parent_fd, fcntl.F_SETFL, flags | os.O_ASYNC)
