"""What suppliers' lists make of their offers, beside the offers that there are: what a replay has to write."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from monito_ray.catalog.articles.alignment import align
from monito_ray.catalog.articles.fold import PricePoint, StandingOffer, SupplierList, fold_list
from monito_ray.catalog.lists import standing_offers, stored_lists
from monito_ray.catalog.prices.list_changes import ListChange
from monito_ray.records import ProductRow
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import price_history

#: Task, file, sheet, row, name and price: where a list has an article, whosever list it is.
_Place = tuple[str, str, str, int, str, Any]


@dataclass(frozen=True, slots=True)
class _History:
    """The outcome of folding all lists of some suppliers."""

    standing: Mapping[str, StandingOffer]
    points: Mapping[str, Sequence[PricePoint]]
    changes: Mapping[str, Sequence[tuple[SupplierList, Sequence[ListChange]]]]
    #: The ids of articles by the places where the lists have them, exact repeats too.
    ids_by_place: Mapping[_Place, str]


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """The offers of some suppliers as their lists make them, and how that differs from what the store has."""

    suppliers: tuple[str, ...]
    standing: Mapping[str, StandingOffer]
    #: Prices by offer, in order.
    points: Mapping[str, Sequence[PricePoint]]
    #: By supplier, what each of its lists changed, in order.
    changes: Mapping[str, Sequence[tuple[SupplierList, Sequence[ListChange]]]]
    #: The offers that the store has of these suppliers.
    before: Mapping[str, StandingOffer]
    #: Offers to write.
    changed: frozenset[str]
    #: Those of them that an earlier version of the program has written.
    outdated: frozenset[str]
    #: Offers whose history is to be written.
    repriced: frozenset[str]
    #: Offers that no list makes any more, each with the one that has its newest row now; "" where that row was taken back.
    heirs: Mapping[str, str]


def plan_replay(connection: Connection, suppliers: Collection[str]) -> ReplayPlan:
    """Fold the lists of some suppliers and compare what comes out with the store.

    Offers keep their ids where their newest row does, also under another of these suppliers.
    """
    history = _fold_all({supplier: stored_lists.load_lists(connection, supplier) for supplier in suppliers})
    before: dict[str, StandingOffer] = {}
    outdated: set[str] = set()
    for supplier in suppliers:
        before |= standing_offers.load_standing(connection, supplier)
        outdated |= standing_offers.outdated_offers(connection, supplier)
    history = _with_former_ids(history, before)
    return ReplayPlan(
        suppliers=tuple(suppliers),
        standing=history.standing,
        points=history.points,
        changes=history.changes,
        before=before,
        changed=frozenset(key for key, offer in history.standing.items() if before.get(key) != offer or key in outdated),
        outdated=frozenset(outdated & history.standing.keys()),
        repriced=_with_other_history(connection, history),
        heirs={
            former: history.ids_by_place.get(_place_of(offer), "") for former, offer in before.items() if former not in history.standing
        },
    )


def _fold_all(lists: Mapping[str, Iterable[SupplierList]]) -> _History:
    standing: dict[str, StandingOffer] = {}
    points: dict[str, list[PricePoint]] = {}
    changes: dict[str, list[tuple[SupplierList, Sequence[ListChange]]]] = {}
    ids_by_place: dict[_Place, str] = {}
    for supplier, of_supplier in lists.items():
        own: dict[str, StandingOffer] = {}
        changes[supplier] = []
        for one in of_supplier:
            outcome = fold_list(own, one)
            own |= {offer.offer_id: offer for offer in (*outcome.offers, *outcome.gone)}
            changes[supplier].append((one, outcome.changes))
            ids_by_place |= {_place_of_row(offer.task_id, row): offer.offer_id for offer in outcome.offers for row in offer.article.repeats}
            ids_by_place |= {_place_of(offer): offer.offer_id for offer in outcome.offers}
            for offer_id, point in outcome.points:
                points.setdefault(offer_id, []).append(point)
        standing |= own
    return _History(standing, points, changes, ids_by_place)


def _with_former_ids(history: _History, before: Mapping[str, StandingOffer]) -> _History:
    """Let an article whose first list was taken back, came late or is another's now keep the id under which people know it."""
    renamed = _former_ids(history, before)
    if not renamed:
        return history
    ids = {offer_id: renamed.get(offer_id, offer_id) for offer_id in history.standing}
    return _History(
        {ids[key]: replace(offer, offer_id=ids[key]) for key, offer in history.standing.items()},
        {ids[key]: own for key, own in history.points.items()},
        {
            supplier: [(one, [_renamed(change, ids) for change in own]) for one, own in of_lists]
            for supplier, of_lists in history.changes.items()
        },
        {place: ids[offer_id] for place, offer_id in history.ids_by_place.items()},
    )


def _former_ids(history: _History, before: Mapping[str, StandingOffer]) -> dict[str, str]:
    """Return for offers with new ids the former ones: of the offer whose newest row they have, or that is the same article of their supplier.

    Where an article is two suppliers' now, the one that had it keeps the id.
    """
    lost = {former: offer for former, offer in before.items() if former not in history.standing}
    new = {offer_id: offer for offer_id, offer in history.standing.items() if offer_id not in before}
    at_place = {former: history.ids_by_place.get(_place_of(offer), "") for former, offer in lost.items()}
    renamed: dict[str, str] = {}

    def rename(pairs: Iterable[tuple[str, str]]) -> None:
        for former, offer_id in pairs:
            if offer_id in new and former in lost:
                renamed[offer_id] = former
                del new[offer_id], lost[former]

    rename(
        [(former, it) for former, it in at_place.items() if it in new and new[it].article.row.supplier == lost[former].article.row.supplier]
    )
    for supplier in sorted({offer.article.row.supplier for offer in new.values()}):
        formers = [former for former, offer in lost.items() if offer.article.row.supplier == supplier]
        ids = [offer_id for offer_id, offer in new.items() if offer.article.row.supplier == supplier]
        pairs = align([lost[former].article for former in formers], [new[offer_id].article for offer_id in ids])
        rename([(formers[position], ids[index]) for position, index in pairs])
    rename(at_place.items())
    return renamed


def _place_of(offer: StandingOffer) -> _Place:
    return _place_of_row(offer.task_id, offer.article.row)


def _place_of_row(task_id: str, row: ProductRow) -> _Place:
    return task_id, row.source_file, row.source_sheet, row.source_row, row.original_name, row.price


def _renamed(change: ListChange, ids: Mapping[str, str]) -> ListChange:
    before = change.before and replace(change.before, offer_id=ids[change.before.offer_id])
    after = change.after and replace(change.after, offer_id=ids[change.after.offer_id])
    return replace(change, before=before, after=after)


def _with_other_history(connection: Connection, history: _History) -> frozenset[str]:
    """Return the offers whose prices in the store are not those that the lists make."""
    columns = [price_history.c[name] for name in PricePoint.__slots__]
    stored: dict[str, list[PricePoint]] = {}
    query = select(price_history.c.offer_id, *columns).where(has_one_of(connection, price_history.c.offer_id, list(history.standing)))
    for offer_id, *values in connection.execute(query.order_by(price_history.c.id)):
        stored.setdefault(offer_id, []).append(PricePoint(*values))
    return frozenset(offer_id for offer_id in history.standing if stored.get(offer_id, []) != history.points.get(offer_id, []))
