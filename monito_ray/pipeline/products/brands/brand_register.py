"""Brands that are known before a list is read: those of the catalogue, and those of the list's own column of brands.

A brand is looked for where brands stand, at the head of a name or right behind the kind of goods: elsewhere its word may mean another thing, or
what the goods fit.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from monito_ray.pipeline.products.brands.brand_words import CYRILLIC, WORD, fit_words, fold_spelling, is_ordinary_word

#: Words of a brand at most, and words of the kind of goods that may stand before it.
_MOST_WORDS, _MOST_KIND_WORDS = 4, 3
#: A shorter spelling counts at the head of a name alone: "3M" behind "25 mm x" is a length.
_SHORTEST_BEHIND_KIND = 3
#: A word of fewer letters before a brand is a mark, a unit, a code or an article.
_SHORTEST_KIND_WORD = 3

#: What parts the words of a brand: "Coca-Cola" is written in two words, too.
_PIECE = re.compile(r"[^\w&]+")

#: Brands, as the catalogue spells them, by their folded spelling.
BrandRegister = Mapping[str, str]
NO_BRANDS: BrandRegister = {}


def make_register(brands: Iterable[str]) -> BrandRegister:
    """Return `brands` by their spelling, without those that are ordinary words: "Apple" is a fruit in another list. The first of two spellings counts."""
    register: dict[str, str] = {}
    for brand in brands:
        folded = fold_spelling(brand)
        if any(map(str.isalpha, folded)) and not is_ordinary_word(brand.casefold()):
            register.setdefault(folded, brand)
    return register


def entries_in(names: Collection[str], register: BrandRegister) -> BrandRegister:
    """Return those of `register` that a name of the list may hold: the rest need not travel with the list."""
    if not register:
        return register
    words = {fold_spelling(word) for name in names for word in WORD.findall(name)}
    return {folded: brand for folded, brand in register.items() if folded in words or fold_spelling(_PIECE.split(brand)[0]) in words}


def registered_at_head(name: str, register: BrandRegister) -> str:
    """Return the known brand that `name` begins with, the longest, or ""."""
    return _brand_from([fold_spelling(word) for word in WORD.findall(name)[:_MOST_WORDS]], register) if register else ""


def registered_brand(name: str, register: BrandRegister) -> str:
    """Return the known brand at the head of `name` or right behind the kind of goods, or ""."""
    if not register:
        return ""
    words, kind_words = WORD.findall(name), 0
    for start, word in enumerate(words):
        brand = _brand_from([fold_spelling(word) for word in words[start : start + _MOST_WORDS]], register)
        if brand and (start == 0 or len(fold_spelling(brand)) >= _SHORTEST_BEHIND_KIND):
            return brand
        kind_words += sum(map(str.isalpha, word)) >= _SHORTEST_KIND_WORD
        if kind_words > _MOST_KIND_WORDS or not _may_stand_before(word):
            return ""
    return ""


def _brand_from(words: list[str], register: BrandRegister) -> str:
    for length in range(len(words), 0, -1):
        if brand := register.get("".join(words[:length])):
            return brand
    return ""


def _may_stand_before(word: str) -> bool:
    """Whether the word can belong to the kind of goods before a brand."""
    folded = word.casefold()
    if folded in fit_words():
        return False
    is_mark = sum(map(str.isalpha, folded)) < _SHORTEST_KIND_WORD
    return is_mark or CYRILLIC.search(folded) is not None or is_ordinary_word(folded)


def remove_brand(name: str, brand: str) -> str:
    """Return `name` without the first mention of `brand`, or `name` itself where no word would be left."""
    spelling = _fold(brand)
    matches = list(WORD.finditer(name))
    words = [fold_spelling(match[0]) for match in matches]
    for start, word in enumerate(words):
        if not word or not spelling.startswith(word):
            continue
        for length in range(_MOST_WORDS, 0, -1):
            if "".join(words[start : start + length]) == spelling:
                last = matches[min(start + length, len(matches)) - 1]
                rest = " ".join(f"{name[: matches[start].start()]} {name[last.end() :]}".split()).strip(" -–—,/:;|")
                return rest if any(char.isalpha() for char in rest) else name
    return name


@lru_cache(maxsize=4096)
def _fold(brand: str) -> str:
    return fold_spelling(brand)
