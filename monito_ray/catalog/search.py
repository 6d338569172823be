"""Search for products by the words a person would use, with the offers for each."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select

from monito_ray.catalog.offers import Offer, Product, products_of
from monito_ray.catalog.prices.best_offer import best_offer
from monito_ray.store.database import Store
from monito_ray.store.schema import offers, products

_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")
#: Similarity from which a word is taken for a misspelt one (`difflib`): "minyk" finds "minyak", but "susu" does not find "sushi".
_SIMILAR = 0.8
#: Most words that one misspelt word may stand for.
_MOST_SIMILAR = 8
#: Shorter words find only themselves, not words that begin with them.
_SHORTEST_PREFIX = 2
#: The score of each kind of match.
_SCORE_EQUAL, _SCORE_PREFIX, _SCORE_SIMILAR = 1.0, 0.9, 0.6


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A product with all its offers: by currency, within a currency the best first."""

    product: Product
    offers: tuple[Offer, ...]


def search_products(store: Store, query: str, most: int = 20) -> list[SearchResult]:
    """Return up to `most` products that match all words of `query`, the best match first.

    A word matches a word of the product's names (ours and suppliers'), brand, size and category, the beginning of one, or a similar
    one.
    """
    ids = match_texts(query, _texts(store))[:most]
    existing = products_of(store, ids)
    results = []
    for product_id in ids:
        if product_id in existing:
            product, its_offers = existing[product_id]
            results.append(SearchResult(product, _ranked(its_offers)))
    return results


def match_texts(query: str, texts: Mapping[str, str]) -> list[str]:
    """Return the keys of the `texts` that match every word of `query`, the best match first.

    A whole word scores above the beginning of one, and that above a similar word.
    """
    query_words = split_words(query)
    if not query_words:
        return []
    holders: dict[str, set[str]] = defaultdict(set)
    for key, text in texts.items():
        for word in split_words(text):
            holders[word].add(key)
    scores = [_scores(word, holders) for word in query_words]
    matching = set.intersection(*(set(by_key) for by_key in scores))
    # Among equal scores, the shorter text has fewer words that are not in the query.
    return sorted(matching, key=lambda key: (-sum(by_key[key] for by_key in scores), len(texts[key]), texts[key]))


def split_words(text: str) -> list[str]:
    """Return the words and numbers of a text, casefolded: "Cola 330ml" is "cola", "330", "ml"."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _scores(word: str, holders: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """Return the best score of `word` for each key of the texts; `holders` has the keys of the texts by word."""
    matches = {word: _SCORE_EQUAL} if word in holders else {}
    if not word[0].isdigit() and len(word) >= _SHORTEST_PREFIX:
        matches |= {other: _SCORE_PREFIX for other in holders if other != word and other.startswith(word)}
        if not matches:
            matches = dict.fromkeys(get_close_matches(word, holders, _MOST_SIMILAR, _SIMILAR), _SCORE_SIMILAR)
    scores: dict[str, float] = {}
    for other, score in matches.items():
        for key in holders[other]:
            scores[key] = max(score, scores.get(key, 0.0))
    return scores


def _texts(store: Store) -> dict[str, str]:
    """Return a text for each product id: our name and the suppliers', brand, size and category."""
    descriptions = select(products.c.id, products.c.name, products.c.brand, products.c.size, products.c.unit, products.c.category)
    with store.read() as connection:
        texts = {row.id: " ".join(str(value) for value in row[1:] if value) for row in connection.execute(descriptions)}
        for product_id, name in connection.execute(select(offers.c.product_id, offers.c.original_name)):
            texts[product_id] += f" {name}"
    return texts


def _ranked(its_offers: Sequence[Offer]) -> tuple[Offer, ...]:
    by_currency: dict[str, list[Offer]] = defaultdict(list)
    for offer in its_offers:
        by_currency[offer.currency].append(offer)
    ranked: list[Offer] = []
    for currency in sorted(by_currency):
        remaining = by_currency[currency]
        while remaining:
            best = best_offer(remaining)
            ranked.append(best)
            remaining.remove(best)
    return tuple(ranked)
