"""A PDF becomes sheets of cells.

The chain: characters -> words -> runs (`words`), drawn lines -> rulings -> lattices (`rulings`, `lattice`), both -> ruled tables, text in
columns between gutters and loose lines (`pages`), tables of all pages -> whole rows and columns (`continuations`) -> sheets. Beside it all runs of
a page become its running lines (`flow`).
"""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from monito_ray import errors
from monito_ray.isolation.limits import MAX_PAGE_CHARACTERS, PICTURE_SIDE, most_pages, pages_budget
from monito_ray.isolation.process_limits import allow_at_least
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.characters import any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.pdf import chars, gutters, pages, rulings, words
from monito_ray.pipeline.pdf.continuations import column_merging
from monito_ray.pipeline.pdf.continuations.page_breaks import join_broken_rows
from monito_ray.pipeline.pdf.flow.page_heads import without_repeated_heads
from monito_ray.pipeline.pdf.pages import PageContent, PictureReader
from monito_ray.pipeline.pdf.pdf_table import PdfTable
from monito_ray.pipeline.pdf.text_lines import PageLine

#: pdfium is not thread-safe.
_PDFIUM = threading.Lock()
#: A loose line with a run for each of this many columns, all different, is a row of the table beside it.
_MIN_ROW_COLUMNS = 3
#: It stands less than this many text heights above or below that table.
_MAX_ROW_DISTANCE_HEIGHTS = 2
#: A page without text is drawn with so many pixels a point, 300 an inch, where that makes no picture larger than is read.
_MOST_PIXELS_A_POINT = 300 / 72


def read_pdf(data: bytes, read_picture: PictureReader | None = None) -> list[Sheet]:
    """Return the pages as sheets, rows from the top of each page; pages without text are drawn and read by `read_picture`, where it is given.

    A page is one sheet named `page N`, or several of that name when its tables have different columns. Lines outside tables (letterhead,
    titles, notes) are rows with their text in the first cell; they stand before the table that they precede, and those after the last
    table end its sheet. Tables that continue over pages without a header have the same columns on each. Rows without text and page numbers
    are left out. The first sheet of a page has all its text as running lines, column by column.

    Raises:
        FileEncrypted: it wants a password.
        FileDamaged: it cannot be opened or has no pages.
        FileWithoutText: no page has text.
        FileTooCostly: it has more pages than a file of its size may have, or a page more characters than a page can, or more pictures of pages
            than are read.
    """
    with _PDFIUM:
        contents = _read_pages(data, read_picture)
    if not any(content.runs for content in contents):
        raise errors.FileWithoutText("is a PDF of pictures without text")
    return sheets_of_pages(contents)


def sheets_of_pages(contents: Sequence[PageContent]) -> list[Sheet]:
    """Return pages in their order as sheets, see `read_pdf`."""
    read_pages = [pages.analyse_page(content.runs, content.drawing) for content in contents]
    pages.assign_text_columns(read_pages)
    parts_of_pages = [page.parts() for page in read_pages]
    join_broken_rows(parts_of_pages)
    parts_of_pages = _with_merged_columns(parts_of_pages)
    sheets = []
    lines_of_pages = without_repeated_heads([page.lines for page in read_pages])
    for number, (lines, parts, content) in enumerate(zip(lines_of_pages, parts_of_pages, contents, strict=True), start=1):
        first, *others = list(_page_sheets(f"page {number}", parts)) or [_paged_sheet(f"page {number}", [], [])]
        of_page = [replace(first, lines=lines), *others]
        sheets += (
            [replace(sheet, is_picture=True, unsure=content.unsure, picture=content.picture) for sheet in of_page]
            if content.is_picture
            else of_page
        )
    return sheets


def _read_pages(data: bytes, read_picture: PictureReader | None) -> list[PageContent]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise errors.FileEncrypted("is protected with a password") from error
        raise errors.FileDamaged("the PDF cannot be opened") from error
    try:
        if not len(document):
            raise errors.FileDamaged("the PDF has no pages")
        _refuse_many_pages(len(document), len(data))
        allow_at_least(pages_budget(len(document), len(data)))
        contents = [_read_page(document, i) for i in range(len(document))]
        return _with_pictures(document, contents, read_picture) if read_picture else contents
    except pypdfium2.PdfiumError as error:
        raise errors.FileDamaged("a page of the PDF cannot be read") from error
    finally:
        document.close()


def _refuse_many_pages(count: int, size_bytes: int) -> None:
    if count > (most := most_pages(size_bytes)):
        raise errors.FileTooCostly(
            f"has {count:,} pages in {size_bytes / 1000:,.0f} kB, more than the {most:,} that are read of so small a file"
        )


