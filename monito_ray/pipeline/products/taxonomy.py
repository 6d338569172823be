"""The categories of the catalogue, and which of them a product is of.

The words that tell stand in `data/taxonomy.toml`, which also explains heads, words and stems.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from monito_ray.pipeline import data

OTHER = "other"
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SHORTEST_STEM = 2
# How far each place where a keyword may stand is to be trusted: the name, the title above it, the list's own category.
_TRUST = (("name", 1.0), ("section", 0.8), ("category", 0.7))


@dataclass(frozen=True, slots=True)
class _Keyword:
    category: str
    is_head: bool
    words: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int]:
        """What says more wins: heads before ingredients, phrases before words."""
        return (self.is_head, len(self.words))


@cache
def category_names() -> tuple[str, ...]:
    """All categories, `other` last."""
    return tuple(data.table("taxonomy.toml"))


@lru_cache(maxsize=65536)
def classify(name: str, section: str = "", category_text: str = "", *, head_first: bool | None = None) -> tuple[str, float]:
    """The category, and how sure that is from 0 to 1: ("other", 0.0) where no keyword is known.

    The name decides before the section it stands under, that before the list's own category. Among keywords of one rank the
    first wins where the language puts the head first (`head_first`: Russian, Indonesian, Spanish), the last in English;
    None leaves that to the script.
    """
    if head_first is None:
        head_first = _CYRILLIC.search(name or section or category_text) is not None
    for text, (_, trust) in zip((name, section, category_text), _TRUST, strict=True):
        found = _best(text, head_first) if text else None
        if found is not None:
            return found.category, trust * (0.9 if found.is_head else 0.7)
    return OTHER, 0.0


def is_keyword(word: str) -> bool:
    """Whether a single word, or what it begins with, tells a category: such a word is hardly a brand."""
    return any(len(keyword.words) == 1 for keyword in _beginning(word.casefold()))


@lru_cache(maxsize=65536)
def _best(text: str, head_first: bool) -> _Keyword | None:
    for category, pattern in _patterns():
        if pattern.search(text):
            return _Keyword(category, is_head=True, words=())
    words = _WORD.findall(text.casefold())
    best: _Keyword | None = None
    place = 0
    while place < len(words):
        found = _starting(words, place)
        if found is not None and (best is None or found.rank > best.rank or (found.rank == best.rank and not head_first)):
            best = found
        place += len(found.words) if found is not None else 1
    return best


def _starting(words: list[str], place: int) -> _Keyword | None:
    """The longest keyword that begins with the word at `place`."""
    for keyword in _beginning(words[place]):
        rest = words[place + 1 : place + len(keyword.words)]
        if len(rest) == len(keyword.words) - 1 and all(map(_is_like, rest, keyword.words[1:])):
            return keyword
    return None


def _is_like(word: str, pattern: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


@lru_cache(maxsize=65536)
def _beginning(word: str) -> tuple[_Keyword, ...]:
    """The keywords whose first word `word` is, those of more words first, and the longer stem before the shorter."""
    known = _keywords()
    found = list(known.get(word, ()))
    for end in range(len(word), _SHORTEST_STEM - 1, -1):
        found += known.get(f"{word[:end]}*", ())
    return tuple(sorted(found, key=lambda keyword: -len(keyword.words)))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    tables = data.table("taxonomy.toml").items()
    return tuple((category, re.compile("|".join(table["patterns"]), re.IGNORECASE)) for category, table in tables if "patterns" in table)


@cache
def _keywords() -> dict[str, list[_Keyword]]:
    """Every keyword under its first word, a stem under its letters and the asterisk; the first category to name one has it."""
    table: dict[str, list[_Keyword]] = {}
    seen: set[tuple[str, ...]] = set()
    for category, tiers in data.table("taxonomy.toml").items():
        for tier in ("heads", "words"):
            for written in re.split(r"[,\n]", tiers[tier]):
                words = tuple(written.casefold().split())
                if words and words not in seen:
                    seen.add(words)
                    table.setdefault(words[0], []).append(_Keyword(category, tier == "heads" or len(words) > 1, words))
    return table
