"""How well goods match a query: levels of conditions, the best first. Pure.

Whole words come before beginnings and similar words, goods that are what is looked for before those that only mention it, goods with all
words before those without some.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monito_ray.catalog.search.query import PhraseKind, QueryPhrase, QueryReading, main_words
from monito_ray.catalog.search.term_conditions import Conditions, Ways
from monito_ray.catalog.search.word_forms import category_term, main_term

#: A thing is called by at most so many words.
_LONGEST_THING = 3


@dataclass(frozen=True, slots=True)
class MatchLevel:
    """Conditions that make goods equally good matches."""

    conditions: Conditions
    #: What of the query goods of this level lack, as written.
    missing: tuple[str, ...] = ()
    #: The only entries of the index that can be of this level, None where they were not looked for.
    among: tuple[int, ...] | None = None


def whole_levels(readings: Sequence[QueryReading], missing: tuple[str, ...] = ()) -> Iterator[MatchLevel]:
    """Yield the levels of goods that have all phrases: those that are what they say, those of which one says what they are, the others."""
    things = tuple(_as_thing(reading) for reading in readings)
    yield MatchLevel(tuple(each for conditions in things for each in conditions), missing)
    partly = tuple(conditions for reading in readings for conditions in _as_partly_thing(reading))
    if partly:
        yield MatchLevel(partly, missing)
    yield MatchLevel(tuple(tuple(phrase.ways for phrase in reading) for reading in readings), missing)


def category_level(readings: Sequence[QueryReading]) -> MatchLevel:
    """Return the level of goods of a category whose name the query is."""
    names = [{term for phrase in reading for term in phrase.ways[way]} for reading in readings for way in (0, -1)]
    ways = dict.fromkeys(frozenset({category_term(terms)}) for terms in names)
    return MatchLevel(((tuple(ways),),))


def widened(readings: Sequence[QueryReading], others: Mapping[str, Sequence[str]]) -> tuple[QueryReading, ...]:
    """Return the readings with more ways for the phrases of which `others` has terms, by the phrase as written."""

    def wider(phrase: QueryPhrase) -> QueryPhrase:
        ways = tuple(frozenset({term}) for term in others.get(phrase.written, ()))
        return replace(phrase, ways=tuple(dict.fromkeys((*phrase.ways, *ways)))) if ways else phrase

    return tuple(tuple(wider(phrase) for phrase in reading) for reading in readings)


def without_phrases(readings: Sequence[QueryReading], written: Sequence[str]) -> tuple[QueryReading, ...]:
    """Return the readings without these phrases; readings of which no word is left go."""
    shorter = (tuple(phrase for phrase in reading if phrase.written not in written) for reading in readings)
    return tuple(dict.fromkeys(reading for reading in shorter if main_words(reading)))


def _as_thing(reading: QueryReading) -> Conditions:
    """Return the conditions of goods that are what the words of a reading say, together or each."""
    words = main_words(reading)
    others = tuple(phrase.ways for phrase in reading if phrase.kind is not PhraseKind.WORD)
    each: tuple[Ways, ...] = (*(_main_ways(word) for word in words), *others)
    if not 1 < len(words) <= _LONGEST_THING:
        return (each,)
    together = tuple(frozenset({main_term({term for word in words for term in word.ways[way]})}) for way in (0, -1))
    return each, (tuple(dict.fromkeys(together)), *others)


def _as_partly_thing(reading: QueryReading) -> Iterator[tuple[Ways, ...]]:
    """Yield the conditions of goods that are what one word of several says: "butter" of "peanut butter"."""
    words = main_words(reading)
    if len(words) > 1 or any(len(way) > 1 for word in words for way in word.ways):
        for word in words:
            with_one = tuple(way | {main_term([term])} for way in word.ways for term in sorted(way))
            yield tuple(with_one if phrase is word else phrase.ways for phrase in reading)


def _main_ways(word: QueryPhrase) -> Ways:
    """Return the ways of a word of which all terms say what goods are, or which do so together."""
    ways = []
    for way in word.ways:
        ways.append(frozenset(main_term([term]) for term in way))
        if len(way) > 1:
            ways.append(frozenset({main_term(way)}))
    return tuple(ways)
