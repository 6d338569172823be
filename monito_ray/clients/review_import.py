"""Reading the sheet Review that a person edited: from a workbook, or from a CSV file."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from monito_ray.errors import FileMissing, FileUnusable


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
