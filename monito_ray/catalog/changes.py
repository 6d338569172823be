"""What a list changes in the catalogue: decided here, written by `offers`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monito_ray.catalog.matching import identity, identity_hash
from monito_ray.records import ProductRow

OfferKey = tuple[str, str, str]
"""Product id, supplier, currency."""


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """What a list changed: products never seen before, and known offers with another price."""

    products_new: int
    prices_changed: int


@dataclass(frozen=True, slots=True)
class ExistingOffer:
    """An offer that the catalogue has; `list_date` is that of the list it was read from, if that said."""

    offer_id: str
    price: Decimal
    list_date: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """A product of the list; `row` is the first that names it."""

    product_id: str
    identity_hash: str
    row: ProductRow
    is_new: bool


@dataclass(frozen=True, slots=True)
class PlannedOffer:
    """What the catalogue shall say of one product, supplier and currency. `is_new` and `has_moved` exclude each other."""

    offer_id: str
    product_id: str
    row: ProductRow
    others: tuple[ProductRow, ...]
    is_new: bool
    has_moved: bool


@dataclass(frozen=True, slots=True)
class CatalogPlan:
    """Everything one list does to the catalogue."""

    products: tuple[PlannedProduct, ...]
    offers: tuple[PlannedOffer, ...]

    @property
    def changes(self) -> CatalogChanges:
        """The plan in two numbers."""
        return CatalogChanges(sum(product.is_new for product in self.products), sum(offer.has_moved for offer in self.offers))


def plan_products(rows: Sequence[ProductRow], known: Mapping[str, str], new_id: Callable[[], str]) -> tuple[PlannedProduct, ...]:
    """The products of `rows`, each once; `known` gives the product id for an identity's hash."""
    planned: dict[str, PlannedProduct] = {}
    for row in rows:
        digest = identity_hash(identity(row))
        if digest not in planned:
            planned[digest] = PlannedProduct(known.get(digest) or new_id(), digest, row, digest not in known)
    return tuple(planned.values())


def plan_offers(
    rows: Sequence[ProductRow], products: Sequence[PlannedProduct], known: Mapping[OfferKey, ExistingOffer], new_id: Callable[[], str]
) -> CatalogPlan:
    """The offers of `rows`: of several rows for one product, supplier and currency the cheapest, of equally cheap ones the first.

    An offer known from a list of a later date stays as it is: last month's list, sent again, changes no price of today.
    """
    ids = {product.identity_hash: product.product_id for product in products}
    groups: dict[OfferKey, list[ProductRow]] = {}
    for row in rows:
        key = ids[identity_hash(identity(row))], row.supplier, row.currency
        groups.setdefault(key, []).append(row)
    fresh = {key: group for key, group in groups.items() if not _is_outdated(group[0], known.get(key))}
    return CatalogPlan(tuple(products), tuple(_offer(key, group, known.get(key), new_id) for key, group in fresh.items()))


def _is_outdated(row: ProductRow, known: ExistingOffer | None) -> bool:
    return bool(known and known.list_date and row.list_date and row.list_date < known.list_date)


def _offer(key: OfferKey, group: Sequence[ProductRow], known: ExistingOffer | None, new_id: Callable[[], str]) -> PlannedOffer:
    best = min(range(len(group)), key=lambda place: group[place].price)
    return PlannedOffer(
        offer_id=known.offer_id if known else new_id(),
        product_id=key[0],
        row=group[best],
        others=(*group[:best], *group[best + 1 :]),
        is_new=known is None,
        has_moved=known is not None and known.price != group[best].price,
    )
