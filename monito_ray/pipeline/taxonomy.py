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
_LONGEST_PHRASE = 4
_SHORTEST_STEM = 2
# How far each place where a keyword may stand is to be trusted: the name, the title above it, the list's own category.
_TRUST = (("name", 1.0), ("section", 0.8), ("category", 0.7))


@dataclass(frozen=True, slots=True)
class _Keyword:
    category: str
    is_head: bool
    words: int

    @property
    def rank(self) -> tuple[bool, int]:
        """What says more wins: heads before ingredients, phrases before words."""
        return (self.is_head, self.words)


@dataclass(frozen=True, slots=True)
class _Keywords:
    exact: dict[str, _Keyword]
    stems: dict[str, _Keyword]
    shortest_stem: int


def names() -> tuple[str, ...]:
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
    return _lookup(word.casefold(), 1) is not None


@lru_cache(maxsize=65536)
def _best(text: str, head_first: bool) -> _Keyword | None:
    words = _WORD.findall(text.casefold())
    best: _Keyword | None = None
    for start in range(len(words)):
        for length in range(min(_LONGEST_PHRASE, len(words) - start), 0, -1):
            found = _lookup(" ".join(words[start : start + length]), length)
            if found is not None:
                if best is None or found.rank > best.rank or (found.rank == best.rank and not head_first):
                    best = found
                break
    return best


def _lookup(phrase: str, length: int) -> _Keyword | None:
    known = _keywords()
    found = known.exact.get(phrase)
    if found is not None:
        return found
    for end in range(len(phrase), known.shortest_stem - 1, -1):
        found = known.stems.get(phrase[:end])
        if found is not None and found.words == length:
            return found
    return None


@cache
def _keywords() -> _Keywords:
    exact: dict[str, _Keyword] = {}
    stems: dict[str, _Keyword] = {}
    for category, tiers in data.table("taxonomy.toml").items():
        for tier in ("heads", "words"):
            for written in re.split(r"[,\n]", tiers[tier]):
                phrase = written.strip().casefold()
                if not phrase:
                    continue
                bare = phrase.rstrip("*")
                count = len(bare.split())
                keyword = _Keyword(category, tier == "heads" or count > 1, count)
                (stems if phrase.endswith("*") else exact).setdefault(bare, keyword)
    return _Keywords(exact, stems, max(_SHORTEST_STEM, min(map(len, stems))))
