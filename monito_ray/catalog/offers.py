"""The catalogue as it stands: products, and what each supplier asks for them now."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, Row, bindparam, case, insert, select, update

from monito_ray.catalog.changes import (
    CatalogChanges,
    CatalogPlan,
    ExistingOffer,
    OfferKey,
    PlannedOffer,
    PlannedProduct,
    plan_offers,
    plan_products,
)
from monito_ray.catalog.matching import identity, identity_hash
from monito_ray.pipeline.products.build import to_frame
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import Method, ProductRow
from monito_ray.store.database import Store, batched, has_one_of, new_id
from monito_ray.store.schema import catalog_writes, offers, price_history, products

if TYPE_CHECKING:
    import pandas as pd

_ROW = ProductRow.__slots__
SLICE_ROWS = 200
# Statements are made once: building one takes longer than running it.
_OF_TASK = select(catalog_writes).where(catalog_writes.c.task_id == bindparam("task"))
_ADD_PRODUCT, _ADD_OFFER, _ADD_PRICE, _NOTE_WRITE = insert(products), insert(offers), insert(price_history), insert(catalog_writes)
_NOTE_AGAIN = update(catalog_writes).where(catalog_writes.c.task_id == bindparam("task"))
_TOUCH_PRODUCT = (
    update(products)
    .where(products.c.id == bindparam("the_id"))
    .values(
        last_updated=bindparam("at"),
        # The first list that knew a category wins; otherwise two suppliers' words for it would take turns.
        category=case(((products.c.category == "") | (products.c.category == OTHER), bindparam("its_category")), else_=products.c.category),
    )
)
_CHANGE_OFFER = (
    update(offers)
    .where(offers.c.id == bindparam("the_id"))
    .values({name: bindparam(f"new_{name}") for name in (*_ROW, "others", "task_id", "last_seen")})
)
# Who lets go of the lock and takes it again at once leaves no moment for those who wait.
_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product and pack. `product_id` never changes, whatever happens to the rest; the two times are aware UTC."""

    product_id: str
    brand: str
    name: str
    size: Decimal | None
    unit: str
    pack_count: int
    category: str
    first_added: datetime
    last_updated: datetime

    @property
    def label(self) -> str:
        """What it is in one line: name, brand, content, and the pieces of a pack: "Cola, Teratai, 330 ml × 24"."""
        content = f"{self.size.normalize():f} {self.unit}" if self.size is not None else ""
        pack = f"{content} × {self.pack_count}".lstrip() if self.pack_count != 1 else content
        return ", ".join(part for part in (self.name, self.brand, pack) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one supplier asks for a product in one currency; `row` is where it was read.

    When a list offers the product several times, `row` is the cheapest of them (of equal ones the first) and `others` are the
    rest in list order: a supplier's sheet shows `row` and `others`, the master table `row` alone.
    """

    product_id: str
    supplier: str
    currency: str
    price: Decimal
    base_price: Decimal | None
    base_unit: str
    updated: datetime
    row: ProductRow
    others: tuple[ProductRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole catalogue at one moment. Products in order of name, brand, size, pack; offers in order of supplier and place in the list."""

    products: tuple[Product, ...]
    offers: tuple[Offer, ...]


def upsert(
    store: Store, task_id: str, rows: Sequence[ProductRow], now: datetime, confirm: Callable[[Connection], None] = lambda _: None
) -> CatalogChanges:
    """Bring a list into the catalogue. The second time for the same task changes nothing and returns the same.

    A long list is written in slices, each a transaction, so that others' writes come between; one that was broken off goes on with the
    next slice. `confirm` is called in each transaction, and raises when the caller may write no more.

    Raises:
        StoreUnavailable: what was written by then stays, and the next call goes on there.
    """
    slices = split_by_product(rows, SLICE_ROWS)
    changes = _write_next(store, task_id, slices, now, confirm)
    while changes is None:
        time.sleep(_PAUSE_S)
        changes = _write_next(store, task_id, slices, now, confirm)
    return changes


def split_by_product(rows: Sequence[ProductRow], most: int) -> list[list[ProductRow]]:
    """The rows in slices of about `most`, all rows for one product in the same; always the same for the same list."""
    kin: dict[str, list[ProductRow]] = defaultdict(list)
    for row in rows:
        kin[identity_hash(identity(row))].append(row)
    slices: list[list[ProductRow]] = [[]]
    for group in kin.values():
        if len(slices[-1]) >= most:
            slices.append([])
        slices[-1] += group
    return slices


def _write_next(
    store: Store, task_id: str, slices: Sequence[Sequence[ProductRow]], now: datetime, confirm: Callable[[Connection], None]
) -> CatalogChanges | None:
    """Write the first slice that is not written; what all changed, once that was the last."""
    with store.write(alone="catalogue") as connection:
        confirm(connection)
        done = _written(connection, task_id)
        place = len(slices) - done.slices_left if done else 0
        if done and not done.slices_left:
            return CatalogChanges(done.products_new, done.prices_changed)
        plan = _plan(connection, slices[place])
        _write_products(connection, plan.products, now)
        _write_offers(connection, plan.offers, task_id, now)
        new, moved = (done.products_new, done.prices_changed) if done else (0, 0)
        changes = CatalogChanges(new + plan.changes.products_new, moved + plan.changes.prices_changed)
        left = len(slices) - place - 1
        noted = {"products_new": changes.products_new, "prices_changed": changes.prices_changed, "slices_left": left, "written_at": now}
        if done:
            connection.execute(_NOTE_AGAIN, {"task": task_id, **noted})
        else:
            connection.execute(_NOTE_WRITE, {"task_id": task_id, **noted})
    return None if left else changes


def written_changes(store: Store, task_id: str) -> CatalogChanges | None:
    """What a task's list changed, None when it has not been written, or not whole."""
    with store.read() as connection:
        done = _written(connection, task_id)
    return None if done is None or done.slices_left else CatalogChanges(done.products_new, done.prices_changed)


def _written(connection: Connection, task_id: str) -> Row[Any] | None:
    return connection.execute(_OF_TASK, {"task": task_id}).one_or_none()


def snapshot(store: Store) -> Snapshot:
    """The whole catalogue, as one consistent look at it."""
    by_name = select(products).order_by(products.c.name, products.c.brand, products.c.unit, products.c.pack_count, products.c.id)
    by_supplier = select(offers).order_by(
        offers.c.supplier, offers.c.source_file, offers.c.source_sheet, offers.c.source_row, offers.c.currency, offers.c.id
    )
    with store.read() as connection:
        found_products = [product_from_row(row) for row in connection.execute(by_name)]
        found_offers = [_offer(row) for row in connection.execute(by_supplier)]
    return Snapshot(tuple(found_products), tuple(found_offers))


def products_of(store: Store, product_ids: Sequence[str]) -> dict[str, tuple[Product, tuple[Offer, ...]]]:
    """Those of the products that there are, by id, each with its offers."""
    known: dict[str, Product] = {}
    found: dict[str, list[Offer]] = defaultdict(list)
    with store.read() as connection:
        for part in batched(product_ids):
            known |= {row.id: product_from_row(row) for row in connection.execute(select(products).where(products.c.id.in_(part)))}
            for row in connection.execute(select(offers).where(offers.c.product_id.in_(part)).order_by(offers.c.supplier, offers.c.id)):
                found[row.product_id].append(_offer(row))
    return {product_id: (product, tuple(found[product_id])) for product_id, product in known.items()}


def frame(store: Store) -> "pd.DataFrame":
    """The catalogue with a row for each product, pack, supplier and currency: `product_id`, the columns of `ProductRow`, `updated`."""
    found = snapshot(store).offers
    table = to_frame([offer.row for offer in found])
    table.insert(0, "product_id", [offer.product_id for offer in found])
    table["updated"] = [offer.updated for offer in found]
    return table


def _plan(connection: Connection, rows: Sequence[ProductRow]) -> CatalogPlan:
    hashes = list({identity_hash(identity(row)) for row in rows})
    wanted = select(products.c.identity_hash, products.c.id).where(has_one_of(connection, products.c.identity_hash, hashes))
    known_products = {row.identity_hash: row.id for row in connection.execute(wanted)}
    planned = plan_products(rows, known_products, new_id)
    known_offers: dict[OfferKey, ExistingOffer] = {}
    columns = (offers.c.product_id, offers.c.supplier, offers.c.currency, offers.c.id, offers.c.price, offers.c.list_date)
    for part in batched([product.product_id for product in planned if not product.is_new]):
        for product_id, supplier, currency, *known in connection.execute(select(*columns).where(offers.c.product_id.in_(part))):
            known_offers[product_id, supplier, currency] = ExistingOffer(*known)
    return plan_offers(rows, planned, known_offers, new_id)


def _write_products(connection: Connection, planned: Sequence[PlannedProduct], now: datetime) -> None:
    new = [
        {
            "id": product.product_id,
            "identity_hash": product.identity_hash,
            "brand": product.row.brand,
            "name": product.row.standardized_name,
            "size": product.row.size,
            "unit": product.row.unit,
            "pack_count": product.row.pack_count,
            "category": product.row.category,
            "first_added": now,
            "last_updated": now,
        }
        for product in planned
        if product.is_new
    ]
    seen = [{"the_id": product.product_id, "its_category": product.row.category, "at": now} for product in planned if not product.is_new]
    _execute_each(connection, _ADD_PRODUCT, new)
    _execute_each(connection, _TOUCH_PRODUCT, seen)


def _write_offers(connection: Connection, planned: Sequence[PlannedOffer], task_id: str, now: datetime) -> None:
    new = [
        {"id": offer.offer_id, "product_id": offer.product_id, **_columns(offer), "task_id": task_id, "first_seen": now, "last_seen": now}
        for offer in planned
        if offer.is_new
    ]
    seen = [
        {"the_id": offer.offer_id}
        | {f"new_{name}": value for name, value in (_columns(offer) | {"task_id": task_id, "last_seen": now}).items()}
        for offer in planned
        if not offer.is_new
    ]
    moved = [
        {
            "offer_id": offer.offer_id,
            "price": offer.row.price,
            "base_price": offer.row.base_price,
            "list_date": offer.row.list_date,
            "seen_at": now,
            "task_id": task_id,
        }
        for offer in planned
        if offer.is_new or offer.has_moved
    ]
    _execute_each(connection, _ADD_OFFER, new)
    _execute_each(connection, _CHANGE_OFFER, seen)
    _execute_each(connection, _ADD_PRICE, moved)


def _execute_each(connection: Connection, statement: Executable, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(statement, values)


def _columns(offer: PlannedOffer) -> dict[str, Any]:
    own = {name: getattr(offer.row, name) for name in _ROW}
    return own | {"others": [_to_json(row) for row in offer.others]}


def _to_json(row: ProductRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _ROW}
    return {name: str(value) if isinstance(value, Decimal | date) else value for name, value in values.items()}


def _from_json(values: Mapping[str, Any]) -> ProductRow:
    numbers = {name: None if values[name] is None else Decimal(values[name]) for name in ("size", "price", "base_price", "min_quantity")}
    listed = values["list_date"] and date.fromisoformat(values["list_date"])
    return ProductRow(**{**values, **numbers, "list_date": listed, "method": Method(values["method"])})


def product_from_row(row: Row[Any]) -> Product:
    """The product in a row of `products`, whatever else the row has."""
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
    )


def _offer(row: Row[Any]) -> Offer:
    values = row._mapping  # noqa: SLF001  SQLAlchemy's public name for it
    own = {name: values[name] for name in _ROW} | {"method": Method(values["method"])}
    return Offer(
        product_id=row.product_id,
        supplier=row.supplier,
        currency=row.currency,
        price=row.price,
        base_price=row.base_price,
        base_unit=row.base_unit,
        updated=row.last_seen,
        row=ProductRow(**own),
        others=tuple(_from_json(other) for other in row.others),
    )
