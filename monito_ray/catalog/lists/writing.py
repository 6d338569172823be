"""A list written to the catalogue: kept whole, then made into offers, prices, changes and products."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from monito_ray.catalog.articles.fold import ListOutcome, PricePoint, StandingOffer, fold_list
from monito_ray.catalog.grouping.grouping import refresh_products, regroup
from monito_ray.catalog.grouping.neighbourhood import disturbed_by, mates_of
from monito_ray.catalog.grouping.number_agreement import update_agreements
from monito_ray.catalog.grouping.shared_blocks import SharedBlocks
from monito_ray.catalog.lists import standing_offers, stored_lists
from monito_ray.catalog.lists.derived_rows import DerivedRow, DeriveRows, derive_here
from monito_ray.catalog.lists.keys_ahead import OFFERS_AHEAD, take_keys, write_keys
from monito_ray.catalog.lists.locks import writing_supplier
from monito_ray.catalog.lists.replay import Replayed, replay_in_slices
from monito_ray.catalog.prices.change_log import write_changes
from monito_ray.catalog.prices.list_changes import ChangeKind, ListChange
from monito_ray.catalog.search.index import FirstRow
from monito_ray.catalog.suppliers.supplier_names import settle_suppliers
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.records import ProductRow
from monito_ray.store.database import Store
from monito_ray.store.schema import catalog_writes

#: Rows that one transaction writes. Longer lists take several, so that the writes of short lists come between. While nobody else writes, they grow
#: up to the longest: half of a transaction of 200 rows goes into its statements and its commit. With 2,000 a list of 100,000 takes 7 % less, but
#: each of the eight transactions of a list behind it may wait for 1.4 s.
SLICE_ROWS, LONGEST_SLICE = 200, 1_000
#: By how much they grow each time.
_GROWTH = 4
#: Who waits longer for the lock is not alone.
_OTHERS_WRITE_S = 0.01
#: Pause between two slices. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02

_WRITE_OF_TASK = select(catalog_writes).where(catalog_writes.c.task_id == bindparam("task"))
_ADD_WRITE = insert(catalog_writes)
_COUNT = (
    update(catalog_writes)
    .where(catalog_writes.c.task_id == bindparam("task"))
    .values(
        products_new=catalog_writes.c.products_new + bindparam("more_products"),
        prices_changed=catalog_writes.c.prices_changed + bindparam("more_prices"),
        slices_left=catalog_writes.c.slices_left - bindparam("slices"),
    )
)
#: What was counted before a break is counted again by the replay: new products are not new then, changed prices are.
_COUNT_PRICES_AGAIN = update(catalog_writes).where(catalog_writes.c.task_id == bindparam("task")).values(prices_changed=0)

Confirm = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """The changes that a list made."""

    products_new: int
    #: Articles whose price is another than in the supplier's list before.
    prices_changed: int


def write_list(
    store: Store,
    task_id: str,
    rows: Sequence[ProductRow],
    now: datetime,
    confirm: Confirm = lambda _: None,
    derive: DeriveRows = derive_here,
) -> CatalogChanges:
    """Write a list to the catalogue and return what changed. A second call for the same task changes nothing and returns the same.

    Rows go to the supplier whose name theirs is, also by a former name or with another legal form; see `suppliers.supplier_names`.
    The list is kept whole in a first transaction. A long one is then written in slices of about `SLICE_ROWS` rows, each in a transaction;
    the next call after one that was interrupted folds the supplier's lists again. `confirm` is called in each transaction, and raises when
    the caller's lease is lost; `derive` may have other processes work on the rows.

    Raises:
        StoreUnavailable: the slices written until then stay.
    """
    suppliers, is_interrupted = _accept(store, task_id, rows, now, confirm)
    del rows  # a long list fills memory once: each supplier's is read as it was kept
    while suppliers and not _write_suppliers(store, task_id, suppliers, confirm, derive, is_interrupted=is_interrupted):
        suppliers, is_interrupted = _accept(store, task_id, (), now, confirm)
    changes = written_changes(store, task_id)
    if changes is None:
        raise LookupError(f"the list of the task {task_id} was taken back while it was written")
    return changes


def _write_suppliers(
    store: Store, task_id: str, suppliers: Sequence[str], confirm: Confirm, derive: DeriveRows, *, is_interrupted: bool
) -> bool:
    """Write the offers of all suppliers of a list that is kept; return False where they are others' by now."""
    for supplier in suppliers:
        with writing_supplier(store, supplier):
            is_its = _write_supplier(store, task_id, supplier, confirm, derive, is_interrupted=is_interrupted)
        if not is_its:  # somebody renamed or merged it, or took the list back, since its name was looked up
            return False
    _finish(store, task_id, confirm)
    return True


