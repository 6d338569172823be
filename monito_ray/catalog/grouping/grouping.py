"""Products kept up to date: offers that changed are put into groups anew, with everything that they could be joined to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from monito_ray.catalog.grouping.neighbourhood import lonely_offers, neighbourhood_of
from monito_ray.catalog.grouping.nodes import Node
from monito_ray.catalog.grouping.product_fields import FIELDS, fields_of, offers_by_product
from monito_ray.catalog.grouping.product_ids import choose_ids
from monito_ray.catalog.grouping.shared_blocks import SharedBlocks
from monito_ray.catalog.grouping.suspecting import suspicions_of
from monito_ray.catalog.offers import offer_from_row
from monito_ray.catalog.search.index import FirstRow, index_products
from monito_ray.store.database import has_one_of, new_id
from monito_ray.store.schema import offers, product_aliases, products

_MOVE = update(offers).where(offers.c.id == bindparam("changed_id")).values(product_id=bindparam("new_product"))
_CHANGE_PRODUCT = (
    update(products).where(products.c.id == bindparam("changed_id")).values({name: bindparam(f"new_{name}") for name in FIELDS})
)
_SUSPECT = update(offers).where(offers.c.id == bindparam("changed_id")).values(suspicion=bindparam("why"))
_ADD_ALIAS = insert(product_aliases)


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a regrouping did."""

    #: Products that there were not before.
    new: frozenset[str]


def regroup(
    connection: Connection,
    offer_ids: Collection[str],
    new_ids: Collection[str] = (),
    first_rows: Mapping[str, FirstRow] = MappingProxyType({}),
    blocks: SharedBlocks | None = None,
) -> Grouped:
    """Put offers, and all that they could be joined to, into products.

    `offer_ids` are those that changed, or are gone, and those that could be joined to them before; `new_ids` are among them the products that were only made to
    hold new offers, of which `first_rows` has those that never had another row; `blocks` is what `disturbed_by` saw, where nothing was written since. What comes out depends on the offers that stand and on people's links alone, not on the order in which they came.
    """
    fresh = frozenset(new_ids)
    own = {offer_id: first_rows[offer_id] for offer_id in fresh & first_rows.keys()}
    # Most offers of a new list are products by themselves: their fields are theirs as they were made, and need not be read again.
    lonely = lonely_offers(
        connection, {key: first.row for key, first in own.items()}, {key: first.block_keys for key, first in own.items()}
    )
    around = neighbourhood_of(connection, set(offer_ids) - lonely, blocks)
    nodes, groups = around.nodes, [group.offer_ids for group in around.groups]
    before = {node.product_id for node in nodes.values()}
    taken = before | _existing(connection, nodes.keys() - before)
    product_of = {offer_id: node.product_id for offer_id, node in nodes.items()}
    chosen = choose_ids(groups, product_of, lambda one: _age(nodes[one], fresh), lambda one: one not in taken, new_id)
    _make_products(connection, {new: product_of[group[0]] for new, group in zip(chosen.ids, groups, strict=True)})
    _move_offers(connection, groups, chosen.ids, nodes)
    _keep_aliases(connection, {old: new for old, new in chosen.aliases.items() if old not in fresh}, chosen.ids)
    _delete_products(connection, _empty_products(connection, sorted(before - set(chosen.ids))))
    whole = {product_id: group.is_whole for product_id, group in zip(chosen.ids, around.groups, strict=True)}
    _mark_whole(connection, whole | dict.fromkeys(lonely, True))
    left = _products_of(connection, set(offer_ids) - nodes.keys() - lonely)
    # Most of those that were compared with others are products by themselves, too: their fields need not be read again either.
    alone = lonely | {
        group[0] for product_id, group in zip(chosen.ids, groups, strict=True) if [product_id] == list(group) and product_id in own
    }
    update_products(connection, (left | set(chosen.ids)) - alone)
    index_products(connection, sorted(before | left | lonely | set(chosen.ids)), {offer_id: own[offer_id] for offer_id in alone})
    return Grouped(fresh & set(chosen.ids) | lonely)


def refresh_products(connection: Connection, offer_ids: Collection[str]) -> None:
    """Bring up to date what is said of the products of offers that changed and are matched as before."""
    ids = _products_of(connection, offer_ids)
    update_products(connection, ids)
    index_products(connection, sorted(ids))


