"""The best of several offers for one product: the one that a buyer would take."""

from collections import Counter
from collections.abc import Sequence

from monito_ray.catalog.offers import Offer
from monito_ray.catalog.prices.staleness import STALE_AFTER


def best_offer(offers: Sequence[Offer]) -> Offer:
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


def _freshness(offer: Offer) -> tuple[int, float, str]:
    return -offer.listed_on.toordinal(), -offer.updated.timestamp(), offer.supplier.casefold()
