"""Whose product it is, by evidence: a column, a title, what is generally known (`data/brands.txt`), or what the list repeats.

Where nothing tells, there is no brand: a wrong one parts a product from its equals.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from monito_ray.pipeline import data
from monito_ray.pipeline.products import glossary, taxonomy

_WORD = re.compile(r"[^\W_]+(?:['’&.+-]+[^\W_]+)*\.?")
_CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z'’&.-]{2,}(?:\s+[A-Z][A-Za-z'’&.-]{2,})?")
_LEGAL = re.compile(
    r"(?:^|(?<=\s))(?:pt|cv|ud|ооо|оао|зао|ао|ип|тоо|тов)\.?\s+|[\s,]+(?:s\.?\s?a\.?(?:\s?s\.?|\s?c\.?)?|s\.?\s?r\.?\s?l\.?|ltda?\.?|inc\.?|co\.?|llc|gmbh|tbk\.?|corp\.?)$",
    re.IGNORECASE,
)
_QUOTES = " \"'«»“”„()[]:;,-–—"
_NO_LETTER = re.compile(r"[^\w&+]|_")
_DASH = re.compile(r"\s+[-–—]\s+")
_KEPT_CAPITALS = 3
_LEAST_REPEATS = 3
_LEAST_OTHERS, _OTHERS_SHARE = 2, 0.05
_LONGEST = 4
_LONGEST_TITLE = 3
_SAYS_BRAND = re.compile(r"\b(?:merek|merk|marca|brand|тм|т\.м\.|бренд)[\s:]+[\"«]?(?P<brand>[^\W\d_][\w&'’-]+)", re.IGNORECASE)
# Goods without makers, where a word that many rows begin with is a kind; fresh ones unless they are packed.
_UNBRANDED = frozenset({"books", "fabrics"})
_UNBRANDED_LOOSE = frozenset({"vegetables", "fruit"})


class BrandSource(StrEnum):
    """What told the brand, or that there is none; `NOTHING` told either."""

    COLUMN = "column"
    KNOWN = "known"
    SAID = "said"
    SECTION = "section"
    REPEATED = "repeated"
    UNBRANDED = "unbranded"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ListPatterns:
    """What the rows of a list repeat: first words and Latin words that go with different remainders, and titles seen in names.

    `mixed` are titles under which goods of several known brands stand: such a title is no brand, or no title.
    """

    first: frozenset[str]
    first_pairs: frozenset[str]
    latin: frozenset[str]
    before_dash: frozenset[str]
    mixed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Brands:
    """Brands that are generally known: every spelling without spaces and marks has the catalogue's, and whether it counts at the beginning alone."""

    spellings: dict[str, tuple[str, bool]]
    of: dict[str, frozenset[str]]
    first_words: frozenset[str]


def collect_list_patterns(names: Sequence[str], sections: Sequence[str] = ()) -> ListPatterns:
    """What `names`, all of one list without sizes and packs, repeat; `sections` are the titles that they stand under."""
    remainders: dict[str, set[str]] = defaultdict(set)
    pairs: dict[str, set[str]] = defaultdict(set)
    latin: Counter[str] = Counter()
    dashes: Counter[str] = Counter()
    for name in dict.fromkeys(names):
        words = _leading(name)
        if words:
            remainders[words[0]].add(" ".join(words[1:]))
        if len(words) > 1:
            pairs[f"{words[0]} {words[1]}"].add(" ".join(words[2:]))
        if _CYRILLIC.search(name):
            latin.update({run[0].casefold() for run in _LATIN_RUN.finditer(name)})
        parts = _DASH.split(name, 1)
        if len(parts) == 2:
            dashes[parts[0].casefold()] += 1
    first = {word for word, others in remainders.items() if len(others) >= _LEAST_REPEATS and _may_be_brand(word)}
    return ListPatterns(
        frozenset(first),
        frozenset(
            pair
            for pair, others in pairs.items()
            if len(others) >= _LEAST_REPEATS
            and pair.split()[0] in first
            and _may_be_brand(pair.split()[1], 4)
            and len(others) >= 0.8 * len(remainders[pair.split()[0]])
        ),
        frozenset(word for word, count in latin.items() if count >= _LEAST_REPEATS and all(map(_may_be_brand, word.split()))),
        frozenset(before for before in dashes if _is_strange(before)),
        _mixed(names, sections),
    )


def _mixed(names: Sequence[str], sections: Sequence[str]) -> frozenset[str]:
    rows: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for name, section in zip(names, sections, strict=False):
        of_title = _titled(section)
        if of_title:
            rows[section] += 1
            others[section] += famous_brand(name) not in ("", of_title)
    return frozenset(section for section, count in rows.items() if others[section] >= max(_LEAST_OTHERS, _OTHERS_SHARE * count))


def brand_of_column(text: str) -> str:
    """The brand that a column of brands gives, without the form of company; "" for marks that stand for none."""
    bare = _LEGAL.sub("", text.strip(_QUOTES)).strip(_QUOTES)
    if not any(char.isalpha() for char in bare) or glossary.is_trade_word(bare):
        return _known_exactly(bare)
    return _known_exactly(bare) or titlecase(bare)


def find_brand(name: str, section: str, repeats: ListPatterns, category: str = "", is_packed: bool = True) -> tuple[str, BrandSource]:
    """The brand of a product without a column that says so, as the catalogue spells it, "" where nothing tells; and how it was found."""
    if found := famous_brand(name):
        return found, BrandSource.KNOWN
    if category in _UNBRANDED or (category in _UNBRANDED_LOOSE and not is_packed):
        return "", BrandSource.UNBRANDED
    if said := _SAYS_BRAND.search(name):
        return titlecase(said["brand"]), BrandSource.SAID
    if found := _of_section(name, section, repeats):
        return found, BrandSource.SECTION
    found = _repeated(name, repeats)
    return found, BrandSource.REPEATED if found else BrandSource.NOTHING


