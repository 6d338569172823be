"""The terms of a text: its words and numbers in the form in which the index has them.

A term is folded (small letters, no accents) and without its ending, so that "Tomatoes" and "tomato" are one. Scripts without blanks give pairs
of characters. Products and queries go through the same functions, so that a wrong stem does no harm.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import IDEOGRAPHS, KANA, THAI, any_of, any_phrase, combining_marks
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.text_words import fold
from monito_ray.pipeline.units import base_factors

#: What is left of a word when its ending goes has at least so many letters.
SHORTEST_STEM = 3
#: Marks a term that says what the goods are, not what is in them; no letter, but a character of terms for both databases.
_MAIN = "^"
#: Ties the words of one thing: "sweet potato" is no potato.
_TIE = "+"
#: Marks the term of a size; see `size_term`.
_SIZE = "#"
_UNSPACED = re.compile(f"[{IDEOGRAPHS}{KANA}{THAI}]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`](?=\w)")
_WORD_OR_NUMBER = re.compile(r"\w+")
#: Marks the term of a category.
_CATEGORY = "@"
#: The characters of terms beside letters, digits and marks over letters.
MARKS = f"{_MAIN}{_TIE}{_SIZE}{_CATEGORY}."
#: So many base units are counted in a term, which holds no decimals: millilitres, grams.
_PARTS_OF_BASE_UNIT = 1000


def terms_of(text: str) -> list[str]:
    """Return the terms of a text in running order: "Cola 330ml" gives "cola", "330", "ml"."""
    return [term for word in split_words(text) for term in _terms_of_word(word)]


@derived(maxsize=65536)
def terms_of_word(word: str) -> tuple[str, ...]:
    """Return the terms of a word, or of a short text that many goods have: as `terms_of`, and remembered."""
    return tuple(terms_of(word))


def split_words(text: str) -> list[str]:
    """Return the folded words and numbers of a text; apostrophes within words go ("bird's" is "birds")."""
    folded = text.casefold() if text.isascii() else fold(unicodedata.normalize("NFKC", text))
    words = _word().findall(_APOSTROPHE.sub("", folded) if _APOSTROPHE.search(folded) else folded)
    return [word.replace(",", ".") for word in words] if "," in folded else words


def size_term(size: Decimal, unit: str) -> str:
    """Return the term of a size, equal for "2 l" and "2000 ml"; "" for a unit without a base unit."""
    if unit not in base_factors():
        return ""
    base, factor = base_factors()[unit]
    return f"{_SIZE}{int(size * factor * _PARTS_OF_BASE_UNIT)}{base}"


def main_term(terms: Iterable[str]) -> str:
    """Return the term that says that goods are what these terms name together."""
    return _MAIN + _TIE.join(sorted(terms))


def category_term(terms: Iterable[str]) -> str:
    """Return the term of all goods of a category, by the terms of its name."""
    return _CATEGORY + _TIE.join(sorted(terms))


def is_plain_word(term: str) -> bool:
    """Whether a term is of letters alone: only these are misspelt, or begun."""
    return term.isalpha()


def without_synonyms(text: str) -> str:
    """Return a folded English text with one word for each thing: "prawns" are "shrimp"."""
    if _first_words_of_synonyms().isdisjoint(_WORD_OR_NUMBER.findall(text)):
        return text
    return _synonym().sub(lambda match: _synonyms()[match["one"]], text)


def _terms_of_word(word: str) -> list[str]:
    if _UNSPACED.fullmatch(word):
        return [word[start : start + 2] for start in range(max(len(word) - 1, 1))]
    return [stem(word)]


@derived(maxsize=65536)
def stem(word: str) -> str:
    """Return a folded word without the longest ending that any language has: "potatoes" is "potato", "яйца" is "яйц"."""
    if not word.isalpha():
        return word
    for length in range(min(_longest_ending(), len(word) - SHORTEST_STEM), 0, -1):
        if word[-length:] in _endings():
            return word[:-length]
    return word


@derived()
def _word() -> re.Pattern[str]:
    return re.compile(rf"\d+(?:[.,]\d+)?|{_UNSPACED.pattern}|(?:[^\W\d_]|[{combining_marks()}])+")


@derived()
def _endings() -> frozenset[str]:
    return frozenset(fold(ending) for ending in lexicon.words("search", "endings"))


@derived()
def _longest_ending() -> int:
    return max(map(len, _endings()), default=0)


@derived()
def _synonyms() -> Mapping[str, str]:
    """Return the usual word by each other spelling or name."""
    return {fold(other): fold(usual) for usual, others in lexicon.entries("synonyms").items() for other in others}


@derived()
def _first_words_of_synonyms() -> frozenset[str]:
    """Return the words with which another spelling or name begins in a text, in the singular and the plural."""
    first_words = {_WORD_OR_NUMBER.findall(other)[0] for other in _synonyms()}
    return frozenset(f"{word}{ending}" for word in first_words for ending in ("", "s", "es"))


@derived()
def beginnings_of_synonyms() -> frozenset[tuple[str, ...]]:
    """Return the first two words, in the singular and the plural, of other names that have several."""
    beginnings = [words[:2] for other in _synonyms() if len(words := _WORD_OR_NUMBER.findall(other)) > 1]
    return frozenset((first, f"{second}{ending}") for first, second in beginnings for ending in ("", "s", "es"))


@derived()
def _synonym() -> re.Pattern[str]:
    words = [text for text in _synonyms() if text.isalnum()]
    longer = any_phrase(
        (text for text in _synonyms() if not text.isalnum()), " "
    )  # where a text begins with a word, too, it is the longer one
    return re.compile(rf"\b(?P<one>{longer}|{any_of(words)})(?:e?s)?\b")
