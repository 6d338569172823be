"""The plan of what a list changes in the catalogue. Pure; `offers` carries it out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monito_ray.catalog.articles.identity import identity, identity_hash
from monito_ray.records import ProductRow

#: Product id, supplier, currency.
OfferKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """The changes that a list made."""

    products_new: int
    #: Existing offers whose price has changed.
    prices_changed: int


@dataclass(frozen=True, slots=True)
class ExistingOffer:
    """An offer of the catalogue."""

    offer_id: str
    price: Decimal
    #: The date of the list that the offer was read from, None if the list has none.
    list_date: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """A product of the list."""

    product_id: str
    identity_hash: str
    #: The first row of the product.
    row: ProductRow
    is_new: bool


@dataclass(frozen=True, slots=True)
class PlannedOffer:
    """An offer as it will be in the catalogue: one for each product, supplier and currency."""

    offer_id: str
    product_id: str
    #: The cheapest row.
    row: ProductRow
    #: The other rows, in list order.
    others: tuple[ProductRow, ...]
    is_new: bool
    #: Whether the price of an existing offer changes.
    price_changed: bool


@dataclass(frozen=True, slots=True)
class CatalogPlan:
    """Everything that one list changes in the catalogue."""

    products: tuple[PlannedProduct, ...]
    offers: tuple[PlannedOffer, ...]

    @property
    def changes(self) -> CatalogChanges:
        """The numbers of new products and changed prices."""
        return CatalogChanges(sum(product.is_new for product in self.products), sum(offer.price_changed for offer in self.offers))


def plan_products(rows: Sequence[ProductRow], existing_ids: Mapping[str, str], new_id: Callable[[], str]) -> tuple[PlannedProduct, ...]:
    """Return the products of `rows`, each once; `existing_ids` has the product ids of the catalogue by identity hash."""
    planned: dict[str, PlannedProduct] = {}
    for row in rows:
        digest = identity_hash(identity(row))
        if digest not in planned:
            planned[digest] = PlannedProduct(existing_ids.get(digest) or new_id(), digest, row, digest not in existing_ids)
    return tuple(planned.values())


def plan_offers(
    rows: Sequence[ProductRow], products: Sequence[PlannedProduct], existing: Mapping[OfferKey, ExistingOffer], new_id: Callable[[], str]
) -> CatalogPlan:
    """Plan one offer for each product, supplier and currency: the cheapest row, and the first of equally cheap ones.

    An existing offer from a list of a later date stays as it is: last month's list, sent again, does not overwrite today's prices.
    """
    ids = {product.identity_hash: product.product_id for product in products}
    groups: dict[OfferKey, list[ProductRow]] = {}
    for row in rows:
        key = ids[identity_hash(identity(row))], row.supplier, row.currency
        groups.setdefault(key, []).append(row)
    fresh = {key: group for key, group in groups.items() if not _is_outdated(group[0], existing.get(key))}
    return CatalogPlan(tuple(products), tuple(_offer(key, group, existing.get(key), new_id) for key, group in fresh.items()))


def _is_outdated(row: ProductRow, existing: ExistingOffer | None) -> bool:
    return bool(existing and existing.list_date and row.list_date and row.list_date < existing.list_date)


def _offer(key: OfferKey, group: Sequence[ProductRow], existing: ExistingOffer | None, new_id: Callable[[], str]) -> PlannedOffer:
    best = min(range(len(group)), key=lambda index: group[index].price)
    return PlannedOffer(
        offer_id=existing.offer_id if existing else new_id(),
        product_id=key[0],
        row=group[best],
        others=(*group[:best], *group[best + 1 :]),
        is_new=existing is None,
        price_changed=existing is not None and existing.price != group[best].price,
    )
