"""Whether the article numbers of two suppliers mean the same goods, as numbers of a state, a maker or a common wholesaler do."""

from collections.abc import Sequence

from monito_ray.catalog.matching import conflicts
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.verdict import is_article_number, words_strength

#: Pairs with equal numbers and words that are needed.
LEAST_AGREEING = 5
#: Hundredths of the words of the shorter name that the other one has where two names agree.
_LEAST_SHARED = 0.5


def numbers_agree(pairs: Sequence[tuple[Article, Article]]) -> bool:
    """Return whether article numbers of two suppliers mean the same, by the pairs of their articles whose numbers are equal."""
    agreeing: set[str] = set()
    for one, other in pairs:
        if not is_article_number(one.sku) or one.sku != other.sku:
            continue
        if _agree(one, other):
            agreeing.add(one.sku)
        elif _contradict(one, other):
            return False
    return len(agreeing) >= LEAST_AGREEING


def _agree(one: Article, other: Article) -> bool:
    if conflicts.conflict(one, other):
        return False
    return words_strength(one, other) > 0 or _share(one, other) >= _LEAST_SHARED


def _contradict(one: Article, other: Article) -> bool:
    return _share(one, other) == 0


def _share(one: Article, other: Article) -> float:
    shortest = min(len(one.english), len(other.english))
    return len(set(one.english) & set(other.english)) / shortest if shortest else 0.0
