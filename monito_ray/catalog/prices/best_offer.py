"""The best of several offers for one product: the one that a buyer would take."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from monito_ray.catalog.prices.staleness import STALE_AFTER


class PricedOffer(Protocol):
    """What of an offer decides whether it is the best; see `catalog.offers.Offer`."""

    @property
    def supplier(self) -> str:
        """Whose offer it is."""

    @property
    def price(self) -> Decimal:
        """The price as written."""

    @property
    def base_price(self) -> Decimal | None:
        """The price of one base unit."""

    @property
    def base_unit(self) -> str:
        """The unit of the base price."""

    @property
    def listed_on(self) -> date:
        """The date of the price."""

    @property
    def updated(self) -> datetime:
        """When the list came."""

    @property
    def suspicion(self) -> str:
        """Why the price may be wrong, "" for no reason."""


OfferT = TypeVar("OfferT", bound=PricedOffer)


def best_offer(offers: Sequence[OfferT]) -> OfferT:
    """Return the cheapest of `offers`, which are for one product, pack and currency.

    Offers with a suspicion are best only where all have one, and those that are stale beside the newest only where nothing else is left.
    Base prices are compared, among the offers with the most frequent base unit. If no offer has a base price, prices are compared. Of
    equally cheap offers the newest is best, then the first in order of supplier.
    """
    compared, _ = _comparable(offers)
    return min(compared, key=_cost_key)


def best_first(offers: Iterable[OfferT]) -> list[OfferT]:
    """Return `offers` in an order in which each is the `best_offer` of those behind it and itself."""
    left, ranked = list(offers), []
    while left:
        compared, depends_on = _comparable(left)
        taken = []
        # The next one is the best of what is left, too, as long as the same are compared then.
        for offer in sorted(compared, key=_cost_key):
            taken.append(offer)
            depends_on -= Counter([offer.listed_on])
            if not depends_on:
                break
        ranked += taken
        gone = set(map(id, taken))
        left = [offer for offer in left if id(offer) not in gone]
    return ranked


def _comparable(offers: Sequence[OfferT]) -> tuple[list[OfferT], Counter[date]]:
    """Return the offers that are compared, and the dates on which it depends that these are, as often as they occur: none where each offer counts."""
    eligible = [offer for offer in offers if not offer.suspicion] or offers
    newest = max(offer.listed_on for offer in eligible)
    newest_dates = Counter(offer.listed_on for offer in eligible if offer.listed_on == newest)
    current = [offer for offer in eligible if newest - offer.listed_on <= STALE_AFTER]
    units = Counter(offer.base_unit for offer in current if offer.base_price is not None)
    if not units:
        return current, newest_dates
    common = min(units, key=lambda unit: (-units[unit], unit))
    comparable = [offer for offer in current if offer.base_price is not None and offer.base_unit == common]
    return comparable, newest_dates if len(units) == 1 else Counter()


def _cost_key(offer: PricedOffer) -> tuple[Decimal, Decimal, int, float, str]:
    """Return what the best of comparable offers is the first by; those without a base price are compared among themselves alone."""
    return (offer.price if offer.base_price is None else offer.base_price, offer.price, *_freshness(offer))


def _freshness(offer: PricedOffer) -> tuple[int, float, str]:
    return -offer.listed_on.toordinal(), -offer.updated.timestamp(), offer.supplier.casefold()
