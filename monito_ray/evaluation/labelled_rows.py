"""Rows with their truth, from CSV files: the project's own, or a person's.

A file is one list, for the rules look at a list as a whole. Its columns are those of `RawRow` that standardizing reads, and beside them the truth as
`right_name`, `right_brand`, `right_size`, `right_unit`, `right_pack_count`, `right_price_unit`, `right_category`. A column that is left out is not judged;
an empty cell of a truth says that the field shall be empty, save for `right_name` and `right_price_unit`, where it says nothing. Several categories, any of
which is right, stand with ` / ` between.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.evaluation.row_mistakes import mistake_in
from monito_ray.records import RawRow, tiers_as_json
from monito_ray.store.source_files import read_source_file

#: The largest file of labelled rows, or of answers, that is read.
MOST_MB = 200.0
NAME, PRICE = "original_name", "price"
#: The columns of a row that are taken as they are.
TEXT_COLUMNS = ("section", "brand", "category_text", "unit_text", "size_text", "pack_text", "price_tiers", "currency", "sku", "supplier")
TRUTH = "right_"
_TRUTHS = tuple(TRUTH + field for field in ("name", "brand", "size", "unit", "pack_count", "price_unit", "category"))
_NEEDED = (NAME, PRICE)
_HELP = "`monito eval --help` names the columns of a labelled list."


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
        raise FileUnusable(f"{path}: the folder has no CSV file", "Labelled lists are CSV files. " + _HELP)
    return tuple(_read_list(file.name, _lines_of(file)) for file in files)


def _lines_of(file: Path) -> list[str]:
    try:
        return read_source_file(file, MOST_MB).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise FileUnusable(f"{file}: it is no text in UTF-8", "Save it as CSV in UTF-8.") from None


def _read_list(name: str, lines: Iterable[str]) -> LabelledList:
    reader = csv.DictReader(lines)
    _check_columns(name, reader.fieldnames or ())
    rows = tuple(_labelled_row(name, number, values) for number, values in enumerate(reader, start=2))
    if not rows:
        raise FileUnusable(f"{name}: has no rows below its header")
    return LabelledList(name, rows)


def _check_columns(name: str, columns: Sequence[str]) -> None:
    unknown = [column for column in columns if column.startswith(TRUTH) and column not in _TRUTHS]
    missing = [column for column in _NEEDED if column not in columns]
    if len(columns) == 1 and missing:
        raise FileUnusable(f"{name}: its first line has one cell alone, {columns[0]!r}", "Part cells by commas. " + _HELP)
    if missing:
        raise FileUnusable(f"{name}: there is no column {' and no column '.join(missing)}", _HELP)
    if unknown:
        raise FileUnusable(f"{name}: no field is called {unknown[0]}", _HELP)
    if not set(columns) & set(_TRUTHS):
        raise FileUnusable(f"{name}: no column says what is right, such as {TRUTH}brand", _HELP)


def _labelled_row(name: str, number: int, values: Mapping[str | None, Any]) -> LabelledRow:
    """Return a row as the CSV reader gives it: None as a value where cells lack, as a key where there are too many."""
    if None in values or None in values.values():
        raise FileUnusable(f"{name}, line {number}: it has {'more' if None in values else 'fewer'} cells than the header")
    cells = {str(column): str(cell).strip() for column, cell in values.items()}
    if mistake := mistake_in(cells):
        raise FileUnusable(f"{name}, line {number}: {mistake}")
    texts: dict[str, Any] = {column: cells.get(column, "") for column in TEXT_COLUMNS}
    try:
        texts["price_tiers"] = tiers_as_json(texts["price_tiers"])
    except ValueError as error:
        raise FileUnusable(f"{name}, line {number}: price_tiers: {error}") from None
    row = RawRow(
        source_file=name,
        source_sheet="csv",
        source_row=number,
        original_name=cells[NAME],
        price=Decimal(cells[PRICE]),
        cells=json.dumps([cell for column, cell in cells.items() if not column.startswith(TRUTH) and cell], ensure_ascii=False),
        **texts,
    )
    return LabelledRow(row, _truth(cells))


def _truth(values: Mapping[str, str]) -> Truth:
    def cell_of(field: str) -> str | None:
        return values.get(TRUTH + field)

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
