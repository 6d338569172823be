"""The best of several offers for one product: the one that a buyer would take."""

from collections import Counter
from collections.abc import Sequence
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
    eligible = [offer for offer in offers if not offer.suspicion] or offers
    newest = max(offer.listed_on for offer in eligible)
    current = [offer for offer in eligible if newest - offer.listed_on <= STALE_AFTER]
    units = Counter(offer.base_unit for offer in current if offer.base_price is not None)
    if not units:
        return min(current, key=lambda offer: (offer.price, *_freshness(offer)))
    common = min(units, key=lambda unit: (-units[unit], unit))
    comparable = [(offer.base_price, offer) for offer in current if offer.base_price is not None and offer.base_unit == common]
    return min(comparable, key=lambda pair: (pair[0], pair[1].price, *_freshness(pair[1])))[1]


def _freshness(offer: PricedOffer) -> tuple[int, float, str]:
    return -offer.listed_on.toordinal(), -offer.updated.timestamp(), offer.supplier.casefold()
