"""A line in Cyrillic letters with words in Latin ones and figures: each word from the reading that knows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from monito_ray.pipeline.characters import CYRILLIC
from monito_ray.pipeline.pictures.text_reading import SeenChar, SeenText

#: Of a word in Latin letters its reading in English is at least so sure, and no less than that in Russian: on pages of our own "Verano", "Cedar" and "Palma"
#: 0.99 and 1 beside 0.98 and 0.99, "Cbip" 0.98 and 0.99 beside 1 for "Сыр". Of two letters nothing is sure: "wT" is "шт". The network, which leaves Cyrillic
#: letters out, is trusted for whole words from a little less.
_SHORTEST_WORD = 3
_ENGLISH_CERTAINTY, _NETWORK_CERTAINTY = 0.985, 0.9
#: Latin letters that no Cyrillic one looks like.
_UNMISTAKABLE = frozenset("dfgijlqsvwzDFGIJLNQRSUVWZ")
_CYRILLIC = re.compile(CYRILLIC, re.IGNORECASE)
#: Two readings of one word stand as far apart as this share of the line, at most.
_APART = 0.02


@dataclass(frozen=True, slots=True)
class _PlacedWord:
    chars: tuple[SeenChar, ...]

    @property
    def text(self) -> str:
        return "".join(char.text for char in self.chars)

    @property
    def middle(self) -> float:
        return (self.chars[0].place + self.chars[-1].place) / 2

    @property
    def certainty(self) -> float:
        return min(char.certainty for char in self.chars)


def with_latin_words(line: SeenText, english: SeenText, network: SeenText) -> SeenText:
    """Return a line as Tesseract reads Russian, with Latin words as it reads English and with figures and their units as the network does."""
    by_english = [
        word
        for word in _placed_words(english)
        if word.certainty >= _ENGLISH_CERTAINTY and len(word.chars) >= _SHORTEST_WORD and _is_latin(word.text)
    ]
    by_network = [
        word for word in _placed_words(network) if word.certainty >= _NETWORK_CERTAINTY and (word.text.isdigit() or _is_latin(word.text))
    ]
    words = []
    for word in _placed_words(line):
        seen = next((other for other in by_network if _is_there(other, word) and len(other.chars) == len(word.chars)), None)
        words.append(seen or next((other for other in by_english if _is_there(other, word) and other.certainty >= word.certainty), word))
    return _line_of(words)


def has_foreign_letters(line: "SeenText | _PlacedWord") -> bool:
    """Return whether a line, or a word, has a letter that is neither Cyrillic nor of plain Latin: "Méa", which is "Мёд"."""
    return any(map(_is_foreign, line.text))


def without_foreign_letters(line: SeenText, russian: SeenText) -> SeenText:
    """Return a line with the words that have such letters as they are read in Cyrillic."""
    by_russian = list(_placed_words(russian))
    return _line_of(
        [
            next((other for other in by_russian if _is_there(other, word)), word) if has_foreign_letters(word) else word
            for word in _placed_words(line)
        ]
    )


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not letter.isascii() and _CYRILLIC.match(letter) is None


def _placed_words(line: SeenText) -> Iterator[_PlacedWord]:
    for is_blank, chars in groupby(line.chars, key=lambda char: char.text.isspace()):
        if not is_blank:
            yield _PlacedWord(tuple(chars))


def _line_of(words: Sequence[_PlacedWord]) -> SeenText:
    """Return words with a blank between them."""
    chars: list[SeenChar] = []
    for word in words:
        if chars:
            chars.append(SeenChar(" ", (chars[-1].place + word.chars[0].place) / 2, 1.0))
        chars += word.chars
    return SeenText(tuple(chars))


def _is_there(word: _PlacedWord, other: _PlacedWord) -> bool:
    return abs(word.middle - other.middle) <= _APART


def _is_latin(text: str) -> bool:
    """Whether a word has a letter that no Cyrillic one looks like."""
    return text.isascii() and not _UNMISTAKABLE.isdisjoint(text)
