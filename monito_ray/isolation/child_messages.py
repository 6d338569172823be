"""What passes between a process and the child that works for it: pickled objects, their large buffers beside them."""

import pickle
import traceback
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any


class CallOutcome(StrEnum):
    """How a call ended: with a result, with an exception, or without memory."""

    RETURNED = "returned"
    RAISED = "raised"
    EXHAUSTED = "exhausted"


def send(connection: Connection, message: object, *, is_last: bool = False) -> None:
    """Send an object; `is_last` says that nothing will follow it."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    connection.send((len(views), is_last))
    connection.send_bytes(body)
    for view in views:
        connection.send_bytes(view)


def receive(connection: Connection) -> Any:
    """Return the next object.

    Raises:
        EOFError, OSError: there is none, for the other side has ended.
    """
    return receive_marked(connection)[0]


def receive_marked(connection: Connection) -> tuple[Any, bool]:
    """Return the next object, and whether it is the last; raises as `receive`."""
    count, is_last = connection.recv()
    body = connection.recv_bytes()
    buffers = [connection.recv_bytes() for _ in range(count)]
    return pickle.loads(body, buffers=buffers), is_last  # noqa: S301  of our own child


def portable(error: Exception) -> tuple[Exception, str]:
    """Return the error, or one of the same text where it cannot travel, and where it was raised."""
    where = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    except Exception:  # noqa: BLE001  whatever keeps it from travelling
        return RuntimeError(f"{type(error).__name__}: {error}"), where
    return error, where
