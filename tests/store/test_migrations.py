"""Databases of earlier versions, on SQLite and on PostgreSQL."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from catalogue_tables import catalogue_tables, write_task
from rows import RICE
from sqlalchemy import Column, Connection, ForeignKey, MetaData, String, Table, create_engine, insert, literal, select, text

from monito_ray.catalog import offers as catalogue
from monito_ray.catalog.lists import standing_offers
from monito_ray.catalog.lists.derived_rows import derive_here
from monito_ray.catalog.lists.replay import replay_outdated
from monito_ray.catalog.offer_rows import row_to_json
from monito_ray.catalog.prices.price_history import HistoricPrice, histories
from monito_ray.catalog.search import find, index
from monito_ray.catalog.suppliers.supplier_list import Supplier, find_supplier, list_suppliers
from monito_ray.jobs import queue
from monito_ray.jobs.llm import column_choices
from monito_ray.jobs.task import Task
from monito_ray.store import database
from monito_ray.store.schema import REVISION, Exact, UtcDateTime, metadata, offers

NOW = datetime(2024, 7, 1, 8, 30, tzinfo=UTC)
REVISIONS = [f"{number:04}" for number in range(1, int(REVISION))]
TASK = Task(id="t1", created_at=NOW, updated_at=NOW, not_before=NOW, user_id=7, file_name="прайс.xlsx", options={"supplier": "Ünal"})


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _insert(connection: Connection, table: str, **values: Any) -> None:
    """Insert a row into a table as the database has it, whatever the program calls its columns today."""
    target = Table(table, MetaData(), autoload_with=connection)
    times = {name: literal(value, UtcDateTime()) for name, value in values.items() if isinstance(value, datetime)}
    decimals = {name: literal(value, Exact()) for name, value in values.items() if isinstance(value, Decimal)}
    own = times | decimals
    others = {name: literal(value, target.c[name].type) for name, value in values.items() if value is not None and name not in own}
    connection.execute(insert(target).values(own | others))


def _insert_task(connection: Connection, **more: Any) -> None:
    columns = Table("tasks", MetaData(), autoload_with=connection).c
    values = {name: getattr(TASK, name) for name in TASK.__slots__ if name in columns}
    _insert(connection, "tasks", **values | more)


def test_the_programs_revision_is_the_last_migrations():
    """Else an older database is taken for a new one, and lacks what came since."""
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_a_database_that_has_more_than_its_revision_says_is_migrated(url: str, tmp_path: Path):
    """Of 0029 some were made with what 0030 and 0031 bring."""
    (tmp_path / "home").mkdir()
    with database.open_store(url) as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0029'"))
    with database.open_store(url) as store, store.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == REVISION


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_waiting_task_survives_the_upgrade(url: str, tmp_path: Path, revision: str):
    """From every earlier revision: a task that waited is there afterwards, as it was, and can be claimed."""
    (tmp_path / "home").mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        _upgrade(connection, revision)
        _insert_task(connection)
    engine.dispose()
    with database.open_store(url) as store:
        assert queue.load(store, "t1") == TASK
        assert [task.id for task in queue.claim(store, "d1", NOW, 1)] == ["t1"]


def test_renamed_columns_keep_their_values(url: str, tmp_path: Path):
    """From 0010: a task's counters and key, a choice of columns and an event are found under the names of 0011."""
    (tmp_path / "home").mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        _upgrade(connection, "0010")
        _insert_task(connection, deaths=2, fence=5, same_key="k" * 64)
        _insert(connection, "task_events", task_id="t1", at=NOW, name="llm.unset", data={"reason": "no key"})
        choice = {"name": 1, "prices": [4, 5]}
        _insert(connection, "layouts", supplier="Ünal", key="l1", told=choice, model="m", created_at=NOW)
    engine.dispose()
    with database.open_store(url) as store:
        task = queue.load(store, "t1")
        assert (task.owner_deaths, task.claim_number, task.dedup_key) == (2, 5, "k" * 64)
        assert [(name, data) for _, name, data in queue.events_of(store, "t1")] == [("llm.skipped", {"reason": "no key"})]
        (stored,) = column_choices.find_choices(store, "Ünal", ["l1", "l2"]).values()
        assert json.loads(json.dumps([stored.name, stored.prices])) == [1, [4, 5]]


def test_suppliers_of_older_catalogues_have_names_and_lists(url: str, tmp_path: Path):
    """From 0013: each supplier is found by its own name, with the lists that its offers and their earlier prices came from."""
    (tmp_path / "home").mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        _upgrade(connection, "0013")
        product = {"identity_hash": "h", "brand": "", "name": "Rice", "unit": "kg", "pack_count": 1, "category": ""}
        _insert(connection, "products", id="p1", **product, first_added=NOW, last_updated=NOW)
        row = {name: getattr(RICE, name) for name in RICE.__slots__ if name != "section"}  # it came later
        for number in (1, 2):
            _insert_task(connection, id=f"t{number}")
        later = NOW + timedelta(days=1)
        for number, supplier in enumerate(("PT Zarvex", "")):
            values = {**row, "method": "rules", "supplier": supplier, "others": [], "task_id": "t2", "first_seen": NOW, "last_seen": later}
            _insert(connection, "offers", id=f"o{number}", product_id="p1", **values)
        _insert(connection, "price_history", offer_id="o0", price=RICE.price, seen_at=NOW, task_id="t1")
    engine.dispose()
    with database.open_store(url) as store:
        assert find_supplier(store, "zarvex").name == "PT Zarvex"
        assert list_suppliers(store) == [Supplier("PT Zarvex", 2, 1, RICE.list_date, later, (RICE.currency,))]


