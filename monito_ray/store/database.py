"""The database: opened, migrated to this program's schema, read and written in transactions."""

import errno
import json
import os
import secrets
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from filelock import FileLock
from sqlalchemy import (
    ARRAY,
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TableValuedAlias,
    Text,
    any_,
    create_engine,
    event,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.schema import CreateIndex, CreateTable

from monito_ray.errors import SettingsInvalid, StoreTooNew, StoreUnavailable
from monito_ray.store.file_lock_queue import LockTimeout, file_lock
from monito_ray.store.full_text import create_term_index
from monito_ray.store.private_files import FILE_MODE, make_file, make_folder
from monito_ray.store.schema import REVISION, metadata

T = TypeVar("T")

#: How long a transaction waits for SQLite's lock before `StoreUnavailable`.
BUSY_S = 20.0
#: Connections to PostgreSQL that a process keeps, and more in need: three such processes fit into the 100 that PostgreSQL has by default. A
#: driver's 64 tasks share them, since who waits for the turn of a name holds none.
_STANDING, _MORE = 8, 22
_DRIVER_REMEDY = "For PostgreSQL: `pip install 'monito-ray[postgres]'`, and a URL that begins with postgresql+psycopg://."
_RIGHTS_REMEDY = "Let the user of MONITO_DATABASE_URL log in, and give it all rights on the tables of its database."
_ROOM_REMEDY = "Make room on the disk of the database; lists that wait for it go on by themselves."
_FOLDER_REMEDY = "Set MONITO_HOME to a folder you may write to."
_DAMAGE_REMEDY = "Restore the newest backup: docs/operations.md, Backup and return."
#: SQLSTATE of wrong passwords and of rights that are missing.
_MISSING_RIGHTS = frozenset({"28000", "28P01", "42501"})
#: As SQLite and PostgreSQL say it.
_SIGNS_OF_FULL_DISK = ("disk is full", "No space left on device")
#: As SQLite says it where it may not write; the first one also of a process that has too many files open.
_CANNOT_OPEN, _IS_READ_ONLY = "unable to open database file", "readonly database"
#: What the system says of the lock beside the database.
_NO_WRITING = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
#: How long a thread waits for a free connection: SQLAlchemy's default.
_POOL_WAIT_S = 30.0
#: Time between two tries for a named lock of `Store.alone`; such locks are held for seconds.
_LOCK_POLL_S = 0.003
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32 without i, l, o, u, since ids are read out and typed
_ID_LENGTH = 10
_ID_PAIRS = [first + second for first in _ID_ALPHABET for second in _ID_ALPHABET]
#: Values in one `IN (...)`: well below the limits of parameters in a statement (SQLite before 3.32 allows 999).
_MOST_PARAMETERS = 500
#: Execution option that marks a connection whose transaction writes.
_WRITES = "monito_writes"
#: What a connection to a SQLite file keeps in memory at most, and pages of 4 KB in its log before they are put in place. With SQLite's own 2 MB
#: and 4 MB a transaction of a long list spills, and the same pages are put in place again and again: an eighth of the time of 30,000 rows.
_CACHE_KB, _CHECKPOINT_PAGES = 32_000, 4_000
_JSON_VALUE: ColumnElement[str] = literal_column("value")

_version = Table(
    "alembic_version", MetaData(), Column("version_num", String(32)), PrimaryKeyConstraint("version_num", name="alembic_version_pkc")
)


def new_id() -> str:
    """Return a new id: ten characters of base32, which are 50 random bits. Short enough to read out, long enough to be unique."""
    bits = secrets.randbits(5 * _ID_LENGTH)
    return "".join([_ID_PAIRS[bits >> 10 * index & 1023] for index in range(_ID_LENGTH // 2)])


def batched(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield `values` in slices that are short enough for an `IN (...)`: databases limit the parameters of a statement."""
    for start in range(0, len(values), _MOST_PARAMETERS):
        yield values[start : start + _MOST_PARAMETERS]


def has_one_of(connection: Connection, column: Column[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that `column` has one of `values`.

    They are sent as one parameter, since composing a long `IN (...)` takes longer than running it.
    """
    if connection.dialect.name == "sqlite":
        # Written so, composing it takes half of the time that a table-valued function with columns takes.
        return column.in_(select(_JSON_VALUE).select_from(func.json_each(json.dumps(list(values)))))
    return column == any_(literal(list(values), ARRAY(Text)))


def each_text(connection: Connection, values: Sequence[str]) -> TableValuedAlias:
    """Return `values` as a table with a column `value`, sent as one parameter."""
    if connection.dialect.name == "sqlite":
        return func.json_each(json.dumps(list(values))).table_valued("value", name="each")
    return func.unnest(literal(list(values), ARRAY(Text))).table_valued("value", name="each").render_derived()


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those of `rows` whose primary key is not in the table yet."""
    if not rows:
        return
    connection.execute(_insert_missing(connection.dialect.name, table), list(rows))


@cache
def _insert_missing(dialect: str, table: Table) -> Executable:
    # Cached, since building a statement takes longer than running it.
    inserts: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement: Executable = inserts[dialect](table).on_conflict_do_nothing()
    return statement


def serialize_on(connection: Connection, name: str) -> None:
    """Let this transaction wait for all others that gave the same `name`; on SQLite, all writing transactions wait for each other anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


class Store:
    """An open database. Threads may share it; each process opens its own.

    Args:
        engine: the connections.
        lock_path: the file lock that orders the writers of a SQLite file; None for other databases.
        busy_s: how long a writer waits for its turn.
    """

    def __init__(self, engine: Engine, lock_path: Path | None, busy_s: float = BUSY_S) -> None:
        self._engine = engine
        self._lock_path = lock_path
        self._busy_s = busy_s
        #: By name: threads of this process wait here for each other, so that one at the most waits in the database, on a connection.
        self._turns: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a read-only transaction: everything that the block reads is of one moment.

        Raises:
            StoreUnavailable: the database cannot be reached, or stays locked.
        """
        with self._errors_translated(), self._engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            yield connection

    @contextmanager
    def write(self, alone: str = "") -> Iterator[Connection]:
        """Open a transaction, committed at the end of the block and rolled back when the block raises.

        Transactions with the same name `alone` run one after another over all processes; on SQLite, all writing ones do.

        Raises:
            StoreUnavailable: the database cannot be reached, or stays locked.
        """
        # The lock first, so that a writer that waits for it holds no connection.
        with self._errors_translated(), self._turn(alone), self._writer_lock(), self._engine.connect() as connection:
            writer = connection.execution_options(**{_WRITES: True})
            with writer.begin():
                if alone:
                    serialize_on(writer, alone)
                yield writer

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Hold the lock of this name over all processes on this database, without an open transaction.

        Raises:
            StoreUnavailable: as in `write`; also when the database goes away while the lock is held.
        """
        if self._lock_path is not None:
            with FileLock(f"{self._lock_path}.{name}", mode=FILE_MODE, poll_interval=_LOCK_POLL_S):
                yield
            return
        with self._turn(name), self._turn_in_database(name):
            yield

    @contextmanager
    def _turn_in_database(self, name: str) -> Iterator[None]:
        with self._errors_translated():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            if connection.dialect.name == "postgresql":
                with self._errors_translated():
                    connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": name})
            try:
                yield
            finally:
                if connection.dialect.name == "postgresql":
                    with self._errors_translated():
                        connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": name})

    @contextmanager
    def apart(self) -> Iterator["Store"]:
        """Give this database over a connection that no other thread uses, for what must not wait; of a SQLite file, as it is."""
        if self._lock_path is not None:
            yield self
            return
        with Store(create_engine(self._engine.url, pool_size=1, max_overflow=0), None, self._busy_s) as store:
            yield store

    def time(self) -> datetime | None:
        """Return the time by the clock of a database that several machines share; None for a SQLite file.

        Raises:
            StoreUnavailable: as in `read`.
        """
        if self._lock_path is not None:
            return None
        with self._errors_translated(), self._engine.connect() as connection:
            now: datetime | None = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now

    @property
    def url(self) -> URL:
        """The address of the database; it may hold a password."""
        return self._engine.url

    def __repr__(self) -> str:
        return f"Store({self._engine.url.render_as_string(hide_password=True)})"

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _turn(self, name: str) -> AbstractContextManager[Any]:
        """Return the lock of this process for a name; SQLite's writers have one lock for all."""
        return self._turns[name] if name and self._lock_path is None else nullcontext()

    def _writer_lock(self) -> AbstractContextManager[Any]:
        """Return the lock before SQLite's own one, which serves waiting writers in no order."""
        if self._lock_path is None:
            return nullcontext()
        return file_lock(self._lock_path, self._busy_s)

    @contextmanager
    def _errors_translated(self) -> Iterator[None]:
        where = self._engine.url.render_as_string(hide_password=True)
        try:
            yield
        except LockTimeout as error:
            raise StoreUnavailable(f"the database {where} is locked by another program") from error
        except PoolTimeout as error:
            raise StoreUnavailable(f"the database {where} is busy: no connection came free for {_POOL_WAIT_S:.0f} s") from error
        except DBAPIError as error:
            if (unavailable := _as_unavailable(self._engine.url, error)) is None:
                raise
            raise unavailable from error
        except OSError as error:
            remedy = _FOLDER_REMEDY if error.errno in _NO_WRITING else ""
            raise StoreUnavailable(f"the database {where} cannot be used: {error}", remedy) from error


def _as_unavailable(url: URL, error: DBAPIError) -> StoreUnavailable | None:
    """Return what an error of the database means to an operator; None for one that says that a statement is wrong."""
    where = url.render_as_string(hide_password=True)
    text_of_error = " ".join(str(error.orig).split())
    if getattr(error.orig, "sqlstate", None) in _MISSING_RIGHTS:
        return StoreUnavailable(f"the database {where} refuses: {text_of_error}", _RIGHTS_REMEDY)
    if any(sign in text_of_error for sign in _SIGNS_OF_FULL_DISK):
        return StoreUnavailable(f"the database {where} has no room: {text_of_error}", _ROOM_REMEDY)
    if (closed := _closed_path(url, text_of_error)) is not None:
        return StoreUnavailable(
            f"the {'folder' if closed.is_dir() else 'file'} {closed} cannot be written: {text_of_error}", _FOLDER_REMEDY
        )
    if isinstance(error, OperationalError | InterfaceError | InternalError):
        return StoreUnavailable(f"the database {where} does not answer: {text_of_error}")
    if type(error) is DatabaseError and "malformed" in text_of_error:  # what SQLite says of a damaged file
        return StoreUnavailable(f"the database {where} cannot be used: {text_of_error}", _DAMAGE_REMEDY)
    return None


def _closed_path(url: URL, text_of_error: str) -> Path | None:
    """Return what this process may not write where SQLite fails for that: the folder of the file or, where it may write there, the file."""
    if not url.database or not any(sign in text_of_error for sign in (_CANNOT_OPEN, _IS_READ_ONLY)):
        return None
    path = Path(url.database)
    return next((each for each in (path.parent, path) if not os.access(each, os.W_OK)), None)


def open_store(url: str, busy_s: float = BUSY_S) -> Store:
    """Open the database at a SQLAlchemy `url`: create a missing SQLite file, migrate an older schema.

    Raises:
        SettingsInvalid: the URL names no kind of database that this program supports.
        StoreUnavailable: the database cannot be reached, is locked, or holds something else.
        StoreTooNew: a newer version of this program has migrated it.
    """
    try:
        many = {"pool_size": _STANDING, "max_overflow": _MORE} if make_url(url).get_backend_name() == "postgresql" else {}
        engine = create_engine(url, pool_use_lifo=True, **many)  # the connection that was used last has pages and statements cached
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsInvalid(f"wrong setting: MONITO_DATABASE_URL is no database URL: {error}") from None
    except ImportError as error:
        raise SettingsInvalid(f"wrong setting: the driver for MONITO_DATABASE_URL is not installed: {error}", _DRIVER_REMEDY) from None
    lock_path = None
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine, busy_s)
        lock_path = _lock_beside(Path(engine.url.database or ""))
    store = Store(engine, lock_path, busy_s)
    try:
        _bring_up_to_date(store)
    except DatabaseError as error:
        store.close()
        raise StoreUnavailable(f"{engine.url.render_as_string(hide_password=True)} is no database of this program: {error.orig}") from error
    except BaseException:
        store.close()
        raise
    return store


def _lock_beside(database: Path) -> Path:
    try:
        make_folder(database.parent)
        make_file(database)  # SQLite gives the files that it makes beside it the same mode
    except OSError as error:
        fault = "written" if database.parent.is_dir() else "made"
        raise StoreUnavailable(f"the folder {database.parent} cannot be {fault}: {error.strerror}", _FOLDER_REMEDY) from error
    return database.with_name(database.name + ".lock")


def _tune_sqlite(engine: Engine, busy_s: float) -> None:
    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes late and is never IMMEDIATE
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA busy_timeout={int(busy_s * 1000)}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


def _bring_up_to_date(store: Store) -> None:
    with store.read() as connection:
        revision = _revision(connection)
    if revision == REVISION:
        return
    if revision is None:
        _use_wal(store)
    with store.write(alone="schema") as connection:
        revision = _revision(connection)  # another process may have migrated meanwhile
        if revision is None:
            create_schema(connection)
        elif revision != REVISION:
            migrate(connection, revision)


def _use_wal(store: Store) -> None:
    """Set SQLite's journal mode, once: it stays with the file. It cannot change inside a transaction."""
    if store._engine.dialect.name != "sqlite":  # noqa: SLF001
        return
    with store._errors_translated(), store._writer_lock(), closing(store._engine.raw_connection()) as pooled:  # noqa: SLF001
        pooled.cursor().execute("PRAGMA journal_mode=WAL")


def _revision(connection: Connection) -> str | None:
    """Return the revision of the database: "" for alembic's base, None for an empty database."""
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.execute(select(_version.c.version_num)).scalar_one_or_none() or ""


def create_schema(connection: Connection) -> None:
    """Create in an empty database what all migrations together leave, without the start-up time of alembic."""
    for table in (*metadata.sorted_tables, _version):
        connection.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index))
    create_term_index(connection)
    connection.execute(insert(_version).values(version_num=REVISION))


def migrate(connection: Connection, revision: str) -> None:
    """Migrate a database from `revision` ("" for none) to `REVISION` within the transaction of `connection`.

    Raises:
        StoreTooNew: this program has no migration of this revision.
    """
    from alembic import command  # noqa: PLC0415  takes a tenth of a second, which only old databases need
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    supported = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision and revision not in supported:
        raise StoreTooNew(f"the database is of revision {revision}, this program knows revisions up to {REVISION}")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
