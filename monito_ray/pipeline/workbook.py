"""Workbooks (xlsx, xlsm, xlsb, xls, ods) to sheets of cells, by way of calamine."""

import io
import re
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from monito_ray.errors import FileDamaged, FileEncrypted
from monito_ray.pipeline import archive
from monito_ray.pipeline.formats import Format
from monito_ray.pipeline.grid import Merge, Sheet, Value

# Pictures, drawings, macros and printer settings stay packed.
_PARTS = {Format.XLSX: (".xml", ".rels"), Format.XLSB: (".bin", ".rels", ".xml"), Format.ODS: (".xml", "mimetype")}


def sheets(data: bytes, file_name: str, fmt: Format, limit_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """The visible sheets of a workbook, or all of them when none is visible.

    Rows and columns count from the sheet's first, empty ones at the end are left out. Numbers are floats, a formula's error is "".

    Raises:
        FileTooLarge: the workbook unpacks to more than `limit_bytes`, or a sheet has cells too far apart to be held.
        FileDamaged: it cannot be read.
        FileEncrypted: it wants a password.
    """
    source = io.BytesIO(data)
    if fmt is not Format.XLS:
        source = archive.repack(archive.unpack(data, file_name, _PARTS[fmt], limit_bytes))
    try:
        return _read(source)
    except PasswordError:
        raise FileEncrypted(f"{file_name}: is protected with a password") from None
    except CalamineError as error:
        raise FileDamaged(f"{file_name}: the workbook cannot be read ({_one_line(error)})") from None
    except BaseException as error:
        # A panic of the Rust library comes as a class of no importable name, outside of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise FileDamaged(f"{file_name}: the workbook cannot be read ({_one_line(error)})") from None


def _read(source: io.BytesIO) -> list[Sheet]:
    workbook = CalamineWorkbook.from_filelike(source)
    wanted = [meta for meta in workbook.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
    visible = [meta for meta in wanted if meta.visible is SheetVisibleEnum.Visible]
    return [_sheet(workbook.get_sheet_by_name(meta.name)) for meta in visible or wanted]


def _sheet(found: CalamineSheet) -> Sheet:
    rows: list[list[Value]] = found.to_python(skip_empty_area=False)  # type: ignore[assignment]
    merges = tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in found.merged_cell_ranges or ())
    return Sheet(found.name, trimmed(rows), merges)


def trimmed(rows: Sequence[Sequence[Value]]) -> Sequence[Sequence[Value]]:
    """`rows`, equally wide, without the empty ones at the end and without the empty columns at the right."""
    height = len(rows)
    while height and not any(cell not in ("", None) for cell in rows[height - 1]):
        height -= 1
    width = max((_filled(row) for row in rows[:height]), default=0)
    if height == len(rows) and (not rows or width == len(rows[0])):
        return rows
    return [row[:width] for row in rows[:height]]


def _filled(row: Sequence[Value]) -> int:
    width = len(row)
    while width and (row[width - 1] == "" or row[width - 1] is None):
        width -= 1
    return width


def _one_line(error: BaseException) -> str:
    return re.sub(r"\s+", " ", str(error)).strip()[:200]
