"""Brands that are generally known, with their spellings (`data/brands.txt`)."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from monito_ray.pipeline import data
from monito_ray.pipeline.products.brand_words import WORD, fold_spelling

#: Words that the longest spelling in `data/brands.txt` has.
_LONGEST_SPELLING = 4
#: A title of more words describes goods, and the brand in it is one of several things that it says.
_LONGEST_BRAND_TITLE = 3


@dataclass(frozen=True, slots=True)
class _BrandEntry:
    brand: str
    #: The brand is an ordinary word, too ("Surf"): it counts at the beginning of a name alone.
    only_at_start: bool


@dataclass(frozen=True, slots=True)
class _BrandDictionary:
    #: By folded spelling.
    entries: dict[str, _BrandEntry]
    #: The folded spellings of each brand.
    spellings: dict[str, frozenset[str]]
    #: The folded first words of all spellings: only from these is anything longer looked up.
    first_words: frozenset[str]


@lru_cache(maxsize=65536)
def first_brand_in(text: str) -> str:
    """Return the first dictionary brand that `text` names, in the catalogue's spelling, or ""."""
    words = [fold_spelling(word) for word in WORD.findall(text)]
    dictionary = _dictionary()
    for start, word in enumerate(words):
        for length in range(_LONGEST_SPELLING if word in dictionary.first_words else 1, 0, -1):
            entry = dictionary.entries.get("".join(words[start : start + length]))
            if entry is not None and (start == 0 or not entry.only_at_start):
                return entry.brand
    return ""


def brand_spelled(text: str) -> str:
    """Return the dictionary brand of which the whole `text` is a spelling, or ""."""
    entry = _dictionary().entries.get(fold_spelling(text))
    return entry.brand if entry is not None else ""


def brand_of_title(section: str) -> str:
    """Return the dictionary brand that a title names, or "" where the title says much else or has digits."""
    if not section or any(map(str.isdigit, section)) or len(WORD.findall(section)) > _LONGEST_BRAND_TITLE:
        return ""
    return first_brand_in(section)


def remove_brand(name: str, brand: str) -> str:
    """Return `name` without the first mention of `brand`, or `name` itself where no word would be left."""
    spellings = _spellings_of(brand)
    matches = list(WORD.finditer(name))
    words = [fold_spelling(match[0]) for match in matches]
    for start, word in enumerate(words):
        if not any(spelling.startswith(word) for spelling in spellings):
            continue
        for length in range(_LONGEST_SPELLING, 0, -1):
            if "".join(words[start : start + length]) in spellings:
                last = matches[min(start + length, len(matches)) - 1]
                rest = " ".join(f"{name[: matches[start].start()]} {name[last.end() :]}".split()).strip(" -–—,/:;|")
                return rest if any(char.isalpha() for char in rest) else name
    return name


@lru_cache(maxsize=4096)
def _spellings_of(brand: str) -> frozenset[str]:
    """Return the folded spellings of a brand, its own among them."""
    return _dictionary().spellings.get(brand, frozenset()) | {fold_spelling(brand)}


@cache
def _dictionary() -> _BrandDictionary:
    """Read `data/brands.txt`: a brand a line, other spellings behind bars, `^` before brands that count at the start alone."""
    entries: dict[str, _BrandEntry] = {}
    spellings: dict[str, set[str]] = defaultdict(set)
    first_words = set()
    for line in data.lines("brands.txt"):
        main_spelling, *other_spellings = (part.strip() for part in line.split("|"))
        brand = main_spelling.lstrip("^")
        for spelling in (brand, *other_spellings):
            entries.setdefault(fold_spelling(spelling), _BrandEntry(brand, only_at_start=main_spelling.startswith("^")))
            spellings[brand].add(fold_spelling(spelling))
            first_words.add(fold_spelling(spelling.split()[0]))
    return _BrandDictionary(entries, {brand: frozenset(folded) for brand, folded in spellings.items()}, frozenset(first_words))
