"""What speaks for a column of names: its title, and cells of many different words."""

from collections.abc import Iterator
from dataclasses import dataclass

from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.scores import NO_SCORE, TITLE_WEIGHT, Score, Term, add_up
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class NameWeights:
    """Points for and against names, and the thresholds beside them; shares are 0 to 1 of a column's filled cells.

    Set by trial on labelled lists; `benchmarks/reading.py` measures them there, and bent: without titles, with columns reversed.
    `benchmarks/thresholds.py` shows which lists are read otherwise when one of them is halved or doubled.
    """

    #: A column with a smaller share of cells with words is no column of names.
    fewest_words: float = 0.3
    #: Points by the share of cells with words: the strongest sign, since amounts, units and sizes have none or few.
    words: float = 1.5
    #: Points by the share of cells that differ: that distinguishes names from categories and units.
    distinct: float = 1.2
    #: Points for long texts; `long_text` characters or more on average have all of them.
    length: float = 0.8
    long_text: int = 30
    #: Points for filled rows; a column that is two thirds full (1 / `filled_factor`) has all of them: sections leave rows blank.
    filled: float = 0.7
    filled_factor: float = 1.5
    #: Points lost by the share of cells that are units or sizes, that are codes, that are dates.
    units_and_sizes: float = 3.0
    codes: float = 1.0
    dates: float = 2.0
    #: Points lost by how well another role fits the title.
    other_title: float = 2.0
    #: Points that every column starts below 0.
    start: float = 1.0
    #: The points that the best column needs, else the table has no names.
    floor: float = 0.8


NAME = NameWeights()


def name_score(title: Title, p: ColumnProfile) -> Score:
    """Return how much speaks for a column being the one of names."""
    if p.count == 0 or p.words < NAME.fewest_words:
        return NO_SCORE
    cells = add_up(_cells_for(p)) + add_up(_cells_against(p))
    return add_up(_title_terms(title)) + cells + add_up([Term("start", -NAME.start)])


def _title_terms(title: Title) -> Iterator[Term]:
    yield Term("title says name", TITLE_WEIGHT * title.roles.get("name", 0.0))
    yield Term("title says something else", -NAME.other_title * title.strength_besides("name"))


def _cells_for(p: ColumnProfile) -> Iterator[Term]:
    yield Term("words", NAME.words * p.words)
    yield Term("different texts", NAME.distinct * min(p.distinct, 1.0))
    yield Term("long texts", NAME.length * min(p.length, NAME.long_text) / NAME.long_text)
    yield Term("filled rows", NAME.filled * min(1.0, p.filled * NAME.filled_factor))


def _cells_against(p: ColumnProfile) -> Iterator[Term]:
    yield Term("units and sizes", -NAME.units_and_sizes * (p.units + p.sizes))
    yield Term("codes", -NAME.codes * p.codes)
    yield Term("dates", -NAME.dates * p.dated)
