"""Workbooks (xlsx, xlsm, xlsb, xls, ods) to sheets of cells, by way of calamine.

Always in this order: unpack within limits, check what was unpacked, give calamine a container of our own with exactly that.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from monito_ray.errors import FileDamaged, FileEncrypted, FileTooLarge
from monito_ray.isolation.limits import MAX_CELLS
from monito_ray.pipeline.cells import Merge, Sheet, Value
from monito_ray.pipeline.files import archive, number_formats, sheet_limits, xlsx_parts
from monito_ray.pipeline.files.clean_cells import repair_references
from monito_ray.pipeline.files.formats import FileFormat
from monito_ray.pipeline.files.ole import build_compound_file, open_compound_file

#: All sheets of a workbook together.
MAX_WORKBOOK_CELLS = 2 * MAX_CELLS
# Pictures, drawings, macros and printer settings stay packed.
_PART_SUFFIXES = {
    FileFormat.XLSX: (".xml", ".rels"),
    FileFormat.XLSB: (".bin", ".rels", ".xml"),
    # LibreOffice writes an empty Configurations2/accelerator/current.xml, and embedded charts have a content.xml of their own.
    FileFormat.ODS: ("content.xml", "mimetype", "META-INF/manifest.xml"),
}
_XLS_STREAMS = ("Workbook", "WORKBOOK", "workbook", "Book", "BOOK", "book")
_MAX_REASON_CHARS = 200
#: A panic of calamine's binding where Python had no memory for a cell's text.
_NO_OBJECT = "pointer is null"


@dataclass(frozen=True, slots=True)
class SheetAttributes:
    """Properties of a sheet outside of its cells, which calamine does not read."""

    hidden_rows: frozenset[int] = frozenset()
    #: The currency that the number formats of a column draw, by the column's index.
    currencies: Mapping[int, str] = field(default_factory=dict)
    #: Formulas without values, by the column's index.
    uncomputed: Mapping[int, int] = field(default_factory=dict)


#: By a sheet's name, or by its index where names are not read.
AttributesOfSheets = Mapping[str | int, SheetAttributes]


def read_xls(data: bytes, file_name: str, limit_cells: int = MAX_WORKBOOK_CELLS) -> list[Sheet]:
    """Return the visible sheets of an xls workbook; contract and errors as for `read_packed_workbook`."""
    compound = open_compound_file(data, file_name)
    stream = next((name for name in _XLS_STREAMS if name in compound.streams), "")
    if not stream:
        raise FileDamaged(f"{file_name}: its workbook is missing")
    book = compound.read_stream(stream)
    sheet_limits.check_xls_extent(book, file_name)
    currencies = number_formats.xls_column_currencies(book)
    attributes: AttributesOfSheets = {index: SheetAttributes(currencies=of_columns) for index, of_columns in enumerate(currencies)}
    return _read_with_calamine(io.BytesIO(build_compound_file(stream.capitalize(), book)), attributes, file_name, limit_cells)


def read_packed_workbook(
    data: bytes,
    file_name: str,
    fmt: FileFormat,
    limit_bytes: int = archive.MAX_UNPACKED_BYTES,
    limit_cells: int = MAX_WORKBOOK_CELLS,
) -> list[Sheet]:
    """Return the visible sheets of a workbook in a zip archive (xlsx, xlsb, ods), or all of them when none is visible.

    Rows and columns count from the sheet's first; empty ones at the end are left out. Numbers are floats, a formula's error is "".

    Raises:
        FileTooLarge: the workbook unpacks to more than `limit_bytes`, or a sheet has cells too far apart to be held, or all
            sheets together have more than `limit_cells`.
        FileDamaged: it cannot be read.
        FileEncrypted: it wants a password.
    """
    unpacked = archive.unpack_parts(data, file_name, _PART_SUFFIXES[fmt], limit_bytes)
    if fmt is FileFormat.ODS:
        unpacked = {name: part for name, part in unpacked.items() if name in _PART_SUFFIXES[fmt]}
    as_utf8 = xlsx_parts.utf16_to_utf8(unpacked, limit_bytes, file_name)
    parts = {name: part if name.endswith(".bin") else repair_references(part) for name, part in as_utf8.items()}
    sheet_names = xlsx_parts.sheet_names(parts)
    _check_parts(parts, sheet_names, fmt, file_name)
    attributes = _attributes_of_sheets(parts, sheet_names)
    try:
        return _read_with_calamine(archive.repack_parts(parts), attributes, file_name, limit_cells)
    except FileDamaged:
        repaired = xlsx_parts.empty_error_cells(parts) if fmt is FileFormat.XLSX else parts
        if repaired == parts:
            raise
        return _read_with_calamine(archive.repack_parts(repaired), attributes, file_name, limit_cells)


def _check_parts(parts: Mapping[str, bytes], sheet_names: Mapping[str, str], fmt: FileFormat, file_name: str) -> None:
    # Every part, whatever its name: the package decides which one calamine takes for a sheet.
    for part_name, part in parts.items():
        sheet_name = sheet_names.get(part_name, part_name)
        if fmt is FileFormat.ODS:
            sheet_limits.check_ods_extent(part, file_name)
            if part_name.endswith(".xml"):
                xlsx_parts.check_well_formed(part, part_name, file_name)
        elif fmt is FileFormat.XLSB and part_name.endswith(".bin"):
            sheet_limits.check_xlsb_extent(part, sheet_name, file_name)
        else:
            sheet_limits.check_xlsx_extent(part, sheet_name, file_name)


def _attributes_of_sheets(parts: Mapping[str, bytes], sheet_names: Mapping[str, str]) -> dict[str | int, SheetAttributes]:
    styles = parts.get("xl/styles.xml", b"")
    attributes: dict[str | int, SheetAttributes] = {}
    for part_name, sheet_name in sheet_names.items():
        if part_name in parts:
            part = parts[part_name]
            currencies = number_formats.xlsx_column_currencies(styles, part)
            attributes[sheet_name] = SheetAttributes(xlsx_parts.hidden_rows(part), currencies, xlsx_parts.formulas_without_values(part))
    return attributes


def _read_with_calamine(source: io.BytesIO, attributes: AttributesOfSheets, file_name: str, limit_cells: int) -> list[Sheet]:
    try:
        return _read_visible_sheets(CalamineWorkbook.from_filelike(source), attributes, file_name, limit_cells)
    except PasswordError:
        raise FileEncrypted(f"{file_name}: is protected with a password") from None
    except CalamineError as error:
        raise FileDamaged(f"{file_name}: the workbook cannot be read ({_one_line(error)})") from None
    except BaseException as error:
        # A panic of the Rust library comes as a class of no importable name, outside of Exception.
        if type(error).__name__ != "PanicException":
            raise
        if _NO_OBJECT in str(error):
            raise MemoryError from None
        raise FileDamaged(f"{file_name}: the workbook cannot be read ({_one_line(error)})") from None


def _read_visible_sheets(workbook: CalamineWorkbook, attributes: AttributesOfSheets, file_name: str, limit_cells: int) -> list[Sheet]:
    worksheets = [(index, meta) for index, meta in enumerate(workbook.sheets_metadata) if meta.typ is SheetTypeEnum.WorkSheet]
    visible = [(index, meta) for index, meta in worksheets if meta.visible is SheetVisibleEnum.Visible]
    sheets: list[Sheet] = []
    cells = 0
    for index, meta in visible or worksheets:
        sheet = workbook.get_sheet_by_name(meta.name)
        height, width = (last + 1 for last in sheet.end or (-1, -1))
        cells += height * width
        if cells > limit_cells:
            raise FileTooLarge(f"{file_name}: its sheets together have more than {limit_cells:,} cells")
        sheets.append(_to_sheet(sheet, attributes.get(meta.name) or attributes.get(index) or SheetAttributes()))
    return sheets


def _to_sheet(sheet: CalamineSheet, attributes: SheetAttributes) -> Sheet:
    rows = trim_empty_edges(sheet.to_python(skip_empty_area=False))  # else leading empty rows are dropped, and row numbers are wrong
    height, width = len(rows), len(rows[0]) if rows else 0
    merges = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        merge = Merge(top, left, min(bottom, height - 1), min(right, width - 1))
        if top <= merge.bottom and left <= merge.right and (top, left) != (merge.bottom, merge.right):
            merges.append(merge)
    hidden = frozenset(index for index in attributes.hidden_rows if index < height)
    return Sheet(sheet.name, rows, tuple(merges), hidden, currencies=attributes.currencies, uncomputed=attributes.uncomputed)


def trim_empty_edges(rows: Sequence[Sequence[Value]]) -> Sequence[Sequence[Value]]:
    """Return `rows`, equally wide, without the empty ones at the end and without the empty columns at the right."""
    height = len(rows)
    while height and rows[height - 1].count("") == len(rows[height - 1]):
        height -= 1
    full_width = len(rows[0]) if rows else 0
    width = 0
    for row in rows[:height]:
        if width == full_width:
            break
        rest = row[width:]
        if rest.count("") < len(rest):
            width = _filled_width(row)
    if height == len(rows) and width == full_width:
        return rows
    return [row[:width] for row in rows[:height]]


def _filled_width(row: Sequence[Value]) -> int:
    width = len(row)
    while width and row[width - 1] == "":
        width -= 1
    return width


def _one_line(error: BaseException) -> str:
    return re.sub(r"\s+", " ", str(error)).strip()[:_MAX_REASON_CHARS]
