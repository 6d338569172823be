"""The offers that may become one product with given ones, straight or through others: what has to be looked at when these change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from sqlalchemy import Connection, select

from monito_ray.catalog import links
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.assign import Edge
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.catalog.offer_rows import article_in, is_matchable
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import number_agreements, offer_blocks, offers

#: Where a supplier has more offers than this that look alike (one name for thousands of lenses), none of them is matched by its look:
#: each would have several partners, and comparing all with all would take hours.
MOST_ALIKE = 20


@dataclass(frozen=True, slots=True)
class Node:
    """An offer that stands, as matching sees it."""

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


@dataclass(slots=True)
class Neighbourhood:
    """Offers with all that may be one product with them, and what joins and parts them."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    #: Pairs of offers of which a person said that they are one.
    same: set[tuple[str, str]] = field(default_factory=set)
    #: Pairs of offers of which a person said that they are not.
    apart: set[tuple[str, str]] = field(default_factory=set)


def mates_of(connection: Connection, offer_ids: Collection[str]) -> set[str]:
    """Return the offers whose product may be another one when these change, come or go: those that share a block, a product or a link with them."""
    if not offer_ids:
        return set()
    ids = set(offer_ids)
    blocks = block_mates(connection, ids).values()
    # Without those that change a block may have been small, or become so.
    mates = {mate for by_supplier in blocks for own in by_supplier.values() if len(own - ids) <= MOST_ALIKE for mate in own}
    query = select(offers.c.product_id, offers.c.supplier, offers.c.article_key).where(has_one_of(connection, offers.c.id, list(ids)))
    rows = connection.execute(query).all()
    mates |= _of_products(connection, {row.product_id for row in rows})
    return mates | _linked_to(connection, {(row.supplier, row.article_key) for row in rows}, links.active_links(connection))


def neighbourhood_of(connection: Connection, offer_ids: Collection[str]) -> Neighbourhood:
    """Return the offers of `offer_ids` that stand with everything that they can be joined to, and all offers of the products that these have."""
    around = Neighbourhood()
    links_by_article = links.active_links(connection)
    frontier = _load(connection, offer_ids)
    while frontier:
        around.nodes |= frontier
        edges = list(_edges(connection, frontier))
        around.edges += edges
        linked = _linked(connection, frontier, links_by_article)
        around.same |= linked
        ends = {end for edge in edges for end in (edge.one, edge.other)} | {end for pair in linked for end in pair}
        ends |= _of_products(connection, {node.product_id for node in frontier.values()})
        frontier = _load(connection, ends - around.nodes.keys())
    around.apart = _apart(around.nodes, links_by_article)
    around.edges = list(dict.fromkeys(around.edges))
    return around


def block_mates(connection: Connection, offer_ids: Collection[str]) -> dict[str, dict[str, set[str]]]:
    """Return the offers that stand in each block of these offers: ids by supplier by key."""
    own_keys = select(offer_blocks.c.key).where(has_one_of(connection, offer_blocks.c.offer_id, list(offer_ids))).distinct()
    keys = list(connection.execute(own_keys).scalars())
    query = select(offer_blocks.c.key, offer_blocks.c.offer_id, offers.c.supplier).join(offers, offers.c.id == offer_blocks.c.offer_id)
    blocks: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for key, offer_id, supplier in connection.execute(query.where(has_one_of(connection, offer_blocks.c.key, keys))):
        blocks[key][supplier].add(offer_id)
    return blocks


def _of_products(connection: Connection, product_ids: Collection[str]) -> set[str]:
    query = select(offers.c.id).where(has_one_of(connection, offers.c.product_id, list(product_ids)), ~offers.c.is_gone)
    return set(connection.execute(query).scalars())


def _load(connection: Connection, offer_ids: Collection[str]) -> dict[str, Node]:
    if not offer_ids:
        return {}
    columns = (
        offers.c.id,
        offers.c.supplier,
        offers.c.product_id,
        offers.c.article_key,
        offers.c.mark,
        offers.c.features,
        offers.c.first_seen,
    )
    query = select(*columns).where(has_one_of(connection, offers.c.id, list(offer_ids)), ~offers.c.is_gone, is_matchable())
    return {row.id: Node(*row) for row in connection.execute(query)}


