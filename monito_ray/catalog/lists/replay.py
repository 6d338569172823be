"""Suppliers' offers, prices and changes made again from their lists: after one was taken back, came late, is another's or was corrected."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from monito_ray.catalog.grouping.grouping import drop_empty_products, refresh_products, regroup
from monito_ray.catalog.grouping.neighbourhood import disturbed_by, mates_of
from monito_ray.catalog.grouping.number_agreement import forget_agreements, update_agreements
from monito_ray.catalog.grouping.shared_blocks import SharedBlocks
from monito_ray.catalog.lists import standing_offers
from monito_ray.catalog.lists.locks import writing_supplier
from monito_ray.catalog.lists.replay_plan import ReplayPlan, plan_replay
from monito_ray.catalog.prices.change_log import delete_changes_of, write_changes
from monito_ray.catalog.prices.list_changes import ListChange
from monito_ray.catalog.questions import open_pairs
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers, price_history

#: Offers that one transaction writes where a replay may take several, as `writing.SLICE_ROWS`.
SLICE_OFFERS = 200
#: Pause between two transactions. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found."""

    #: All changes with the tasks of their lists, in order.
    changes: tuple[tuple[str, ListChange], ...]
    #: Products that there were not before.
    new_products: frozenset[str]


#: Called at the end of each transaction of a replay with what it did: all changes count as the last one's.
Written = Callable[[Connection, Replayed], None]


def replay(connection: Connection, suppliers: Collection[str]) -> None:
    """Make the offers of suppliers, their history and its changes what their lists make them, and put into products what that touches.

    Offers keep their ids where their newest row does, also where it is another of these suppliers' now. A product whose offers all became
    others leads to the product of these. With no list nothing of a supplier is left but people's word.

    All at once: no product comes apart because the offers of one supplier go before those of the next.
    """
    plan = plan_replay(connection, suppliers)
    _write(connection, plan, plan.changed | plan.repriced, is_last=True)


def replay_in_slices(store: Store, supplier: str, written: Written = lambda _connection, _replayed: None) -> None:
    """Do the same for one supplier in several transactions, so that others write in between. The caller holds the supplier's lock.

    After an interruption the next replay writes the rest. What an earlier version wrote is left for the end, so that it is still noticed then.
    """
    with store.read() as connection:
        plan = plan_replay(connection, (supplier,))
    ids = sorted(plan.changed | plan.repriced, key=lambda offer_id: (offer_id in plan.outdated, offer_id))
    for start in range(0, max(len(ids), 1), SLICE_OFFERS):
        if start:
            time.sleep(_PAUSE_S)
        with store.write(alone="catalogue") as connection:
            part = frozenset(ids[start : start + SLICE_OFFERS])
            written(connection, _write(connection, plan, part, is_last=start + SLICE_OFFERS >= len(ids)))


def suppliers_to_replay(store: Store) -> list[str]:
    """Return the suppliers whose offers an earlier version matched in another way, or not at all."""
    with store.read() as connection:
        return standing_offers.suppliers_with_outdated_offers(connection)


def replay_outdated(store: Store, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Make the offers of such suppliers anew, and look up what to ask of them; those that are left when it stops wait for the next call."""
    tasks: set[str] = set()
    for supplier in suppliers_to_replay(store):
        if should_stop():
            break
        with writing_supplier(store, supplier):
            replay_in_slices(store, supplier)
        with store.read() as connection:
            tasks |= standing_offers.newest_tasks(connection, supplier)
        time.sleep(_PAUSE_S)
    for task_id in sorted(tasks):
        open_pairs.keep_open_pairs(store, task_id)


def _write(connection: Connection, plan: ReplayPlan, part: frozenset[str], *, is_last: bool) -> Replayed:
    """Write some offers of a plan, with the last of them all else."""
    changed = plan.changed & part
    gone = list(plan.heirs) if is_last else []
    written = [plan.standing[offer_id] for offer_id in sorted(changed)]
    derived = standing_offers.derive_offers(written)
    otherwise = standing_offers.matched_otherwise(connection, written, derived)
    touched = mates_of(connection, [*(otherwise & plan.before.keys()), *gone])
    heirs = _delete_offers(connection, plan, gone)
    fresh = standing_offers.write_offers(connection, written, plan.before, derived, otherwise)
    _write_points(connection, plan, sorted(plan.repriced & part))
    touched |= disturbed_by(connection, otherwise, SharedBlocks(connection))
    if is_last:
        touched |= _write_rest(connection, plan)
    refresh_products(connection, part - otherwise)
    grouped = regroup(connection, touched | otherwise, fresh)
    drop_empty_products(connection, heirs)
    changes = tuple((one.task_id, change) for own in plan.changes.values() for one, changes in own for change in changes)
    return Replayed(changes if is_last else (), grouped.new)


def _delete_offers(connection: Connection, plan: ReplayPlan, offer_ids: Sequence[str]) -> dict[str, str]:
    """Delete offers; return the products that they belonged to, each with an offer that has a row of theirs now, "" without one."""
    if not offer_ids:
        return {}
    query = select(offers.c.id, offers.c.product_id).where(has_one_of(connection, offers.c.id, offer_ids)).order_by(offers.c.id)
    heirs: dict[str, str] = {}
    for offer_id, product_id in connection.execute(query):
        heirs[product_id] = heirs.get(product_id) or plan.heirs[offer_id]
    standing_offers.delete_offers(connection, offer_ids)
    return heirs


def _write_points(connection: Connection, plan: ReplayPlan, offer_ids: Sequence[str]) -> None:
    if offer_ids:
        connection.execute(delete(price_history).where(has_one_of(connection, price_history.c.offer_id, offer_ids)))
        standing_offers.add_points(connection, [(key, point) for key in offer_ids for point in plan.points.get(key, ())])


def _write_rest(connection: Connection, plan: ReplayPlan) -> set[str]:
    """Write the changes of all lists, and whose article numbers agree; return the offers to which that makes a difference."""
    touched: set[str] = set()
    for supplier, lists in plan.changes.items():
        delete_changes_of(connection, supplier)
        for one, changes in lists:
            write_changes(connection, supplier, one.task_id, changes, one.written_at, one.list_date)
        if lists:
            touched |= update_agreements(connection, supplier)
        else:
            forget_agreements(connection, supplier)
    return touched
