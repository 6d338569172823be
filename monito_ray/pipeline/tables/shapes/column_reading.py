"""What the columns of a titled table hold, whatever its shape: names and prices, a grid, sizes under a title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.choice.package_prices import packages_as_prices
from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.roles import Roles, assign_columns
from monito_ray.pipeline.tables.shapes.matrices import are_words, grid_kinds, with_grid, with_quantities
from monito_ray.pipeline.tables.shapes.nameless import nameless_roles
from monito_ray.pipeline.tables.titles import Title

#: How well "price" fits a title that a mark of a currency alone makes one.
MARKED_FIT = 0.35


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """The roles of a table's columns."""

    roles: Roles
    #: The titles as understood by what stands under them.
    titles: Sequence[Title]
    #: Of a grid: what the offers of each price column are called besides the name of their row.
    kinds: Mapping[int, str] = field(default_factory=dict)
    #: The column of the name holds sizes.
    is_nameless: bool = False


def read_columns(titles: Sequence[Title], profiles: Sequence[ColumnProfile], rows: Sequence[Sequence[Value]]) -> ColumnReading | None:
    """Return what the columns of a table hold whose rows are `rows`, None where none can be the name or none the price."""
    titles = packages_as_prices(titles, profiles)
    roles = assign_columns(titles, profiles) or assign_columns(_marked_as_prices(titles), profiles)
    columns = roles or _named(titles, profiles) or nameless_roles(titles, profiles)
    if columns is None:
        return None
    is_nameless = roles is None and not are_words(profiles[columns.name])
    if kinds := grid_kinds(titles, profiles, columns, rows):
        return ColumnReading(with_grid(columns, kinds), _as_prices(titles, kinds), kinds, is_nameless)
    quantities = with_quantities(titles, profiles)
    if quantities != list(titles):
        roles = assign_columns(quantities, profiles) or roles
    if roles or columns.prices:
        return ColumnReading(roles or columns, quantities, is_nameless=is_nameless and roles is None)
    return None


def _marked_as_prices(titles: Sequence[Title]) -> list[Title]:
    """Return titles, those that a currency marks as prices as such: "€ without VAT" is one where no other title is, a margin never."""
    fits = [title.roles.get("price", 0.0) if title.role in ("price", "tax") else 0.0 for title in titles]
    return [replace(title, roles={"price": fit}) if fit >= MARKED_FIT else title for title, fit in zip(titles, fits, strict=True)]


def _as_prices(titles: Sequence[Title], kinds: Mapping[int, str]) -> list[Title]:
    return [replace(title, roles=title.roles | {"price": 1.0}) if column in kinds else title for column, title in enumerate(titles)]


def _named(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> Roles | None:
    """Return the roles of a table with names and no column that alone would be one of prices: it may be a grid."""
    points = [name_score(title, p).points for title, p in zip(titles, profiles, strict=True)]
    best = max(range(len(points)), key=lambda c: (points[c], -c), default=None)
    return Roles(name=best, prices=()) if best is not None and points[best] >= NAME.floor else None
