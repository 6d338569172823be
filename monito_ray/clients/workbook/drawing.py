"""Planned sheets drawn as an xlsx: styled, filtered, frozen, every text a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from monito_ray.clients.output_paths import atomic_write
from monito_ray.clients.workbook.cell_xml import row_chunks
from monito_ray.clients.workbook.copied_process import work_beside
from monito_ray.clients.workbook.frame import draw_frame
from monito_ray.clients.workbook.package import PackageMember, ZipPackage, deflate_end
from monito_ray.clients.workbook.part_cache import PartCache, part_key
from monito_ray.clients.workbook.styles import style_numbers
from monito_ray.errors import OutputNotWritable
from monito_ray.pipeline.cells import column_letters
from monito_ray.sheet_model import PlannedSheet

#: Excel's limit for the rows of a sheet.
MOST_ROWS = 1_048_576
#: Rows of a sheet that are worth a second process: a copy of this one takes some 20 ms, as drawing 4,000 rows does.
LONG_SHEET = 20_000
#: Of the rows of a long sheet: the rest has to wait until the copy is made.
_OWN_SHARE = 0.5
_PALETTE_ROW = re.compile(r'<row r="2".*?</row>', re.DOTALL)
_EXTENT = re.compile(r'<dimension ref="[^"]*"/>')


def draw_workbook(sheets: Sequence[PlannedSheet], path: Path, cache_folder: Path | None = None, *, in_two: bool = False) -> Path:
    """Draw `sheets` into an xlsx at `path`, whole or not at all, in memory that does not grow with the rows, and return `path`.

    Every text is written as text, cut at what a cell can hold; money has thousands separators, and decimals where its column has any.
    Sheets with a version are kept in `cache_folder` as they were drawn, and copied as long as neither version nor looks change.
    Such a workbook lies in the home, and is its owner's alone.
    Where it may work `in_two`, a copy of this process draws half of a long sheet; see `work_beside`.

    Raises:
        OutputNotWritable: the file cannot be written, or a sheet has more rows than xlsx can hold.
    """
    for sheet in sheets:
        if len(sheet.rows) >= MOST_ROWS:
            raise OutputNotWritable(
                f"cannot write {path}: {sheet.title!r} has {len(sheet.rows):,} rows, an xlsx sheet holds {MOST_ROWS - 1:,}",
                "Take --format csv or parquet.",
            )
    with atomic_write(path, is_private=cache_folder is not None) as temporary:
        try:
            with temporary.open("w+b") as file:
                _write_package(sheets, file, PartCache(cache_folder) if cache_folder else None, in_two=in_two)
        except (OSError, ValueError) as error:
            raise OutputNotWritable(f"cannot write {path}: {error}") from error
    return path


def _write_package(sheets: Sequence[PlannedSheet], file: BinaryIO, cache: PartCache | None, *, in_two: bool) -> None:
    with TemporaryDirectory(prefix="monito-") as scratch, draw_frame(sheets, scratch) as frame:
        package = ZipPackage(file)
        by_member = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, 1)}
        looks = frame.read("xl/styles.xml").decode()
        for name in frame.namelist():
            content = frame.read(name)
            if name not in by_member:
                package.add(name, [content])
                continue
            sheet, xml = by_member[name], content.decode()
            key = part_key((sheet.version, looks, xml)) if cache and sheet.version else ""
            if cache and key and cache.copy_into(package, name, key):
                continue
            member = _add_sheet(package, name, sheet, xml, Path(scratch) if in_two else None)
            if cache and key:
                cache.keep(key, member, file)
        package.finish()
    if cache:
        cache.forget_unused()


def _add_sheet(package: ZipPackage, name: str, sheet: PlannedSheet, frame_xml: str, scratch: Path | None) -> PackageMember:
    """Draw a sheet: its frame, with the rows in the place of the palette. A long one is drawn in two parts at once where there is `scratch`."""
    palette = _PALETTE_ROW.search(frame_xml)
    if palette is None:
        raise ValueError("the frame of the sheet has no palette")
    styles = style_numbers(palette[0])
    sheet = replace(sheet, rows=sheet.rows[:])  # rows that are read from a store are read once
    extent = f'<dimension ref="A1:{column_letters(len(sheet.columns) - 1)}{len(sheet.rows) + 1}"/>'
    before = _EXTENT.sub(extent, frame_xml[: palette.start()], count=1)
    after = frame_xml[palette.end() :]
    if scratch is None or len(sheet.rows) < LONG_SHEET:
        return package.add(name, _encoded([before], row_chunks(sheet, styles), [after]))
    middle = int(len(sheet.rows) * _OWN_SHARE)
    end = partial(deflate_end, _encoded(row_chunks(sheet, styles, middle), [after]), scratch / "end")
    return package.add(name, _encoded([before], row_chunks(sheet, styles, 0, middle)), work_beside(end))


def _encoded(*parts: Iterable[str]) -> Iterator[bytes]:
    return (text.encode() for text in chain.from_iterable(parts))
