"""Tables whose columns are in doubt, and what somebody chose them to be."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.roles import NAME_FLOOR, Roles, name_score, price_score
from monito_ray.pipeline.tables.titles import Title

ROWS_SHOWN = 12
CELL_LIMIT = 80


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What somebody says of a table's columns, counted within it: where the names stand, and the prices, the main one first."""

    name: int
    prices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DoubtfulTable:
    """A table whose columns are in doubt: `key` is equal for tables of the same make. `names` and `prices` are the columns that may be those."""

    key: str
    sheet: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: frozenset[int]
    prices: frozenset[int]


def layout_key(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> str:
    """Equal for tables with the same titles over columns of the same kinds."""
    make = [[title.text.casefold(), _kind(found)] for title, found in zip(titles, profiles, strict=True)]
    return hashlib.sha256(json.dumps(make, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def sample_table(sheet: str, titles: Sequence[Title], profiles: Sequence[ColumnProfile], rows: Sequence[Sequence[str]]) -> DoubtfulTable:
    """A table as it is asked about; `rows` are the texts of its filled rows."""
    step = max(1, len(rows) // ROWS_SHOWN)
    shown = tuple(tuple(text[:CELL_LIMIT] for text in row) for row in rows[::step][:ROWS_SHOWN])
    both = list(enumerate(zip(titles, profiles, strict=True)))
    names = frozenset(column for column, (title, found) in both if name_score(title, found) >= NAME_FLOOR)
    prices = frozenset(column for column, (title, found) in both if price_score(title, found) > 0)
    return DoubtfulTable(layout_key(titles, profiles), sheet, tuple(title.text for title in titles), shown, names, prices)


def with_columns(roles: Roles, told: ColumnChoice) -> Roles:
    """`roles` as somebody told them; a column that has another role now loses its old one."""
    taken = {told.name, *told.prices}
    changes: dict[str, Any] = {field: None for field in _SINGLE if getattr(roles, field) in taken}
    changes |= {field: tuple(c for c in getattr(roles, field) if c not in taken) for field in ("more_name", "variants")}
    return replace(roles, name=told.name, prices=told.prices, rival_name=None, rival_price=None, **changes)


_SINGLE = ("number", "sku", "brand", "category", "unit", "size", "pack", "min_quantity", "currency", "note")


def _kind(found: ColumnProfile) -> str:
    """A column's kind, told roughly: the same next month."""
    shares = {"words": found.words, "amounts": found.money, "units": found.units, "sizes": found.sizes, "codes": found.codes}
    kind, share = max(shares.items(), key=lambda entry: entry[1])
    return kind if found.count and share > 0.5 else ""
