"""The offers that may become one product with given ones, straight or through others: what has to be looked at when these change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select

from monito_ray.catalog import links
from monito_ray.catalog.articles.identity import article_key
from monito_ray.catalog.grouping.nodes import Node, offers_of_products, offers_of_whole_products
from monito_ray.catalog.grouping.shared_blocks import SharedBlocks, keys_shared_with_others
from monito_ray.catalog.matching.assign import assign
from monito_ray.records import ProductRow
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import offers


class OfferGroup(NamedTuple):
    """Offers that are one product."""

    #: Ids of offers; their order depends on what they are alone.
    offer_ids: tuple[str, ...]
    #: Nothing joins one of them to any other offer.
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Offers, and the groups in which they are products."""

    nodes: Mapping[str, Node]
    groups: tuple[OfferGroup, ...]


def mates_of(connection: Connection, offer_ids: Collection[str]) -> set[str]:
    """Return the offers whose product may be another one when these change or go.

    Ask before they change, while what they are joined to is still in the store, and ask `disturbed_by` afterwards.
    """
    if not offer_ids:
        return set()
    around = SharedBlocks(connection)
    around.load(offer_ids)
    mates = {mate for offer_id in offer_ids for mate in around.mates_of(offer_id)}
    query = select(offers.c.product_id).where(has_one_of(connection, offers.c.id, list(offer_ids)))
    mates |= offers_of_products(connection, set(connection.execute(query).scalars()))
    return mates | disturbed_by(connection, offer_ids, around)


def disturbed_by(connection: Connection, offer_ids: Collection[str], blocks: SharedBlocks) -> set[str]:
    """Return offers whose product may be another one though they are not joined to these, for asking after these changed.

    People's word holds for an article that one offer has, and looks count where a supplier has few offers alike: one more, or one less, of either
    joins or parts others. `blocks` is what was seen of the blocks of this moment.
    """
    if not offer_ids:
        return set()
    query = select(offers.c.supplier, offers.c.article_key).where(has_one_of(connection, offers.c.id, list(offer_ids)))
    articles = {(row.supplier, row.article_key) for row in connection.execute(query)}
    return _linked_to(connection, articles, links.active_links(connection)) | blocks.crowded_mates_of(offer_ids)


def lonely_offers(connection: Connection, rows: Mapping[str, ProductRow], block_keys: Mapping[str, Sequence[str]]) -> set[str]:
    """Return those of one supplier's new offers that nothing can join to any other: they are whole products by themselves.

    They share no block with an offer of somebody else, and people spoke of no article of theirs. `rows` and `block_keys` are theirs, by id.
    """
    if not rows:
        return set()
    supplier = next(iter(rows.values())).supplier
    shared = keys_shared_with_others(connection, {key for offer_id in rows for key in block_keys[offer_id]}, supplier)
    lonely = {offer_id for offer_id in rows if shared.isdisjoint(block_keys[offer_id])}
    by_article = links.active_links(connection)
    spoken_of = by_article.same.keys() | by_article.apart.keys()
    if not spoken_of:
        return lonely
    keys = {offer_id: article_key(rows[offer_id].original_name, rows[offer_id].sku, rows[offer_id].price_unit) for offer_id in lonely}
    return {offer_id for offer_id in lonely if (supplier, keys[offer_id]) not in spoken_of}


def neighbourhood_of(connection: Connection, offer_ids: Collection[str], blocks: SharedBlocks | None = None) -> Neighbourhood:
    """Return the products of the offers of `offer_ids` that stand, of everything that they can be joined to, and of all offers of the products that these have.

    `offer_ids` has all offers that changed, and those of which `mates_of` and `disturbed_by` say that these changes may be of consequence.
    """
    around = _Around(connection, offer_ids, blocks or SharedBlocks(connection))
    left = set(offer_ids)
    while left:
        around.follow(left)
        left = around.unsettled_offers()
    groups = around.groups()
    nodes = {offer_id: around.blocks.nodes[offer_id] for group in groups for offer_id in group.offer_ids}
    return Neighbourhood(nodes, tuple(sorted(groups, key=lambda group: nodes[group.offer_ids[0]].order)))


