"""Workbooks (xlsx, xlsm, xlsb, xls, ods) to sheets of cells, by way of calamine."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from monito_ray.errors import FileDamaged, FileEncrypted, FileTooLarge
from monito_ray.pipeline.cells import Merge, Sheet, Value
from monito_ray.pipeline.files import archive, number_formats, sheet_limits, xlsx_parts
from monito_ray.pipeline.files.formats import FileFormat
from monito_ray.pipeline.files.ole import build_compound_file, open_compound_file

# Pictures, drawings, macros and printer settings stay packed.
_PARTS = {FileFormat.XLSX: (".xml", ".rels"), FileFormat.XLSB: (".bin", ".rels", ".xml"), FileFormat.ODS: (".xml", "mimetype")}
MAX_CELLS_OF_ALL = 2 * sheet_limits.MAX_CELLS


@dataclass(frozen=True, slots=True)
class SheetAttributes:
    """What a workbook says of a sheet beside its cells: indexes of hidden rows, currencies of columns."""

    hidden: frozenset[int] = frozenset()
    currencies: Mapping[int, str] = field(default_factory=dict)


def read_workbook(
    data: bytes, file_name: str, fmt: FileFormat, limit_bytes: int = archive.MAX_UNPACKED_BYTES, limit_cells: int = MAX_CELLS_OF_ALL
) -> list[Sheet]:
    """The visible sheets of a workbook, or all of them when none is visible.

    Rows and columns count from the sheet's first, empty ones at the end are left out. Numbers are floats, a formula's error is "".

    Raises:
        FileTooLarge: the workbook unpacks to more than `limit_bytes`, or a sheet has cells too far apart to be held, or all
            sheets together have more than `limit_cells`.
        FileDamaged: it cannot be read.
        FileEncrypted: it wants a password.
    """
    if fmt is FileFormat.XLS:
        return _read_xls(data, file_name, limit_cells)
    parts = xlsx_parts.utf16_to_utf8(archive.unpack_parts(data, file_name, _PARTS[fmt], limit_bytes), limit_bytes, file_name)
    names = xlsx_parts.sheet_names(parts)
    _check_parts(parts, names, fmt, file_name)
    styles = parts.get("xl/styles.xml", b"")
    beside: dict[str | int, SheetAttributes] = {
        name: SheetAttributes(xlsx_parts.hidden_rows(parts[part]), number_formats.xlsx_column_currencies(styles, parts[part]))
        for part, name in names.items()
        if part in parts
    }
    try:
        return _read_with_calamine(archive.repack_parts(parts), beside, file_name, limit_cells)
    except FileDamaged:
        repaired = xlsx_parts.empty_error_cells(parts) if fmt is FileFormat.XLSX else parts
        if repaired == parts:
            raise
        return _read_with_calamine(archive.repack_parts(repaired), beside, file_name, limit_cells)


def _read_xls(data: bytes, file_name: str, limit_cells: int) -> list[Sheet]:
    opened = open_compound_file(data, file_name)
    name = next((name for name in ("Workbook", "WORKBOOK", "workbook", "Book", "BOOK", "book") if name in opened.streams), "")
    if not name:
        raise FileDamaged(f"{file_name}: its workbook is missing")
    book = opened.read(name)
    sheet_limits.check_xls(book, file_name)
    beside: dict[str | int, SheetAttributes] = {
        place: SheetAttributes(currencies=drawn) for place, drawn in enumerate(number_formats.xls_column_currencies(book))
    }
    return _read_with_calamine(io.BytesIO(build_compound_file(name.capitalize(), book)), beside, file_name, limit_cells)


def _check_parts(parts: dict[str, bytes], names: dict[str, str], fmt: FileFormat, file_name: str) -> None:
    # Every part, whatever its name: which one the reader takes for a sheet is for the package to say.
    for name, part in parts.items():
        if fmt is FileFormat.ODS:
            sheet_limits.check_ods(part, file_name)
            if name.endswith(".xml"):
                xlsx_parts.check_well_formed(part, name, file_name)
        elif fmt is FileFormat.XLSB and name.endswith(".bin"):
            sheet_limits.check_xlsb(part, names.get(name, name), file_name)
        else:
            sheet_limits.check_xlsx(part, names.get(name, name), file_name)


def _read_with_calamine(source: io.BytesIO, beside: Mapping[str | int, SheetAttributes], file_name: str, limit_cells: int) -> list[Sheet]:
    try:
        return _read_visible_sheets(CalamineWorkbook.from_filelike(source), beside, file_name, limit_cells)
    except PasswordError:
        raise FileEncrypted(f"{file_name}: is protected with a password") from None
    except CalamineError as error:
        raise FileDamaged(f"{file_name}: the workbook cannot be read ({_one_line(error)})") from None
    except BaseException as error:
        # A panic of the Rust library comes as a class of no importable name, outside of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise FileDamaged(f"{file_name}: the workbook cannot be read ({_one_line(error)})") from None


def _read_visible_sheets(
    workbook: CalamineWorkbook, beside: Mapping[str | int, SheetAttributes], file_name: str, limit_cells: int
) -> list[Sheet]:
    wanted = [(place, meta) for place, meta in enumerate(workbook.sheets_metadata) if meta.typ is SheetTypeEnum.WorkSheet]
    visible = [(place, meta) for place, meta in wanted if meta.visible is SheetVisibleEnum.Visible]
    found: list[Sheet] = []
    cells = 0
    for place, meta in visible or wanted:
        sheet = workbook.get_sheet_by_name(meta.name)
        height, width = (last + 1 for last in sheet.end or (-1, -1))
        cells += height * width
        if cells > limit_cells:
            raise FileTooLarge(f"{file_name}: its sheets together have more than {limit_cells:,} cells")
        found.append(_to_sheet(sheet, beside.get(meta.name) or beside.get(place) or SheetAttributes()))
    return found


def _to_sheet(found: CalamineSheet, beside: SheetAttributes) -> Sheet:
    rows = trim_empty_edges(found.to_python(skip_empty_area=False))
    height, width = len(rows), len(rows[0]) if rows else 0
    merges = []
    for (top, left), (bottom, right) in found.merged_cell_ranges or ():
        merge = Merge(top, left, min(bottom, height - 1), min(right, width - 1))
        if top <= merge.bottom and left <= merge.right and (top, left) != (merge.bottom, merge.right):
            merges.append(merge)
    hidden = frozenset(index for index in beside.hidden if index < height)
    return Sheet(found.name, rows, tuple(merges), hidden, currencies=beside.currencies)


def trim_empty_edges(rows: Sequence[Sequence[Value]]) -> Sequence[Sequence[Value]]:
    """`rows`, equally wide, without the empty ones at the end and without the empty columns at the right."""
    height = len(rows)
    while height and rows[height - 1].count("") == len(rows[height - 1]):
        height -= 1
    full = len(rows[0]) if rows else 0
    width = 0
    for row in rows[:height]:
        if width == full:
            break
        rest = row[width:]
        if rest.count("") < len(rest):
            width = _filled_width(row)
    if height == len(rows) and width == full:
        return rows
    return [row[:width] for row in rows[:height]]


def _filled_width(row: Sequence[Value]) -> int:
    width = len(row)
    while width and row[width - 1] == "":
        width -= 1
    return width


def _one_line(error: BaseException) -> str:
    return re.sub(r"\s+", " ", str(error)).strip()[:200]
