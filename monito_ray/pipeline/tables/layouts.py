"""Layouts: the form of a table, which is the same next month; and tables whose columns are in doubt, with the choice for their layout."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.role_evidence import SINGLE_ROLES
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.titles import Title

#: Rows of a table, evenly sampled, that are shown to the person or LLM that chooses, and characters of a cell.
ROWS_SHOWN = 12
CELL_LIMIT = 80
#: More than that share of a column's cells make it one of a kind.
MOST_CELLS = 0.5


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a person or an LLM says that a table's columns hold, counted within it."""

    name: int
    #: The main price first.
    prices: tuple[int, ...]
    #: Other roles with their columns.
    others: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DoubtfulTable:
    """A table whose columns are in doubt, as a person or an LLM is asked about it."""

    #: Equal for tables of the same layout.
    key: str
    #: The name of its sheet.
    sheet: str
    titles: tuple[str, ...]
    #: A sample of its rows, a text for each cell.
    rows: tuple[tuple[str, ...], ...]
    #: Columns that may hold the names.
    names: frozenset[int]
    #: Columns that may hold prices.
    prices: frozenset[int]
    #: The column of the sheet in which it begins, from 0.
    left: int = 0


def layout_key(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> str:
    """Return the key of a layout: equal for tables with the same titles over columns of the same kinds."""
    layout = [[title.text.casefold(), _column_kind(p)] for title, p in zip(titles, profiles, strict=True)]
    return hashlib.sha256(json.dumps(layout, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def sample_table(sheet: str, titles: Sequence[Title], profiles: Sequence[ColumnProfile], rows: Sequence[Sequence[str]]) -> DoubtfulTable:
    """Return a table in the form for a question about its columns; `rows` are the texts of its filled rows."""
    step = max(1, len(rows) // ROWS_SHOWN)
    shown = tuple(tuple(text[:CELL_LIMIT] for text in row) for row in rows[::step][:ROWS_SHOWN])
    columns = list(enumerate(zip(titles, profiles, strict=True)))
    names = frozenset(column for column, (title, p) in columns if name_score(title, p).points >= NAME.floor)
    prices = frozenset(column for column, (title, p) in columns if price_score(title, p).points > 0)
    return DoubtfulTable(layout_key(titles, profiles), sheet, tuple(title.text for title in titles), shown, names, prices)


def with_columns(roles: Roles, choice: ColumnChoice) -> Roles:
    """Return `roles` with the chosen columns, free of doubt; those columns lose their other roles."""
    taken = {choice.name, *choice.prices, *(column for _, column in choice.others)}
    changes: dict[str, Any] = {role: None for role in SINGLE_ROLES if getattr(roles, role) in taken}
    for several in ("more_name", "variants"):
        changes[several] = tuple(column for column in getattr(roles, several) if column not in taken)
    changes |= dict(choice.others)
    return replace(
        roles, name=choice.name, prices=choice.prices, cost_price=None, unsaid_price=None, rival_name=None, rival_price=None, **changes
    )


def _column_kind(p: ColumnProfile) -> str:
    """Return the kind of a column, "" for none: rough, so that it is the same next month."""
    shares = {"words": p.words, "amounts": p.money, "units": p.units, "sizes": p.sizes, "codes": p.codes}
    kind, share = max(shares.items(), key=lambda entry: entry[1])
    return kind if p.count and share > MOST_CELLS else ""
