"""Search for products by the words a person would use, with the offers for each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from monito_ray.catalog.offers import Offer, Product, products_of
from monito_ray.catalog.prices.best_offer import best_first
from monito_ray.catalog.search.catalogue_words import words_of_length
from monito_ray.catalog.search.cheapest import cheapest_products, count_matches, few_matches
from monito_ray.catalog.search.index import bring_up_to_date
from monito_ray.catalog.search.levels import MatchLevel, category_level, whole_levels, widened, without_phrases
from monito_ray.catalog.search.query import PhraseKind, QueryPhrase, QueryReading, read_query
from monito_ray.catalog.search.similar_words import (
    MOST_OTHERS,
    SHORTEST_BEGINNING,
    is_word_of_trade,
    most_errors,
    similar_words,
)
from monito_ray.catalog.search.term_conditions import Conditions
from monito_ray.catalog.search.word_forms import is_plain_word, split_words, stem
from monito_ray.store.database import Store
from monito_ray.store.schema import search_words

#: Above every character of a word.
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A product with all its offers: by currency, within a currency the best first."""

    product: Product
    offers: tuple[Offer, ...]
    #: What of the query the product lacks, as written; empty where it has all.
    missing: tuple[str, ...] = ()
    #: Equal for equally good matches of a query, lower for better ones.
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Hit:
    product_id: str
    missing: tuple[str, ...]
    level: int


def search_products(store: Store, query: str, most: int = 20) -> list[SearchResult]:
    """Return up to `most` products that match `query`, the best match first; among equally good matches the cheapest by base price.

    A word matches in any language of the glossary, a word of the product's names (ours and suppliers'), brand, size or category, or an
    article number. Beginnings and misspelt words match where whole words give too little; `levels` has the order. Prices that cannot be
    compared, in other currencies or for other units, stand behind those of the most frequent kind.

    Where nothing has all words, products that lack some of them are returned, and say which.
    """
    readings = read_query(query)
    if not readings:
        return []
    bring_up_to_date(store)
    with store.read() as connection:
        hits = _find(connection, readings, most)
    existing = products_of(store, [hit.product_id for hit in hits])
    return [
        SearchResult(existing[hit.product_id][0], _ranked(existing[hit.product_id][1]), hit.missing, hit.level)
        for hit in hits
        if hit.product_id in existing
    ]


def _find(connection: Connection, readings: Sequence[QueryReading], most: int) -> list[_Hit]:
    hits: dict[str, _Hit] = {}
    for number, level in enumerate(_levels(connection, readings, hits)):
        if level.missing and not hits.keys() <= {hit.product_id for hit in hits.values() if hit.missing == level.missing}:
            break
        for product_id in cheapest_products(connection, level.conditions, most, level.among):
            hits.setdefault(product_id, _Hit(product_id, level.missing, number))
        if len(hits) >= most:
            break
    return list(hits.values())[:most]


def _levels(connection: Connection, readings: Sequence[QueryReading], hits: dict[str, _Hit]) -> Iterator[MatchLevel]:
    """Yield the levels of matches, the best first; what is spelled otherwise is looked up only when it is needed."""
    yield from _held_levels(connection, readings)
    yield category_level(readings)
    wider = widened(readings, _beginnings(connection, readings))
    if wider != tuple(readings):
        yield from _held_levels(connection, wider)
    wider = widened(wider, _similar(connection, readings))
    if wider != tuple(readings):
        yield from _held_levels(connection, wider)
    if not hits:
        yield from _levels_with_missing(connection, wider)


def _held_levels(connection: Connection, readings: Sequence[QueryReading], missing: tuple[str, ...] = ()) -> Iterator[MatchLevel]:
    """Yield the levels of products that have all phrases, where there are any."""
    levels = list(whole_levels(readings, missing))
    few = few_matches(connection, levels[-1].conditions)  # the last level is the widest
    if few is None:
        yield from levels
    elif few:
        yield from (replace(level, among=tuple(few)) for level in levels)


def _levels_with_missing(connection: Connection, readings: Sequence[QueryReading]) -> Iterator[MatchLevel]:
    """Yield the levels of products without sizes and numbers, without words that no product has, and without each word in turn."""
    phrases = {phrase.written: phrase for reading in readings for phrase in reading}
    absent = [written for written, phrase in phrases.items() if not _has_any(connection, ((phrase.ways,),))]
    figures = [written for written, phrase in phrases.items() if phrase.kind is not PhraseKind.WORD]
    words = [written for written in phrases if written not in figures]
    absent_words = [word for word in absent if word not in figures]
    droppable = [tuple(figures), tuple(absent), (*figures, *absent_words), *((word,) for word in reversed(words))]
    for missing in dict.fromkeys(each for each in droppable if each):
        if shorter := without_phrases(readings, missing):
            yield from _held_levels(connection, shorter, missing)


def _has_any(connection: Connection, conditions: Conditions) -> bool:
    """Whether any product has these terms."""
    return count_matches(connection, conditions, most=1) == 1


def _beginnings(connection: Connection, readings: Sequence[QueryReading]) -> dict[str, list[str]]:
    """Return the terms of words of the catalogue that begin with a word of the query that is no whole word of the trade."""
    others = {}
    for phrase in _spelled_phrases(readings):
        word = split_words(phrase.written)[0]
        if len(word) >= SHORTEST_BEGINNING and not is_word_of_trade(word):
            words = search_words.c.word
            query = (
                select(words).where(words > word, words < word + _LAST_CHARACTER).order_by(search_words.c.length, words).limit(MOST_OTHERS)
            )
            others[phrase.written] = _stems(connection.execute(query).scalars())
    return others


def _similar(connection: Connection, readings: Sequence[QueryReading]) -> dict[str, list[str]]:
    """Return the terms of words of the catalogue that are spelled nearly like a word of the query."""
    spelled = {phrase.written: split_words(phrase.written)[0] for phrase in _spelled_phrases(readings)}
    errors = {word: number for word in spelled.values() if (number := most_errors(word))}
    if not errors:
        return {}
    words = words_of_length(connection, min(len(word) - errors[word] for word in errors), max(len(word) + errors[word] for word in errors))
    return {written: _stems(similar_words(word, words)) for written, word in spelled.items() if word in errors}


def _spelled_phrases(readings: Sequence[QueryReading]) -> Iterator[QueryPhrase]:
    """Yield the phrases of one word of letters."""
    for phrase in dict.fromkeys(phrase for reading in readings for phrase in reading):
        words = split_words(phrase.written)
        if phrase.kind is PhraseKind.WORD and len(words) == 1 and is_plain_word(words[0]):
            yield phrase


def _stems(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(map(stem, words)))


def _ranked(its_offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the offers of a product, the best first; those without a currency, which cannot be compared with the others, stand last."""
    by_currency: dict[str, list[Offer]] = defaultdict(list)
    for offer in its_offers:
        by_currency[offer.currency].append(offer)
    currencies = sorted(by_currency, key=lambda code: (not code, code))
    return tuple([offer for currency in currencies for offer in best_first(by_currency[currency])])
