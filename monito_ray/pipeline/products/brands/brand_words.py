"""The shape of words that can be a brand, and how the catalogue spells them."""

import re
from functools import lru_cache

from monito_ray.pipeline import characters, lexicon
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brands import common_words
from monito_ray.pipeline.products.categories.keywords import BRANDS, all_languages, keywords_from
from monito_ray.pipeline.products.text_words import fold

WORD = re.compile(r"[^\W_]+(?:['’&.+-]+[^\W_]+)*\.?")
CYRILLIC = re.compile(characters.CYRILLIC, re.IGNORECASE)
_NOT_SPELLED = re.compile(r"[^\w&+]|_")
#: Letters of scripts that put no spaces between words, and Latin ones of one language or few: brands that travel are written without them, the
#: goods of the country with them.
LOCAL_LETTER = re.compile(
    f"[{characters.IDEOGRAPHS}{characters.KANA}{characters.HANGUL}{characters.THAI}{characters.FARTHER_LATIN}]|[{characters.combining_marks()}]"
)
#: Characters of an ending of compounds that tells a category, its asterisk among them.
_LEAST_ENDING = 5
#: "men's" is a word of the trade as "men" is.
_POSSESSIVE = re.compile("['’]s$")
#: A word in capitals is an abbreviation up to this length and stays: "ABC", but "Heinz".
_LONGEST_ABBREVIATION = 3
#: Letters that a brand's word has at least; shorter words at the head of a name are codes and marks.
_LEAST_LETTERS = 3
#: Digits and marks that a brand's word has at most: more make it a model or an article number.
_MOST_NON_LETTERS = 2


def titlecase(brand: str) -> str:
    """Return a brand in capitals as a name: "KOPI LUWAK" becomes "Kopi Luwak", "ABC" stays."""
    return " ".join(_titlecase_word(word) for word in brand.split())


def _titlecase_word(word: str) -> str:
    is_shouted = word.isupper() and word.isalpha() and len(word) > _LONGEST_ABBREVIATION
    return word.capitalize() if is_shouted else word


@lru_cache(maxsize=65536)
def fold_spelling(text: str) -> str:
    """Return `text` without case, spaces and marks: "Coca-Cola" and "coca cola" are equal."""
    return _NOT_SPELLED.sub("", text.casefold())


@derived(maxsize=65536)
def may_be_brand(word: str, least_letters: int = _LEAST_LETTERS) -> bool:
    """Whether a casefolded word has a brand's shape and means nothing in the trade; Cyrillic words never count."""
    letters = sum(char.isalpha() for char in word)
    is_shaped = letters >= least_letters and len(word) - letters <= _MOST_NON_LETTERS and not word.endswith("-")
    return is_shaped and not CYRILLIC.search(word) and not LOCAL_LETTER.search(word) and not is_ordinary_word(word)


@derived(maxsize=65536)
def is_ordinary_word(word: str) -> bool:
    """Whether a casefolded word means goods or what they are like, in some language: as a glossary, a category or the names of goods have it."""
    return is_trade_word(word) or common_words.is_common_word(word)


@derived(maxsize=65536)
def is_trade_word(word: str) -> bool:
    """Whether a casefolded word, in the singular or plural, stands in a glossary or tells a category."""
    word = _POSSESSIVE.sub("", word)
    singular = word.removesuffix("s")
    return any(map(glossary.is_trade_word, {word, singular, f"{word}s"})) or any(map(_tells_category, {word, singular}))


def _tells_category(word: str) -> bool:
    """Whether one word tells a category; an ending of compounds has to be long for it: "*bier" tells more than "*ol"."""
    return any(
        len(keyword.words) == 1
        and keyword.language != BRANDS
        and not (keyword.words[0].startswith("*") and len(keyword.words[0]) < _LEAST_ENDING)
        for keyword in keywords_from(fold(word), all_languages())
    )


@derived()
def name_parts() -> frozenset[str]:
    """Return the words that names begin with and that are no names alone: "San", "Domaine"."""
    return frozenset(word.casefold() for word in lexicon.words("companies", "name_parts"))


@derived()
def fit_words() -> frozenset[str]:
    """Return the words between goods and what they fit: "for", "для". The name behind one is of other goods."""
    return frozenset(word.casefold() for word in lexicon.words("companies", "fits"))
