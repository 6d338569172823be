"""What people change about suppliers: a name, two that are one, one that goes. Each is done wholly or not at all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from monito_ray.catalog.suppliers.supplier_merge import JoinedOffer, PricePoint, StandingOffer, join_offers, newest_choices
from monito_ray.catalog.suppliers.supplier_names import existing_supplier, read_names
from monito_ray.errors import SupplierExists, UsageWrong
from monito_ray.store.database import Store, batched, insert_missing
from monito_ray.store.schema import (
    LONGEST_SUPPLIER,
    PERSON,
    column_choices,
    corrections,
    offers,
    price_changes,
    price_history,
    products,
    supplier_lists,
    supplier_names,
)

_POINT_FIELDS = PricePoint.__slots__


@dataclass(frozen=True, slots=True)
class SupplierChange:
    """What a change of a supplier did."""

    #: The supplier that there is now; of one that was deleted, its name.
    supplier: str
    #: The supplier whose name it was before; "" where one was deleted.
    before: str
    #: Offers that have a new name, or were deleted.
    offers: int
    #: Offers of both suppliers for one product, of which the older went; its prices are in the history of the newer.
    joined: int = 0
    #: Products that nobody sells any more, and that went, too.
    products: int = 0


def rename_supplier(store: Store, old: str, new: str, now: datetime) -> SupplierChange:
    """Give a supplier another name. The next list that names itself `old` is `new`'s.

    Raises:
        SupplierUnknown: nobody is called `old`.
        SupplierExists: another supplier is called `new`.
        UsageWrong: `new` is no name.
    """
    new = " ".join(new.split())
    if not 0 < len(new) <= LONGEST_SUPPLIER:
        raise UsageWrong(f"a supplier's name has 1 to {LONGEST_SUPPLIER} characters")
    with store.write(alone="catalogue") as connection:
        names = read_names(connection)
        supplier, holder = existing_supplier(names, old), names.supplier_of(new)
        if holder in names.suppliers - {supplier}:
            raise SupplierExists(
                f"a supplier is called {holder!r} already", f'`monito suppliers merge "{supplier}" "{holder}"` makes them one.'
            )
        count = _move(connection, supplier, new, now)
    return SupplierChange(new, supplier, count)


def merge_suppliers(store: Store, source: str, target: str, now: datetime) -> SupplierChange:
    """Make one supplier of two, called as the second: of each product the newest offer stands, and the history has the prices of both.

    The next list that names itself `source` is `target`'s. This cannot be taken back.

    Raises:
        SupplierUnknown: nobody has one of the names.
        UsageWrong: both are one supplier.
    """
    with store.write(alone="catalogue") as connection:
        names = read_names(connection)
        old, new = existing_supplier(names, source), existing_supplier(names, target)
        if old == new:
            raise UsageWrong(f"{source!r} and {target!r} are one supplier already: {new!r}")
        joined = _join_offers(connection, old, new)
        count = _move(connection, old, new, now)
    return SupplierChange(new, old, count, joined)


def delete_supplier(store: Store, name: str) -> SupplierChange:
    """Delete a supplier with its offers, their history, its corrections, its choices of columns and its names; this cannot be taken back.

    Products that nobody else sells go, too. Its next list makes a new supplier of it.

    Raises:
        SupplierUnknown: nobody is called so.
    """
    with store.write(alone="catalogue") as connection:
        supplier = existing_supplier(read_names(connection), name)
        own = select(offers.c.id).where(offers.c.supplier == supplier)
        sold = list(connection.execute(select(offers.c.product_id).where(offers.c.supplier == supplier).distinct()).scalars())
        connection.execute(delete(price_history).where(price_history.c.offer_id.in_(own)))
        count = connection.execute(delete(offers).where(offers.c.supplier == supplier)).rowcount
        unsold = 0
        for part in batched(sold):
            is_unsold = products.c.id.in_(part), ~exists().where(offers.c.product_id == products.c.id)
            unsold += connection.execute(delete(products).where(*is_unsold)).rowcount
        for table in (corrections, column_choices, supplier_lists, supplier_names, price_changes):
            connection.execute(delete(table).where(table.c.supplier == supplier))
    return SupplierChange(supplier, "", count, products=unsold)


def _move(connection: Connection, old: str, new: str, now: datetime) -> int:
    """Put everything of `old` under `new`, whose own is left as it is; return how many offers that were."""
    _drop_outdone_choices(connection, old, new)
    has_list = select(supplier_lists.c.task_id).where(supplier_lists.c.supplier == new)
    connection.execute(delete(supplier_lists).where(supplier_lists.c.supplier == old, supplier_lists.c.task_id.in_(has_list)))
    _rename_in_other_rows(connection, old, new)
    count = connection.execute(select(func.count()).where(offers.c.supplier == old)).scalar_one()
    for table in (offers, corrections, column_choices, supplier_lists, supplier_names, price_changes):
        connection.execute(update(table).where(table.c.supplier == old).values(supplier=new))
    insert_missing(connection, supplier_names, [{"name": new, "supplier": new, "added_at": now}])
    return count


def _rename_in_other_rows(connection: Connection, old: str, new: str) -> None:
    """Name the new supplier in the rows that stand behind the cheapest ones, too."""
    query = select(offers.c.id, offers.c.others).where(offers.c.supplier == old)
    changed = [
        {"changed_id": row.id, "rows": [other | {"supplier": new} for other in row.others]}
        for row in connection.execute(query)
        if row.others
    ]
    if changed:
        connection.execute(update(offers).where(offers.c.id == bindparam("changed_id")).values(others=bindparam("rows")), changed)


def _drop_outdone_choices(connection: Connection, old: str, new: str) -> None:
    """Leave one choice of columns for each layout that both suppliers have."""
    columns = column_choices.c.supplier, column_choices.c.layout_key, column_choices.c.model, column_choices.c.created_at
    by_supplier: dict[str, dict[str, tuple[bool, datetime]]] = defaultdict(dict)
    for supplier, key, model, created_at in connection.execute(select(*columns).where(column_choices.c.supplier.in_((old, new)))):
        by_supplier[supplier][key] = model == PERSON, created_at
    for supplier, keys in zip((old, new), newest_choices(by_supplier[old], by_supplier[new]), strict=True):
        for part in batched(keys):
            is_outdone = column_choices.c.supplier == supplier, column_choices.c.layout_key.in_(part)
            connection.execute(delete(column_choices).where(*is_outdone))


def _join_offers(connection: Connection, old: str, new: str) -> int:
    """Leave one offer for each product and currency that both suppliers sell; return how many those are."""
    ours, theirs = offers.alias(), offers.alias()
    is_same = (ours.c.product_id == theirs.c.product_id) & (ours.c.currency == theirs.c.currency)
    query = select(ours.c.id, theirs.c.id).join(theirs, is_same).where(ours.c.supplier == old, theirs.c.supplier == new)
    pairs = [(first, second) for first, second in connection.execute(query)]
    for part in batched(pairs):
        standing = _standing_offers(connection, [offer_id for pair in part for offer_id in pair])
        _write_joined(connection, [join_offers(standing[first], standing[second]) for first, second in part])
    return len(pairs)


def _standing_offers(connection: Connection, offer_ids: Sequence[str]) -> dict[str, StandingOffer]:
    """Return offers with their histories, by id."""
    points: dict[str, list[PricePoint]] = defaultdict(list)
    standing: dict[str, StandingOffer] = {}
    columns = [price_history.c[name] for name in _POINT_FIELDS]
    of_offer = offers.c.price, offers.c.base_price, offers.c.list_date, offers.c.last_seen, offers.c.task_id
    for part in batched(offer_ids):
        history = select(price_history.c.offer_id, *columns).where(price_history.c.offer_id.in_(part)).order_by(price_history.c.id)
        for offer_id, *values in connection.execute(history):
            points[offer_id].append(PricePoint(*values))
        for offer_id, first_seen, *values in connection.execute(
            select(offers.c.id, offers.c.first_seen, *of_offer).where(offers.c.id.in_(part))
        ):
            standing[offer_id] = StandingOffer(offer_id, first_seen, PricePoint(*values), tuple(points[offer_id]))
    return standing


def _write_joined(connection: Connection, joined: Sequence[JoinedOffer]) -> None:
    """Write histories anew, since their ids are their order, and delete the outdated offers."""
    outdated = [offer.outdated_id for offer in joined]
    for part in batched([*outdated, *(offer.offer_id for offer in joined)]):
        connection.execute(delete(price_history).where(price_history.c.offer_id.in_(part)))
    connection.execute(delete(offers).where(offers.c.id.in_(outdated)))
    first = update(offers).where(offers.c.id == bindparam("changed_id")).values(first_seen=bindparam("at"))
    connection.execute(first, [{"changed_id": offer.offer_id, "at": offer.first_seen} for offer in joined])
    connection.execute(insert(price_history), [_point_columns(offer, point) for offer in joined for point in offer.history])


def _point_columns(offer: JoinedOffer, point: PricePoint) -> dict[str, Any]:
    return {"offer_id": offer.offer_id} | {name: getattr(point, name) for name in _POINT_FIELDS}
