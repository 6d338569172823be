"""Databases of earlier versions, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, create_engine, insert, literal

from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store import database
from monito_ray.store.schema import REVISION, tasks

NOW = datetime(2024, 7, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("revision", [f"{number:04}" for number in range(1, int(REVISION))])
def test_what_stands_in_an_older_database_is_kept(url: str, tmp_path: Path, revision: str):
    """From every earlier revision: a task that waited is there afterwards, as it was, and can be claimed."""
    (tmp_path / "home").mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        old = Table("tasks", MetaData(), autoload_with=connection)
        known = Task(
            id="t1", created_at=NOW, updated_at=NOW, not_before=NOW, user_id=7, file_name="прайс.xlsx", options={"supplier": "Ünal"}
        )
        values = {name: value for name, value in queue._values(known).items() if name in old.c}
        types = {column.name: column.type for column in tasks.c}
        connection.execute(insert(old).values({name: literal(value, types[name]) for name, value in values.items() if value is not None}))
    engine.dispose()
    with database.open_store(url) as store:
        assert queue.load(store, "t1") == known
        assert [task.id for task in queue.claim(store, "d1", NOW, 1)] == ["t1"]
