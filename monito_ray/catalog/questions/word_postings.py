"""The offers by their words, in the store: whom an offer may be one product with is looked up by its rarest words."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.questions.word_keys import lookup_keys
from monito_ray.store.database import has_one_of
from monito_ray.store.key_tables import blank_separated
from monito_ray.store.schema import offer_words, offers

#: A word (of one content) that more offers have says too little, and would cost most of the time.
_MOST_POSTINGS = 200
#: An offer is looked up by so many of its words.
_MOST_WORDS = 5
#: Of the offers found so many are compared: of our own sames that are left to ask, the right one is among 8 in 96 %.
_MOST_NEAR = 10


def near_offers(connection: Connection, articles: Mapping[str, Article], supplier: str) -> dict[str, list[str]]:
    """Return for each of a supplier's offers those of other suppliers that have most of its words, weighted by how rare these are."""
    keys_of = {offer_id: lookup_keys(article) for offer_id, article in articles.items()}
    counts = _counts(connection, sorted({key for keys in keys_of.values() for key in keys}))
    chosen = {offer_id: _rarest(keys, counts) for offer_id, keys in keys_of.items()}
    postings = _postings(connection, sorted({key for keys in chosen.values() for key in keys}), supplier)
    return {offer_id: _nearest(keys, counts, postings) for offer_id, keys in chosen.items()}


def _counts(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    count = func.count().label("number")
    query = select(offer_words.c.key, count).where(has_one_of(connection, offer_words.c.key, keys)).group_by(offer_words.c.key)
    return dict(map(tuple, connection.execute(query.having(count <= _MOST_POSTINGS)).all()))


def _postings(connection: Connection, keys: Sequence[str], supplier: str) -> dict[str, list[str]]:
    """Return the offers of other suppliers under these keys, in no order; those of a key come as one text, for there are hundreds."""
    query = (
        select(offer_words.c.key, blank_separated(connection, offer_words.c.offer_id))
        .join(offers, offers.c.id == offer_words.c.offer_id)
        .where(has_one_of(connection, offer_words.c.key, keys), offers.c.supplier != supplier)
        .group_by(offer_words.c.key)
    )
    return {key: ids.split() for key, ids in connection.execute(query).all()}


def _rarest(keys: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    return sorted((key for key in keys if key in counts), key=lambda key: (counts[key], key))[:_MOST_WORDS]


def _nearest(keys: Sequence[str], counts: Mapping[str, int], postings: Mapping[str, Sequence[str]]) -> list[str]:
    weights: dict[str, float] = defaultdict(float)
    for key in keys:
        for offer_id in postings.get(key, ()):
            weights[offer_id] += math.log(2 * _MOST_POSTINGS / counts[key])
    return sorted(weights, key=lambda offer_id: (-weights[offer_id], offer_id))[:_MOST_NEAR]
