"""Brands that are known before a list is read: those of the catalogue, those of the list's own column of brands, and famous ones.

A brand is looked for where brands stand, at the head of a name or right behind the kind of goods: elsewhere its word may mean another thing, or
what the goods fit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from monito_ray.pipeline import data
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.brands.brand_words import CYRILLIC, WORD, fit_words, fold_spelling, is_ordinary_word

#: Words of a brand at most, and words of the kind of goods that may stand before it.
_MOST_WORDS, _MOST_KIND_WORDS = 4, 3
#: A shorter spelling counts at the head of a name alone: "3M" behind "25 mm x" is a length.
_SHORTEST_BEHIND_KIND = 3
#: A brand of so few letters has to be written in capitals, by the catalogue, too: "LG", not "La".
_LONGEST_ABBREVIATION = 3
#: A word of fewer letters before a brand is a mark, a unit, a code or an article.
_SHORTEST_KIND_WORD = 3

#: What parts the words of a brand: "Coca-Cola" is written in two words, too.
_PIECE = re.compile(r"[^\w&]+")


class BrandEntry(NamedTuple):
    """A brand of the register."""

    #: As the catalogue spells it.
    brand: str
    #: The categories of goods that bear it; none where they are not known.
    categories: frozenset[str]
    #: Its word means other things, too ("Tide", "Corona"): it is a brand on goods of `categories` alone.
    is_ambiguous: bool = False


#: Brands by their folded spelling.
BrandRegister = Mapping[str, BrandEntry]
NO_BRANDS: BrandRegister = {}


def make_register(brands: Iterable[tuple[str, str]]) -> BrandRegister:
    """Return brands, each given with a category of its goods or "", by their spelling; of two spellings the first counts.

    Those that are ordinary words are left out: "Apple" is a fruit in another list.
    """
    spelled: dict[str, str] = {}
    categories: dict[str, set[str]] = defaultdict(set)
    for brand, category in brands:
        spelling = fold_spelling(brand)
        if spelled.get(spelling) or is_distinctive(brand):
            spelled.setdefault(spelling, brand)
            categories[spelling].update(filter(None, [category]))
    return {spelling: BrandEntry(brand, frozenset(categories[spelling])) for spelling, brand in spelled.items()}


def famous_brands(words: frozenset[str]) -> BrandRegister:
    """Return the brands of `data/famous_brands.txt` that a name may hold whose words are among `words`, folded."""
    famous, by_word = _all_famous_brands(), _famous_by_word()
    spellings = sorted({spelling for word in words if word in by_word for spelling in by_word[word]})
    return {spelling: famous[spelling] for spelling in spellings if famous[spelling].is_ambiguous or is_distinctive(famous[spelling].brand)}


@cache
def famous_words() -> frozenset[str]:
    """Return the famous brands of one word, folded."""
    return frozenset(spelling for spelling, entry in _all_famous_brands().items() if entry.brand.isalpha())


@cache
def _famous_by_word() -> Mapping[str, Sequence[str]]:
    """Return their spellings by the folded words that a name may hold them by: a list of one row does not go through all."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for spelling, entry in _all_famous_brands().items():
        for word in {spelling, _first_word(entry.brand)}:
            by_word[word].append(spelling)
    return dict(by_word)


@cache
def _all_famous_brands() -> BrandRegister:
    """Return all of them, those too that are ordinary words: to tell takes time for thousands, and little for those of a list."""
    famous: dict[str, BrandEntry] = {}
    categories: frozenset[str] = frozenset()
    for line in data.lines("famous_brands.txt"):
        if line.startswith("["):
            categories = frozenset(map(str.strip, line.strip("[]").split(",")))
            continue
        for brand in filter(None, map(str.strip, line.split(","))):
            first = famous.setdefault(fold_spelling(brand), BrandEntry(brand, categories, bool(categories)))
            if first.is_ambiguous:
                famous[fold_spelling(brand)] = first._replace(categories=first.categories | categories)
    return famous


