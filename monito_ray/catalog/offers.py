"""The catalogue as a whole: products and the offers that stand."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, exists, select

from monito_ray.catalog.offer_rows import repeats_of, row_of
from monito_ray.pipeline.products.build import to_frame
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, batched, has_one_of
from monito_ray.store.schema import offers, product_aliases, products

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product and pack; times are aware UTC."""

    #: Never changes, whatever happens to the other fields.
    product_id: str
    brand: str
    name: str
    size: Decimal | None
    unit: str
    pack_count: int
    category: str
    first_added: datetime
    last_updated: datetime
    #: Equal for all sizes and packs of one thing.
    family_id: str = ""
    #: What the price is for, canonical: "kg", "carton"; "" where nothing says.
    price_unit: str = ""
    #: What tells it from a product that is otherwise equal, as a supplier wrote it: an article number, a section; "" where nothing has to.
    mark: str = ""

    @property
    def label(self) -> str:
        """The product in one line: name, brand, size and pack, what the price is for, what tells it apart: "Cola, Teratai, 330 ml × 24"."""
        content = f"{self.size.normalize():f} {self.unit}" if self.size is not None else ""
        pack = f"{content} × {self.pack_count}".lstrip() if self.pack_count != 1 else content
        return ", ".join(part for part in (self.name, self.brand, pack, self.price_unit and f"per {self.price_unit}", self.mark) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one supplier's newest list with the article says: an offer that stands."""

    product_id: str
    supplier: str
    currency: str
    price: Decimal
    base_price: Decimal | None
    base_unit: str
    #: When a list of the supplier had the product last.
    updated: datetime
    row: ProductRow
    #: Rows of that list that repeat `row` in all that a buyer sees, in list order.
    others: tuple[ProductRow, ...] = ()
    #: Never changes, whatever happens to the other fields.
    offer_id: str = ""
    #: When the article came first.
    first_seen: datetime | None = None
    #: The price before the last change; None where it never changed.
    previous_price: Decimal | None = None
    #: Why the price may be wrong beside the other offers for the product, "" for no reason; such a price is no best one.
    suspicion: str = ""

    @property
    def listed_on(self) -> date:
        """The date of the price: that of the list, where it has none the day it came."""
        return self.row.list_date or self.updated.date()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole catalogue at one moment."""

    #: Ordered by name, brand, unit and pack.
    products: tuple[Product, ...]
    #: Ordered by supplier, then as in the list.
    offers: tuple[Offer, ...]


def snapshot(store: Store) -> Snapshot:
    """Return the whole catalogue, read in one transaction: the offers that stand, and the products that they are for."""
    stands = exists().where(offers.c.product_id == products.c.id, ~offers.c.is_gone)
    by_name = select(products).where(stands)
    by_name = by_name.order_by(products.c.name, products.c.brand, products.c.unit, products.c.pack_count, products.c.id)
    by_supplier = select(offers).where(~offers.c.is_gone)
    by_supplier = by_supplier.order_by(
        offers.c.supplier, offers.c.source_file, offers.c.source_sheet, offers.c.source_row, offers.c.currency, offers.c.id
    )
    with store.read() as connection:
        all_products = tuple(product_from_row(row) for row in connection.execute(by_name))
        all_offers = tuple(offer_from_row(row) for row in connection.execute(by_supplier))
    return Snapshot(all_products, all_offers)


@dataclass(frozen=True, slots=True)
class OfferPlace:
    """Where an offer stands in the catalogue, also one that is gone."""

    product_id: str
    category: str


def places_of(store: Store, offer_ids: Collection[str]) -> dict[str, OfferPlace]:
    """Return product and category of these offers, by offer."""
    with store.read() as connection:
        query = select(offers.c.id, offers.c.product_id, offers.c.category).where(has_one_of(connection, offers.c.id, sorted(offer_ids)))
        return {row.id: OfferPlace(row.product_id, row.category) for row in connection.execute(query)}


def products_of(store: Store, product_ids: Sequence[str]) -> dict[str, tuple[Product, tuple[Offer, ...]]]:
    """Return the products with these ids, or once with them, each with its offers; ids without a product are omitted."""
    by_id: dict[str, Product] = {}
    its_offers: dict[str, list[Offer]] = defaultdict(list)
    with store.read() as connection:
        present = current_ids(connection, product_ids)
        for part in batched(sorted(set(present.values()))):
            by_id |= {row.id: product_from_row(row) for row in connection.execute(select(products).where(products.c.id.in_(part)))}
            standing = select(offers).where(offers.c.product_id.in_(part), ~offers.c.is_gone).order_by(offers.c.supplier, offers.c.id)
            for row in connection.execute(standing):
                its_offers[row.product_id].append(offer_from_row(row))
    return {
        former: (by_id[product_id], tuple(its_offers[product_id]))
        for former, product_id in present.items()
        if product_id in by_id and its_offers[product_id]
    }


def current_ids(connection: Connection, product_ids: Sequence[str]) -> dict[str, str]:
    """Return for each id the product that has it now: itself, or that to which its product was joined."""
    joined: dict[str, str] = {}
    for part in batched(product_ids):
        query = select(product_aliases.c.alias, product_aliases.c.product_id).where(product_aliases.c.alias.in_(part))
        joined |= {row.alias: row.product_id for row in connection.execute(query)}
    return {product_id: joined.get(product_id, product_id) for product_id in product_ids}


def frame(store: Store) -> "pd.DataFrame":
    """Return the catalogue as a table of offers: `product_id`, `family_id`, the columns of `ProductRow`, `updated`.

    Every written row of the lists that stand is in it, also those that repeat others.
    """
    catalogue = snapshot(store)
    families = {product.product_id: product.family_id for product in catalogue.products}
    rows = [(offer, row) for offer in catalogue.offers for row in (offer.row, *offer.others)]
    table = to_frame([row for _, row in rows])
    table.insert(0, "product_id", [offer.product_id for offer, _ in rows])
    table.insert(1, "family_id", [families[offer.product_id] for offer, _ in rows])
    table["updated"] = [offer.updated for offer, _ in rows]
    return table


def product_from_row(row: Row[Any]) -> Product:
    """Return the product of a row that has the columns of `products`."""
    return Product(
        product_id=row.id,
        brand=row.brand,
        name=row.name,
        size=row.size,
        unit=row.unit,
        pack_count=row.pack_count,
        category=row.category,
        first_added=row.first_added,
        last_updated=row.last_updated,
        family_id=row.family_id,
        price_unit=row.price_unit,
        mark=row.mark,
    )


def offer_from_row(row: Row[Any]) -> Offer:
    """Return the offer of a row that has the columns of `offers`."""
    return Offer(
        product_id=row.product_id,
        supplier=row.supplier,
        currency=row.currency,
        price=row.price,
        base_price=row.base_price,
        base_unit=row.base_unit,
        updated=row.last_seen,
        row=row_of(row),
        others=repeats_of(row),
        offer_id=row.id,
        first_seen=row.first_seen,
        previous_price=row.previous_price,
        suspicion=row.suspicion,
    )
