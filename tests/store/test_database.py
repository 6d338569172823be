"""The database: its schema, transactions, and errors."""

import re
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, select, text, update

from monito_ray.errors import SettingsInvalid, StoreTooNew, StoreUnavailable
from monito_ray.store import database
from monito_ray.store.full_text import TERM_INDEX
from monito_ray.store.schema import answers, heartbeats, metadata, products

NOW = datetime(2024, 7, 1, 8, 30, tzinfo=UTC)
ANSWER = {"key": "k", "standard": {"name": "Rice"}, "model": "m", "created_at": NOW}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Name a database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'home' / 'monito.db'}"


def _schema(url: str) -> set[tuple[str, str, str]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT type, name, coalesce(sql, '') FROM sqlite_master"))
        schema = {
            (kind, name, "\n".join(sorted(part.strip(" \t,)") for part in re.split(r"[,\n]", sql) if part.strip(" \t,)"))))
            for kind, name, sql in rows
        }
    engine.dispose()
    return schema


def test_a_new_database_and_a_migrated_one_are_the_same(tmp_path: Path):
    """Tables created from the metadata equal those that the migrations leave, except for the order of columns and constraints.

    The full-text index is no table of the metadata; that both have it shows in the last line.
    """
    made, migrated = f"sqlite:///{tmp_path}/made.db", f"sqlite:///{tmp_path}/migrated.db"
    database.open_store(made).close()
    engine = create_engine(migrated)
    with engine.begin() as connection:
        database.migrate(connection, "")
        described = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith(TERM_INDEX)}
        assert compare_metadata(MigrationContext.configure(connection, opts=described), metadata) == []
    engine.dispose()
    assert _schema(made) == _schema(migrated)


def test_an_older_database_is_migrated_on_opening(url: str, tmp_path: Path):
    """A database before the first revision is migrated to the last."""
    (tmp_path / "home").mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        database._version.create(connection)
    engine.dispose()
    database.open_store(url).close()
    database.open_store(url).close()
    assert ("table", "tasks") in {(kind, name) for kind, name, _ in _schema(url)}


def test_a_newer_database_is_left_alone(url: str):
    """A revision without a migration in this program is refused by name."""
    store = database.open_store(url)
    with store.write() as connection:
        connection.execute(update(database._version).values(version_num="9999"))
    store.close()
    with pytest.raises(StoreTooNew, match="9999"):
        database.open_store(url)


def test_the_database_survives_a_power_cut(url: str):
    """Writes are synced: WAL, synchronous=FULL, and foreign keys hold."""
    store = database.open_store(url)
    with store.read() as connection:
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_transaction_that_raises_leaves_nothing(url: str):
    """The writes of a block that raises are rolled back."""
    store = database.open_store(url)

    def write_and_raise() -> None:
        with store.write() as connection:
            connection.execute(insert(answers).values(**ANSWER))
            raise InterruptedError

    with pytest.raises(StoreUnavailable):
        write_and_raise()
    with store.read() as connection:
        assert connection.execute(select(answers)).all() == []
    store.close()


def test_a_locked_database_is_unavailable(url: str):
    """Another program's lock gives `StoreUnavailable` after the time-out, not an error of SQLite."""
    store = database.open_store(url, busy_s=0.2)
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable), store.write() as connection:
        connection.execute(insert(answers).values(**ANSWER))
    assert time.monotonic() - began < 5
    other.close()
    store.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("sqlite:////proc/nowhere/monito.db", StoreUnavailable),
        ("sqlite:////dev/full", StoreUnavailable),
        ("no url", SettingsInvalid),
        ("nodialect://host/name", SettingsInvalid),
    ],
)
def test_a_place_that_cannot_be_used_is_one_of_our_errors(url: str, error: type[Exception]):
    """Wherever the URL points, the caller gets an error of this program."""
    with pytest.raises(error):
        database.open_store(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    """A file of other bytes is named, and not touched."""
    other = tmp_path / "monito.db"
    other.write_bytes(b"a diary, not a database" * 100)
    with pytest.raises(StoreUnavailable, match="no database"):
        database.open_store(f"sqlite:///{other}")
    assert other.read_bytes().startswith(b"a diary")


def test_writers_take_turns(url: str):
    """Threads that read, think and write back lose no update."""
    store = database.open_store(url)
    with store.write() as connection:
        connection.execute(insert(heartbeats).values(driver_id="d", host="h", pid=0, serving=False, started_at=NOW, seen_at=NOW))

    def count_up() -> None:
        for _ in range(10):
            with store.write() as connection:
                pid = connection.execute(select(heartbeats.c.pid)).scalar_one()
                connection.execute(update(heartbeats).values(pid=pid + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        assert connection.execute(select(heartbeats.c.pid)).scalar_one() == 40
    store.close()


def test_times_and_decimals_come_back_exact(url: str):
    """A time in any zone comes back as the same moment in UTC, a decimal digit for digit."""
    store = database.open_store(url)
    local = NOW.astimezone(timezone(timedelta(hours=8)))
    row = {"id": "p", "brand": "", "name": "", "unit": "", "pack_count": 1, "category": "", "last_updated": NOW}
    for number in ("12345678901234567890.123456", "0.100000", "1E+3", "330"):
        with store.write() as connection:
            connection.execute(products.delete())
            connection.execute(insert(products).values(**row, first_added=local, size=Decimal(number)))
        with store.read() as connection:
            row_back = connection.execute(select(products.c.first_added, products.c.size)).one()
        assert row_back.first_added == NOW
        assert row_back.first_added.tzinfo is UTC
        assert row_back.size == Decimal(number)
    with pytest.raises(Exception, match="time zone"), store.write() as connection:
        connection.execute(update(products).values(first_added=datetime(2024, 7, 1)))  # noqa: DTZ001
    store.close()


def test_ids_are_short_and_distinct():
    """Ids are ten characters that can be read out, and do not repeat."""
    ids = {database.new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(len(new_id) == 10 and new_id.isalnum() and not set(new_id) & set("ilou") for new_id in ids)
