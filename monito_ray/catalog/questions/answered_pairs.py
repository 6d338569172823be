"""What people's links say of offers that stand: which pairs are settled, and what they teach of words."""

from collections import defaultdict

from sqlalchemy import Connection, select

from monito_ray.catalog.links import ActiveLinks, ArticleKey
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.word_habits import AnsweredPair, OfferedArticle, WordHabits, learn_habits
from monito_ray.catalog.offer_rows import article_in, is_matchable
from monito_ray.store.database import has_one_of
from monito_ray.store.schema import offers


def pairs_apart(connection: Connection, offer_ids: list[str], linked: ActiveLinks) -> set[tuple[str, str]]:
    """Return the pairs of these offers, in both directions, of which a person said that they are two products."""
    if not linked.apart:
        return set()
    query = select(offers.c.id, offers.c.supplier, offers.c.article_key).where(has_one_of(connection, offers.c.id, offer_ids))
    ids: defaultdict[ArticleKey, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        ids[row.supplier, row.article_key].append(row.id)
    return {(one, other) for key, keys in linked.apart.items() for one in ids[key] for apart_key in keys for other in ids[apart_key]}


def learned_habits(connection: Connection, linked: ActiveLinks) -> WordHabits:
    """Return what people's links teach, of articles that stand."""
    by_kind = {True: linked.same, False: linked.apart}
    pairs = sorted(
        {(min(one, other), max(one, other), is_same) for is_same, links in by_kind.items() for one, keys in links.items() for other in keys}
    )
    articles = _articles_of_keys(connection, sorted({key for one, other, _ in pairs for _, key in (one, other)}))
    answers = (
        AnsweredPair(OfferedArticle(one[0], articles[one]), OfferedArticle(other[0], articles[other]), is_same=is_same)
        for one, other, is_same in pairs
        if one in articles and other in articles
    )
    return learn_habits(answers)


def _articles_of_keys(connection: Connection, article_keys: list[str]) -> dict[ArticleKey, Article]:
    query = select(offers.c.supplier, offers.c.article_key, offers.c.features).order_by(offers.c.id)
    rows = connection.execute(query.where(has_one_of(connection, offers.c.article_key, article_keys), ~offers.c.is_gone, is_matchable()))
    return {(row.supplier, row.article_key): article_in(row.features) for row in rows}
