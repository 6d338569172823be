"""Which suppliers' article numbers mean the same goods, kept up to date when the list of one of them is written."""

from collections import defaultdict

from sqlalchemy import Connection, delete, func, insert, or_, select

from monito_ray.catalog.grouping.shared_blocks import MOST_ALIKE
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.numbers import numbers_agree
from monito_ray.catalog.offer_rows import article_in, has_features
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import number_agreements, offer_blocks, offers

#: The ids of two offers, and their articles.
_Pair = tuple[tuple[str, str], tuple[Article, Article]]


def update_agreements(connection: Connection, supplier: str) -> set[str]:
    """Find out anew with whom a supplier shares article numbers; return the offers of both to which that makes a difference."""
    pairs = _pairs_of_equal_numbers(connection, supplier)
    before = _agreeing(connection, supplier)
    now = {other for other, equal in pairs.items() if numbers_agree([articles for _, articles in equal])}
    connection.execute(delete(number_agreements).where(_has(supplier)))
    if now:
        rows = [dict(zip(("one", "other"), sorted((supplier, other)), strict=True)) for other in sorted(now)]
        connection.execute(insert(number_agreements), rows)
    return {offer_id for other in before ^ now for ids, _ in pairs.get(other, ()) for offer_id in ids}


def forget_agreements(connection: Connection, supplier: str) -> None:
    """Delete what is known of the numbers of a supplier that there is no more."""
    connection.execute(delete(number_agreements).where(_has(supplier)))


def _agreeing(connection: Connection, supplier: str) -> set[str]:
    query = select(number_agreements.c.one, number_agreements.c.other).where(_has(supplier))
    return {one if other == supplier else other for one, other in connection.execute(query)}


def _has(supplier: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return or_(number_agreements.c.one == supplier, number_agreements.c.other == supplier)


def _pairs_of_equal_numbers(connection: Connection, supplier: str) -> dict[str, list[_Pair]]:
    """Return, by other supplier, this one's offers whose number is also the other's, each with the other's offer."""
    numbers = _telling_numbers(connection, supplier)
    ours, theirs, own_block, their_block = offers.alias(), offers.alias(), offer_blocks.alias(), offer_blocks.alias()
    query = (
        select(ours.c.id, theirs.c.id, theirs.c.supplier, ours.c.sku, ours.c.features, theirs.c.features)
        .join(own_block, own_block.c.offer_id == ours.c.id)
        .join(their_block, their_block.c.key == own_block.c.key)
        .join(theirs, theirs.c.id == their_block.c.offer_id)
        .where(ours.c.supplier == supplier, has_one_of(connection, ours.c.sku, numbers))
        .where(theirs.c.sku == ours.c.sku, theirs.c.supplier != supplier)
        .distinct()
    )
    by_number: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for own_id, other_id, other, number, features, other_features in connection.execute(query):
        if has_features(features) and has_features(other_features):
            by_number[other, number].append(((own_id, other_id), (article_in(features), article_in(other_features))))
    pairs: dict[str, list[_Pair]] = defaultdict(list)
    for (other, _), equal in by_number.items():
        if len({ids[1] for ids, _ in equal}) <= MOST_ALIKE:
            pairs[other] += equal
    return pairs


def _telling_numbers(connection: Connection, supplier: str) -> list[str]:
    """Return the article numbers of a supplier but those of so many of its offers that they tell none of them."""
    query = select(offers.c.sku).where(offers.c.supplier == supplier, offers.c.sku != "", ~offers.c.is_gone)
    return list(connection.execute(query.group_by(offers.c.sku).having(func.count() <= MOST_ALIKE)).scalars())