def _refuse_full_page(characters: int, page: int) -> None:
    if characters > MAX_PAGE_CHARACTERS:
        raise errors.FileTooCostly(
            f"page {page} has {characters:,} characters, more than the {MAX_PAGE_CHARACTERS:,} that are read of a page"
        )


def _read_page(document: pypdfium2.PdfDocument, index: int) -> PageContent:
    page = document[index]
    text_page = page.get_textpage()
    _refuse_full_page(pdfium.FPDFText_CountChars(text_page), index + 1)
    rotate = chars.reading_rotation(page, text_page)
    content = PageContent(words.extract_runs(page, text_page, rotate), rulings.read_page_drawing(page, rotate))
    text_page.close()
    page.close()
    return content


def _with_pictures(document: pypdfium2.PdfDocument, contents: Sequence[PageContent], read_picture: PictureReader) -> list[PageContent]:
    """Return the contents of pages, those without text as they look."""
    pictures = [i for i, content in enumerate(contents) if not content.runs and _shows_something(document, i)]
    return [read_picture(partial(_drawn, document, i)) if i in pictures else content for i, content in enumerate(contents)]


def _shows_something(document: pypdfium2.PdfDocument, index: int) -> bool:
    page = document[index]
    count = pdfium.FPDFPage_CountObjects(page.raw)
    page.close()
    return bool(count > 0)


def _drawn(document: pypdfium2.PdfDocument, index: int) -> Any:
    """Return a page as it looks, an array of height x width x 3."""
    page = document[index]
    scale = min(_MOST_PIXELS_A_POINT, PICTURE_SIDE / max(*page.get_size(), 1.0))
    drawn = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    page.close()
    return drawn


def _with_merged_columns(parts_of_pages: list[list[PdfTable | PageLine]]) -> list[list[PdfTable | PageLine]]:
    """Return the parts of each page with its tables' columns merged, as the tables of all pages decide."""
    tables = [part for parts in parts_of_pages for part in parts if isinstance(part, PdfTable)]
    merged = iter(column_merging.merge_columns(tables))
    return [[next(merged) if isinstance(part, PdfTable) else part for part in parts] for parts in parts_of_pages]


def _page_sheets(name: str, parts: Sequence[PdfTable | PageLine]) -> Iterator[Sheet]:
    """Yield one sheet for tables of the same columns that follow each other; loose lines go to the sheet of the table below them."""
    rows: list[list[str]] = []
    merges: list[Merge] = []
    loose: list[PageLine] = []
    last: PdfTable | None = None
    for part in _without_page_numbers(parts):
        if isinstance(part, PageLine):
            loose.append(part)
            continue
        if last is not None and last.column_edges != part.column_edges:
            yield _paged_sheet(name, rows, merges)
            rows, merges = [], []
        rows += [_line_cells(line, part) for line in loose]
        merges += [Merge(m.top + len(rows), m.left, m.bottom + len(rows), m.right) for m in part.merges]
        rows += part.rows
        loose, last = [], part
    rows += [_line_cells(line, last) for line in loose]
    if rows:
        yield _paged_sheet(name, rows, merges)


def _without_page_numbers(parts: Sequence[PdfTable | PageLine]) -> list[PdfTable | PageLine]:
    """Return the parts without a first or last line that is the page's number."""
    ends = (0, len(parts) - 1)
    return [part for i, part in enumerate(parts) if not (isinstance(part, PageLine) and i in ends and _page_number().fullmatch(part.text))]


def _paged_sheet(name: str, rows: list[list[str]], merges: list[Merge]) -> Sheet:
    return Sheet(name, rows, merges=tuple(merges), paged=True)


def _line_cells(line: PageLine, table: PdfTable | None) -> list[str]:
    """Return a loose line as cells: in the table's columns when it is one of its rows, else whole in the first cell."""
    if table is None:
        return [line.text]
    cells = [""] * table.width
    columns = [gutters.column_of(table.column_edges, run.box) for run in line.runs]
    if _is_row_of(table, line, columns):
        for column, run in zip(columns, line.runs, strict=True):
            cells[column] = run.text
    else:
        cells[0] = line.text
    return cells


def _is_row_of(table: PdfTable, line: PageLine, columns: list[int]) -> bool:
    distance = max(table.box.top - line.box.bottom, line.box.top - table.box.bottom)
    has_own_columns = len(columns) >= _MIN_ROW_COLUMNS and len(set(columns)) == len(columns)
    return has_own_columns and distance < _MAX_ROW_DISTANCE_HEIGHTS * line.box.height


@derived()
def _page_number() -> re.Pattern[str]:
    """A line that is a page's number: "Page 2 of 5", "- 3 -"."""
    of = any_phrase(lexicon.words("letterhead", "page_of"))
    return re.compile(rf"\W*(?:\w{{1,9}}\.?\s+)?\d{{1,3}}(?:\s*(?:/|{of})\s*\d{{1,3}})?\W*", re.IGNORECASE)
