"""What a column is taken for, what speaks for it, and what was weighed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from monito_ray.pipeline.cells import Sheet, column_letters
from monito_ray.pipeline.tables.column_relations import RELATIONS, factors_of, move_together
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.price_columns import (
    PRICE_COLUMNS,
    PriceCandidates,
    PriceChoice,
    floor_for,
)
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_columns
from monito_ray.pipeline.tables.role_evidence import ROLE, SINGLE_ROLES, role_score
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.scores import Score
from monito_ray.pipeline.tables.titles import NO_TITLE

#: More than that share of a column's cells is worth saying.
_MOSTLY = 0.5
#: What columns of prices are weighed for against each other.
MAIN_PRICE = "main price"
_ROLE_TEXTS = {
    "price": MAIN_PRICE,
    "prices": "other price, kept as a tier",
    "more_name": "more of the name",
    "variants": "tells apart rows of one name",
    "number": "running number",
    "min_quantity": "least order",
    "rival_name": "may be the name, too",
    "rival_price": "may be the price, too",
}


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """What speaks for a role of a column, or against it where `points` are below 0."""

    label: str
    points: float


@dataclass(frozen=True, slots=True)
class ExplainedScore:
    """How much speaks for a role of a column."""

    role: str
    points: float
    #: The least points that a column of that role has in this table.
    floor: float
    #: What was weighed, in the order in which it was added up; what gave no points is left out.
    terms: tuple[ExplainedTerm, ...]


@dataclass(frozen=True, slots=True)
class ExplainedColumn:
    """A column of a table, or of a sheet without one."""

    letter: str
    title: str
    #: What the column is taken for, "" for nothing.
    role: str
    #: What speaks for it, in words.
    evidence: tuple[str, ...]
    #: What was weighed; roles that the column cannot have are left out.
    scores: tuple[ExplainedScore, ...] = ()


def explain_column(
    table: LocatedTable, column: int, names: Mapping[int, Score], candidates: PriceCandidates, choice: PriceChoice
) -> ExplainedColumn:
    """Return why a column of a table is taken for what it is, by the scores of its names and prices."""
    return ExplainedColumn(
        letter=column_letters(table.left + column),
        title=table.titles[column].text,
        role=_role_text(table.roles, column),
        evidence=tuple(_evidence(table, column)),
        scores=tuple(_scores(table, names, candidates, choice, column)),
    )


def columns_without_table(sheet: Sheet) -> Iterator[ExplainedColumn]:
    """Explain the columns of a sheet without a table: how near they come to names and prices."""
    for column, p in enumerate(profile_columns(sheet.rows, len(sheet.rows[0]) if sheet.rows else 0)):
        if not p.count:
            continue
        scores = (
            ("price", price_score(NO_TITLE, p), PRICE_COLUMNS.untitled_floor),
            ("name", name_score(NO_TITLE, p), NAME.floor),
        )
        evidence = (*_cells_evidence(p), *(_nearness(*score) for score in scores))
        yield ExplainedColumn(column_letters(column), "", "", evidence, tuple(_possible_scores(scores)))


def _nearness(role: str, score: Score, floor: float) -> str:
    return f"as a {role} {score.points:.1f} (wanted {floor})" if score.is_possible else f"no {role} at all"


def _possible_scores(scores: Iterable[tuple[str, Score, float]]) -> Iterator[ExplainedScore]:
    """Explain scores with their roles and floors, less those of roles that the column cannot have."""
    for role, score, floor in scores:
        if score.is_possible:
            terms = tuple(ExplainedTerm(*term) for term in score.terms if term.points)
            yield ExplainedScore(role, score.points, floor, terms)


def _scores(
    table: LocatedTable, names: Mapping[int, Score], candidates: PriceCandidates, choice: PriceChoice, column: int
) -> Iterator[ExplainedScore]:
    """Explain how likely a column is the name, a price, and what else it is taken for."""
    title, p = table.titles[column], table.profiles[column]
    scores = [("name", names.get(column) or name_score(title, p), NAME.floor)]
    if column in candidates.scores:
        scores.append(("price", candidates.scores[column], floor_for(title, table.titles)))
    if column in choice.scores:
        scores.append((MAIN_PRICE, choice.scores[column], choice.scores[choice.columns[0]].points))
    scores += [(role, role_score(role, title, p), ROLE.floor) for role in SINGLE_ROLES if getattr(table.roles, role) == column]
    return _possible_scores(scores)


def _role_text(roles: Roles, column: int) -> str:
    if column == roles.prices[0]:
        return _ROLE_TEXTS["price"]
    for field in fields(roles):
        columns = getattr(roles, field.name)
        if column == columns or (isinstance(columns, tuple) and column in columns):
            return _ROLE_TEXTS.get(field.name, field.name)
    return ""


def _evidence(table: LocatedTable, column: int) -> Iterator[str]:
    """Say what speaks for a column's role: its title, its cells, the columns that move together with it."""
    title, profiles = table.titles[column], table.profiles
    if title.role:
        yield f"the title says {title.role} ({title.strength:.2f})"
    elif title.text:
        yield "the title says nothing known"
    yield from _cells_evidence(profiles[column])
    if len(profiles) > RELATIONS.most_columns:
        return  # comparing each with each would take minutes
    together = [
        column_letters(table.left + other)
        for other in range(len(profiles))
        if other != column and move_together(profiles[other], profiles[column])
    ]
    if together:
        yield f"moves together with {', '.join(together)}"
    if factors := factors_of(column, profiles):
        yield f"is {' times '.join(column_letters(table.left + factor) for factor in factors)}"


def _cells_evidence(p: ColumnProfile) -> Iterator[str]:
    """Say what the cells look like, the telling things alone."""
    shares = {
        "amounts": p.money,
        "words": p.words,
        "units": p.units,
        "sizes": p.sizes,
        "codes": p.codes,
        "percentages": p.percent,
        "dates": p.dated,
    }
    for kind, share in shares.items():
        if share > _MOSTLY:
            yield f"{share:.0%} {kind}"
    if p.running:
        yield "counts up evenly"
    elif p.money > _MOSTLY and p.numbers:
        yield f"{p.distinct_numbers} different amounts, the middle one {p.median:,.10g}"
    if p.currency:
        yield f"marked {p.currency}"
    if p.count and p.filled < 1:
        yield f"{p.filled:.0%} filled"
