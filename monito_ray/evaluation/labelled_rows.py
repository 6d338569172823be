"""Rows with their truth, from CSV files: the project's own, or a person's.

A file is one list, for the rules look at a list as a whole. Its columns are those of `RawRow` that standardizing reads, and beside them the truth as
`right_name`, `right_brand`, `right_size`, `right_unit`, `right_pack_count`, `right_price_unit`, `right_category`. A column that is left out is not judged;
an empty cell of a truth says that the field shall be empty, save for `right_name` and `right_price_unit`, where it says nothing. Several categories, any of
which is right, stand with ` / ` between.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.records import RawRow

NAME, PRICE = "original_name", "price"
#: The columns of a row that are taken as they are.
TEXT_COLUMNS = ("section", "brand", "category_text", "unit_text", "size_text", "pack_text", "price_tiers", "currency", "sku", "supplier")
TRUTH = "right_"
_NEEDED = (NAME, PRICE)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right for a row; a field is None where nobody says what is right."""

    name: str | None = None
    brand: str | None = None
    #: The content of one piece, "" for none: number and unit.
    size: str | None = None
    unit: str | None = None
    pack_count: int | None = None
    price_unit: str | None = None
    #: Any of these.
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of a list, and its truth."""

    row: RawRow
    truth: Truth

    @property
    def key(self) -> str:
        """The row's place, by which two evaluations are compared."""
        return f"{self.row.source_file}:{self.row.source_row}"


@dataclass(frozen=True, slots=True)
class LabelledList:
    """The rows of one list, in order."""

    name: str
    rows: tuple[LabelledRow, ...]


@cache
def own_lists() -> tuple[LabelledList, ...]:
    """Return the project's own labelled lists."""
    folder = resources.files("monito_ray.evaluation") / "gold"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".csv")), key=lambda file: file.name)
    return tuple(_read_list(file.name, file.read_text(encoding="utf-8").splitlines()) for file in files)


def read_lists(path: Path) -> tuple[LabelledList, ...]:
    """Return the labelled lists of a CSV file, or of all CSV files in a folder.

    Raises:
        FileMissing, FileUnusable: there is nothing to read; the message names file, line and cause.
    """
    if not path.exists():
        raise FileMissing(f"{path}: there is no such file or folder")
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise FileUnusable(f"{path}: the folder has no CSV file", "Labelled lists are CSV files; `monito eval --help` names their columns.")
    return tuple(_read_list(file.name, _lines_of(file)) for file in files)


def _lines_of(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(f"{file}: it cannot be read: {error}", "Save it as CSV in UTF-8.") from None


def _read_list(name: str, lines: Iterable[str]) -> LabelledList:
    reader = csv.DictReader(lines)
    missing = [column for column in _NEEDED if column not in (reader.fieldnames or ())]
    truths = [column for column in reader.fieldnames or () if column.startswith(TRUTH)]
    if missing or not truths:
        lacking = ", ".join(missing) or f"a column of truth, such as {TRUTH}brand"
        raise FileUnusable(f"{name}: has no column {lacking}", "`monito eval --help` names the columns of a labelled list.")
    rows = tuple(_labelled_row(name, number, values) for number, values in enumerate(reader, start=2))
    if not rows:
        raise FileUnusable(f"{name}: has no rows below its header")
    return LabelledList(name, rows)


def _labelled_row(name: str, number: int, values: Mapping[str, str]) -> LabelledRow:
    texts: dict[str, Any] = {column: (values.get(column) or "").strip() for column in TEXT_COLUMNS}
    cells = [cell for column, cell in values.items() if column and not column.startswith(TRUTH) and cell]
    try:
        row = RawRow(
            source_file=name,
            source_sheet="csv",
            source_row=number,
            original_name=values[NAME],
            price=Decimal(values[PRICE]),
            cells=json.dumps(cells, ensure_ascii=False),
            **texts,
        )
        return LabelledRow(row, _truth(values))
    except (InvalidOperation, ValueError, TypeError):
        raise FileUnusable(f"{name}, line {number}: price and right_pack_count must be numbers, and every cell be there") from None


def _truth(values: Mapping[str, str]) -> Truth:
    def cell_of(field: str) -> str | None:
        cell = values.get(TRUTH + field)
        return None if cell is None else cell.strip()

    pack = cell_of("pack_count")
    return Truth(
        name=cell_of("name") or None,
        brand=cell_of("brand"),
        size=cell_of("size"),
        unit=cell_of("unit"),
        pack_count=int(pack) if pack else None,
        price_unit=cell_of("price_unit") or None,
        categories=tuple(part.strip() for part in (cell_of("category") or "").split(" / ") if part.strip()),
    )
