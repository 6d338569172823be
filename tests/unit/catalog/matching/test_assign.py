"""Assignment of articles to products."""

import random

from hypothesis import given
from hypothesis import strategies as st

from monito_ray.catalog.matching.assign import AMBIGUOUS, Edge, Partition, assign

ARTICLES = {f"{supplier}{number}": supplier for supplier in "abcd" for number in range(4)}
IDS = st.sampled_from(sorted(ARTICLES))
PAIRS = st.tuples(IDS, IDS)
EDGES = st.lists(st.builds(Edge, IDS, IDS, st.sampled_from((100, 200, 300))), max_size=25)


def _assign(edges, same=(), apart=()) -> Partition:
    return assign(ARTICLES, edges, same, apart, lambda article: article)


def _group(partition: Partition, article: str) -> tuple[str, ...]:
    return next(group for group in partition.groups if article in group)


def test_an_edge_joins_two_articles():
    """What the rules are sure of becomes one product."""
    partition = _assign([Edge("a0", "b0", 300)])
    assert _group(partition, "a0") == ("a0", "b0")
    assert len(partition.groups) == len(ARTICLES) - 1
    assert not partition.refused


def test_an_article_that_fits_two_of_one_supplier_joins_none():
    """Which of both is meant, nobody could tell."""
    partition = _assign([Edge("a0", "b0", 300), Edge("a0", "b1", 300)])
    assert _group(partition, "a0") == ("a0",)
    assert [reason for _, reason in partition.refused] == [AMBIGUOUS, AMBIGUOUS]


def test_the_single_strongest_edge_between_two_suppliers_counts():
    """Equal words win over words that are equal in English alone."""
    partition = _assign([Edge("a0", "b0", 300), Edge("a0", "b1", 200)])
    assert _group(partition, "a0") == ("a0", "b0")
    assert partition.refused == ((Edge("a0", "b1", 200), AMBIGUOUS),)


def test_no_product_has_two_articles_of_one_supplier():
    """A chain of edges through other suppliers joins them no more than an edge."""
    partition = _assign([Edge("a0", "b0", 300), Edge("b0", "c0", 200), Edge("c0", "a1", 100)])
    assert _group(partition, "a0") == ("a0", "b0", "c0")
    assert _group(partition, "a1") == ("a1",)
    assert len(partition.refused) == 1


def test_a_person_joins_what_the_rules_do_not():
    """What people call one is one, without an edge."""
    assert _group(_assign([], same=[("a0", "b3")]), "b3") == ("a0", "b3")


def test_a_person_parts_what_the_rules_join():
    """Not even through a third article do the two become one."""
    partition = _assign([Edge("a0", "b0", 300), Edge("b0", "c0", 200)], apart=[("a0", "c0")])
    assert _group(partition, "c0") == ("c0",)
    assert len(partition.refused) == 1


def test_contradictions_of_people_are_told():
    """Neither is chosen in silence: the articles stay apart, and the pair is named."""
    partition = _assign([], same=[("b0", "a0")], apart=[("a0", "b0")])
    assert _group(partition, "a0") == ("a0",)
    assert [(edge.one, edge.other) for edge, _ in partition.refused] == [("a0", "b0")]


def test_links_of_articles_that_are_gone_do_nothing():
    """A link outlives the articles of a list."""
    assert not _assign([Edge("a0", "zz", 300)], same=[("zz", "a0")], apart=[("zz", "a0")]).refused


@given(EDGES, st.lists(PAIRS, max_size=4), st.lists(PAIRS, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(edges, same, apart, randomness: random.Random):
    """The same articles, edges and links give the same products, however they are ordered and which end stands first."""
    first = _assign(edges, same, apart)
    turned = [Edge(edge.other, edge.one, edge.strength) if randomness.random() < 0.5 else edge for edge in edges]
    shuffled = [randomness.sample(items, len(items)) for items in (turned, same, [pair[::-1] for pair in apart])]
    articles = dict(randomness.sample(sorted(ARTICLES.items()), len(ARTICLES)))
    assert assign(articles, *shuffled, lambda article: article) == first


@given(EDGES, st.lists(PAIRS, max_size=6), st.lists(PAIRS, max_size=6))
def test_products_keep_suppliers_and_parted_articles_apart(edges, same, apart):
    """Every article is in one product; none has two of one supplier, or two that somebody parted."""
    groups = _assign(edges, same, apart).groups
    assert sorted(article for group in groups for article in group) == sorted(ARTICLES)
    assert all(len({ARTICLES[article] for article in group}) == len(group) for group in groups)
    assert not any(one in group and other in group for group in groups for one, other in apart if one != other)
