"""A sheet as planned and not yet drawn: what the catalogue wants to show, whatever will show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Cell = str | int | float | Decimal | date | None


class Kind(StrEnum):
    """What a column holds, and with it how its cells are drawn."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` is in characters of the standard font."""

    title: str
    kind: Kind = Kind.TEXT
    width: float = 14
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under columns. `marked` holds the (row, column) places, counted from 0 below the header, that shall stand out."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    frozen_columns: int = 1
    marked: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Look:
    kind: Kind
    width: float


_LOOKS = {
    "original_name": _Look(Kind.TEXT, 42),
    "standardized_name": _Look(Kind.TEXT, 34),
    "brand": _Look(Kind.TEXT, 16),
    "size": _Look(Kind.NUMBER, 8),
    "unit": _Look(Kind.TEXT, 7),
    "pack_count": _Look(Kind.NUMBER, 12),
    "price_unit": _Look(Kind.TEXT, 11),
    "category": _Look(Kind.TEXT, 22),
    "price": _Look(Kind.MONEY, 14),
    "price_tiers": _Look(Kind.TEXT, 24),
    "currency": _Look(Kind.TEXT, 10),
    "base_price": _Look(Kind.MONEY, 14),
    "base_unit": _Look(Kind.TEXT, 11),
    "min_quantity": _Look(Kind.NUMBER, 14),
    "supplier": _Look(Kind.TEXT, 24),
    "sku": _Look(Kind.TEXT, 16),
    "list_date": _Look(Kind.DATE, 12),
    "tax_note": _Look(Kind.TEXT, 24),
    "source_file": _Look(Kind.TEXT, 28),
    "source_sheet": _Look(Kind.TEXT, 18),
    "source_row": _Look(Kind.NUMBER, 12),
    "confidence": _Look(Kind.SHARE, 12),
    "cells": _Look(Kind.TEXT, 60),
    "reason": _Look(Kind.TEXT, 20),
    "repeats": _Look(Kind.TEXT, 28),
    "doubt": _Look(Kind.TEXT, 40),
    "updated": _Look(Kind.DATE, 12),
}
_PLAIN = _Look(Kind.TEXT, 14)


def record_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Columns titled by the field names of a record, each drawn as befits the field."""
    return tuple(Column(name, _LOOKS.get(name, _PLAIN).kind, _LOOKS.get(name, _PLAIN).width) for name in names)