def written_changes(store: Store, task_id: str) -> CatalogChanges | None:
    """Return what a task's list changed; None while it is not written, or not completely."""
    with store.read() as connection:
        write = _write_of(connection, task_id)
    return None if write is None or write.slices_left else CatalogChanges(write.products_new, write.prices_changed)


def _accept(store: Store, task_id: str, rows: Sequence[ProductRow], now: datetime, confirm: Confirm) -> tuple[list[str], bool]:
    """Keep the list; return the suppliers whose offers are to be written, and whether that was begun before."""
    with store.write(alone="catalogue") as connection:
        confirm(connection)
        earlier = _write_of(connection, task_id)
        if earlier is not None and not earlier.slices_left:
            return [], False
        if earlier is not None:
            connection.execute(_COUNT_PRICES_AGAIN, {"task": task_id})
            return stored_lists.suppliers_of_task(connection, task_id), True
        connection.execute(_ADD_WRITE, {"task_id": task_id, "products_new": 0, "prices_changed": 0, "slices_left": 1, "written_at": now})
        by_supplier = settle_suppliers(connection, rows, now)
        for supplier, own in by_supplier.items():
            stored_lists.save_list(connection, task_id, supplier, own, now)
    return sorted(by_supplier), False


def _finish(store: Store, task_id: str, confirm: Confirm) -> None:
    with store.write(alone="catalogue") as connection:
        confirm(connection)
        _count(connection, task_id, 0, 0, slices=1)


def _write_supplier(store: Store, task_id: str, supplier: str, confirm: Confirm, derive: DeriveRows, *, is_interrupted: bool) -> bool:
    """Write the offers of one supplier, under its lock; return False, and write nothing, where the task's list is not this supplier's."""
    with store.read() as connection:
        if supplier not in stored_lists.suppliers_of_task(connection, task_id):
            return False
        new = stored_lists.load_list(connection, task_id, supplier)
        newest = stored_lists.newest_age(connection, supplier, besides=task_id)
        is_late = newest is not None and newest > new.age
        has_to_replay = is_interrupted or is_late or bool(standing_offers.outdated_offers(connection, supplier))
        standing = {} if has_to_replay else standing_offers.load_standing(connection, supplier)
    if has_to_replay:
        replay_in_slices(store, supplier, partial(_count_replayed, task_id, confirm))
        return True
    with gc_paused():
        outcome = fold_list(standing, new)
    derived = derive([offer.article.row for offer in outcome.offers], [offer.offer_id not in standing for offer in outcome.offers])
    points = dict(outcome.points)
    own: dict[str, DerivedRow] = {}
    start, ahead, rows_a_slice, is_last = 0, 0, SLICE_ROWS, False
    while not is_last:
        if start == ahead:
            following = outcome.offers[ahead : ahead + OFFERS_AHEAD]
            ahead += len(following)
            own = dict(zip([offer.offer_id for offer in following], derived, strict=False))  # the ids first, so that no row more is taken
            has_keys = len(following) > LONGEST_SLICE
            if has_keys:
                write_keys(store, supplier, {offer_id: made for offer_id, made in own.items() if offer_id not in standing}, confirm)
        part = outcome.offers[start : min(start + rows_a_slice, ahead)]
        start, is_last = start + len(part), start + len(part) == len(outcome.offers)
        started = time.monotonic()
        # Without the pause up to a quarter of the time goes into walking what is remembered of other offers.
        with gc_paused(), store.write(alone="catalogue") as connection:
            waited_s = time.monotonic() - started
            confirm(connection)
            new_products = _write_slice(connection, part, standing, points, own, has_keys=has_keys)
            if is_last:
                new_products += _write_rest(connection, supplier, outcome)
                write_changes(connection, supplier, task_id, outcome.changes, new.written_at, new.list_date)
            _count(connection, task_id, new_products, prices_changed(outcome.changes) if is_last else 0)
        if not is_last:
            rows_a_slice = SLICE_ROWS if waited_s > _OTHERS_WRITE_S else min(_GROWTH * rows_a_slice, max(LONGEST_SLICE, SLICE_ROWS))
            time.sleep(_PAUSE_S)
    return True


