"""The database: the real one, SQLite, in files in memory. Every statement and commit is a point; its file locks are simulated ones.

A power cut takes the last commits along where they were not synced, as a disk without its cache does.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from monito_ray.store import database
from monito_ray.store.database import Store
from monito_ray.store.file_lock_queue import LockTimeout
from simulated.threads import Lock, here
from simulated.world import Process

#: Of SQLite: commits are synced before they are reported.
_SYNCED = 2
_WAL_HEADER, _FRAME_HEADER = 32, 24
_LOCK_S = 60.0
#: Transactions of these names are kinds of point.
TURNS = ("catalogue",)


@cache
def template() -> Path:
    """Return an empty database of this program, made once."""
    path = Path(tempfile.mkdtemp(prefix="monito-simulated-", dir=_memory())) / "template.db"
    database.open_store(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def _memory() -> str | None:
    """Return a folder in memory, where there is one: real syncing would take most of the time."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def new_folder() -> Path:
    """Return a new folder for a run."""
    return Path(tempfile.mkdtemp(prefix="monito-run-", dir=_memory()))


class Machine:
    """The database's files in a run, and who has them open.

    Args:
        folder: where they are.
        on_commit: called after each write transaction, with the tables that it wrote to.
    """

    def __init__(self, folder: Path, on_commit: Callable[[set[str]], None]) -> None:
        self.folder = folder
        self.generation = 0
        self.locks: dict[str, Lock] = {}
        self.is_full = False
        self._on_commit = on_commit
        self._slots: list[_Slot] = []
        self._synced_wal = 0
        shutil.copyfile(template(), self.path)

    @property
    def path(self) -> Path:
        """The database's file."""
        return self.folder / f"monito{self.generation}.db"

    def open(self, process: Process) -> Store:
        """Open the database for a process."""
        slot = _slot(len(self._slots))
        slot.take(self)
        self._slots.append(slot)
        process.on_death.append(lambda: self._on_death(slot, process))
        return _Store(slot.engine, self.folder / "monito.lock", 20.0)

    def cut_power(self) -> None:
        """Go on with the files as the disk has them: call it when all processes are dead."""
        old, wal = self.path, Path(f"{self.path}-wal")
        size = self._synced_wal if any(slot.is_unsynced for slot in self._slots) else None
        self.generation += 1
        shutil.copyfile(old, self.path)
        if wal.exists():
            data = wal.read_bytes()
            Path(f"{self.path}-wal").write_bytes(data if size is None else data[: min(size, len(data))])

    def committed(self) -> None:
        """Note that a transaction ended."""
        strand = here().current
        written, strand.written = strand.written, set()
        if written:
            self._on_commit(written)

    def close(self) -> None:
        """Close all connections, and remove the files."""
        for slot in self._slots:
            slot.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def before_commit(self) -> None:
        """Remember how far the log was synced before this commit."""
        wal = Path(f"{self.path}-wal")
        self._synced_wal = wal.stat().st_size if wal.exists() else 0

    def _on_death(self, slot: "_Slot", process: Process) -> None:
        slot.close()
        for lock in self.locks.values():
            lock.free(process)


class _Store(Store):
    """A database in which the beginning of a transaction with a name is a point of that kind, before the transaction waits for its turn."""

    def _turn(self, name: str) -> AbstractContextManager[None]:
        if name in TURNS:
            here().point(name)
        return super()._turn(name)


