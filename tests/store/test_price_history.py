"""The prices that an offer had, and whether to believe the present one, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from rows import RICE

from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.offers import snapshot
from monito_ray.catalog.prices.price_history import histories
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import open_store

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)


def test_a_price_is_suspected_until_another_list_has_it_again(url: str):
    """Ten times the last price is suspected, and believed when the next list repeats it; the history has it once."""
    suspicions = []
    with open_store(url) as store:
        for week, price in enumerate((39_000, 390_000, 390_000)):
            at = MONDAY + timedelta(weeks=week)
            queue.submit(store, Task(id=f"t{week}", created_at=at, updated_at=at, not_before=at))
            write_list(store, f"t{week}", [replace(RICE, price=Decimal(price), list_date=at.date())], at)
            (offer,) = snapshot(store).offers
            suspicions.append(offer.suspicion)
        with store.read() as connection:
            points = histories(connection, [offer.offer_id])[offer.offer_id]
    assert suspicions == ["", "10 times its last price: 39,000 → 390,000", ""]
    assert [(point.listed_on, point.price) for point in points] == [(date(2026, 7, 6), 39_000), (date(2026, 7, 13), 390_000)]
