"""Whether a field fell since an earlier evaluation. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb

from monito_ray.evaluation.field_checks import FIELDS
from monito_ray.evaluation.report import Report

#: A field fell when chance alone would make as many more rows worse than better less often than this. Two points of 600 rows are 12 rows: if none became
#: better, chance does that once in 4,000 times. Seven fields are compared at once, so that a run that changes nothing seldom says that one fell.
SIGNIFICANT = 0.01


@dataclass(frozen=True, slots=True)
class FieldChange:
    """How a field's verdicts changed on the rows that both evaluations judged."""

    field: str
    rows: int
    #: Rows that were right and are wrong, and the reverse, by their keys.
    worse: tuple[str, ...]
    better: tuple[str, ...]
    #: How often chance alone makes so many more rows worse than better.
    chance: float

    @property
    def fell(self) -> bool:
        """Whether more rows became worse than better, and not by chance."""
        return len(self.worse) > len(self.better) and self.chance < SIGNIFICANT

    @property
    def points(self) -> float:
        """The change of the share of right rows, in points of a hundred."""
        return 100 * (len(self.better) - len(self.worse)) / self.rows if self.rows else 0.0


def compare(now: Report, before: Report) -> list[FieldChange]:
    """Return how each field changed from `before` to `now`, on the rows that both judged."""
    return [_compare_field(field, now.verdicts, before.verdicts) for field in FIELDS]


def _compare_field(field: str, now: Mapping[str, Mapping[str, bool]], before: Mapping[str, Mapping[str, bool]]) -> FieldChange:
    shared = [key for key in now if field in now[key] and field in before.get(key, {})]
    worse = tuple(key for key in shared if before[key][field] and not now[key][field])
    better = tuple(key for key in shared if now[key][field] and not before[key][field])
    return FieldChange(field, len(shared), worse, better, chance_of(len(worse), len(better)))


def chance_of(worse: int, better: int) -> float:
    """Return how often at least `worse` of the changed rows become worse when each is as likely to become better: the sign test, one-sided.

    It is McNemar's test in its exact form: only rows whose verdict changed say something.
    """
    changed = worse + better
    return float(sum(comb(changed, count) for count in range(worse, changed + 1)) / 2**changed)
