"""Words of the trade in Indonesian, Russian and Spanish, and their English (`data/glossary_*.tsv`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from monito_ray.pipeline import data

LANGUAGES = ("id", "ru", "es")
_LATIN = ("id", "es")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_GAP = re.compile(r"[ .]{1,2}")
_CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
_SHORTEST_STEM = 3
_LONGEST_ENDING = 3
# Little words mean something only before a word that is known: in the name of a tea they belong to the name.
_LITTLE = frozenset({"with", "on", "in", "and", "from", "for", "without", "of", "of the"})
# A Latin list is taken to be (also) in a language when this share of its rows has a word of that language alone.
_ENOUGH = 0.04


@dataclass(frozen=True, slots=True)
class _Dictionary:
    phrases: dict[str, list[tuple[tuple[str, ...], str]]]
    stems: dict[str, str]


def detect_languages(texts: Iterable[str]) -> tuple[str, ...]:
    """The languages of the glossary that a list's texts are in; English alone gives only "ru", which its script tells apart.

    Short words mean different things in different languages ("pan", "air", "cat"): so a whole list decides, not a word.
    """
    hits = dict.fromkeys(_LATIN, 0)
    rows = 0
    for text in texts:
        rows += 1
        words = {word.casefold() for word in _WORD.findall(text)} - english_words()
        for language in _LATIN:
            hits[language] += not words.isdisjoint(_only(language))
    best = max(hits.values())
    return ("ru", *(language for language in _LATIN if hits[language] > _ENOUGH * rows and hits[language] * 4 >= best))


@lru_cache(maxsize=65536)
def translate(text: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[str, float]:
    """`text` with every known phrase and word in English, and the share of its words that is known, 1.0 where it has none.

    The longest match wins. Numbers, unknown words and marks stay as and where they are; English words count as known.
    """
    matches = list(_WORD.finditer(text))
    pieces: list[str] = []
    place = known = words = index = 0
    spoken = tuple(language for language in languages if language != "ru" or _CYRILLIC.search(text))
    while index < len(matches):
        length, english_text = _longest(text, matches, index, spoken)
        if english_text in _LITTLE and not _is_known(text, matches, index + length, spoken):
            english_text = None
        last = matches[index + length - 1]
        written = text[matches[index].start() : last.end()]
        if any(map(str.isdigit, written)):
            english_text = None
        else:
            words += length
            known += length if english_text is not None or written.casefold() in english_words() else 0
        if english_text is not None:
            pieces += (text[place : matches[index].start()], english_text)
            place = last.end()
        index += length
    return "".join((*pieces, text[place:])), known / words if words else 1.0


@lru_cache(maxsize=65536)
def is_trade_word(word: str) -> bool:
    """Whether `word` is one of the trade in any language, English too: then it is hardly a brand."""
    folded = word.casefold()
    return folded in english_words() or folded in _phrase_words() or any(_beginning(folded, language) for language in LANGUAGES)


@cache
def english_words() -> frozenset[str]:
    """English words of the trade: what the glossaries translate to, and `data/english.txt`."""
    texts = list(data.lines("english.txt"))
    for language in LANGUAGES:
        dictionary = _dictionary(language)
        texts += dictionary.stems.values()
        texts += (english_text for entries in dictionary.phrases.values() for _, english_text in entries)
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _is_known(text: str, matches: list[re.Match[str]], index: int, spoken: tuple[str, ...]) -> bool:
    if index >= len(matches):
        return False
    return _longest(text, matches, index, spoken)[1] is not None or matches[index][0].casefold() in english_words()


def _longest(text: str, matches: list[re.Match[str]], index: int, spoken: tuple[str, ...]) -> tuple[int, str | None]:
    best: tuple[int, str | None] = (1, None)
    for language in spoken:
        for words, english_text in _beginning(matches[index][0].casefold(), language):
            if len(words) > best[0] and _stand(text, matches, index, words):
                best = (len(words), english_text)
            elif len(words) == 1 and best[1] is None:
                best = (1, english_text)
    return best


def _stand(text: str, matches: list[re.Match[str]], index: int, words: tuple[str, ...]) -> bool:
    """Whether `words` stand in the text from `index` on, with nothing but a space between them."""
    found = matches[index : index + len(words)]
    return (
        len(found) == len(words)
        and all(match[0].casefold() == word for match, word in zip(found, words, strict=True))
        and all(_GAP.fullmatch(text, left.end(), right.start()) for left, right in pairwise(found))
    )


@lru_cache(maxsize=65536)
def _beginning(word: str, language: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The entries whose first word `word` is, long phrases first; a stem stands for the word where that has no entry itself."""
    dictionary = _dictionary(language)
    entries = list(dictionary.phrases.get(word, ()))
    if not any(len(words) == 1 for words, _ in entries):
        stem = next(
            (
                word[:end]
                for end in range(len(word), max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING) - 1, -1)
                if word[:end] in dictionary.stems
            ),
            None,
        )
        if stem is not None:
            entries.append(((word,), dictionary.stems[stem]))
    return tuple(sorted(entries, key=lambda entry: -len(entry[0])))


@cache
def _dictionary(language: str) -> _Dictionary:
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    stems: dict[str, str] = {}
    for line in data.lines(f"glossary_{language}.tsv"):
        written, english_text = line.split("\t")
        words = tuple(_WORD.findall(written.casefold()))
        if written.endswith("*"):
            stems[words[0]] = english_text
        else:
            phrases.setdefault(words[0], []).append((words, english_text))
    return _Dictionary(phrases, stems)


@cache
def _phrase_words() -> frozenset[str]:
    dictionaries = map(_dictionary, LANGUAGES)
    return frozenset(
        word for dictionary in dictionaries for entries in dictionary.phrases.values() for words, _ in entries for word in words
    )


@cache
def _only(language: str) -> frozenset[str]:
    words, others = (
        {entry[0][0] for entries in _dictionary(of).phrases.values() for entry in entries if len(entry[0]) == 1}
        for of in (language, "es" if language == "id" else "id")
    )
    return frozenset(words - others)
