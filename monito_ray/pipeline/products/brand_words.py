"""The shape of words that can be a brand, and how the catalogue spells them."""

import re
from functools import lru_cache

from monito_ray.pipeline import characters
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary, taxonomy

WORD = re.compile(r"[^\W_]+(?:['’&.+-]+[^\W_]+)*\.?")
CYRILLIC = re.compile(characters.CYRILLIC, re.IGNORECASE)
_NOT_SPELLED = re.compile(r"[^\w&+]|_")
#: A word in capitals is an abbreviation up to this length and stays: "ABC", but "Heinz".
_LONGEST_ABBREVIATION = 3
#: Letters that a brand's word has at least; shorter words at the head of a name are codes and marks.
_LEAST_LETTERS = 3
#: Digits and marks that a brand's word has at most: more make it a model or an article number.
_MOST_NON_LETTERS = 2
#: Most words, and least characters, of a brand before a dash: "Gran Zarvex - Dijon mustard". Longer phrases describe the goods.
_MOST_WORDS_BEFORE_DASH = 3
_SHORTEST_BEFORE_DASH = 3


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


def may_be_brand(word: str, least_letters: int = _LEAST_LETTERS) -> bool:
    """Whether a casefolded word has a brand's shape and is no word of the trade; Cyrillic words never count."""
    letters = sum(char.isalpha() for char in word)
    is_shaped = letters >= least_letters and len(word) - letters <= _MOST_NON_LETTERS
    return is_shaped and not CYRILLIC.search(word) and not _is_trade_word(word)


def may_be_brand_before_dash(text: str) -> bool:
    """Whether the part of a name in front of a dash can be a brand: a few Latin words, none of them of the trade."""
    words = WORD.findall(text)
    if not 0 < len(words) <= _MOST_WORDS_BEFORE_DASH or len(text) < _SHORTEST_BEFORE_DASH or CYRILLIC.search(text):
        return False
    return not any(_is_trade_word(word.casefold()) for word in words)


@derived(maxsize=65536)
def _is_trade_word(word: str) -> bool:
    """Whether `word`, in the singular or plural, means goods or tells a category."""
    other_number = word[:-1] if word.endswith("s") else f"{word}s"
    return any(glossary.is_trade_word(form) or taxonomy.is_keyword(form) for form in (word, other_number))
