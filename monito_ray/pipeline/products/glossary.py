"""Translate words of the trade into English, by the glossaries of the lexicon."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, zip_longest
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived, glossary_languages
from monito_ray.pipeline.products.text_words import TEXTS_REMEMBERED, WORDS, TextWords, fold, words_in

_DIGIT = re.compile(r"\d")
_GAP = re.compile(r"[ .]{1,2}")
_LATIN_LETTER = re.compile("[a-z]", re.IGNORECASE)
_SHORTEST_STEM = 3
#: Letters that may follow a stem of the glossary.
LONGEST_ENDING = 3
#: A list is in a Latin language when this share of its rows has a word of that language alone: English lists have some by chance.
_LEAST_SHARE = 0.04
#: A second language needs this part of the rows that the most frequent one has.
_LEAST_PART_OF_BEST = 0.25


#: Entries (folded words, English) by one of their words.
_Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]


class Phrase(NamedTuple):
    """A word of a text, or several that the glossary has as one."""

    start: int
    end: int
    #: How many words it has.
    length: int
    #: The first of them, casefolded and without accents.
    first_word: str
    #: None where the glossary does not have it.
    english: str | None


class _Entries(NamedTuple):
    """What the glossary has that begins with a word."""

    #: The English of the word alone.
    word: str | None
    #: Entries (folded words, English) of several words by the second of them.
    phrases: _Phrases


@dataclass(frozen=True, slots=True)
class _Dictionary:
    #: Entries (folded words, English) by their first word.
    phrases: dict[str, list[tuple[tuple[str, ...], str]]]
    #: English by stem.
    stems: dict[str, str]


def detect_languages(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the languages of the glossary that a list's texts are in, those in other than Latin letters first and always.

    A script shows where its language applies. Short words mean different things in different languages ("pan", "air", "cat"), so of Latin
    languages a whole list decides; the one with most rows comes first.
    """
    hits = dict.fromkeys(_latin_languages(), 0)
    sole = _sole_languages()
    rows = 0
    for text in texts:
        rows += 1
        for language in {sole[word] for word in words_in(text).folded if word in sole}:
            hits[language] += 1
    least = _LEAST_PART_OF_BEST * max(hits.values(), default=0)
    spoken = [language for language, count in hits.items() if count > _LEAST_SHARE * rows and count >= least]
    return (*_other_languages(), *sorted(spoken, key=hits.__getitem__, reverse=True))


@derived(maxsize=65536)
def translate(text: str, languages: tuple[str, ...] | None = None) -> tuple[str, float]:
    """Return `text` with every phrase and word of the glossary in English, and the share of its words that the glossary has, 1.0 without words.

    `languages` are those of the glossary that the text may be in, all by default. The longest phrase wins. Numbers, other words and marks stay as and where they are; English words of the trade count as translated.
    """
    spoken = glossary_languages() if languages is None else languages
    if text.isascii() and not _latin_of(spoken):
        return text, _english_share(text)
    phrases = phrases_in(text, spoken)
    pieces: list[str] = []
    end = words = translated = 0
    for phrase, following in zip_longest(phrases, phrases[1:]):
        english = phrase.english
        if english is not None and english in prepositions() and not (following and _is_of_trade(following)):
            english = None
        written = text[phrase.start : phrase.end]
        if not written.isalpha() and _DIGIT.search(written):
            english = None
        else:
            words += phrase.length
            translated += phrase.length if english is not None or written.casefold() in english_words() else 0
        if english is not None:
            pieces += (text[end : phrase.start], english)
            end = phrase.end
    return "".join((*pieces, text[end:])), translated / words if words else 1.0


def _english_share(text: str) -> float:
    """Return the share of the words of `text`, numbers apart, that are English words of the trade; 1.0 without words."""
    words = [word.casefold() for word in WORDS.findall(text) if not _DIGIT.search(word)]
    english = english_words()
    return sum(word in english for word in words) / len(words) if words else 1.0


@derived(maxsize=65536)
def is_trade_word(word: str) -> bool:
    """Whether `word` is one of the trade in any language, English too: then it is hardly a brand."""
    folded = fold(word)
    return (
        folded in english_words() or folded in _phrase_words() or any(_entries_from(folded, language) for language in glossary_languages())
    )


def trade_words() -> frozenset[str]:
    """Return the words of the trade in all languages, casefolded and without accents, but for those that only begin with one of `trade_stems`."""
    return english_words() | _phrase_words()


@derived()
def trade_stems() -> tuple[str, ...]:
    """Return what words of the trade begin with in languages that have endings; up to `LONGEST_ENDING` letters may follow."""
    return tuple(sorted({stem for language in glossary_languages() for stem in _dictionary(language).stems}))


@derived()
def english_words() -> frozenset[str]:
    """Return the English words of the trade, casefolded: what the glossaries translate to, and `data/english.txt`."""
    texts = list(lexicon.words("product_names", "words"))
    for language in glossary_languages():
        dictionary = _dictionary(language)
        texts += dictionary.stems.values()
        texts += (english for entries in dictionary.phrases.values() for _, english in entries)
    return frozenset(word.casefold() for text in texts for word in WORDS.findall(text))


def _is_of_trade(phrase: Phrase) -> bool:
    """Whether a phrase is translated, or begins with an English word of the trade."""
    return phrase.english is not None or phrase.first_word in english_words()


