"""Pairs of offers that may be one product, kept as lists come. They only save looking up: what is asked is settled when it is asked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, or_, select

from monito_ray.catalog.matching.candidates import candidates
from monito_ray.catalog.matching.word_habits import OfferedArticle
from monito_ray.catalog.offer_rows import article_in, is_matchable
from monito_ray.catalog.questions.word_postings import near_offers
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers, open_pairs, supplier_lists

#: A pair that is less likely one product is not worth a person's time: of our own sames that are left to ask 95 % are likelier.
_LEAST_CHANCE = 0.05
#: Offers of a list that are looked up, the dearest first, and at a time: looking one up takes 0.3 ms among 10,000 offers, 1.5 ms among 200,000.
_MOST_OFFERS, _SLICE = 5_000, 200
_ADD = insert(open_pairs)


def keep_open_pairs(store: Store, task_id: str) -> None:
    """Look up what the offers of a list may be one product with, those that no other supplier has. Running twice is harmless."""
    with store.read() as connection:
        lone = _lone_offers(connection, task_id)
    for start in range(0, len(lone), _SLICE):
        part = lone[start : start + _SLICE]
        with store.read() as connection:
            rows = _find_pairs(connection, part)
        with store.write(alone="catalogue") as connection:
            connection.execute(delete(open_pairs).where(has_one_of(connection, open_pairs.c.offer_id, part)))
            _save(connection, rows)


def delete_pairs(connection: Connection, offer_ids: Sequence[str]) -> None:
    """Forget the pairs of offers."""
    is_theirs = or_(has_one_of(connection, open_pairs.c.offer_id, offer_ids), has_one_of(connection, open_pairs.c.other_id, offer_ids))
    connection.execute(delete(open_pairs).where(is_theirs))


def offered_articles(connection: Connection, offer_ids: Sequence[str]) -> dict[str, OfferedArticle]:
    """Return what these offers are matched by, of those that stand."""
    query = select(offers.c.id, offers.c.supplier, offers.c.features)
    rows = connection.execute(query.where(has_one_of(connection, offers.c.id, offer_ids), ~offers.c.is_gone, is_matchable()))
    return {row.id: OfferedArticle(row.supplier, article_in(row.features)) for row in rows}


def _lone_offers(connection: Connection, task_id: str) -> list[str]:
    """Return the offers of a list whose product nobody else has."""
    others = offers.alias()
    count = select(func.count()).where(others.c.product_id == offers.c.product_id, ~others.c.is_gone).scalar_subquery()
    # Offers are looked up by their supplier, not by their task.
    is_theirs = offers.c.supplier.in_(select(supplier_lists.c.supplier).where(supplier_lists.c.task_id == task_id))
    query = select(offers.c.id).where(is_theirs, offers.c.task_id == task_id, ~offers.c.is_gone, is_matchable(), count == 1)
    return list(connection.execute(query.order_by(offers.c.price.desc(), offers.c.id).limit(_MOST_OFFERS)).scalars())


def _find_pairs(connection: Connection, offer_ids: Sequence[str]) -> list[dict[str, object]]:
    own = offered_articles(connection, offer_ids)
    by_supplier: dict[str, dict[str, OfferedArticle]] = {}
    for offer_id, offered in own.items():
        by_supplier.setdefault(offered.supplier, {})[offer_id] = offered
    return [row for supplier, ours in by_supplier.items() for row in _pairs_of_supplier(connection, supplier, ours)]


def _pairs_of_supplier(connection: Connection, supplier: str, ours: Mapping[str, OfferedArticle]) -> list[dict[str, object]]:
    near = near_offers(connection, {offer_id: offered.article for offer_id, offered in ours.items()}, supplier)
    theirs = offered_articles(connection, sorted({offer_id for ids in near.values() for offer_id in ids}))
    rows: list[dict[str, object]] = []
    for offer_id, one in ours.items():
        ids = [other for other in near[offer_id] if other in theirs]
        best = candidates(one, [theirs[other] for other in ids])
        rows += [{"offer_id": offer_id, "other_id": ids[it.place], "chance": it.p} for it in best if it.p >= _LEAST_CHANCE]
    return rows


def _save(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    """Keep those of the pairs whose offers are still there."""
    ids = sorted({str(row[name]) for row in rows for name in ("offer_id", "other_id")})
    present = set(connection.execute(select(offers.c.id).where(has_one_of(connection, offers.c.id, ids))).scalars())
    values = [row for row in rows if {row["offer_id"], row["other_id"]} <= present]
    if values:
        connection.execute(_ADD, values)
