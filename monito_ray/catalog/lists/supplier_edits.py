"""What people change about suppliers: a name, two that are one, one that goes, a list that is another's. Each is done wholly or not at all."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from monito_ray.catalog import links
from monito_ray.catalog.grouping.grouping import regroup
from monito_ray.catalog.lists import standing_offers, stored_lists
from monito_ray.catalog.lists.locks import writing_suppliers
from monito_ray.catalog.lists.replay import replay
from monito_ray.catalog.suppliers.supplier_names import SupplierNames, existing_supplier, read_names, words_of_name
from monito_ray.catalog.suppliers.supplier_numbers import rename_number
from monito_ray.errors import NothingToUndo, SupplierExists, UsageWrong
from monito_ray.store.database import Store, batched, insert_missing
from monito_ray.store.schema import (
    LONGEST_SUPPLIER,
    PERSON,
    column_choices,
    confirmed_prices,
    corrections,
    number_agreements,
    offers,
    price_changes,
    supplier_lists,
    supplier_names,
)


@dataclass(frozen=True, slots=True)
class SupplierChange:
    """What a change of a supplier did."""

    #: The supplier that there is now; of one that was deleted, its name.
    supplier: str
    #: The supplier whose name it was before; "" where one was deleted.
    before: str
    #: Offers that have a new name, or were deleted.
    offers: int
    #: Articles that both suppliers had, and that are one offer now, with the prices of both in its history.
    joined: int = 0


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
    with _alone(store, old, new) as connection:
        names = read_names(connection)
        supplier, holder = existing_supplier(names, old), names.supplier_of(new)
        if holder in names.suppliers - {supplier}:
            raise SupplierExists(
                f"a supplier is called {holder!r} already", f'`monito suppliers merge "{supplier}" "{holder}"` makes them one.'
            )
        count = _offer_count(connection, supplier)
        for table in (supplier_lists, offers, price_changes):
            connection.execute(update(table).where(table.c.supplier == supplier).values(supplier=new))
        for column in (number_agreements.c.one, number_agreements.c.other):
            connection.execute(update(number_agreements).where(column == supplier).values({column.name: new}))
        rename_number(connection, supplier, new)
        _give_what_was_learned(connection, supplier, new, now)
        regroup(connection, standing_offers.comparable_offers(connection, new))  # of equals the first by name speaks for a product
    return SupplierChange(new, supplier, count)


def merge_suppliers(store: Store, source: str, target: str, now: datetime) -> SupplierChange:
    """Make one supplier of two, called as the second: its lists are those of both, and what they make of offers and prices follows.

    The next list that names itself `source` is `target`'s.

    Raises:
        SupplierUnknown: nobody has one of the names.
        UsageWrong: both are one supplier.
    """
    with _alone(store, source, target) as connection:
        names = read_names(connection)
        old, new = existing_supplier(names, source), existing_supplier(names, target)
        if old == new:
            raise UsageWrong(f"{source!r} and {target!r} are one supplier already: {new!r}")
        moved = _offer_count(connection, old)
        articles = _article_count(connection, old) + _article_count(connection, new)
        stored_lists.give_lists(connection, old, new)
        _give_what_was_learned(connection, old, new, now)
        replay(connection, (old, new))
        joined = articles - _article_count(connection, new)
    return SupplierChange(new, old, moved, joined)


def split_supplier(store: Store, name: str, task_ids: Sequence[str], now: datetime) -> SupplierChange:
    """Make another name of a supplier a supplier of its own again, with the lists of these tasks: so a merge is taken back.

    What people corrected, linked and chose stays with the supplier that had the name.

    Raises:
        SupplierUnknown: nobody is called so.
        NothingToUndo: one of the lists is not of the supplier that has the name.
        UsageWrong: it is the name that the catalogue shows, or no list is named.
    """
    name = " ".join(name.split())

    def involved(connection: Connection) -> list[str]:
        return [existing_supplier(read_names(connection), name), name]

    with writing_suppliers(store, involved) as connection:
        holder, _ = involved(connection)
        name = _other_name(read_names(connection), holder, name)
        for task_id in task_ids:
            if holder not in stored_lists.suppliers_of_task(connection, task_id):
                raise NothingToUndo(f"{holder!r} has no list of the task {task_id}", "`monito status` lists the newest tasks.")
        if not task_ids:
            raise UsageWrong(f"name the tasks of the lists that are to be {name!r}'s", "`monito status` lists the newest ones.")
        connection.execute(update(supplier_names).where(supplier_names.c.name == name).values(supplier=name, added_at=now))
        stored_lists.give_lists(connection, holder, name, only=list(task_ids))
        replay(connection, (holder, name))
        count = _offer_count(connection, name)
    return SupplierChange(name, holder, count)


def _other_name(names: SupplierNames, holder: str, name: str) -> str:
    """Return the other name of a supplier, as written, that is meant by `name`."""
    others = names.names_of(holder)[1:]
    if name in others:
        return name
    alike = [other for other in others if words_of_name(other) == words_of_name(name)]
    if name == holder or len(alike) != 1:
        others_text = ", ".join(map(repr, others)) or "none"
        raise UsageWrong(f"{name!r} is no other name of {holder!r}", f"Its other names: {others_text}.")
    return alike[0]


def delete_supplier(store: Store, name: str) -> SupplierChange:
    """Delete a supplier with its lists and all that they made, its corrections, its choices of columns and its names.

    Its next list makes a new supplier of it, also one that was sent before.

    Raises:
        SupplierUnknown: nobody is called so.
    """
    with _alone(store, name) as connection:
        supplier = existing_supplier(read_names(connection), name)
        count = _offer_count(connection, supplier)
        stored_lists.delete_lists(connection, supplier=supplier)
        replay(connection, (supplier,))
        for table in (corrections, confirmed_prices, column_choices, supplier_names):
            connection.execute(delete(table).where(table.c.supplier == supplier))
    return SupplierChange(supplier, "", count)


def _alone(store: Store, *names: str) -> AbstractContextManager[Connection]:
    """Open a transaction in which nobody else writes the offers of the suppliers that have these names."""

    def suppliers(connection: Connection) -> list[str]:
        names_now = read_names(connection)
        return [names_now.supplier_of(" ".join(name.split())) for name in names]

    return writing_suppliers(store, suppliers)


def _offer_count(connection: Connection, supplier: str) -> int:
    """Return how many offers of a supplier stand."""
    stand = select(func.count()).select_from(offers).where(offers.c.supplier == supplier, ~offers.c.is_gone)
    return connection.execute(stand).scalar_one()


def _article_count(connection: Connection, supplier: str) -> int:
    """Return how many articles a supplier has, those that are gone among them."""
    return connection.execute(select(func.count()).select_from(offers).where(offers.c.supplier == supplier)).scalar_one()


def _give_what_was_learned(connection: Connection, old: str, new: str, now: datetime) -> None:
    """Put names, corrections, links and choices of columns of `old` under `new`, whose own stay."""
    _drop_outdone_choices(connection, old, new)
    for table in (corrections, confirmed_prices, column_choices, supplier_names):
        connection.execute(update(table).where(table.c.supplier == old).values(supplier=new))
    links.rename_supplier_in_links(connection, old, new)
    insert_missing(connection, supplier_names, [{"name": new, "supplier": new, "added_at": now}])


def _drop_outdone_choices(connection: Connection, old: str, new: str) -> None:
    """Leave one choice of columns for each layout that both suppliers have: a person's before an LLM's, then the newer."""
    columns = column_choices.c.layout_key, column_choices.c.supplier, column_choices.c.model, column_choices.c.created_at
    by_layout: dict[str, dict[str, tuple[bool, datetime]]] = defaultdict(dict)
    for key, supplier, model, created_at in connection.execute(select(*columns).where(column_choices.c.supplier.in_((old, new)))):
        by_layout[key][supplier] = model == PERSON, created_at
    for supplier, other in ((old, new), (new, old)):
        outdone = [
            key for key, both in by_layout.items() if len(both) > 1 and (both[supplier], supplier == new) < (both[other], other == new)
        ]
        for part in batched(outdone):
            connection.execute(delete(column_choices).where(column_choices.c.supplier == supplier, column_choices.c.layout_key.in_(part)))
