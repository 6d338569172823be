"""A name in English, where every word of it is known: half a translation is worse for searching and matching than the original.

The glossary has no grammar. Of languages whose heads stand first a phrase is turned round (`kue coklat`: chocolate cake), Russian adjectives
are put first; a longer phrase stays as it is, for nobody could tell its order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import CYRILLIC, WORD
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary

_WORD = re.compile(WORD)
_CYRILLIC = re.compile(CYRILLIC, re.IGNORECASE)
#: The most words and phrases of the glossary in a row whose English order is known.
_MOST_IN_ROW, _MOST_NOUNS_IN_ROW = 3, 2
_OF = "of"
#: What stands in quotes is a name, and means nothing.
_QUOTES = re.compile(r"[\"«»„“”]")


class _Kind(Enum):
    #: A word or phrase of the glossary.
    TRANSLATED = auto()
    #: Such a word that is a Russian adjective.
    ADJECTIVE = auto()
    #: "with", "for": what it stands between stays in its order.
    PREPOSITION = auto()
    #: A number, an English word or a name.
    UNCHANGED = auto()


class _NamePart(NamedTuple):
    start: int
    end: int
    english: str
    kind: _Kind


@derived(maxsize=65536)
def translate_wholly(text: str, languages: tuple[str, ...]) -> str:
    """Return `text` in English, or "" where a word is unknown or in quotes, its order is unclear, or nothing is to translate.

    `languages` are those of the glossary that its list is in. Numbers, English words of the trade, and capitalized Latin words in a Cyrillic name,
    which are brands and models, stay as they are.
    """
    parts = _parts(text, languages) if not _QUOTES.search(text) else []
    if not parts or _parts_are_apart(text, parts) or not any(part.kind is not _Kind.UNCHANGED for part in parts) or _says_twice(parts):
        return ""
    is_cyrillic = not text.isascii() and _CYRILLIC.search(text) is not None
    pieces: list[str] = []
    end = 0
    for row in _rows(text, parts):
        english = _in_order(row, is_cyrillic=is_cyrillic)
        if not english:
            return ""
        pieces += (text[end : row[0].start], english)
        end = row[-1].end
    return "".join((*pieces, text[end:]))


def _parts_are_apart(text: str, parts: Sequence[_NamePart]) -> bool:
    """Whether something unchanged stands between two parts of the glossary: nobody could tell what goes with what."""
    return any(
        _belongs(before) and between.kind is _Kind.UNCHANGED and _belongs(after) and text[before.end : after.start].count(" ") == 2
        for before, between, after in zip(parts, parts[1:], parts[2:], strict=False)
    )


def _parts(text: str, languages: tuple[str, ...]) -> list[_NamePart]:
    """Return the words and phrases of `text`; none where one of them is unknown."""
    is_cyrillic = not text.isascii() and _CYRILLIC.search(text) is not None
    parts: list[_NamePart] = []
    for start, end, length, _, english in glossary.phrases_in(text, languages):
        written = text[start:end]
        if english is not None and not any(map(str.isdigit, written)):
            parts.append(_NamePart(start, end, english, _kind(english, written if length == 1 else "")))
        elif _stays(written, is_cyrillic):
            is_english = written.istitle() and written.casefold() in glossary.english_words()
            parts.append(_NamePart(start, end, written.lower() if is_english else written, _Kind.UNCHANGED))
        else:
            return []
    return parts if parts and parts[-1].kind is not _Kind.PREPOSITION else []


def _kind(english: str, word: str) -> _Kind:
    if english in glossary.prepositions():
        return _Kind.PREPOSITION
    return _Kind.ADJECTIVE if word.casefold().endswith(_adjective_endings()) else _Kind.TRANSLATED


def _stays(word: str, is_cyrillic: bool) -> bool:
    folded = word.casefold()
    if any(map(str.isdigit, word)) or folded in glossary.english_words():
        return True
    return is_cyrillic and word.isascii() and word[0].isupper()


def _says_twice(parts: Sequence[_NamePart]) -> bool:
    """Whether a name says the same in two languages: "Cabbage/kol"."""
    unchanged = {word for part in parts if part.kind is _Kind.UNCHANGED and not (word := part.english.casefold()).isdigit()}
    if not unchanged:
        return False
    words = [word for part in parts for word in _WORD.findall(part.english.casefold()) if part.kind is not _Kind.PREPOSITION]
    return any(words.count(word) > 1 for word in unchanged)


def _rows(text: str, parts: Sequence[_NamePart]) -> Iterator[list[_NamePart]]:
    """Yield the parts, those of the glossary that only spaces part together; "of" between two of them is one of them."""
    row: list[_NamePart] = []
    for part in parts:
        belongs = part.kind in (_Kind.TRANSLATED, _Kind.ADJECTIVE) or part.english == _OF
        if row and not (belongs and _belongs(row[-1]) and text[row[-1].end : part.start] == " "):
            yield row
            row = []
        row.append(part)
    if row:
        yield row


def _belongs(part: _NamePart) -> bool:
    return part.kind in (_Kind.TRANSLATED, _Kind.ADJECTIVE) or part.english == _OF


def _in_order(row: Sequence[_NamePart], *, is_cyrillic: bool) -> str:
    """Return the English of parts that belong together, "" where their order is unclear."""
    if len(row) == 1:
        return row[0].english
    parts = [part for part in row if part.english != _OF]
    adjectives = [part for part in parts if is_cyrillic and part.kind is _Kind.ADJECTIVE]
    nouns = [part for part in parts if part not in adjectives]
    if len(parts) > _MOST_IN_ROW or (is_cyrillic and len(nouns) > _MOST_NOUNS_IN_ROW):
        return ""
    return _overlapped(part.english for part in (*adjectives, *reversed(nouns)))


def _overlapped(phrases: Iterable[str]) -> str:
    """Return phrases in a row; words that end one and begin the next are said once: "rice" and "rice vermicelli", "chips" and "chips"."""
    words: list[str] = []
    for phrase in phrases:
        more = phrase.split()
        folded, folded_more = ([word.casefold() for word in it] for it in (words, more))
        shared = next((count for count in range(min(len(words), len(more)), 0, -1) if folded[-count:] == folded_more[:count]), 0)
        words += more[shared:]
    return " ".join(words)


@derived()
def _adjective_endings() -> tuple[str, ...]:
    return lexicon.words("product_names", "adjective_endings")
