"""Finding products by what a person would call them, and who sells them for how much."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select

from monito_ray.catalog.offers import Offer, Product, products_of
from monito_ray.catalog.workbook_plan import best_offer
from monito_ray.store.database import Store
from monito_ray.store.schema import offers, products

_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")
# Closer than one letter in four: "minyk" finds "minyak", and "susu" no "sushi".
_CLOSE = 0.8
_MOST_CLOSE = 8
_SHORTEST_BEGINNING = 2


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A product with all its offers: currency by currency, the best first."""

    product: Product
    offers: tuple[Offer, ...]


def search_products(store: Store, query: str, most: int = 20) -> list[SearchResult]:
    """The products that `query` means, the best match first.

    Each of its words stands in the product's name (ours or a supplier's), brand, size or category, or begins a word of them, or is
    nearly one of them.
    """
    named = match_texts(query, _texts(store))[:most]
    known = products_of(store, named)
    return [SearchResult(product, _ranked(found)) for product, found in (known[product_id] for product_id in named if product_id in known)]


def match_texts(query: str, texts: Mapping[str, str]) -> list[str]:
    """The keys of the `texts` in which every word of `query` is found, the best first: words, then beginnings of words, then misspelt ones."""
    asked = split_words(query)
    if not asked:
        return []
    holders: dict[str, set[str]] = defaultdict(set)
    for key, text in texts.items():
        for word in split_words(text):
            holders[word].add(key)
    scores = [_scores(word, holders) for word in asked]
    everywhere = set.intersection(*(set(found) for found in scores))
    # Of equally good ones the shorter text has fewer words that nobody asked for.
    return sorted(everywhere, key=lambda key: (-sum(found[key] for found in scores), len(texts[key]), texts[key]))


def split_words(text: str) -> list[str]:
    """The words and numbers of a text, all in one spelling: "Cola 330ml" is "cola", "330", "ml"."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _scores(word: str, holders: Mapping[str, Iterable[str]]) -> dict[str, float]:
    alike = {word: 1.0} if word in holders else {}
    if not word[0].isdigit() and len(word) >= _SHORTEST_BEGINNING:
        alike |= {other: 0.9 for other in holders if other != word and other.startswith(word)}
        if not alike:
            alike = dict.fromkeys(get_close_matches(word, holders, _MOST_CLOSE, _CLOSE), 0.6)
    scores: dict[str, float] = {}
    for other, score in alike.items():
        for key in holders[other]:
            scores[key] = max(score, scores.get(key, 0.0))
    return scores


def _texts(store: Store) -> dict[str, str]:
    """What each product is called by anybody, with its size and category."""
    about = select(products.c.id, products.c.name, products.c.brand, products.c.size, products.c.unit, products.c.category)
    with store.read() as connection:
        texts = {row.id: " ".join(str(value) for value in row[1:] if value) for row in connection.execute(about)}
        for product_id, name in connection.execute(select(offers.c.product_id, offers.c.original_name)):
            texts[product_id] += f" {name}"
    return texts


def _ranked(found: Sequence[Offer]) -> tuple[Offer, ...]:
    by_currency: dict[str, list[Offer]] = defaultdict(list)
    for offer in found:
        by_currency[offer.currency].append(offer)
    ranked: list[Offer] = []
    for currency in sorted(by_currency):
        left = by_currency[currency]
        while left:
            best = best_offer(left)
            ranked.append(best)
            left.remove(best)
    return tuple(ranked)
