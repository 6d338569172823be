"""What the sheets show of products and compare of offers."""

from datetime import date
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


class ShownProduct(Protocol):
    """A product, or the part of one that was read; see `catalog.offers.Product`."""

    @property
    def product_id(self) -> str:
        """Never changes."""

    @property
    def family_id(self) -> str:
        """Equal for all sizes and packs of one thing."""

    @property
    def brand(self) -> str:
        """Whose product it is."""

    @property
    def name(self) -> str:
        """Without brand, size and pack."""

    @property
    def size(self) -> Decimal | None:
        """Content of one piece."""

    @property
    def unit(self) -> str:
        """Of the size."""

    @property
    def pack_count(self) -> int:
        """Pieces for the price."""

    @property
    def price_unit(self) -> str:
        """What the price is for."""

    @property
    def mark(self) -> str:
        """What tells it from an equal one."""

    @property
    def category(self) -> str:
        """One of the taxonomy's."""

    @property
    def first_added(self) -> date:
        """A day, or a moment of it."""

    @property
    def last_updated(self) -> date:
        """A day, or a moment of it."""
