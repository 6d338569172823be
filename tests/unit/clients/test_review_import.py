"""Reading the sheet Review that a person edited."""

import os
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from monito_ray.clients import review_import
from monito_ray.clients.review_import import read_edited_sheets, read_review_rows
from monito_ray.errors import FileMissing, FileTooLarge, FileUnusable

FRAME = pd.DataFrame([["Oil", "0012", "NA", ""]], columns=["Product", "SKU", "Brand", "Note"])


@pytest.mark.parametrize("name", ["copy.xlsx", "copy.CSV"])
def test_cells_are_texts_as_they_stand(name: str, tmp_path: Path):
    """Leading zeros stay, "NA" is a brand and no gap, and other columns are left out."""
    if name.endswith("CSV"):
        FRAME.to_csv(tmp_path / name, index=False)
    else:
        FRAME.to_excel(tmp_path / name, sheet_name="Review", index=False)
    assert read_review_rows(tmp_path / name, "Review", ("SKU", "Brand", "Product")) == [{"SKU": "0012", "Brand": "NA", "Product": "Oil"}]


def test_what_is_no_review_is_named(tmp_path: Path):
    """A missing file, a workbook without the sheet, bytes of no workbook, and a missing column are each an error that says so."""
    with pytest.raises(FileMissing, match=r"gone\.xlsx"):
        read_review_rows(tmp_path / "gone.xlsx", "Review", ())
    FRAME.to_excel(tmp_path / "other.xlsx", sheet_name="Other", index=False)
    (tmp_path / "bytes.xlsx").write_bytes(b"hello")
    for name in ("other.xlsx", "bytes.xlsx"):
        with pytest.raises(FileUnusable, match=f"{name}: it is no workbook with a sheet Review"):
            read_review_rows(tmp_path / name, "Review", ())
    FRAME.to_csv(tmp_path / "copy.csv", index=False)
    with pytest.raises(FileUnusable, match="lacks the columns Pack"):
        read_review_rows(tmp_path / "copy.csv", "Review", ("Product", "Pack"))


def _package(path: Path, sheet: str) -> Path:
    """Write a workbook whose sheet Review has this XML."""
    book = openpyxl.Workbook()
    book.active.title = "Review"
    book.save(path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in (parts | {"xl/worksheets/sheet1.xml": sheet.encode()}).items():
            packed.writestr(name, part)
    return path


_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_FAR_ROW = "<row><c r='ZZZ1'><v>1</v></c></row>"
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(9))


@pytest.mark.parametrize(
    ("sheet", "error"),
    [
        (
            f"<!DOCTYPE worksheet [{_ENTITIES}]>{_HEAD}<sheetData><row r='1'><c r='A1' t='str'><v>&e8;</v></c></row></sheetData></worksheet>",
            FileUnusable,
        ),
        (
            f"{_HEAD}<dimension ref='A1:XFD1048576'/><sheetData><row r='1'><c r='A1'><v>1</v></c></row></sheetData></worksheet>",
            FileUnusable,
        ),
        (f"{_HEAD}<sheetData><row r='99999999999'><c r='A99999999999'><v>1</v></c></row></sheetData></worksheet>", FileTooLarge),
        (f"{_HEAD}<sheetData>{_FAR_ROW * 60}</sheetData></worksheet>", FileTooLarge),
        (f"{_HEAD}<sheetData><row r='1'><c", FileUnusable),
    ],
    ids=["entities", "claims", "far row", "far columns", "torn"],
)
def test_a_workbook_made_to_hurt_is_refused(sheet: str, error: type[FileUnusable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Entities, extents that are claimed, cells far outside and torn XML are one line, in bounded memory and time."""
    monkeypatch.setattr(review_import, "_MOST_CELLS", 1_000_000)
    path = _package(tmp_path / "copy.xlsx", sheet)
    with pytest.raises(error):
        read_review_rows(path, "Review", ("Product",))


def test_what_is_no_file_is_refused(tmp_path: Path):
    """Nobody waits for a pipe."""
    os.mkfifo(tmp_path / "copy.xlsx")
    with pytest.raises(FileUnusable, match="a pipe"):
        read_edited_sheets(tmp_path / "copy.xlsx", ("Review",))
