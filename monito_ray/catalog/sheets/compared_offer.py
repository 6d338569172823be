"""What the sheets compare of an offer."""

from decimal import Decimal
from typing import Protocol, TypeVar

from monito_ray.catalog.prices.best_offer import PricedOffer


class ComparedOffer(PricedOffer, Protocol):
    """An offer, or the part of one that was read; see `catalog.offers.Offer`."""

    @property
    def offer_id(self) -> str:
        """Never changes."""

    @property
    def product_id(self) -> str:
        """The product that it is for."""

    @property
    def currency(self) -> str:
        """That of its prices."""

    @property
    def previous_price(self) -> Decimal | None:
        """The price before the last change."""


AnyOffer = TypeVar("AnyOffer", bound=ComparedOffer)