class _Around:
    """What is known while components are followed: offers with all that are joined to them by rules or by people, straight or through others.

    Of a whole product of which nothing changed no offer is followed: they are one component, and only offers that changed can be joined to them,
    which are followed themselves.
    """

    def __init__(self, connection: Connection, changed: Collection[str], blocks: SharedBlocks) -> None:
        self._connection = connection
        self._changed = frozenset(changed)
        self._links = links.active_links(connection)
        #: The offers of products that were met: of whole ones of which nothing changed all, of others none.
        self._unchanged: dict[str, set[str]] = {}
        #: The component of each offer, a list that they share; two grow together where an offer of one is joined to one of the other.
        self._components: dict[str, list[str]] = {}
        self._followed: set[str] = set()
        #: Products all of whose offers were looked at.
        self._products: set[str] = set()
        self.blocks = blocks

    def follow(self, offer_ids: Collection[str]) -> None:
        """Find the components of offers."""
        self.blocks.meet(offer_ids)
        standing = self.blocks.nodes.keys() & offer_ids
        self._read(self.blocks.unread_mates_of(self._read(standing)))  # at once, as most components are not larger
        for offer_id in sorted(standing):
            if offer_id not in self._components:
                self._follow(offer_id)

    def unsettled_offers(self) -> set[str]:
        """Return the other offers of the products that offers of components have."""
        touched = {self._product_of(offer_id) for offer_id in self._components} - self._products
        self._products |= touched
        return offers_of_products(self._connection, touched) - self._components.keys()

    def groups(self) -> list[OfferGroup]:
        """Return the products of all components."""
        different = {id(component): component for component in self._components.values()}
        return [group for component in different.values() for group in self._groups_of(component)]

    def _follow(self, offer_id: str) -> None:
        component = self._components[offer_id] = [offer_id]
        frontier = [offer_id]
        while frontier:
            followed = self._read(frontier)
            self._followed.update(followed)
            for product_id in sorted({self._product_of(one) for one in frontier}):
                self._join(component, sorted(self._unchanged[product_id] & self.blocks.nodes.keys()))
            joined: list[str] = []
            for one in followed:
                joined += self._join(component, self.blocks.new_mates_of(one, self._followed, component))
            frontier = [*joined, *self._join(component, self._linked_with(followed))]

    def _join(self, component: list[str], offer_ids: Iterable[str]) -> list[str]:
        """Take offers into a component, each with its own one; return those that had none."""
        new: list[str] = []
        for offer_id in offer_ids:
            own = self._components.get(offer_id)
            if own is None:
                new.append(offer_id)
                component.append(offer_id)
                self._components[offer_id] = component
            elif own is not component:
                component += own
                self._components |= dict.fromkeys(own, component)
        return new

    def _groups_of(self, component: Collection[str]) -> list[OfferGroup]:
        """Return the products of a component: itself, unless it has two offers of a supplier, or what people parted."""
        nodes = {offer_id: self.blocks.nodes[offer_id] for offer_id in component}
        apart = _apart(nodes, self._links)
        if len({node.supplier for node in nodes.values()}) == len(nodes) and not apart:
            return [OfferGroup(tuple(sorted(nodes, key=lambda one: nodes[one].order)), is_whole=True)]
        same = {pair for pair in _linked(self._connection, nodes, self._links) if set(pair) <= nodes.keys()}
        suppliers = {offer_id: node.supplier for offer_id, node in nodes.items()}
        self.blocks.load(component)
        partition = assign(suppliers, self.blocks.edges_among(component), same, apart, lambda one: nodes[one].order)
        return [OfferGroup(group, is_whole=False) for group in partition.groups]

    def _read(self, offer_ids: Collection[str]) -> list[str]:
        """Read the blocks of offers, but for those of whole products of which nothing changed; return those that have to be followed."""
        products = {self._product_of(offer_id) for offer_id in offer_ids} - self._unchanged.keys()
        whole = offers_of_whole_products(self._connection, products)
        unchanged = {product_id: members for product_id, members in whole.items() if members.isdisjoint(self._changed)}
        self._unchanged |= {product_id: unchanged.get(product_id, set()) for product_id in products}
        self.blocks.meet({member for members in unchanged.values() for member in members})
        followed = [offer_id for offer_id in offer_ids if not self._unchanged[self._product_of(offer_id)]]
        self.blocks.load(followed)
        return followed

    def _product_of(self, offer_id: str) -> str:
        return self.blocks.nodes[offer_id].product_id

    def _linked_with(self, offer_ids: Collection[str]) -> list[str]:
        """Return the offers that people called one product with one of these."""
        nodes = {offer_id: self.blocks.nodes[offer_id] for offer_id in offer_ids}
        linked = {end for pair in _linked(self._connection, nodes, self._links) for end in pair}
        self.blocks.meet(linked)
        return sorted(linked & self.blocks.nodes.keys())


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
