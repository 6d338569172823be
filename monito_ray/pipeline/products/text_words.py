"""The words of a text, folded: what glossaries, keywords and the search look up. Several of them look at one name in turn."""

import re
from functools import lru_cache
from typing import NamedTuple

from monito_ray.pipeline.characters import WITHOUT_ACCENTS, WORD

WORDS = re.compile(WORD)
#: A text is looked at again soon, while its row is worked on, or not at all.
TEXTS_REMEMBERED = 1_000


class TextWords(NamedTuple):
    """The words of a text in running order, in columns of one length."""

    #: Where each begins and ends.
    spans: tuple[tuple[int, int], ...]
    written: tuple[str, ...]
    folded: tuple[str, ...]


def fold(word: str) -> str:
    """Return `word` in lower case and without accents, which many lists leave out."""
    folded = word.casefold()
    return folded if folded.isascii() else folded.translate(WITHOUT_ACCENTS)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def words_in(text: str) -> TextWords:
    """Return the words of a text."""
    matches = list(WORDS.finditer(text))
    written = tuple([match[0] for match in matches])
    folded = tuple(WORDS.findall(text.lower()) if text.isascii() else map(fold, written))
    return TextWords(tuple([match.span() for match in matches]), written, folded)


def words_of_lower_case(text: str) -> tuple[str, ...]:
    """Return the folded words of a text in lower case: of few letters that is several characters, and one of them may part words."""
    return words_in(text if text.isascii() else text.casefold()).folded
