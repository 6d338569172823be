"""The plan of making one supplier of two: which of two offers for a product stands, and the history of its price. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A price of an offer, and the list that brought it."""

    price: Decimal
    base_price: Decimal | None
    #: None where the list has no date.
    list_date: date | None
    seen_at: datetime
    task_id: str

    @property
    def age(self) -> tuple[date, datetime]:
        """What orders prices by time: the date of the list, where it has none the day it came, then the time it came."""
        return self.list_date or self.seen_at.date(), self.seen_at


@dataclass(frozen=True, slots=True)
class StandingOffer:
    """An offer of one of the two suppliers, and its price as its last list has it."""

    offer_id: str
    first_seen: datetime
    current: PricePoint
    #: In the order in which they were written.
    history: tuple[PricePoint, ...]


@dataclass(frozen=True, slots=True)
class JoinedOffer:
    """One offer in place of two."""

    offer_id: str
    #: The offer that goes.
    outdated_id: str
    first_seen: datetime
    #: The prices of both, the oldest first; the last is the price that stands.
    history: tuple[PricePoint, ...]


def join_offers(one: StandingOffer, other: StandingOffer) -> JoinedOffer:
    """Join two offers for one product in one currency: the newer one stands, of equally new ones `other`."""
    newer, older = (one, other) if one.current.age > other.current.age else (other, one)
    return JoinedOffer(newer.offer_id, older.offer_id, min(one.first_seen, other.first_seen), _joined_history(older, newer))


def _joined_history(older: StandingOffer, newer: StandingOffer) -> tuple[PricePoint, ...]:
    """Return the prices of both offers by time, one for each list, and behind them the one that stands if another is last."""
    points = {point.task_id: point for point in (*older.history, *newer.history)}
    ordered = sorted(points.values(), key=lambda point: point.age)
    current = newer.current
    if not ordered or ordered[-1].price != current.price:
        ordered = [*(point for point in ordered if point.task_id != current.task_id), current]
    return tuple(ordered)


def newest_choices(
    one: Mapping[str, tuple[bool, datetime]], other: Mapping[str, tuple[bool, datetime]]
) -> tuple[Sequence[str], Sequence[str]]:
    """Return which choices of columns of two suppliers go, those of `one` and those of `other`.

    Both are by layout: whether a person chose, and when. A person's choice goes before an LLM's, then the newer before the older.
    """
    both: Iterable[str] = one.keys() & other.keys()
    of_other = [key for key in both if one[key] > other[key]]
    return sorted(set(both) - set(of_other)), sorted(of_other)
