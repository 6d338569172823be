"""What a person looks for: the words of a query, in whatever language, as terms of the index. Pure.

A query is understood in several ways at once: as it is written, and in each language whose glossary has some of its words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from monito_ray.catalog.search.inflections import inflected_english
from monito_ray.catalog.search.word_forms import size_term, split_words, terms_of, without_synonyms
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import TIMES, any_phrase
from monito_ray.pipeline.lexicon import derived, glossary_languages
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.measuring.quantities import parse_size
from monito_ray.pipeline.spellings import content_spellings

#: A word with a digit and at least so many letters and digits may be an article number, written as one.
_SHORTEST_NUMBER = 4
_CHUNK_WITH_DIGIT = re.compile(r"(?<!\S)[^\s\d]*+\d\S*")
#: What a person types for a size; the rules for names (`find_quantities`) know far more, and take half a second to be made ready.
_SIZE = re.compile(rf"(?:\b\d+\s*[{TIMES}]\s*)?(?<![\d.,])(?P<size>\d+(?:[.,]\d+)?)\s*(?P<unit>[^\W\d_]+)\.?(?!\w)")
_NO_WORD = re.compile(r"[\W_]+")


class PhraseKind(Enum):
    """What a phrase of a query says."""

    #: What the goods are, or whose.
    WORD = auto()
    SIZE = auto()
    #: A number, or an article number.
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class QueryPhrase:
    """A word of a query, or several that the glossary has as one."""

    written: str
    kind: PhraseKind
    #: The terms by which goods may have it; all terms of one of these have to be there.
    ways: tuple[frozenset[str], ...]


#: One way to understand a query: goods have to have every phrase.
QueryReading = tuple[QueryPhrase, ...]


@derived(maxsize=1024)
def read_query(text: str) -> tuple[QueryReading, ...]:
    """Return the ways to understand a query; none where it has no word.

    Words of questions do not count ("harga telur berapa?" is "telur"), nor do prepositions, unless there is nothing else.
    """
    rest, extracted = _extract_sizes(without_question(text))
    rest, numbers = _extract_numbers(rest)
    extracted += numbers
    readings = []
    for language in glossary_languages():
        phrases = tuple(_phrases_in_language(rest, language))
        if any(len(phrase.ways) > 1 for phrase in phrases):
            readings.append((*phrases, *extracted))
    if not readings:
        readings.append((*(_phrase(word, "") for word in split_words(rest)), *extracted))
    return tuple(dict.fromkeys(reading for each in readings if (reading := _without_little_words(each))))


def without_question(text: str) -> str:
    """Return the words that a question is about: "how much is butter?" is "butter"; the text itself where nothing is left."""
    rest = " ".join(_question().sub(" ", f" {' '.join(text.casefold().split())} ").split()).strip(" ?!.,:;")
    return rest if any(map(str.isalnum, rest)) else text


def main_words(reading: QueryReading) -> Sequence[QueryPhrase]:
    """Return the phrases of a reading that say what the goods are."""
    return [phrase for phrase in reading if phrase.kind is PhraseKind.WORD]


def _phrases_in_language(text: str, language: str) -> Iterator[QueryPhrase]:
    for phrase in glossary.phrases_in(text, (language,)):
        written = text[phrase.start : phrase.end]
        yield _phrase(written, phrase.english or inflected_english(written, language))


def _phrase(written: str, english: str) -> QueryPhrase:
    texts = [each for text in (written, english) for each in (text, without_synonyms(" ".join(split_words(text))))]
    ways = dict.fromkeys(frozenset(terms_of(each)) for each in texts if each)
    is_number = not any(map(str.isalpha, written))
    return QueryPhrase(written, PhraseKind.NUMBER if is_number else PhraseKind.WORD, tuple(way for way in ways if way))


def _extract_sizes(text: str) -> tuple[str, list[QueryPhrase]]:
    """Return the text without its sizes, and these."""
    phrases = []
    rest = text
    for match in reversed(list(_SIZE.finditer(text))):
        unit = content_spellings().get(match["unit"].casefold(), "")
        if unit and (term := size_term(parse_size(match["size"], unit), unit)):
            phrases.append(QueryPhrase(match[0], PhraseKind.SIZE, (frozenset({term}),)))
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    return rest, phrases[::-1]


def _extract_numbers(text: str) -> tuple[str, list[QueryPhrase]]:
    """Return the text without words that have digits, and these, which may be article numbers."""
    phrases = []
    for match in _CHUNK_WITH_DIGIT.finditer(text):
        joined = _NO_WORD.sub("", match[0]).casefold()
        ways = [frozenset(terms_of(match[0]))]
        if len(joined) >= _SHORTEST_NUMBER:
            ways.append(frozenset({joined}))
        phrases.append(QueryPhrase(match[0], PhraseKind.NUMBER, tuple(dict.fromkeys(way for way in ways if way))))
    return _CHUNK_WITH_DIGIT.sub(" ", text), [phrase for phrase in phrases if phrase.ways]


def _without_little_words(reading: QueryReading) -> QueryReading:
    whole = tuple(phrase for phrase in reading if phrase.ways)
    telling = tuple(phrase for phrase in whole if not any(_is_little(way) for way in phrase.ways))
    return telling or whole


def _is_little(way: frozenset[str]) -> bool:
    return way <= _little_words()


@derived()
def _little_words() -> frozenset[str]:
    return frozenset(term for word in glossary.prepositions() for term in terms_of(word))


@derived()
def _question() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_phrase(lexicon.words('search', 'questions'))}(?!\w)")