def is_distinctive(brand: str) -> bool:
    """Whether the brand is no ordinary word, so that it may be looked for in other lists."""
    spelling = fold_spelling(brand)
    return any(map(str.isalpha, spelling)) and not is_ordinary_word(brand.casefold()) and not is_ordinary_word(spelling)


def folded_words(names: Iterable[str]) -> frozenset[str]:
    """Return the different words of `names`, folded."""
    return frozenset(map(fold_spelling, set(WORD.findall("\n".join(names)))))


def entries_in(words: frozenset[str], register: BrandRegister) -> BrandRegister:
    """Return those of `register` that a name may hold whose words are among `words`, folded: the rest need not travel with the list."""
    return {spelling: entry for spelling, entry in register.items() if spelling in words or _first_word(entry.brand) in words}


@lru_cache(maxsize=16384)
def _first_word(brand: str) -> str:
    return fold_spelling(_PIECE.split(brand, maxsplit=1)[0])


def spelled_by(register: BrandRegister, brand: str) -> str:
    """Return `brand` as the register spells it, or as it is."""
    entry = register.get(fold_spelling(brand))
    return _spelled(entry, brand) if entry is not None else brand


def _spelled(entry: BrandEntry, written: str) -> str:
    """Return the brand of the entry, without its apostrophe where the list writes none: companies themselves write both "Becks" and "Beck's"."""
    return entry.brand if "'" in written or "’" in written else entry.brand.replace("'", "")


def registered_at_head(name: str, register: BrandRegister) -> str:
    """Return the brand of the register that `name` begins with, the longest, or ""."""
    entry = _entry_at(WORD.findall(name)[:_MOST_WORDS], register, "")[0] if register else None
    return entry.brand if entry is not None else ""


def registered_brand(name: str, register: BrandRegister, category: str = "") -> str:
    """Return the brand of the register at the head of `name` or right behind the kind of goods, or "".

    Behind the kind it has to bear goods of the row's `category`: "California" is a brand of cigarettes, and where almonds grow. Several brands
    there are what the goods fit.
    """
    if not register:
        return ""
    words, kind_words = WORD.findall(name), 0
    for start, word in enumerate(words):
        entry, length = _entry_at(words[start : start + _MOST_WORDS], register, category)
        if entry is not None and kind_words and _entry_at(words[start + length : start + length + _MOST_WORDS], register, category)[0]:
            return ""
        if entry is not None and (kind_words == 0 or _may_stand_behind_kind(entry, category)):
            return _spelled(entry, name)
        kind_words += word.isalpha() or sum(map(str.isalpha, word)) >= _SHORTEST_KIND_WORD
        if kind_words > _MOST_KIND_WORDS or not _may_stand_before(word):
            return ""
    return ""


def _entry_at(words: Sequence[str], register: BrandRegister, category: str) -> tuple[BrandEntry | None, int]:
    """Return the entry whose brand `words` begin with on goods of `category`, of several the longest, and the number of its words."""
    spelling, best, words_of_best = "", None, 0
    for length, word in enumerate(words, 1):
        spelling += fold_spelling(word)
        entry = register.get(spelling)
        if entry is not None and _is_meant(entry, words[:length], category):
            best, words_of_best = entry, length
    return best, words_of_best


def _is_meant(entry: BrandEntry, words: Sequence[str], category: str) -> bool:
    """Whether `words`, spelled as the brand, can mean it on goods of `category`."""
    if entry.is_ambiguous and category not in entry.categories:
        return False
    return len(entry.brand) > _LONGEST_ABBREVIATION or (entry.brand.isupper() and entry.brand == " ".join(words))


def _may_stand_behind_kind(entry: BrandEntry, category: str) -> bool:
    fits_category = not entry.categories or not category or category in entry.categories
    return fits_category and (entry.is_ambiguous or len(entry.brand) >= _SHORTEST_BEHIND_KIND)


@derived(maxsize=65536)
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
