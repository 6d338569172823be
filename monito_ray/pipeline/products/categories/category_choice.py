"""The category of a row, by its name, the list's own category of it, the title above and what prevails in the list."""

from dataclasses import dataclass
from enum import StrEnum

from monito_ray.pipeline.products import taxonomy
from monito_ray.pipeline.products.categories.category_evidence import evidence_in
from monito_ray.pipeline.products.categories.keywords import ENGLISH_ONLY, Weight
from monito_ray.pipeline.products.categories.prevailing import Prevailing
from monito_ray.pipeline.products.taxonomy import OTHER

#: What a text's points are multiplied by: the list's own category says most.
_NAME_FACTOR, _TITLE_FACTOR, _CATEGORY_TEXT_FACTOR = 1.0, 0.75, 1.6
#: The same of a title, and of the list's own category, that the rows below it disprove.
_DISPROVED_TITLE_FACTOR, _DISPROVED_CATEGORY_TEXT_FACTOR = 0.3, 0.6
#: Points of a category for being all that the list, or the part below a title, has; less where it has others.
_PREVAILING_POINTS, _BELOW_TITLE_POINTS = 0.4, 0.4
#: Points of all categories of one family for being all that the list has: of a word's meanings the list's own is the likelier.
_FAMILY_POINTS = 0.35
#: A family that has less of a list than this is strange in it.
_STRANGE = 0.15
#: A row's own words are believed from so many points on, what prevails included.
_LEAST_POINTS = 0.51


class CategoryRule(StrEnum):
    """What settled a category, the surest first; the values name it in `data/confidence.toml`."""

    #: Several texts agree.
    CLEAR = "clear"
    #: A text says what the goods are, and the list has more of them.
    STRONG = "strong"
    #: A text says what the goods are.
    FAIR = "fair"
    #: A word that goes with the goods.
    WEAK = "weak"
    FAINT = "faint"
    #: Nothing of the row, but what the list, or the part below a title, has.
    PREVAILING = "prevailing"
    #: Nothing at all.
    NO_RULE = "no_rule"


#: The rule by points: that of the first bound that is reached.
_RULES = (
    (1.8, CategoryRule.CLEAR),
    (1.2, CategoryRule.STRONG),
    (0.95, CategoryRule.FAIR),
    (0.7, CategoryRule.WEAK),
    (0.0, CategoryRule.FAINT),
)


@dataclass(frozen=True, slots=True)
class RowTexts:
    """The texts that say what a row is."""

    name: str
    title: str = ""
    category_text: str = ""


def choose_category(row: RowTexts, languages: tuple[str, ...], prevailing: Prevailing) -> tuple[str, CategoryRule]:
    """Return the category and what settled it; `OTHER` where nothing says enough."""
    points: dict[str, float] = {}
    has_head = False
    texts = (
        (row.name, _NAME_FACTOR, 1.0),
        (row.title, _TITLE_FACTOR, _DISPROVED_TITLE_FACTOR),
        (row.category_text, _CATEGORY_TEXT_FACTOR, _DISPROVED_CATEGORY_TEXT_FACTOR),
    )
    for text, factor, if_disproved in texts:
        if text:
            factor_of_text = factor * (if_disproved if points and text in prevailing.disproved else 1.0)
            for evidence in evidence_in(text, languages):
                points[evidence.category] = points.get(evidence.category, 0.0) + factor_of_text * evidence.points
                has_head = has_head or evidence.weight is Weight.HEAD
    if not points:
        return _prevailing_category(row.title, prevailing)
    best = _best(points, row.title, prevailing)
    return best if has_head or not _is_strange(best[0], prevailing) else _prevailing_category(row.title, prevailing)


def _is_strange(category: str, prevailing: Prevailing) -> bool:
    """Whether nearly all of a list is of another family: a weak word says nothing against it."""
    return prevailing.families.get(taxonomy.family(category), 0.0) < _STRANGE and "" in prevailing.settled and category != OTHER


def category_of_english(name: str) -> tuple[str, CategoryRule]:
    """Return the category of an English name by itself, and what settled it."""
    return choose_category(RowTexts(name), ENGLISH_ONLY, Prevailing())


def _best(points: dict[str, float], title: str, prevailing: Prevailing) -> tuple[str, CategoryRule]:
    below_title = prevailing.by_title.get(title, {})
    supported = {
        category: own
        + _PREVAILING_POINTS * prevailing.coverage * prevailing.categories.get(category, 0.0)
        + _BELOW_TITLE_POINTS * below_title.get(category, 0.0)
        for category, own in points.items()
    }
    best = max(
        supported, key=lambda category: supported[category] + _FAMILY_POINTS * prevailing.families.get(taxonomy.family(category), 0.0)
    )
    if supported[best] < _LEAST_POINTS:
        return _prevailing_category(title, prevailing)
    return best, next(rule for bound, rule in _RULES if supported[best] >= bound)


def _prevailing_category(title: str, prevailing: Prevailing) -> tuple[str, CategoryRule]:
    """Return the category that prevails below the title, else in the list."""
    category = prevailing.settled.get(title) or prevailing.settled.get("")
    return (category, CategoryRule.PREVAILING) if category else (OTHER, CategoryRule.NO_RULE)