@derived(maxsize=TEXTS_REMEMBERED)
def phrases_in(text: str, languages: tuple[str, ...]) -> tuple[Phrase, ...]:
    """Return the words of `text` in running order, those together that are one entry of the glossary of these languages; the longest wins."""
    words = words_in(text)
    latin = _latin_of(languages)
    phrases: list[Phrase] = []
    end_of_phrase = 0
    for place, ((start, _), written, word) in enumerate(zip(*words, strict=True)):
        if place < end_of_phrase:  # within the phrase before
            continue
        english, beginning_with = _entries_of(word, latin if written.isascii() else languages)
        length = 1
        if beginning_with:  # few words begin any
            length, english = _longest_phrase(text, words, place, english, beginning_with)
        end_of_phrase = place + length
        phrases.append(Phrase(start, words.spans[end_of_phrase - 1][1], length, word, english))
    return tuple(phrases)


def _longest_phrase(text: str, words: TextWords, index: int, english: str | None, phrases: _Phrases) -> tuple[int, str | None]:
    """Return how many words at `index` are one entry of the glossary, and its English; `english` is that of the first of them alone."""
    length = 1
    following = words.folded[index + 1 : index + 2]
    for entry, meaning in phrases.get(following[0], ()) if following else ():
        end = index + len(entry)
        if len(entry) > length and words.folded[index:end] == entry and _are_close(text, words.spans[index:end]):
            length, english = len(entry), meaning
    return length, english


def languages_of_phrases(text: str) -> tuple[str, ...]:
    """Return the languages of which two words of a text that follow each other begin an entry; without them `phrases_in` finds single words alone."""
    beginnings = _beginnings_of_phrases()
    languages = {language for pair in pairwise(words_in(text).folded) if pair in beginnings for language in beginnings[pair]}
    return tuple(language for language in glossary_languages() if language in languages) if languages else ()


@derived()
def _beginnings_of_phrases() -> Mapping[tuple[str, ...], frozenset[str]]:
    """Return the first two words of the entries of several words, each with the languages of such entries."""
    beginnings: dict[tuple[str, ...], set[str]] = {}
    for language in glossary_languages():
        for words, _ in chain.from_iterable(_dictionary(language).phrases.values()):
            if len(words) > 1:
                beginnings.setdefault(words[:2], set()).add(language)
    return {words: frozenset(languages) for words, languages in beginnings.items()}


@derived(maxsize=256)
def _latin_of(languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(language for language in languages if language in _latin_languages())


def _are_close(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing but a space or a full stop stands between words of the text."""
    return all(_GAP.fullmatch(text, end, start) for (_, end), (start, _) in pairwise(spans))


@derived(maxsize=65536)
def _entries_of(word: str, languages: tuple[str, ...]) -> _Entries:
    """Return the entries of all these languages, those of the first before those of the next."""
    entries = [entry for language in languages for entry in _entries_from(word, language)]
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, english in entries:
        if len(words) > 1:
            phrases.setdefault(words[1], []).append((words, english))
    return _Entries(next((english for words, english in entries if len(words) == 1), None), phrases)


@derived(maxsize=65536)
def _entries_from(word: str, language: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the entries whose first word is `word`, long phrases first; a stem serves where the word has no entry itself."""
    dictionary = _dictionary(language)
    entries = dictionary.phrases.get(word, [])
    if not any(len(words) == 1 for words, _ in entries):
        english = _english_of_stem(word, dictionary)
        if english is not None:
            entries = [*entries, ((word,), english)]
    return tuple(sorted(entries, key=lambda entry: -len(entry[0])))


def _english_of_stem(word: str, dictionary: _Dictionary) -> str | None:
    """Return the English of the longest stem that `word` begins with."""
    shortest = max(_SHORTEST_STEM, len(word) - LONGEST_ENDING)
    for end in range(len(word), shortest - 1, -1):
        if word[:end] in dictionary.stems:
            return dictionary.stems[word[:end]]
    return None


@derived()
def _dictionary(language: str) -> _Dictionary:
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    stems: dict[str, str] = {}
    for written, english in lexicon.glossary(language):
        words = tuple(map(fold, WORDS.findall(written)))
        if written.endswith("*"):
            stems[words[0]] = english
        else:
            phrases.setdefault(words[0], []).append((words, english))
    return _Dictionary(phrases, stems)


@derived()
def _phrase_words() -> frozenset[str]:
    dictionaries = map(_dictionary, glossary_languages())
    return frozenset(
        word for dictionary in dictionaries for entries in dictionary.phrases.values() for words, _ in entries for word in words
    )


@derived()
def prepositions() -> frozenset[str]:
    """Return English prepositions: they are translated only before a word of the glossary, for in the name of a tea they belong to the name."""
    return frozenset(lexicon.words("product_names", "prepositions"))


@derived()
def _latin_languages() -> tuple[str, ...]:
    """Return the languages of the glossary that are written in Latin letters: only of these a text does not show which it is in."""
    return tuple(language for language in glossary_languages() if _LATIN_LETTER.search("".join(_dictionary(language).phrases)))


@derived()
def _other_languages() -> tuple[str, ...]:
    return tuple(language for language in glossary_languages() if language not in _latin_languages())


@derived()
def _sole_languages() -> Mapping[str, str]:
    """Return the one Latin language of each single word that no other has, nor English."""
    words = ((word, language) for language in _latin_languages() for word in _words_of_no_other(language))
    return {word: language for word, language in words if word not in english_words()}


@derived()
def _words_of_no_other(language: str) -> frozenset[str]:
    """Return the single words that the glossary has in this Latin language and in no other."""
    others = (_single_words(other) for other in _latin_languages() if other != language)
    return _single_words(language).difference(*others)


def _single_words(language: str) -> frozenset[str]:
    entries = (entry for entries in _dictionary(language).phrases.values() for entry in entries)
    return frozenset(words[0] for words, _ in entries if len(words) == 1)
