"""Calls between two processes over one pipe: each end calls functions of the other, many at a time."""

import itertools
import os
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any

from monito_ray.isolation.child_messages import portable, receive, send

#: Calls that are answered at a time. Each list that is worked on has about two; there are a handful (`rows_at_once`).
_MOST_CALLS = 64


class ChannelClosed(Exception):
    """The process at the other end has ended."""


class _MessageKind(StrEnum):
    CALL = "call"
    RESULT = "result"
    ERROR = "error"


class CallChannel:
    """One end of the pipe. `functions` are those that the other end may call, by name; each call has a thread of its own.

    Arguments, results and errors are pickled, so both processes have to be ours.
    """

    def __init__(self, connection: Connection, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._connection = connection
        self._functions = functions
        self._sending = threading.Lock()
        self._numbers = itertools.count()
        #: The results that are waited for, by the numbers of their calls; None once the other end is gone.
        self._replies: dict[int, Future[Any]] | None = {}
        self._changing = threading.Lock()
        self._threads = ThreadPoolExecutor(_MOST_CALLS, "calls")

    def start(self, name: str, *args: Any) -> "Future[Any]":
        """Begin a call of a function of the other end, and return its result to come.

        Raises:
            ChannelClosed: the other process has ended. The result raises it, too, where it ends before it answers.
        """
        number, reply = next(self._numbers), Future[Any]()
        with self._changing:
            if self._replies is None:
                raise ChannelClosed
            self._replies[number] = reply
        try:
            self._send((_MessageKind.CALL, number, name, args))
        except Exception:
            with self._changing:
                (self._replies or {}).pop(number, None)
            raise
        return reply

    def call(self, name: str, *args: Any) -> Any:
        """Return what a function of the other end returns; raise what it raises, or `ChannelClosed`."""
        return self.start(name, *args).result()

    def serve(self) -> None:
        """Take calls and results until the other end is closed."""
        try:
            with suppress(EOFError, OSError):
                while True:
                    kind, number, *rest = receive(self._connection)
                    if kind is _MessageKind.CALL:
                        self._threads.submit(self._answer, number, *rest)
                    else:
                        self._take_reply(kind, number, *rest)
        finally:
            with self._changing:
                unanswered, self._replies = self._replies or {}, None
            for reply in unanswered.values():
                reply.set_exception(ChannelClosed())

    def close(self) -> None:
        """Close this end, which ends `serve` at both."""
        with suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as own:
            own.shutdown(socket.SHUT_RDWR)

    def _answer(self, number: int, name: str, args: tuple[Any, ...]) -> None:
        with suppress(ChannelClosed):
            try:
                self._send((_MessageKind.RESULT, number, self._functions[name](*args)))
            except ChannelClosed:
                raise
            except Exception as error:  # noqa: BLE001  it is raised at the other end
                self._send((_MessageKind.ERROR, number, *portable(error)))

    def _take_reply(self, kind: _MessageKind, number: int, value: Any, where: str = "") -> None:
        with self._changing:
            reply = (self._replies or {}).pop(number)
        if kind is _MessageKind.ERROR:
            value.add_note(where)  # shown below its traceback, which is of this end
            reply.set_exception(value)
        else:
            reply.set_result(value)

    def _send(self, message: tuple[Any, ...]) -> None:
        try:
            with self._sending:
                send(self._connection, message)
        except OSError:
            raise ChannelClosed from None
