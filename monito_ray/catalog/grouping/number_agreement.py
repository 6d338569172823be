"""Which suppliers' article numbers mean the same goods, kept up to date when the list of one of them is written."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from monito_ray.catalog.grouping.shared_blocks import MOST_ALIKE
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.blocking import number_key
from monito_ray.catalog.matching.numbers import numbers_agree
from monito_ray.catalog.matching.verdict import is_article_number
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
    by_number: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in _offers_with_numbers(connection, _telling_numbers(connection, supplier)):
        if has_features(row.features):
            by_number[row.supplier, row.sku.casefold()].append(row)
    own = {number: [(row.id, article_in(row.features)) for row in rows] for (other, number), rows in by_number.items() if other == supplier}
    pairs: dict[str, list[_Pair]] = defaultdict(list)
    for (other, number), theirs in by_number.items():
        if other != supplier and number in own and len(theirs) <= MOST_ALIKE:
            articles = [(row.id, article_in(row.features)) for row in theirs]
            pairs[other] += [((one, mate), (ours, article)) for one, ours in own[number] for mate, article in articles]
    return pairs


def _offers_with_numbers(connection: Connection, numbers: Sequence[str]) -> Iterator[Any]:
    """Yield the offers of all suppliers that stand under one of these article numbers, through the blocks of numbers."""
    keys = [number_key(number) for number in numbers]
    query = select(offers.c.id, offers.c.supplier, offers.c.sku, offers.c.features)
    query = query.join(offer_blocks, offer_blocks.c.offer_id == offers.c.id).order_by(offers.c.id)
    if keys:
        yield from connection.execute(query.where(has_one_of(connection, offer_blocks.c.key, keys)))


def _telling_numbers(connection: Connection, supplier: str) -> list[str]:
    """Return the article numbers of a supplier, in small letters, but those of so many of its offers that they tell none of them."""
    query = select(offers.c.sku).where(offers.c.supplier == supplier, offers.c.sku != "", ~offers.c.is_gone)
    counts = Counter(number.casefold() for number in connection.execute(query).scalars())
    return [number for number, count in counts.items() if count <= MOST_ALIKE and is_article_number(number)]
