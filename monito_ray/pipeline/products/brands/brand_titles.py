"""Titles within a list that are brands: "ZARVEX" above the goods of Zarvex."""

from functools import lru_cache

from monito_ray.pipeline.products.brands.brand_words import CYRILLIC, WORD, is_ordinary_word, titlecase

#: A title of more words describes goods.
_MOST_WORDS = 3
#: Letters that a brand in Latin letters needs: fewer stand at the head of a name by chance.
_LEAST_LETTERS = 3


@lru_cache(maxsize=4096)
def brand_of_title(title: str) -> str:
    """Return the words at the head of a title that mean nothing in the trade, as a brand; "" where there are none or the title says much else."""
    words = WORD.findall(title)
    if not 0 < len(words) <= _MOST_WORDS or CYRILLIC.search(title):
        return ""
    brand = words[: next((index for index, word in enumerate(words) if not _may_name(word)), len(words))]
    return titlecase(" ".join(brand)) if sum(map(len, brand)) >= _LEAST_LETTERS or not title.isascii() else ""


def _may_name(word: str) -> bool:
    return word.isalpha() and not is_ordinary_word(word.casefold())