def _write_slice(
    connection: Connection,
    part: Sequence[StandingOffer],
    standing: Mapping[str, StandingOffer],
    points: Mapping[str, PricePoint],
    derived: Mapping[str, DerivedRow],
    *,
    has_keys: bool,
) -> int:
    """Write some offers of a list, the new ones of which may have their keys, and put them into products; return how many products are new."""
    own_ids = {offer.offer_id for offer in part}
    otherwise = standing_offers.matched_otherwise(connection, part, derived)
    touched = mates_of(connection, otherwise & standing.keys())
    with_keys = take_keys(connection, own_ids - standing.keys()) if has_keys else set[str]()
    fresh = standing_offers.write_offers(connection, part, standing, derived, otherwise, with_keys)
    standing_offers.add_points(connection, [(offer.offer_id, points[offer.offer_id]) for offer in part if offer.offer_id in points])
    blocks = SharedBlocks(connection)
    touched |= disturbed_by(connection, otherwise, blocks)
    refresh_products(connection, own_ids - otherwise)
    first_rows = {
        offer.offer_id: FirstRow(offer.article.row, offer.last_seen, derived[offer.offer_id].block_keys, derived[offer.offer_id].entry)
        for offer in part
        if offer.offer_id not in standing
    }
    return len(regroup(connection, touched | otherwise, fresh, first_rows, blocks).new)


def _write_rest(connection: Connection, supplier: str, outcome: ListOutcome) -> int:
    """Write what a list says of offers that it does not have, and of the supplier as a whole."""
    gone = [offer.offer_id for offer in outcome.gone]
    touched = mates_of(connection, gone)
    standing_offers.mark_gone(connection, gone)
    touched |= update_agreements(connection, supplier)
    return len(regroup(connection, touched.union(gone)).new) if touched or gone else 0


def prices_changed(changes: Sequence[ListChange]) -> int:
    """Return how many articles have another price than before, or one in another currency."""
    return sum(
        change.kind is ChangeKind.CURRENCY
        or (change.before is not None and change.after is not None and change.before.row.price != change.after.row.price)
        for change in changes
    )


def _count_replayed(task_id: str, confirm: Confirm, connection: Connection, replayed: Replayed) -> None:
    confirm(connection)
    changes = [change for list_id, change in replayed.changes if list_id == task_id]
    _count(connection, task_id, len(replayed.new_products), prices_changed(changes))


def _count(connection: Connection, task_id: str, products_new: int, prices: int, slices: int = 0) -> None:
    connection.execute(_COUNT, {"task": task_id, "more_products": products_new, "more_prices": prices, "slices": slices})


def _write_of(connection: Connection, task_id: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(_WRITE_OF_TASK, {"task": task_id}).one_or_none()
