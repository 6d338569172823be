"""How old suppliers' lists are, on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from monito_ray.catalog.prices.list_ages import list_ages
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import open_store
from monito_ray.store.schema import supplier_lists

CAME = datetime(2026, 6, 20, 8, tzinfo=UTC)


def test_lists_are_as_old_as_they_say(url: str):
    """The newest date of a supplier's lists counts, for a list without one the day it came; weekly lists are stale after weeks."""
    lists = [
        ("Toko A", date(2023, 7, 3)),
        ("Toko B", None),
        *(("Toko C", date(2026, 4, 6) + timedelta(weeks=number)) for number in range(4)),
    ]
    with open_store(url) as store:
        for number, (supplier, day) in enumerate(lists):
            task = Task(id=f"t{number}", created_at=CAME, updated_at=CAME, not_before=CAME)
            queue.submit(store, task)
            with store.write() as connection:
                values = {"task_id": task.id, "supplier": supplier, "list_date": day, "written_at": CAME, "rows": b"", "row_count": 0}
                connection.execute(insert(supplier_lists), values)
        ages = list_ages(store, date(2026, 6, 29))
    assert [(age.supplier, age.text, age.is_stale) for age in ages] == [
        ("Toko A", "list of 3 Jul 2023, 2 years old", True),
        ("Toko C", "list of 27 Apr 2026, 2 months old", True),
        ("Toko B", "list of 20 Jun 2026, 9 days old", False),
    ]
    assert [age.interval for age in ages] == [None, timedelta(days=7), None]
