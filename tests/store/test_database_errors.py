"""What a database does not do is said in words: what is wrong, and what to do."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from monito_ray.errors import StoreUnavailable
from monito_ray.store.database import open_store
from monito_ray.store.schema import tasks


def test_a_user_without_rights_is_told(postgres: str):
    """The remedy is about rights; no password is in the message."""
    open_store(postgres).close()
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS stranger"))
        connection.execute(text("CREATE ROLE stranger LOGIN PASSWORD 'so-secret'"))
    engine.dispose()
    url = make_url(postgres).set(username="stranger", password="so-secret").render_as_string(hide_password=False)
    with pytest.raises(StoreUnavailable, match="permission denied") as caught:
        open_store(url)
    assert "all rights on the tables" in caught.value.remedy
    assert "so-secret" not in str(caught.value)


def test_a_damaged_file_is_told(tmp_path: Path):
    """The remedy is the backup."""
    path = tmp_path / "monito.db"
    open_store(f"sqlite:///{path}").close()
    with path.open("r+b") as file:
        file.seek(4_096)  # behind the first page
        file.write(b"\xff" * (path.stat().st_size - 4_096))
    with pytest.raises(StoreUnavailable, match="malformed") as caught:
        _read_tasks(f"sqlite:///{path}")
    assert "backup" in caught.value.remedy


@pytest.mark.parametrize(
    ("closed", "says"), [("", "the folder {} cannot be written"), ("monito.db", "cannot be written"), (None, "does not answer")]
)
def test_a_home_that_cannot_be_written_is_told(closed: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is named, with what to do; a file that does not open for another reason is not said to be closed."""
    (tmp_path / "monito.db").mkdir()  # SQLite does not open it, whoever runs this: who is root may write everywhere
    locked = None if closed is None else tmp_path / closed
    monkeypatch.setattr(os, "access", lambda path, _mode: path != locked)
    with pytest.raises(StoreUnavailable, match=says.format(tmp_path)) as caught:
        open_store(f"sqlite:///{tmp_path / 'monito.db'}")
    assert caught.value.remedy == ("" if closed is None else "Set MONITO_HOME to a folder you may write to.")


def _read_tasks(url: str) -> None:
    with open_store(url) as store, store.read() as connection:
        connection.execute(select(tasks)).all()


def test_connections_that_are_all_taken_are_told(postgres: str):
    """Who waits in vain for one of a few connections reads that the database is busy."""
    with open_store(postgres) as store, ExitStack() as held:
        pool = store._engine.pool
        pool._timeout = 0.05  # of 30 s
        for _ in range(pool.size() + pool._max_overflow):
            held.enter_context(store.read())
        with pytest.raises(StoreUnavailable, match="busy: no connection"):
            held.enter_context(store.read())


def test_a_full_disk_is_told(tmp_path: Path):
    """SQLite's own limit of pages stands for the disk's: it gives the same error."""
    with (
        open_store(f"sqlite:///{tmp_path / 'monito.db'}") as store,
        pytest.raises(StoreUnavailable, match="has no room") as caught,
        store.write() as connection,
    ):
        _fill(connection)
    assert "Make room" in caught.value.remedy


def _fill(connection: Connection) -> None:
    pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    connection.execute(text(f"PRAGMA max_page_count={pages}"))
    connection.execute(text("CREATE TABLE more (content TEXT)"))
    connection.execute(text("INSERT INTO more VALUES (hex(randomblob(2000000)))"))


def test_a_wrong_statement_stays_what_it_is(url: str):
    """A fault of the program is not taken for an outage, which would be tried again and again."""
    with open_store(url) as store, pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(text("INSERT INTO paused_queues (queue) VALUES (NULL)"))
