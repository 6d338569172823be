"""Reading the sheets that a person edited: from a copy of the workbook, or Review from a CSV file."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from monito_ray.clients.workbook.frame import legal_title
from monito_ray.errors import FileTooLarge, FileUnusable
from monito_ray.sheet_model import ExistingSheet, Scalar
from monito_ray.store.source_files import read_source_file

#: Day 0 of spreadsheets' dates.
_EPOCH = date(1899, 12, 30)
#: A copy of the workbook of a million offers has some 150 MB, and unpacks to a tenfold; it is read row by row.
_MOST_MB, _MOST_UNPACKED_BYTES = 300, 3 * 2**30
#: Rows and cells of one sheet, as Excel and the reader of price lists have them.
_MOST_ROWS, _MOST_CELLS = 1_048_576, 20_000_000


def read_review_rows(path: Path, title: str, columns: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the rows under the header as texts by column title; all of `columns` have to be there, `optional` ones may.

    Raises:
        FileMissing: there is no such file.
        FileTooLarge: it is larger than any workbook of ours.
        FileUnusable: it is no workbook with a sheet `title` and no CSV file, or lacks a column.
    """
    data = read_source_file(path, _MOST_MB)
    no_such = f"{path.name}: it is no workbook with a sheet {title} and no CSV file"
    if path.suffix.casefold() == ".csv":
        header, *rows = _csv_rows(data, no_such)
    else:
        with _workbook(data, path.name, no_such) as book:
            if legal_title(title) not in book.sheetnames:
                raise FileUnusable(no_such)
            header, *rows = [[_cell_as_text(cell) for cell in row] for row in _rows(book[legal_title(title)], path.name)] or [[]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise FileUnusable(
            f"{path.name}: it lacks the columns {', '.join(missing)}",
            f"Give a copy of the workbook, or of its sheet {title}, with all its columns.",
        )
    places = {column: header.index(column) for column in (*columns, *optional) if column in header}
    return [{column: row[at] if at < len(row) else "" for column, at in places.items()} for row in rows if any(row)]


def read_edited_sheets(path: Path, titles: Sequence[str]) -> dict[str, ExistingSheet]:
    """Return those of the sheets that a workbook has, by title, each with the name that it has there; none of a CSV file.

    Raises:
        FileMissing: there is no such file.
        FileTooLarge: it is larger than any workbook of ours.
        FileUnusable: it is no workbook.
    """
    data = read_source_file(path, _MOST_MB)
    if path.suffix.casefold() == ".csv":
        return {}
    with _workbook(data, path.name, f"{path.name}: it is no workbook") as book:
        names = {title: name for title in titles for name in (legal_title(title), title) if name in book.sheetnames}
        return {title: _existing_sheet(name, _rows(book[name], path.name)) for title, name in names.items()}


@contextmanager
def _workbook(data: bytes, file_name: str, complaint: str) -> Iterator[Any]:
    """Give the workbook, which is read row by row and whose XML declares no entities; whatever is wrong with it is the complaint."""
    import openpyxl  # noqa: PLC0415

    try:
        _check_size(data, file_name)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()
    except FileUnusable:
        raise
    except Exception as error:  # noqa: BLE001  a broken workbook makes openpyxl raise what it happens to stumble over
        raise FileUnusable(f"{complaint}: {error}") from None


def _check_size(data: bytes, file_name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > _MOST_UNPACKED_BYTES:
        raise FileTooLarge(f"{file_name}: unpacks to {unpacked / 1e6:,.0f} MB, more than a workbook of ours")


def _rows(sheet: Any, file_name: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that are there, whatever the sheet says of its extent.

    Raises:
        FileTooLarge: cells stand too far apart.
    """
    sheet.reset_dimensions()
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(row)
        if number > _MOST_ROWS or cells > _MOST_CELLS:
            raise FileTooLarge(
                f"{file_name}: sheet {sheet.title!r} reaches too far to be held", "Delete what stands far outside of the rows."
            )
        yield row


def _csv_rows(data: bytes, complaint: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) or [[]]
    except (ValueError, csv.Error) as error:
        raise FileUnusable(f"{complaint}: {error}") from None


def _cell_as_text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


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
