"""Reading the sheets that a person edited: from a copy of the workbook, or Review from a CSV file."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from monito_ray.clients.workbook.frame import legal_title
from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.sheet_model import ExistingSheet, Scalar

#: Day 0 of spreadsheets' dates.
_EPOCH = date(1899, 12, 30)


def read_review_rows(path: Path, title: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows under the header as texts by column title; all of `columns` have to be there.

    Raises:
        FileMissing: there is no such file.
        FileUnusable: it is no workbook with a sheet `title` and no CSV file, or lacks a column.
    """
    import pandas as pd  # noqa: PLC0415

    if not path.is_file():
        raise FileMissing(f"there is no file {path}")
    try:
        if path.suffix.casefold() == ".csv":
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        else:
            frame = pd.read_excel(path, sheet_name=title, dtype=str, keep_default_na=False, engine="openpyxl")
    except (ValueError, OSError, zipfile.BadZipFile, KeyError) as error:
        raise FileUnusable(f"{path.name}: it is no workbook with a sheet {title} and no CSV file: {error}") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise FileUnusable(
            f"{path.name}: it lacks the columns {', '.join(missing)}",
            f"Give a copy of the workbook, or of its sheet {title}, with all its columns.",
        )
    return [dict(zip(columns, map(str, values), strict=True)) for values in frame[list(columns)].itertuples(index=False)]


def read_edited_sheets(path: Path, titles: Sequence[str]) -> dict[str, ExistingSheet]:
    """Return those of the sheets that a workbook has, by title; none of a CSV file.

    Raises:
        FileMissing: there is no such file.
        FileUnusable: it is no workbook.
    """
    import openpyxl  # noqa: PLC0415

    if not path.is_file():
        raise FileMissing(f"there is no file {path}")
    if path.suffix.casefold() == ".csv":
        return {}
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        names = {title: name for title in titles for name in (legal_title(title), title) if name in book.sheetnames}
        return {title: _existing_sheet(title, book[name].iter_rows(values_only=True)) for title, name in names.items()}
    except (ValueError, OSError, zipfile.BadZipFile, KeyError) as error:
        raise FileUnusable(f"{path.name}: it is no workbook: {error}") from None


def _existing_sheet(title: str, rows: Any) -> ExistingSheet:
    cells = [[_scalar(cell) for cell in row] for row in rows]
    return ExistingSheet(0, title, len(cells), max(map(len, cells), default=0), cells)


def _scalar(cell: Any) -> Scalar:
    """Return a cell as sheets are compared: a date is the number of its day."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return (cell.date() - _EPOCH).days
    return cell if isinstance(cell, str | int | float) else str(cell)
