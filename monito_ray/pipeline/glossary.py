"""Words of the trade in Indonesian, Russian and Spanish, and their English (`data/glossary_*.tsv`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from monito_ray.pipeline import data

LANGUAGES = ("id", "ru", "es")
_LATIN = ("id", "es")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_GAP = re.compile(r"[ .]{1,2}")
_CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
_LONGEST_PHRASE = 4
_SHORTEST_STEM = 3
# A Latin list is taken to be (also) in a language when this share of its rows has a word of that language alone.
_ENOUGH = 0.04


@dataclass(frozen=True, slots=True)
class _Dictionary:
    phrases: dict[str, str]
    stems: dict[str, str]


def languages(texts: Iterable[str]) -> tuple[str, ...]:
    """The languages of the glossary that a list's texts are in; English alone gives only "ru", which its script tells apart.

    Short words mean different things in different languages ("pan", "air", "cat"): so a whole list decides, not a word.
    """
    hits = dict.fromkeys(_LATIN, 0)
    rows = 0
    for text in texts:
        rows += 1
        words = {word.casefold() for word in _WORD.findall(text)} - english()
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
    tables = [_dictionary(language) for language in languages if language != "ru" or _CYRILLIC.search(text)]
    while index < len(matches):
        length, english_text = _longest(text, matches, index, tables)
        last = matches[index + length - 1]
        written = text[matches[index].start() : last.end()]
        if any(char.isdigit() for char in written):
            english_text = None
        else:
            words += length
            known += length if english_text is not None or written.casefold() in english() else 0
        if english_text is not None:
            pieces += (text[place : matches[index].start()], english_text)
            place = last.end()
        index += length
    return "".join((*pieces, text[place:])), known / words if words else 1.0


@lru_cache(maxsize=65536)
def knows(word: str) -> bool:
    """Whether `word` is one of the trade in any language, English too: then it is hardly a brand."""
    folded = word.casefold()
    return folded in english() or any(_look_up(folded, _dictionary(language)) is not None for language in LANGUAGES)


@cache
def english() -> frozenset[str]:
    """English words of the trade: what the glossaries translate to, and `data/english.txt`."""
    texts = [
        *data.lines("english.txt"),
        *(english_text for language in LANGUAGES for english_text in _dictionary(language).phrases.values()),
    ]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _longest(text: str, matches: list[re.Match[str]], index: int, tables: list[_Dictionary]) -> tuple[int, str | None]:
    phrase = ""
    best: tuple[int, str | None] = (1, None)
    for length in range(1, min(_LONGEST_PHRASE, len(matches) - index) + 1):
        match = matches[index + length - 1]
        if length > 1 and not _GAP.fullmatch(text, matches[index + length - 2].end(), match.start()):
            break
        phrase = f"{phrase} {match[0].casefold()}" if phrase else match[0].casefold()
        found = next((found for table in tables if (found := _look_up(phrase, table)) is not None), None)
        if found is not None:
            best = (length, found)
    return best


def _look_up(phrase: str, dictionary: _Dictionary) -> str | None:
    found = dictionary.phrases.get(phrase)
    if found is None and dictionary.stems and " " not in phrase:
        for end in range(len(phrase), _SHORTEST_STEM - 1, -1):
            found = dictionary.stems.get(phrase[:end])
            if found is not None:
                break
    return found


@cache
def _dictionary(language: str) -> _Dictionary:
    phrases: dict[str, str] = {}
    stems: dict[str, str] = {}
    for line in data.lines(f"glossary_{language}.tsv"):
        written, english_text = line.split("\t")
        phrase = " ".join(_WORD.findall(written.casefold()))
        (stems if written.endswith("*") else phrases)[phrase] = english_text
    return _Dictionary(phrases, stems)


@cache
def _only(language: str) -> frozenset[str]:
    others = {phrase for other in _LATIN if other != language for phrase in _dictionary(other).phrases}
    return frozenset(phrase for phrase in _dictionary(language).phrases if " " not in phrase and phrase not in others)
