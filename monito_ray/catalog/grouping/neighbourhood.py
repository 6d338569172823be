"""The offers that may become one product with given ones, straight or through others: what has to be looked at when these change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from monito_ray.catalog import links
from monito_ray.catalog.grouping.nodes import Node, offers_of_products
from monito_ray.catalog.grouping.shared_blocks import SharedBlocks, crowded_mates_of
from monito_ray.catalog.matching.assign import assign
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import offers


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Offers, and the groups in which they are products."""

    nodes: Mapping[str, Node]
    #: Ids of offers; their order depends on what they are alone.
    groups: tuple[tuple[str, ...], ...]


def mates_of(connection: Connection, offer_ids: Collection[str]) -> set[str]:
    """Return the offers whose product may be another one when these change, or go.

    They are one product with them by rules, share a product or a link with them, or share a block in which a supplier has too many offers.
    """
    if not offer_ids:
        return set()
    around = SharedBlocks(connection)
    around.load(offer_ids)
    mates = {mate for offer_id in offer_ids for mate in around.mates_of(offer_id)}
    query = select(offers.c.product_id, offers.c.supplier, offers.c.article_key).where(has_one_of(connection, offers.c.id, list(offer_ids)))
    rows = connection.execute(query).all()
    mates |= offers_of_products(connection, {row.product_id for row in rows})
    mates |= _linked_to(connection, {(row.supplier, row.article_key) for row in rows}, links.active_links(connection))
    return mates | crowded_mates_of(connection, offer_ids)


def neighbourhood_of(connection: Connection, offer_ids: Collection[str]) -> Neighbourhood:
    """Return the products of the offers of `offer_ids` that stand, of everything that they can be joined to, and of all offers of the products that these have."""
    around = _Around(connection)
    groups: list[tuple[str, ...]] = []
    left = set(offer_ids)
    while left:
        around.blocks.load(left)
        around.blocks.load(around.blocks.likely_mates(left))
        for offer_id in sorted(left):
            if offer_id not in around.settled and offer_id in around.blocks.nodes:
                groups += around.groups_of(around.component_of(offer_id))
        touched = {around.blocks.nodes[offer_id].product_id for group in groups for offer_id in group}
        left = offers_of_products(connection, touched - around.products) - around.settled
        around.products |= touched
    nodes = {offer_id: around.blocks.nodes[offer_id] for group in groups for offer_id in group}
    return Neighbourhood(nodes, tuple(sorted(groups, key=lambda group: nodes[group[0]].order)))


class _Around:
    """What is known while the components of offers are followed: all that are joined by rules or by people, straight or through others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._links = links.active_links(connection)
        self.blocks = SharedBlocks(connection)
        #: Offers whose component is known.
        self.settled: set[str] = set()
        #: Products all of whose offers were looked at.
        self.products: set[str] = set()

    def component_of(self, offer_id: str) -> list[str]:
        """Return an offer with all that are joined to it."""
        component: list[str] = []
        frontier = [offer_id]
        self.settled.add(offer_id)
        while frontier:
            self.blocks.load(frontier)
            component += frontier
            joined = (mate for one in frontier for mate in (*self._new_mates(one),))
            frontier = [*joined, *self._new_linked(frontier)]
        return component

    def groups_of(self, component: Collection[str]) -> list[tuple[str, ...]]:
        """Return the products of a component: itself, unless it has two offers of a supplier, or what people parted."""
        nodes = {offer_id: self.blocks.nodes[offer_id] for offer_id in component}
        apart = _apart(nodes, self._links)
        if len({node.supplier for node in nodes.values()}) == len(nodes) and not apart:
            return [tuple(sorted(nodes, key=lambda one: nodes[one].order))]
        same = {pair for pair in _linked(self._connection, nodes, self._links) if set(pair) <= nodes.keys()}
        suppliers = {offer_id: node.supplier for offer_id, node in nodes.items()}
        return [*assign(suppliers, self.blocks.edges_among(component), same, apart, lambda one: nodes[one].order).groups]

    def _new_mates(self, offer_id: str) -> Iterator[str]:
        for mate in self.blocks.new_mates_of(offer_id, self.settled):
            if mate not in self.settled:
                self.settled.add(mate)
                yield mate

    def _new_linked(self, offer_ids: Collection[str]) -> list[str]:
        nodes = {offer_id: self.blocks.nodes[offer_id] for offer_id in offer_ids}
        linked = {end for pair in _linked(self._connection, nodes, self._links) for end in pair} - self.settled
        self.blocks.load(linked)
        standing = sorted(linked & self.blocks.nodes.keys())
        self.settled.update(standing)
        return standing


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
