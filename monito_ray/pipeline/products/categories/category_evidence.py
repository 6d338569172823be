"""What the words of one text say about the category of the goods.

Where the head of a name stands depends on its language: last in English ("chocolate milk"), first in most others (`susu coklat`). Behind a comma,
a dash or a word such as "with" and "for" a name says more of the goods, but no longer what they are.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from monito_ray.pipeline import data, lexicon
from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.categories.keywords import (
    ENGLISH,
    HEADS_FIRST,
    NO_LANGUAGES,
    Keyword,
    Weight,
    keyword_at,
)
from monito_ray.pipeline.products.text_words import fold, words_in
from monito_ray.pipeline.spellings import count_spellings

#: Languages whose heads stand last, or that have none.
_HEADS_LAST = NO_LANGUAGES | {ENGLISH}
#: Points of a keyword by what it says; a head word's are one. A flavour must not win over a head, wherever it stands in an English name.
_POINTS = {Weight.HEAD: 1.0, Weight.FLAVOUR: 0.6, Weight.WORD: 0.35}
#: Points more for the first word of a name in a language whose heads stand first: `ayam saus tiram` is a chicken.
_FIRST_WORD_POINTS = 0.45
#: Points more for a keyword by the share of the name's words that it is: "tomato" is one, "shampoo with the scent of tomato" is none.
_COVERAGE_POINTS = 0.3
#: Points less for each place away from where heads stand.
_DISTANCE_POINTS, _MOST_DISTANCE = 0.1, 3
#: What is left of a keyword's points behind a dash or a word such as "with".
_QUALIFIER_SHARE = 0.4
#: Points less for the second and later categories of a word with several.
_UNLIKELIER_POINTS = 0.05
_PATTERN_POINTS = 2.0
_PACKAGING = "packaging"
#: Units that name nothing but what goods come in; a cup, a tray and a pail are goods, too.
_CONTAINERS = frozenset(("bottle", "box", "can", "carton", "crate", "jar", "pack", "pouch", "sachet", "sack"))
_SEPARATOR = re.compile(r"[,;(/|+:]|\s[-–—]\s")
_REAL_WORD = re.compile(rf"(?<!\w){LETTER}\w+")


class CategoryEvidence(NamedTuple):
    """A category, and the points that a text has for it: 1 where a head word stands where heads do."""

    category: str
    points: float
    weight: Weight
    keyword: tuple[str, ...]


class _PlacedKeyword(NamedTuple):
    keyword: Keyword
    #: Its first word's place in the text.
    place: int
    is_qualifier: bool


@derived(maxsize=65536)
def evidence_in(text: str, languages: tuple[str, ...]) -> tuple[CategoryEvidence, ...]:
    """Return what `text` says, a category once with the most points; `languages` are those of its list, the likeliest first."""
    placed, count = _place_keywords(text, languages)
    best: dict[str, CategoryEvidence] = {}
    for each, points in zip(placed, _points(placed, count, heads_first=languages[-1] == HEADS_FIRST), strict=True):
        for place, category in enumerate(each.keyword.categories):
            reduced = points - (_UNLIKELIER_POINTS if place else 0.0)
            if category not in best or best[category].points < reduced:
                best[category] = CategoryEvidence(category, reduced, each.keyword.weight, each.keyword.words)
    for category, pattern in _patterns():
        if pattern.search(text):
            best[category] = CategoryEvidence(category, _PATTERN_POINTS, Weight.HEAD, ())
    if best and _names_package_alone(text):
        return tuple(evidence for category, evidence in best.items() if category == _PACKAGING and len(evidence.keyword) > 1)
    return tuple(best.values())


def _names_package_alone(text: str) -> bool:
    """Whether a text says no more than what goods come in, "PET" or "pouch": it says not what they are."""
    return _package_words().issuperset(words_in(text).folded)


@derived()
def _package_words() -> frozenset[str]:
    containers = (word for word, unit in count_spellings().items() if unit in _CONTAINERS)
    return frozenset(map(fold, (*containers, *lexicon.words("product_names", "package_materials"))))


def _place_keywords(text: str, languages: tuple[str, ...]) -> tuple[list[_PlacedKeyword], int]:
    """Return the keywords of a text in running order, none inside another, and how many real words the text has."""
    spans, _, words = words_in(text)
    placed: list[_PlacedKeyword] = []
    #: Where the text begins to say more of the goods than what they are.
    qualified_from = len(text)
    index = 0
    while index < len(words):
        keyword = keyword_at(words, index, languages)
        if keyword is None:
            if index and words[index] in _qualifiers():
                qualified_from = min(qualified_from, spans[index][0])
            index += 1
            continue
        placed.append(_PlacedKeyword(keyword, index, spans[index][0] >= qualified_from))
        index += len(keyword.words)
        if len(placed) == 1 and (separator := _SEPARATOR.search(text, spans[index - 1][1])):
            qualified_from = min(qualified_from, separator.start())
    return placed, len(_REAL_WORD.findall(text)) if placed else 0


def _points(placed: Sequence[_PlacedKeyword], count: int, *, heads_first: bool) -> list[float]:
    is_head_first = heads_first or any(each.keyword.language not in _HEADS_LAST for each in placed)
    heads = [each for each in placed if not each.is_qualifier]
    points = []
    for place, each in enumerate(placed):
        distance = place if is_head_first or each.is_qualifier else len(heads) - 1 - place
        of_word = _POINTS[each.keyword.weight] - _DISTANCE_POINTS * min(distance, _MOST_DISTANCE)
        if is_head_first and each.place == 0 and each.keyword.weight is not Weight.HEAD:
            of_word += _FIRST_WORD_POINTS
        of_word += _COVERAGE_POINTS * min(1.0, len(each.keyword.words) / max(count, 1))
        points.append(of_word * _QUALIFIER_SHARE if each.is_qualifier else of_word)
    return points


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = data.table("taxonomy.toml")["patterns"].items()
    return tuple((category, re.compile("|".join(expressions), re.IGNORECASE)) for category, expressions in patterns)


@derived()
def _qualifiers() -> frozenset[str]:
    return frozenset(lexicon.words("product_names", "qualifiers"))
