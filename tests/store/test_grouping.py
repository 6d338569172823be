"""Products are what the rules make of all pairs of offers, though only those around a change are looked at."""

import os
from itertools import combinations
from random import Random

import pytest
from catalogue_actions import Action, do_all, empty_store
from sqlalchemy import select

from monito_ray.catalog.grouping import shared_blocks
from monito_ray.catalog.grouping.nodes import load_nodes
from monito_ray.catalog.lists import replay
from monito_ray.catalog.matching.assign import Edge, assign
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.store.schema import number_agreements, offer_blocks, offers
from tests.store.test_replay import random_actions

#: More of them with MONITO_EXAMPLES=2000.
SEQUENCES = max(int(os.environ.get("MONITO_EXAMPLES", "25")) // 4, 1)
_BY_PEOPLE = {"same", "apart", "unlink", "flip"}


def _products(store):
    with store.read() as connection:
        rows = connection.execute(select(offers.c.product_id, offers.c.id).where(~offers.c.is_gone)).all()
    by_product: dict[str, set[str]] = {}
    for product_id, offer_id in rows:
        by_product.setdefault(product_id, set()).add(offer_id)
    return {frozenset(own) for own in by_product.values()}


def _by_all_pairs(store):
    with store.read() as connection:
        nodes = load_nodes(connection, connection.execute(select(offers.c.id)).scalars().all())
        agreeing = {frozenset(pair) for pair in connection.execute(select(number_agreements.c.one, number_agreements.c.other))}
        members = shared_blocks.block_members(connection, connection.execute(select(offer_blocks.c.key)).scalars().all())
    seen = {
        frozenset(pair)
        for by_supplier in members.values()
        for pair in combinations([one for own in by_supplier.values() if len(own) <= shared_blocks.MOST_ALIKE for one in own], 2)
    }
    edges = []
    for one, other in combinations(nodes.values(), 2):
        if one.supplier != other.supplier and frozenset((one.offer_id, other.offer_id)) in seen:
            agree = frozenset((one.supplier, other.supplier)) in agreeing
            verdict = compare(one.article, other.article, numbers_agree=agree)
            if verdict.kind is VerdictKind.ONE:
                edges.append(Edge(one.offer_id, other.offer_id, verdict.strength))
    suppliers = {offer_id: node.supplier for offer_id, node in nodes.items()}
    return {frozenset(group) for group in assign(suppliers, edges, (), (), lambda one: nodes[one].order).groups}


@pytest.mark.parametrize(("most_alike", "most_whole"), [(20, 20), (2, 2), (20, -1), (2, -1)])
def test_products_are_what_the_rules_make_of_all_pairs(most_alike: int, most_whole: int, monkeypatch: pytest.MonkeyPatch):
    """After random lists, corrections and undos: nothing that a change reaches through others is overlooked, and nothing joined that is not one.

    Also where all blocks are read in parts.
    """
    monkeypatch.setattr(shared_blocks, "MOST_ALIKE", most_alike)
    monkeypatch.setattr(shared_blocks, "_MOST_WHOLE", most_whole)
    monkeypatch.setattr(replay, "SLICE_OFFERS", 2)
    monkeypatch.setattr(replay, "_PAUSE_S", 0)
    joined = 0
    for seed in range(SEQUENCES):
        dice = Random(f"{most_alike} {most_whole} {seed}")  # noqa: S311
        actions: list[Action] = [action for action in random_actions(dice) if action.kind not in _BY_PEOPLE]
        with empty_store() as store:
            do_all(store, actions)
            products = _products(store)
            assert products == _by_all_pairs(store), f"seed {seed}"
        joined += sum(len(product) > 1 for product in products)
    assert joined
