"""A supplier's offers, prices and changes made again from its lists: after one was taken back, came late or was corrected."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, select

from monito_ray.catalog.articles.fold import PricePoint, StandingOffer, SupplierList, fold_list
from monito_ray.catalog.grouping.grouping import drop_empty_products, regroup
from monito_ray.catalog.grouping.neighbourhood import mates_of
from monito_ray.catalog.grouping.number_agreement import forget_agreements, update_agreements
from monito_ray.catalog.lists import standing_offers, stored_lists
from monito_ray.catalog.lists.locks import writing_suppliers
from monito_ray.catalog.prices.change_log import delete_changes_of, write_changes
from monito_ray.catalog.prices.list_changes import ListChange
from monito_ray.catalog.questions import open_pairs
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers, price_history

#: Pause between two suppliers. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02

#: Task, file, sheet, row, name and price.
_Place = tuple[str, str, str, int, str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found."""

    #: All changes with the tasks of their lists, in order.
    changes: tuple[tuple[str, ListChange], ...]
    #: Products that there were not before.
    new_products: frozenset[str]


@dataclass(frozen=True, slots=True)
class _History:
    """The outcome of folding all lists of a supplier."""

    standing: Mapping[str, StandingOffer]
    points: Sequence[tuple[str, PricePoint]]
    changes: Sequence[tuple[SupplierList, Sequence[ListChange]]]
    #: The ids of articles by the places where the lists have them.
    ids_by_place: Mapping[_Place, str]


def replay(connection: Connection, supplier: str, moved: Collection[str] = ()) -> Replayed:
    """Make the offers of a supplier, their history and its changes what its lists make them, and put into products what that touches.

    Offers keep their ids where their newest row does. `moved` are offers that were another supplier's until now. With no list nothing of the supplier is left but people's word.
    """
    history = _fold_lists(stored_lists.load_lists(connection, supplier))
    before = standing_offers.load_standing(connection, supplier)
    history = _with_former_ids(history, before)
    outdated = standing_offers.outdated_offers(connection, supplier)
    changed = {key for key, offer in history.standing.items() if before.get(key) != offer or key in outdated or key in moved}
    touched = mates_of(connection, [offer_id for offer_id in before if offer_id in changed or offer_id not in history.standing])
    emptied = _delete_others(connection, supplier, history.standing)
    fresh = standing_offers.write_offers(connection, [history.standing[offer_id] for offer_id in sorted(changed)], before)
    touched |= mates_of(connection, changed)
    repriced = _write_history(connection, supplier, history)
    if history.standing:
        touched |= update_agreements(connection, supplier)
    else:
        forget_agreements(connection, supplier)
    grouped = regroup(connection, touched | changed | repriced, fresh)
    drop_empty_products(connection, emptied)
    changes = tuple((one.task_id, change) for one, own in history.changes for change in own)
    return Replayed(changes, grouped.new)


def replay_outdated(store: Store) -> None:
    """Make the offers of suppliers anew that an earlier version matched in another way, or not at all, and look up what to ask of them."""
    with store.read() as connection:
        suppliers = standing_offers.suppliers_with_outdated_offers(connection)
    tasks: set[str] = set()
    for supplier in suppliers:
        with writing_suppliers(store, partial(_supplier_itself, supplier)) as connection:
            replay(connection, supplier)
            tasks |= standing_offers.newest_tasks(connection, supplier)
        time.sleep(_PAUSE_S)
    for task_id in sorted(tasks):
        open_pairs.keep_open_pairs(store, task_id)


def _supplier_itself(supplier: str, _connection: Connection) -> tuple[str]:
    return (supplier,)


def _fold_lists(lists: Sequence[SupplierList]) -> _History:
    standing: dict[str, StandingOffer] = {}
    points: list[tuple[str, PricePoint]] = []
    changes: list[tuple[SupplierList, Sequence[ListChange]]] = []
    ids_by_place: dict[_Place, str] = {}
    for one in lists:
        outcome = fold_list(standing, one)
        standing |= {offer.offer_id: offer for offer in (*outcome.offers, *outcome.gone)}
        points += outcome.points
        changes.append((one, outcome.changes))
        ids_by_place |= {_place_of(offer): offer.offer_id for offer in outcome.offers}
    return _History(standing, points, changes, ids_by_place)


def _with_former_ids(history: _History, before: Mapping[str, StandingOffer]) -> _History:
    """Let an article whose first list was taken back, or came late, keep the id under which people know it."""
    renamed: dict[str, str] = {}
    for former, offer in before.items():
        offer_id = history.ids_by_place.get(_place_of(offer), "")
        if former not in history.standing and offer_id in history.standing and offer_id not in before:
            renamed.setdefault(offer_id, former)
    if not renamed:
        return history
    ids = {offer_id: renamed.get(offer_id, offer_id) for offer_id in history.standing}
    return _History(
        {ids[key]: replace(offer, offer_id=ids[key]) for key, offer in history.standing.items()},
        [(ids[offer_id], point) for offer_id, point in history.points],
        [(one, [_renamed(change, ids) for change in own]) for one, own in history.changes],
        history.ids_by_place,
    )


def _place_of(offer: StandingOffer) -> _Place:
    row = offer.article.row
    return offer.task_id, row.source_file, row.source_sheet, row.source_row, row.original_name, row.price


def _renamed(change: ListChange, ids: Mapping[str, str]) -> ListChange:
    before = change.before and replace(change.before, offer_id=ids[change.before.offer_id])
    after = change.after and replace(change.after, offer_id=ids[change.after.offer_id])
    return replace(change, before=before, after=after)


def _delete_others(connection: Connection, supplier: str, standing: Mapping[str, StandingOffer]) -> set[str]:
    """Delete the offers of a supplier that its lists do not make; return the products that they belonged to."""
    query = select(offers.c.id, offers.c.product_id).where(offers.c.supplier == supplier)
    others = {offer_id: product_id for offer_id, product_id in connection.execute(query) if offer_id not in standing}
    if others:
        standing_offers.delete_offers(connection, list(others))
    return set(others.values())


def _write_history(connection: Connection, supplier: str, history: _History) -> set[str]:
    """Write prices and changes anew; return the offers that had other prices before, of which suspicions may differ."""
    ids = list(history.standing)
    points: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for offer_id, point in history.points:
        points[offer_id].append((point.price, point.task_id))
    before: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    columns = (price_history.c.offer_id, price_history.c.price, price_history.c.task_id)
    for row in connection.execute(
        select(*columns).where(has_one_of(connection, price_history.c.offer_id, ids)).order_by(price_history.c.id)
    ):
        before[row.offer_id].append((row.price, row.task_id))
    connection.execute(delete(price_history).where(has_one_of(connection, price_history.c.offer_id, ids)))
    standing_offers.add_points(connection, history.points)
    delete_changes_of(connection, supplier)
    for one, changes in history.changes:
        write_changes(connection, supplier, one.task_id, changes, one.written_at, one.list_date)
    return {offer_id for offer_id in ids if points[offer_id] != before[offer_id]}