def test_offers_of_before_have_the_keys_under_which_they_are_found(url: str, tmp_path: Path):
    """From 0031: as many as their tables had, and an offer that is gone afterwards is in none of these."""
    (tmp_path / "home").mkdir()
    with database.open_store(url) as store:
        write_task(store, "t1", [RICE, replace(RICE, original_name="Gula 1 kg")], derive_here)
        before = catalogue_tables(store)
    engine = create_engine(url)
    with engine.begin() as connection:
        _put_keys_back(connection)
    engine.dispose()
    with database.open_store(url) as store:
        assert catalogue_tables(store) == before
        with store.write() as connection:
            standing_offers.mark_gone(connection, [row.id for row in before["offers"]])
        after = catalogue_tables(store)
        assert (after["offer_blocks"], after["offer_words"]) == ([], [])


def _put_keys_back(connection: Connection) -> None:
    """Make of a database what it was at 0031."""
    connection.execute(text("DROP TABLE supplier_numbers"))
    connection.execute(text("DROP TABLE keys_ahead"))
    for table in ("offer_blocks", "offer_words"):
        connection.execute(text(f"ALTER TABLE {table} RENAME TO new_{table}"))
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE new_{table} RENAME CONSTRAINT pk_{table} TO pk_new_{table}"))
        former = Table(
            table,
            MetaData(naming_convention=metadata.naming_convention),
            Column("key", String(16), primary_key=True),
            Column("offer_id", String(16), ForeignKey(offers.c.id, name=f"fk_{table}_offer_id"), primary_key=True, index=True),
        )
        former.create(connection)
        connection.execute(former.insert().from_select(["key", "offer_id"], select(text("key, offer_id FROM new_" + table))))
        connection.execute(text(f"DROP TABLE new_{table}"))
        connection.execute(text(f"ALTER TABLE offers DROP COLUMN {table.removeprefix('offer_').rstrip('s')}_keys"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0031'"))


def test_a_catalogue_of_before_is_derived_from_lists_and_loses_nothing(url: str, tmp_path: Path):
    """From 0017: offers and prices are there at once; made anew they keep their ids, rows that hid behind the cheapest stand, all is found."""
    (tmp_path / "home").mkdir()
    engine = create_engine(url)
    with engine.begin() as connection:
        _upgrade(connection, "0017")
        for number in (1, 2, 3):
            _insert_task(connection, id=f"t{number}")
        _insert_offers_of_before(connection)
    engine.dispose()
    with database.open_store(url) as store:
        before = catalogue.snapshot(store)
        assert {(offer.offer_id, offer.product_id, offer.row) for offer in before.offers} == {
            ("o0", "p1", RICE),
            ("o1", "p1", replace(RICE, supplier="Qorbit")),
        }
        replay_outdated(store)
        index.bring_up_to_date(store)
        after = catalogue.snapshot(store)
        assert {
            (offer.product_id, offer.row.supplier, offer.price, offer.row.price_unit)
            for offer in after.offers
            if offer.offer_id in ("o0", "o1")
        } == {
            ("p1", "Toko A", RICE.price, ""),
            ("p1", "Qorbit", RICE.price, ""),
        }
        assert Counter(row.price for offer in after.offers for row in (offer.row, *offer.others)) == Counter(
            [RICE.price, RICE.price, RICE.price, Decimal(900_000), Decimal(80_000)]
        )
        assert [[point.price for point in own] for own in _histories(store, "o0", "o1")] == [[Decimal(70_000), RICE.price], [RICE.price]]
        assert find.search_products(store, "rice")
        with store.read() as connection:
            assert not standing_offers.suppliers_with_outdated_offers(connection)
        replay_outdated(store)
        assert catalogue.snapshot(store) == after


def _insert_offers_of_before(connection: Connection) -> None:
    """Insert two offers for one rice: of the first its price of before, an exact repeat, its carton, and another rice."""
    product = {"identity_hash": "h", "brand": RICE.brand, "name": "Rice", "unit": "kg", "size": RICE.size, "pack_count": 1, "category": ""}
    _insert(connection, "products", id="p1", **product, first_added=NOW, last_updated=NOW)
    hidden = [
        replace(RICE, source_row=20),
        replace(RICE, price=Decimal(900_000), price_unit="carton", source_row=21),
        replace(RICE, price=Decimal(80_000), original_name="Beras ketan 5kg", standardized_name="Sticky rice", source_row=22),
    ]
    columns = Table("offers", MetaData(), autoload_with=connection).c
    row = {name: getattr(RICE, name) for name in RICE.__slots__ if name in columns} | {"method": RICE.method.value}
    times = {"first_seen": NOW, "last_seen": NOW + timedelta(days=1)}
    for offer_id, supplier, others in (("o0", "Toko A", hidden), ("o1", "Qorbit", [])):
        values = {**row, "supplier": supplier, "others": [row_to_json(other) for other in others], "task_id": "t2" if others else "t3"}
        _insert(connection, "offers", id=offer_id, product_id="p1", **values, **times)
    points = (
        ("o0", "t1", Decimal(70_000), date(2024, 5, 1)),
        ("o0", "t2", RICE.price, RICE.list_date),
        ("o1", "t3", RICE.price, RICE.list_date),
    )
    for offer_id, task_id, price, day in points:
        _insert(connection, "price_history", offer_id=offer_id, price=price, list_date=day, seen_at=NOW, task_id=task_id)


def _histories(store: database.Store, *offer_ids: str) -> list[Sequence[HistoricPrice]]:
    with store.read() as connection:
        found = histories(connection, offer_ids)
    return [found[offer_id] for offer_id in offer_ids]