def make_products(connection: Connection, fields: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Make a product for each new offer, with the offer's id, and return those that there were not yet; `fields` are theirs by id."""
    existing = _existing(connection, fields.keys())
    missing = [offer_id for offer_id in fields if offer_id not in existing]
    if missing:
        connection.execute(insert(products), [{"id": offer_id, **fields[offer_id]} for offer_id in missing])
        connection.execute(delete(product_aliases).where(has_one_of(connection, product_aliases.c.alias, missing)))
    return missing


def update_products(connection: Connection, product_ids: Iterable[str]) -> None:
    """Bring the fields of products up to what their offers say; products without an offer go."""
    ids = list(product_ids)
    current = {row.id: row for row in connection.execute(select(products).where(has_one_of(connection, products.c.id, ids)))}
    groups = offers_by_product(connection, ids)
    fields_of_each = {product_id: fields_of(group) for product_id, group in groups.items()}
    changed = [
        {"changed_id": product_id} | {f"new_{name}": value for name, value in fields.items()}
        for product_id, fields in fields_of_each.items()
        if any(getattr(current[product_id], name) != value for name, value in fields.items())
    ]
    if changed:
        connection.execute(_CHANGE_PRODUCT, changed)
    _update_suspicions(connection, groups.values())


def _update_suspicions(connection: Connection, groups: Collection[Sequence[Any]]) -> None:
    """Say of each offer why its price may be wrong beside its earlier ones and the others for its product."""
    standing = [[offer_from_row(row) for row in group if not row.is_gone] for group in groups]
    reasons = suspicions_of(connection, standing)
    changed = [{"changed_id": row.id, "why": why} for group in groups for row in group if row.suspicion != (why := reasons.get(row.id, ""))]
    if changed:
        connection.execute(_SUSPECT, changed)


def drop_empty_products(connection: Connection, heirs: Mapping[str, str]) -> None:
    """Delete those of these products that no offer has, also none that is gone.

    `heirs` has for each an offer that stands for what it was: to the product of this one the ids lead that led to it. With "" they lead nowhere.
    """
    if not heirs:
        return
    empty = _empty_products(connection, list(heirs))
    query = select(offers.c.id, offers.c.product_id).where(has_one_of(connection, offers.c.id, [heirs[old] for old in empty]))
    present = {row.id: row.product_id for row in connection.execute(query)}
    joined = {old: present[heirs[old]] for old in empty if heirs[old] in present}
    if joined:
        _keep_aliases(connection, joined, ())
    _delete_products(connection, empty)
    index_products(connection, sorted(heirs))


def _age(node: Node, fresh: Collection[str]) -> tuple[object, ...]:
    """Return what the oldest of a group is the first by; a product that was only made to hold a new offer gives way to all others."""
    return node.product_id in fresh, node.first_seen, node.offer_id


def _existing(connection: Connection, product_ids: Collection[str]) -> set[str]:
    if not product_ids:
        return set()
    return set(connection.execute(select(products.c.id).where(has_one_of(connection, products.c.id, list(product_ids)))).scalars())


def _products_of(connection: Connection, offer_ids: Collection[str]) -> set[str]:
    """Return the products of offers, of those that there are."""
    if not offer_ids:
        return set()
    return set(connection.execute(select(offers.c.product_id).where(has_one_of(connection, offers.c.id, list(offer_ids)))).scalars())


def _make_products(connection: Connection, origins: Mapping[str, str]) -> None:
    """Make those products that there are not yet, each like the one that its offers had; their fields follow when their offers are known."""
    existing = _existing(connection, origins.keys())
    missing = {product_id: origin for product_id, origin in origins.items() if product_id not in existing}
    if missing:
        query = select(products).where(has_one_of(connection, products.c.id, list(missing.values())))
        fields = {row.id: {name: getattr(row, name) for name in FIELDS} for row in connection.execute(query)}
        connection.execute(insert(products), [{"id": product_id, **fields[origin]} for product_id, origin in missing.items()])


def _move_offers(connection: Connection, groups: Sequence[Sequence[str]], ids: Sequence[str], nodes: Mapping[str, Node]) -> None:
    moved = [
        {"changed_id": offer_id, "new_product": product_id}
        for group, product_id in zip(groups, ids, strict=True)
        for offer_id in group
        if nodes[offer_id].product_id != product_id
    ]
    if moved:
        connection.execute(_MOVE, moved)


def _keep_aliases(connection: Connection, aliases: Mapping[str, str], present: Collection[str]) -> None:
    """Let ids of products that were joined to others lead to these, and those that lead to products which are joined now, too."""
    connection.execute(delete(product_aliases).where(has_one_of(connection, product_aliases.c.alias, [*present, *aliases])))
    for old, new in aliases.items():
        connection.execute(update(offers).where(offers.c.product_id == old).values(product_id=new))  # those that are gone
        connection.execute(update(product_aliases).where(product_aliases.c.product_id == old).values(product_id=new))
    if aliases:
        connection.execute(_ADD_ALIAS, [{"alias": old, "product_id": new} for old, new in aliases.items()])


def _mark_whole(connection: Connection, is_whole: Mapping[str, bool]) -> None:
    """Keep of products whether nothing joins one of their offers to any other."""
    for value in (False, True):
        changed = [product_id for product_id, own in is_whole.items() if own is value]
        if changed:
            others = has_one_of(connection, products.c.id, changed), products.c.is_whole != value
            connection.execute(update(products).where(*others).values(is_whole=value))


def _empty_products(connection: Connection, product_ids: Sequence[str]) -> list[str]:
    """Return those of these products that no offer has."""
    if not product_ids:
        return []
    is_empty = has_one_of(connection, products.c.id, product_ids), ~exists().where(offers.c.product_id == products.c.id)
    return list(connection.execute(select(products.c.id).where(*is_empty).order_by(products.c.id)).scalars())


def _delete_products(connection: Connection, product_ids: Sequence[str]) -> None:
    if product_ids:
        connection.execute(delete(product_aliases).where(has_one_of(connection, product_aliases.c.product_id, product_ids)))
        connection.execute(delete(products).where(has_one_of(connection, products.c.id, product_ids)))
