"""The prices that offers had, list by list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from monito_ray.catalog.prices.suspicions import price_jump
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import price_history

if TYPE_CHECKING:
    from monito_ray.catalog.offers import Offer


@dataclass(frozen=True, slots=True)
class HistoricPrice:
    """A price from the list that brought it until the next one of its offer."""

    #: The date of the list, where it has none the day it came.
    listed_on: date
    price: Decimal
    #: "" where the list does not say it.
    currency: str
    base_price: Decimal | None
    #: The task of the list.
    task_id: str


def histories(connection: Connection, offer_ids: Sequence[str]) -> dict[str, tuple[HistoricPrice, ...]]:
    """Return the prices of offers by offer id, the oldest first and the present one last; see `prices_in` before comparing them."""
    points: dict[str, list[tuple[date, int, HistoricPrice]]] = defaultdict(list)
    query = select(price_history).where(has_one_of(connection, price_history.c.offer_id, offer_ids))
    for row in connection.execute(query):
        listed_on = row.list_date or row.seen_at.date()
        points[row.offer_id].append((listed_on, row.id, HistoricPrice(listed_on, row.price, row.currency, row.base_price, row.task_id)))
    return {offer_id: tuple(price for _, _, price in sorted(own, key=lambda point: point[:2])) for offer_id, own in points.items()}


def prices_in(currency: str, points: Iterable[HistoricPrice]) -> tuple[HistoricPrice, ...]:
    """Return those prices that can be compared with one in `currency`: a supplier may have gone over from another to it."""
    return tuple(point for point in points if point.currency == currency)


def prices_before_jumps(connection: Connection, offers: "Iterable[Offer]") -> dict[str, list[Decimal]]:
    """Return all prices of earlier lists, in order, of those `offers` whose last one is so far off that they may be wrong.

    A price that two lists have is among its own earlier ones: who prints it twice means it. See `suspicions.suspect`.
    """
    jumped = {
        offer.offer_id: offer
        for offer in offers
        if offer.previous_price is not None and price_jump([offer.previous_price], offer.price, [offer.row])
    }
    points = histories(connection, list(jumped)) if jumped else {}
    return {
        offer_id: [point.price for point in prices_in(jumped[offer_id].currency, own) if point.listed_on < jumped[offer_id].listed_on]
        for offer_id, own in points.items()
    }