class _Slot:
    """An engine, used by one process in each run."""

    def __init__(self) -> None:
        self.is_unsynced = False
        self._machine: Machine | None = None
        self._open: list[sqlite3.Connection] = []
        self.engine = create_engine("sqlite:///monito.db", creator=self._connect, pool_use_lifo=True, max_overflow=-1)
        if _slots:  # what one has compiled serves all
            self.engine.dialect, self.engine._compiled_cache = _slots[0].engine.dialect, _slots[0].engine._compiled_cache
        database._tune_sqlite(self.engine, 0.0)
        event.listen(self.engine, "connect", self._on_connect)
        self.engine._connection_cls = partial(_Connection, slot=self, begin_listeners=tuple(self.engine.dispatch.begin))  # type: ignore[assignment]
        self.engine._has_events = False
        self.engine.dialect.do_execute, self.engine.dialect.do_executemany = _execute, _executemany

    def take(self, machine: Machine) -> None:
        """Serve a process of this run."""
        self._machine = machine
        self._open = []
        self.is_unsynced = False

    def close(self) -> None:
        """Roll back and close all connections."""
        for connection in self._open:
            connection.close()
        self._open = []
        self.engine.dispose(close=False)

    def _connect(self) -> sqlite3.Connection:
        assert self._machine is not None
        connection = sqlite3.connect(self._machine.path, check_same_thread=False)
        self._open.append(connection)
        return connection

    def _on_connect(self, connection: sqlite3.Connection, _record: Any) -> None:
        self.is_unsynced = connection.execute("PRAGMA synchronous").fetchone()[0] < _SYNCED

    def before_commit(self) -> None:
        """Pass the point before a transaction that wrote is committed."""
        here().point("commit")
        assert self._machine is not None
        if self._machine.is_full:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))
        if self.is_unsynced:
            self._machine.before_commit()


class _Connection(Connection):
    """A connection whose transactions are points. SQLAlchemy's own events would be joined anew for each connection, which takes a sixth of a run."""

    def __init__(self, engine: Engine, slot: _Slot, begin_listeners: tuple[Callable[[Connection], None], ...]) -> None:
        super().__init__(engine)
        self._slot = slot
        self._begin_listeners = begin_listeners

    def _begin_impl(self, transaction: Any) -> None:
        self._Connection__in_begin = True
        for listener in self._begin_listeners:
            listener(self)
        _on_begin(self)
        super()._begin_impl(transaction)

    def _commit_impl(self) -> None:
        if self.get_execution_options().get(database._WRITES):
            self._slot.before_commit()
        super()._commit_impl()

    def _rollback_impl(self) -> None:
        here().current.written.clear()  # nothing is committed when its lock is released
        super()._rollback_impl()


_slots: list[_Slot] = []


def forget_engines() -> None:
    """Make new engines for the next run."""
    _slots.clear()


def _slot(number: int) -> _Slot:
    while len(_slots) <= number:
        _slots.append(_Slot())
    return _slots[number]


def _on_begin(connection: Connection) -> None:
    here().current.written.clear()
    here().point("write" if connection.get_execution_options().get(database._WRITES) else "read")


def _execute(cursor: Any, statement: str, parameters: Any, _context: Any = None) -> None:
    _on_statement(statement)
    cursor.execute(statement, parameters)


def _executemany(cursor: Any, statement: str, parameters: Any, _context: Any = None) -> None:
    _on_statement(statement)
    cursor.executemany(statement, parameters)


def _on_statement(statement: str) -> None:
    verb = statement[:6]
    if verb in ("INSERT", "UPDATE", "DELETE"):
        table = _table_of(statement)
        here().current.written.add(table)
        here().point("statement", f"{verb} {table}")


@cache
def _table_of(statement: str) -> str:
    words = statement.split(None, 3)
    return words[1] if words[0] == "UPDATE" else words[2]


def file_lock_of(machine: Machine) -> Callable[..., Any]:
    """Return what stands for `file_lock` and for `FileLock`."""

    class NamedLock:
        def __init__(self, path: Any, timeout: float = _LOCK_S, **_others: Any) -> None:
            self._name = Path(path).name
            self._lock = machine.locks.setdefault(self._name, Lock())
            self._timeout = timeout

        def __enter__(self) -> None:
            here().point("lock", self._name)
            if not self._lock.acquire(timeout=self._timeout):
                raise LockTimeout

        def __exit__(self, *_error: object) -> None:
            if here().is_over:
                return
            machine.committed()
            here().point("committed", self._name)
            self._lock.release()

    return NamedLock
