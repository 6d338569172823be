"""Which of several offers for one product is the cheapest."""

from collections import Counter
from collections.abc import Sequence

from monito_ray.catalog.offers import Offer


def best_offer(offers: Sequence[Offer]) -> Offer:
    """Return the cheapest of `offers`, which are for one product, pack and currency.

    Base prices are compared, among the offers with the most frequent base unit. If no offer has a base price, prices are compared.
    Of equally cheap offers the newest is best, then the first in order of supplier.
    """
    units = Counter(offer.base_unit for offer in offers if offer.base_price is not None)
    if not units:
        return min(offers, key=lambda offer: (offer.price, *_freshness(offer)))
    common = min(units, key=lambda unit: (-units[unit], unit))
    comparable = [(offer.base_price, offer) for offer in offers if offer.base_price is not None and offer.base_unit == common]
    return min(comparable, key=lambda pair: (pair[0], pair[1].price, *_freshness(pair[1])))[1]


def _freshness(offer: Offer) -> tuple[float, str]:
    return -offer.updated.timestamp(), offer.supplier.casefold()
