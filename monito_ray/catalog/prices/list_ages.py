"""How old each supplier's newest list is, by its own date."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from monito_ray.catalog.prices.staleness import age_text, is_stale, usual_interval
from monito_ray.store.database import Store
from monito_ray.store.schema import supplier_lists


@dataclass(frozen=True, slots=True)
class ListAge:
    """The newest list of a supplier."""

    supplier: str
    #: Its date, where it has none the day it came.
    listed_on: date
    #: The usual time between the supplier's lists, None where too few are there.
    interval: timedelta | None
    is_stale: bool
    #: "list of 3 Jul 2023, 3 years old".
    text: str


def list_ages(store: Store, today: date) -> list[ListAge]:
    """Return the age of each supplier's newest list, the oldest first."""
    with store.read() as connection:
        dates = list_dates(connection)
    ages = []
    for supplier, own in dates.items():
        newest, interval = max(own), usual_interval(own)
        ages.append(ListAge(supplier, newest, interval, is_stale(newest, today, interval), age_text(newest, today)))
    return sorted(ages, key=lambda age: (age.listed_on, age.supplier))


def list_dates(connection: Connection) -> dict[str, list[date]]:
    """Return the dates of each supplier's lists, for a list without one the day it came."""
    columns = supplier_lists.c.supplier, supplier_lists.c.list_date, supplier_lists.c.written_at
    dates: dict[str, list[date]] = defaultdict(list)
    for supplier, list_date, written_at in connection.execute(select(*columns)):
        dates[supplier].append(list_date or written_at.date())
    return dates