def _edges(connection: Connection, nodes: Mapping[str, Node]) -> Iterator[Edge]:
    """Yield the edges of these offers to others that the rules are sure of."""
    pairs: set[tuple[str, str]] = set()
    for by_supplier in block_mates(connection, nodes.keys()).values():
        few = {supplier: ids for supplier, ids in by_supplier.items() if len(ids) <= MOST_ALIKE}
        for ours, theirs in combinations(few, 2):
            pairs |= {(min(one, other), max(one, other)) for one in few[ours] for other in few[theirs] if one in nodes or other in nodes}
    compared = dict(nodes) | _load(connection, {end for pair in pairs for end in pair} - nodes.keys())
    agreeing = _agreements(connection, {node.supplier for node in nodes.values()})
    for one, other in sorted(pairs):
        if one in compared and other in compared:
            suppliers = frozenset((compared[one].supplier, compared[other].supplier))
            verdict = compare(compared[one].article, compared[other].article, numbers_agree=suppliers in agreeing)
            if verdict.kind is VerdictKind.ONE:
                yield Edge(one, other, verdict.strength)


def _agreements(connection: Connection, suppliers: Collection[str]) -> set[frozenset[str]]:
    """Return the pairs of suppliers, of which one is among `suppliers`, whose article numbers mean the same."""
    table = number_agreements.c
    query = select(table.one, table.other).where(
        has_one_of(connection, table.one, list(suppliers)) | has_one_of(connection, table.other, list(suppliers))
    )
    return {frozenset((one, other)) for one, other in connection.execute(query)}


def _linked(connection: Connection, nodes: Mapping[str, Node], by_article: links.ActiveLinks) -> set[tuple[str, str]]:
    """Return the pairs that people called one product and of which one is among `nodes`."""
    ends = [(node, other) for node in nodes.values() for other in by_article.same.get((node.supplier, node.article_key), ())]
    if not ends:
        return set()
    partners = _standing_with(connection, {key for _, (_, key) in ends} | {node.article_key for node, _ in ends})
    return {
        (min(node.offer_id, partner), max(node.offer_id, partner))
        for node, other in ends
        if len(partners.get((node.supplier, node.article_key), ())) == 1 and len(partners.get(other, ())) == 1
        for partner in partners[other]
        if partner != node.offer_id
    }


def _linked_to(connection: Connection, articles: Collection[links.ArticleKey], by_article: links.ActiveLinks) -> set[str]:
    """Return the offers that stand of those `articles` of which people spoke, and of what they said it of."""
    spoken = {article for article in articles if article in by_article.same or article in by_article.apart}
    spoken |= {
        other for article in spoken for links_of_kind in (by_article.same, by_article.apart) for other in links_of_kind.get(article, ())
    }
    if not spoken:
        return set()
    standing = _standing_with(connection, {key for _, key in spoken})
    return {offer_id for article in spoken for offer_id in standing.get(article, ())}


def _standing_with(connection: Connection, article_keys: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Return the ids of the offers that stand under these article keys, by supplier and key."""
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    query = select(offers.c.supplier, offers.c.article_key, offers.c.id).where(
        has_one_of(connection, offers.c.article_key, list(article_keys)), ~offers.c.is_gone
    )
    for supplier, key, offer_id in connection.execute(query):
        ids[supplier, key].append(offer_id)
    return ids


def _apart(nodes: Mapping[str, Node], by_article: links.ActiveLinks) -> set[tuple[str, str]]:
    if not by_article.apart:
        return set()
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node in nodes.values():
        ids[node.supplier, node.article_key].append(node.offer_id)
    return {
        (one, other)
        for article in ids
        for enemy in by_article.apart.get(article, ())
        for one in ids[article]
        for other in ids.get(enemy, ())
    }
