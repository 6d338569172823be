"""Offers as matching sees them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.offer_rows import article_in, is_matchable
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import offers, products

_COLUMNS = (
    offers.c.id,
    offers.c.supplier,
    offers.c.product_id,
    offers.c.article_key,
    offers.c.mark,
    offers.c.features,
    offers.c.first_seen,
)


class Node(NamedTuple):
    """An offer that stands, as matching sees it; a tuple, since of a list of 1,000 rows among a million offers 60,000 are read."""

    offer_id: str
    supplier: str
    product_id: str
    article_key: str
    mark: str
    features: str
    first_seen: datetime

    @property
    def article(self) -> Article:
        """What it is compared by."""
        return article_in(self.features)

    @property
    def order(self) -> tuple[str, str, str, str]:
        """Its place among all offers, which does not depend on when it came or on its id."""
        return self.supplier, self.features, self.article_key, self.mark


def load_nodes(connection: Connection, offer_ids: Collection[str]) -> dict[str, Node]:
    """Return those of these offers that stand and can be matched, by id."""
    if not offer_ids:
        return {}
    query = select(*_COLUMNS).where(has_one_of(connection, offers.c.id, list(offer_ids)), ~offers.c.is_gone, is_matchable())
    return {row[0]: Node._make(row) for row in connection.execute(query).all()}


def offers_of_whole_products(connection: Connection, product_ids: Collection[str]) -> dict[str, set[str]]:
    """Return the offers that stand of those of these products that are whole, by product."""
    members: dict[str, set[str]] = defaultdict(set)
    if product_ids:
        query = select(offers.c.product_id, offers.c.id).join(products, products.c.id == offers.c.product_id)
        chosen = has_one_of(connection, offers.c.product_id, list(product_ids)), products.c.is_whole, ~offers.c.is_gone
        for product_id, offer_id in connection.execute(query.where(*chosen)):
            members[product_id].add(offer_id)
    return members


def offers_of_products(connection: Connection, product_ids: Collection[str]) -> set[str]:
    """Return the offers of products that stand."""
    if not product_ids:
        return set()
    query = select(offers.c.id).where(has_one_of(connection, offers.c.product_id, list(product_ids)), ~offers.c.is_gone)
    return set(connection.execute(query).scalars())
