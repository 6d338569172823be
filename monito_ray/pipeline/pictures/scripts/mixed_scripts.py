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
#: Of 324 lines of our own that end in a Cyrillic unit the network, where it is sure, sees none with a letter that no Cyrillic one looks like.
_LAST_MEASURE = re.compile(r"(?<![\w.,])(?P<figure>\d{1,4}(?:[.,]\d{1,3})?) ?(?P<unit>[A-Za-z]{1,3})\s*$")
_IN_FIGURES = "0123456789.,"
#: Units that no Cyrillic one is taken for, of 324, however unsure the network is: from so much on they are believed where Tesseract sees the same figure.
#: Not "l", which is left of "ml" where that is blurred.
_CLEAR_UNITS, _CLEAR_CERTAINTY = frozenset({"g", "gr", "kg", "ml", "L"}), 0.7
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
    return _with_last_measure(_line_of(words), network)


def _with_last_measure(line: SeenText, network: SeenText) -> SeenText:
    """Return a line with the figure and the Latin unit at its end as the network reads them, where it is sure: Tesseract takes "250 g" for "250 9"."""
    match = _LAST_MEASURE.search(network.text)
    if match is None or not _is_latin(match["unit"]):
        return line
    measure = network.chars[match.start() : match.end("unit")]
    pitch = (measure[-1].place - measure[0].place) / (len(measure) - 1)
    begin = measure[0].place - max(pitch / 2, _APART)
    before, behind = (list(_placed_words(SeenText(tuple(chars)))) for chars in _parted(line.chars, begin))
    if not before or before[-1].text[-1] in _IN_FIGURES:  # another figure, or the network has lost the half of one
        return line
    agree = match["unit"] in _CLEAR_UNITS and bool(behind) and behind[0].text == match["figure"]
    least = _CLEAR_CERTAINTY if agree else _NETWORK_CERTAINTY
    if min(char.certainty for char in measure if not char.text.isspace()) < least:
        return line
    words = list(_placed_words(SeenText(measure)))
    if len(words) == 1 and len(behind) > 1:  # Tesseract sees the blank between them
        words = [_PlacedWord(measure[: len(match["figure"])]), _PlacedWord(measure[len(match["figure"]) :])]
    return _line_of([*before, *words])


def _parted(chars: Sequence[SeenChar], place: float) -> tuple[list[SeenChar], list[SeenChar]]:
    """Return the characters on the left of a place, and those on its right."""
    return [char for char in chars if char.place < place], [char for char in chars if char.place >= place]


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
