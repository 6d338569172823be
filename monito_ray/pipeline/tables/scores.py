"""Scores of columns: named terms of evidence, and their sum in points."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

#: Points of a title that fits a role fully; cells give about -5 to +4, so that either can carry a list alone (docs/decisions/0002).
TITLE_WEIGHT = 3.0
#: The points of a column that cannot have a role at all, below every sum of terms that matters.
IMPOSSIBLE = -9.0


class Term(NamedTuple):
    """One piece of evidence for a role of a column, or against it where `points` are below 0."""

    #: What speaks, in the words that `monito explain` prints.
    label: str
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """How much speaks for a role of a column: the terms of evidence, and their sum.

    `a + b` joins the terms and adds the two sums, so an expression of scores states the order in which floats are added. That order
    matters: points are compared with floors, margins and steps of one decimal, where the last bit of a sum decides.
    """

    terms: tuple[Term, ...]
    points: float

    @property
    def is_possible(self) -> bool:
        """Whether the column can have the role at all."""
        return self.points > IMPOSSIBLE

    def __add__(self, other: "Score") -> "Score":
        return Score(self.terms + other.terms, self.points + other.points)


NO_SCORE = Score((), IMPOSSIBLE)


def add_up(terms: Iterable[Term]) -> Score:
    """Return the score of `terms`, their points added from the first to the last.

    The built-in `sum` adds floats differently from Python 3.12 on (it compensates rounding), so it is not used.
    """
    points = 0.0
    terms = tuple(terms)
    for term in terms:
        points += term.points
    return Score(terms, points)
