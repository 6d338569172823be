"""The points of a program at which a crash may leave something half done, listed while it runs, and a kill at any one of them.

A point is a commit that wrote, a rename or sync of a file, a file written in place, or a request of a client; each has a moment before it
takes effect and one after it. It is named by what it does and by how often that was done before, not by a running number: threads that
work side by side reach their points in another order each time, each thread its own in the same one.
"""

import os
import re
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, BinaryIO, Self

import httpx
import httpx2
import requests.adapters
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

BEFORE, HALFWAY, AFTER = "before", "halfway", "after"
_WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s+\"?(\w+)", re.IGNORECASE)
_RANDOM_PARTS = re.compile(r"(?<=\.)[0-9a-f]{8}(?=\.part$)|(?<=\.monito-)[^.]*|(?<=^tmp).*|\d+(?=\.tmp$)|[0-9a-f]{40,}")
_WHO = {"/bot": "telegram", "/file/bot": "telegram", "/v1/": "llm", "/v4/": "sheets", "/token": "sheets"}


@dataclass(frozen=True, slots=True)
class Point:
    """A moment of the program: what it does, the how manieth time, and whether that has taken effect."""

    what: str
    number: int
    moment: str

    def __str__(self) -> str:
        return f"{self.moment} {self.what} #{self.number}"


class Tracer:
    """Notes every point that this process reaches, and kills it at one of them. Install it once in a process; it is never taken out."""

    def __init__(self, kill_at: Point | None = None) -> None:
        self.points: list[Point] = []
        self._kill_at = kill_at
        self._counts: Counter[tuple[str, str]] = Counter()
        self._statements: dict[int, set[str]] = {}
        self._lock = threading.RLock()

    def count(self, what: str, moment: str = BEFORE) -> int:
        """Return how often this moment was reached."""
        return self._counts[what, moment]

    def reach(self, what: str, moment: str) -> None:
        """Note the point, and end this process as `kill -9` does if it is the one."""
        with self._lock:
            self._counts[what, moment] += 1
            point = Point(what, self._counts[what, moment], moment)
            self.points.append(point)
            if point == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Wrap what commits, renames, syncs, writes and sends."""
        self._trace_commits()
        self._trace_files()
        self._trace_requests()

    def _trace_commits(self) -> None:
        @event.listens_for(Engine, "before_cursor_execute")
        def _note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            match = _WRITES.match(statement)
            if match:
                key = id(connection.connection.dbapi_connection)
                self._statements.setdefault(key, set()).add(f"{match[1].split()[0].lower()} {match[2]}")

        def commit(dialect: Any, connection: Any) -> None:
            written = self._statements.pop(id(getattr(connection, "dbapi_connection", connection)), None)
            what = f"commit ({', '.join(sorted(written))})" if written else ""
            if what:
                self.reach(what, BEFORE)
            do_commit(dialect, connection)
            if what:
                self.reach(what, AFTER)

        def roll_back(dialect: Any, connection: Any) -> None:
            self._statements.pop(id(getattr(connection, "dbapi_connection", connection)), None)
            do_rollback(dialect, connection)

        do_commit, do_rollback = DefaultDialect.do_commit, DefaultDialect.do_rollback
        DefaultDialect.do_commit, DefaultDialect.do_rollback = commit, roll_back  # type: ignore[method-assign]

    def _trace_files(self) -> None:
        os.replace = self._wrapped(os.replace, lambda _source, target, **_: f"rename to {_name(target)}")
        os.rename = self._wrapped(os.rename, lambda _source, target, **_: f"rename to {_name(target)}")
        os.unlink = self._wrapped(os.unlink, lambda path, **_: f"delete {_name(path)}", only=_is_deleted)
        os.fsync = self._wrapped(os.fsync, lambda handle: f"sync {_name(os.readlink(f'/proc/self/fd/{handle}'))}")  # noqa: PTH115
        for module in [module for name, module in sys.modules.items() if name.startswith("monito_ray.") and hasattr(module, "open_new")]:
            module.open_new = lambda path, open_new=module.open_new: _TracedFile(open_new(path), f"write {_name(path)}", self)

    def _wrapped(self, function: Callable[..., Any], name: Callable[..., str], only: Callable[..., bool] = lambda *_, **__: True) -> Any:
        @wraps(function)
        def traced(*args: Any, **options: Any) -> Any:
            if not only(*args, **options):
                return function(*args, **options)
            what = name(*args, **options)
            self.reach(what, BEFORE)
            result = function(*args, **options)
            self.reach(what, AFTER)
            return result

        return traced

    def _trace_requests(self) -> None:
        for transports in (httpx.AsyncHTTPTransport, httpx2.AsyncHTTPTransport):  # python-telegram-bot has the one, openai the other
            self._trace_transport(transports)
        send = requests.adapters.HTTPAdapter.send

        def traced(adapter: Any, request: Any, **options: Any) -> Any:
            what = _request_name(request.method, request.path_url.partition("?")[0])
            self.reach(what, BEFORE)
            response = send(adapter, request, **options)
            self.reach(what, AFTER)
            return response

        requests.adapters.HTTPAdapter.send = traced  # type: ignore[method-assign, assignment]

    def _trace_transport(self, transports: Any) -> None:
        send = transports.handle_async_request

        async def traced(transport: Any, request: Any) -> Any:
            what = _request_name(request.method, request.url.path)
            self.reach(what, BEFORE)
            response = await send(transport, request)
            await response.aread()
            self.reach(what, AFTER)
            return response

        transports.handle_async_request = traced


class _TracedFile:
    """A file that is written in place: before, half and all of each write are points."""

    def __init__(self, file: BinaryIO, what: str, tracer: Tracer) -> None:
        self._file, self._what, self._tracer = file, what, tracer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        """Write in two halves."""
        self._tracer.reach(self._what, BEFORE)
        half = self._file.write(data[: len(data) // 2])
        self._file.flush()
        self._tracer.reach(self._what, HALFWAY)
        written = half + self._file.write(data[len(data) // 2 :])
        self._file.flush()
        self._tracer.reach(self._what, AFTER)
        return written


def _is_deleted(path: Any, **_: Any) -> bool:
    """Whether a file goes that others may see: not one of a temporary folder."""
    return os.path.exists(path) and not os.path.basename(os.fspath(path)).startswith("tmp")  # noqa: PTH110, PTH119


def _name(path: Any) -> str:
    return _RANDOM_PARTS.sub("*", os.path.basename(os.fspath(path)))  # noqa: PTH119


def _request_name(method: str, path: str) -> str:
    who = next((name for start, name in _WHO.items() if path.startswith(start)), path)
    last = re.sub(r"^.*?(:|/values|/token)", r"\1", path) if who == "sheets" and method != "GET" else path.rpartition("/")[2]
    return f"{who} {method} {last if who != 'llm' else 'completion'}"