@lru_cache(maxsize=65536)
def famous_brand(text: str) -> str:
    """The first generally known brand that `text` names, or ""."""
    words = [_bare(word) for word in _WORD.findall(text)]
    table = _brands()
    for start, word in enumerate(words):
        for length in range(_LONGEST if word in table.first_words else 1, 0, -1):
            found = table.spellings.get("".join(words[start : start + length]))
            if found and (start == 0 or not found[1]):
                return found[0]
    return ""


def remove_brand(name: str, brand: str) -> str:
    """`name` with the first mention of `brand` taken out, or `name` itself where nothing else would be left."""
    spellings = _brands().of.get(brand, frozenset()) | {_bare(brand)}
    matches = list(_WORD.finditer(name))
    words = [_bare(match[0]) for match in matches]
    for start, word in enumerate(words):
        if not any(spelling.startswith(word) for spelling in spellings):
            continue
        for length in range(_LONGEST, 0, -1):
            if "".join(words[start : start + length]) in spellings:
                last = matches[min(start + length, len(matches)) - 1]
                left = " ".join(f"{name[: matches[start].start()]} {name[last.end() :]}".split()).strip(" -–—,/:;|")
                return left if any(char.isalpha() for char in left) else name
    return name


def titlecase(brand: str) -> str:
    """A brand in capitals as a name: "KOPI MAS" is "Kopi Mas", "ABC" stays."""
    return " ".join(
        word.capitalize() if word.isupper() and len(word) > _KEPT_CAPITALS and word.isalpha() else word for word in brand.split()
    )


def _titled(section: str) -> str:
    """The known brand that a title names, if it says little else."""
    if not section or any(map(str.isdigit, section)) or len(_WORD.findall(section)) > _LONGEST_TITLE:
        return ""
    return famous_brand(section)


def _of_section(name: str, section: str, repeats: ListPatterns) -> str:
    """The brand in a title: a known one, or the words that the title and the name both begin with."""
    if not section:
        return ""
    found = _titled(section)
    if found and section not in repeats.mixed:
        return found
    common = []
    for of_title, of_name in zip(_WORD.findall(section), _WORD.findall(name), strict=False):
        if of_title.casefold() != of_name.casefold() or not _may_be_brand(of_title.casefold(), 2):
            break
        common.append(of_name)
    return titlecase(" ".join(common)) if common else ""


def _repeated(name: str, repeats: ListPatterns) -> str:
    parts = _DASH.split(name, 1)
    if len(parts) == 2 and parts[0].casefold() in repeats.before_dash:
        return titlecase(parts[0])
    words = _leading(name)
    if len(words) > 2 and f"{words[0]} {words[1]}" in repeats.first_pairs:
        return titlecase(_written(name, words[:2]))
    if len(words) > 1 and words[0] in repeats.first:
        return titlecase(_written(name, words[:1]))
    if _CYRILLIC.search(name):
        return next((run[0] for run in _LATIN_RUN.finditer(name) if run[0].casefold() in repeats.latin), "")
    return ""


def _written(name: str, words: list[str]) -> str:
    start = name.casefold().find(words[0])
    end = name.casefold().find(words[-1], start) + len(words[-1])
    return name[start:end] if start >= 0 and end <= len(name) else " ".join(words)


@lru_cache(maxsize=65536)
def _leading(name: str) -> list[str]:
    """The words of a name, casefolded, from its first real word on: one or two letters in front are a mark of the list's own."""
    words = [word.casefold() for word in _WORD.findall(name)]
    while len(words) > 1 and len(words[0]) <= 2 and words[0].isalpha():
        words.pop(0)
    return words


def _may_be_brand(word: str, least_letters: int = 3) -> bool:
    letters = sum(char.isalpha() for char in word)
    return letters >= least_letters and letters >= len(word) - 2 and not _CYRILLIC.search(word) and not _is_ordinary(word)


@lru_cache(maxsize=65536)
def _is_ordinary(word: str) -> bool:
    singular = word[:-1] if word.endswith("s") else f"{word}s"
    return any(glossary.is_trade_word(form) or taxonomy.is_keyword(form) for form in (word, singular))


def _is_strange(text: str) -> bool:
    words = _WORD.findall(text)
    return 0 < len(words) <= 3 and not _CYRILLIC.search(text) and not any(_is_ordinary(word.casefold()) for word in words) and len(text) > 2


def _known_exactly(text: str) -> str:
    found = _brands().spellings.get(_bare(text))
    return found[0] if found else ""


@lru_cache(maxsize=65536)
def _bare(text: str) -> str:
    """Spelling differences aside: "Coca-Cola" is "coca cola"."""
    return _NO_LETTER.sub("", text.casefold())


@cache
def _brands() -> _Brands:
    spellings: dict[str, tuple[str, bool]] = {}
    of: dict[str, set[str]] = defaultdict(set)
    first_words = set()
    for line in data.lines("brands.txt"):
        spelled, *others = (part.strip() for part in line.split("|"))
        brand = spelled.lstrip("^")
        for spelling in (brand, *others):
            spellings.setdefault(_bare(spelling), (brand, spelled.startswith("^")))
            of[brand].add(_bare(spelling))
            first_words.add(_bare(spelling.split()[0]))
    return _Brands(spellings, {brand: frozenset(known_as) for brand, known_as in of.items()}, frozenset(first_words))
