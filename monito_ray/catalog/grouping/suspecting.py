"""Why prices of the catalogue may be wrong, but for those that a person called right."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection

from monito_ray.catalog.confirmed_prices import find_confirmed_prices
from monito_ray.catalog.offers import Offer
from monito_ray.catalog.prices.price_history import prices_before_jumps
from monito_ray.catalog.prices.suspicions import suspect


def suspicions_of(connection: Connection, products: Sequence[Sequence[Offer]]) -> dict[str, str]:
    """Return why the prices of offers may be wrong, by offer id; `products` has the standing offers of each."""
    earlier = prices_before_jumps(connection, [offer for offers in products for offer in offers])
    suspected = [suspect(offers, earlier) for offers in products]
    doubted = [offer for offers, reasons in zip(products, suspected, strict=True) for offer in offers if offer.offer_id in reasons]
    confirmed_by_index = find_confirmed_prices(connection, [offer.row for offer in doubted])
    confirmed = {doubted[index].offer_id: price for index, price in confirmed_by_index.items()}
    all_reasons: dict[str, str] = {}
    for offers, reasons in zip(products, suspected, strict=True):
        all_reasons |= reasons if reasons.keys().isdisjoint(confirmed) else _less_confirmed(offers, earlier, confirmed)
    return all_reasons


def _less_confirmed(offers: Sequence[Offer], earlier: Mapping[str, Sequence[Decimal]], confirmed: Mapping[str, Decimal]) -> dict[str, str]:
    """Return the suspicions of a product: of a price that was called right none, and one that followed it is no jump where it is near."""
    right = {offer.offer_id for offer in offers if confirmed.get(offer.offer_id) == offer.price}
    before = {offer.offer_id: [*_before(offer, earlier), confirmed[offer.offer_id]] for offer in offers if offer.offer_id in confirmed}
    return suspect(offers, {**earlier, **before}, right)


def _before(offer: Offer, earlier: Mapping[str, Sequence[Decimal]]) -> Sequence[Decimal]:
    return earlier.get(offer.offer_id) or ([] if offer.previous_price is None else [offer.previous_price])
