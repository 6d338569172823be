"""The second reading of a table: which column comes next as the price or the name, and which piece of evidence decided against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import column_letters
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.name_evidence import name_score
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.scores import Score

#: Wider tables are not compared column by column.
MOST_COLUMNS = 200
#: Evidence of fewer points decides nothing.
_LEAST_POINTS = 0.01


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The column that comes next for a role."""

    #: "prices" or "names".
    what: str
    #: The letters of the chosen column and of the next one.
    chosen: str
    next: str
    #: Their places in the table.
    chosen_column: int
    next_column: int
    #: How many points the chosen one leads by; below 0 where something besides its points made it the choice.
    lead: float
    #: The piece of evidence that speaks most for the chosen one against the next, and by how much; "" for none.
    deciding_term: str
    deciding_points: float

    @property
    def sentence(self) -> str:
        """The runner-up in words."""
        lead = f"as {self.what} {self.chosen} leads {self.next} by {self.lead:.2f} points"
        if self.lead < 0:
            lead = (
                f"as {self.what} {self.next} has {-self.lead:.2f} points more than {self.chosen}, which its title or place made the choice"
            )
        if not self.deciding_term:
            return lead
        decided = f"most by {self.deciding_term!r} ({self.deciding_points:+.2f})"
        return f"{lead}, {decided}{f'; without that, {self.next} would be taken' if 0 <= self.lead < self.deciding_points else ''}"


def runners_up(table: LocatedTable) -> Iterator[RunnerUp]:
    """Yield the column that comes next as the one of prices, and as the one of names, where another can hold them at all."""
    roles = table.roles
    if len(table.titles) > MOST_COLUMNS:
        return  # to compare thousands of columns would take minutes
    prices = [price_score(title, p) for title, p in zip(table.titles, table.profiles, strict=True)]
    names = [name_score(title, p) for title, p in zip(table.titles, table.profiles, strict=True)]
    yield from _next("prices", table, prices, roles.prices[0], {roles.name, *roles.prices})
    yield from _next("names", table, names, roles.name, {roles.name, *roles.more_name, *roles.prices})


def _next(what: str, table: LocatedTable, scores: Sequence[Score], chosen: int, taken: set[int]) -> Iterator[RunnerUp]:
    others = [c for c, score in enumerate(scores) if c not in taken and score.is_possible and table.profiles[c].count]
    if not others:
        return
    best = max(others, key=lambda c: (scores[c].points, -c))
    ours, theirs = dict(_points(scores[chosen])), dict(_points(scores[best]))
    differences = {label: ours.get(label, 0.0) - theirs.get(label, 0.0) for label in (*ours, *theirs)}
    label = max(differences, key=lambda name: differences[name], default="")
    points = differences.get(label, 0.0)
    letters = column_letters(table.left + chosen), column_letters(table.left + best)
    yield RunnerUp(
        what,
        *letters,
        chosen,
        best,
        scores[chosen].points - scores[best].points,
        label if points >= _LEAST_POINTS else "",
        max(points, 0.0),
    )


def _points(score: Score) -> Iterator[tuple[str, float]]:
    yield from ((term.label, term.points) for term in score.terms if term.points)
