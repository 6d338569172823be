"""What speaks for one column of names before the others: titles that say so, the first place, and texts that are no descriptions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.scores import Score, Term, add_up
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class NameComparisonWeights:
    """Points for and against a column as that of the names beside others of words, and the thresholds beside them.

    Set by trial on labelled lists and on the same lists bent (`benchmarks/columns.py`).
    """

    #: Points for the first of the likely columns where no title says name: names come before what describes them. Likely are those that
    #: are at most so many points behind the best, and filled in at least that share of the rows.
    first: float = 0.6
    behind_best: float = 1.2
    least_filled: float = 0.6
    #: Points lost by texts that describe: with so many characters on average, and so many times as many as a likely column of names.
    description: float = 0.8
    described: int = 80
    longer: float = 2.5
    #: The same where both titles say name, "Product | Description", and the shorter texts differ in at least that share.
    described_titled: int = 40
    distinct_titled: float = 0.9
    #: Points lost by a column that says the same few things again and again, whatever its title ("Item status"), or hardly anything:
    #: its share of different texts, among at least so many, or of filled rows is below that.
    dull: float = 2.0
    distinct: float = 0.06
    fewest_texts: int = 20
    hardly_filled: float = 0.05
    #: Points lost by a column whose title does not say name beside one whose title does.
    untitled: float = 2.0


NAME_COMPARISON = NameComparisonWeights()


def compare_names(titles: Sequence[Title], profiles: Sequence[ColumnProfile], alone: Mapping[int, Score]) -> dict[int, Score]:
    """Return how much speaks for each column of `alone`, which are scored by themselves there, before the others."""
    best = max(score.points for score in alone.values())
    likely = [
        c
        for c, score in alone.items()
        if score.points >= best - NAME_COMPARISON.behind_best and profiles[c].filled >= NAME_COMPARISON.least_filled
    ]
    named = [c for c in likely if titles[c].role == "name" and titles[c].is_clear]
    described = {c for c in alone if _describes(profiles[c], [profiles[other] for other in likely])}
    described |= {c for c in named if any(_describes_titled(profiles[c], profiles[other]) for other in named)}
    dull = {c for c in alone if _says_the_same(profiles[c])}
    is_titled = any(titles[c].role == "name" and titles[c].is_clear for c in likely if c not in dull)
    first = None if is_titled else min((c for c in likely if c not in described | dull), default=None)
    return {
        c: score
        + add_up(
            _terms(
                is_first=c == first, is_description=c in described, is_dull=c in dull, is_untitled=is_titled and titles[c].role != "name"
            )
        )
        for c, score in alone.items()
    }


def _says_the_same(p: ColumnProfile) -> bool:
    """Return whether a column says the same few things again and again, or hardly anything at all."""
    is_long = p.count >= NAME_COMPARISON.fewest_texts
    return (is_long and p.distinct < NAME_COMPARISON.distinct) or p.filled < NAME_COMPARISON.hardly_filled


def _describes(p: ColumnProfile, others: Sequence[ColumnProfile]) -> bool:
    return p.length >= NAME_COMPARISON.described and any(other.length * NAME_COMPARISON.longer <= p.length for other in others)


def _describes_titled(p: ColumnProfile, other: ColumnProfile) -> bool:
    is_name = other.distinct >= NAME_COMPARISON.distinct_titled and not other.codes
    return is_name and p.length >= max(NAME_COMPARISON.described_titled, NAME_COMPARISON.longer * other.length)


def _terms(*, is_first: bool, is_description: bool, is_dull: bool, is_untitled: bool) -> Iterator[Term]:
    if is_first:
        yield Term("first of the likely names", NAME_COMPARISON.first)
    if is_description:
        yield Term("longer than names", -NAME_COMPARISON.description)
    if is_dull:
        yield Term("the same few texts, or hardly any", -NAME_COMPARISON.dull)
    if is_untitled:
        yield Term("another title says name", -NAME_COMPARISON.untitled)
