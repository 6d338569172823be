"""A PDF becomes sheets of cells."""

import re
import threading
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from monito_ray import errors
from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.pdf import column_merging, gutters, pages, rulings, words
from monito_ray.pipeline.pdf.pages import PdfPage, PdfTable, TextLine

_PAGE_NUMBER = re.compile(r"\W*(?:\w{1,9}\.?\s+)?\d{1,3}(?:\s*(?:/|of|from|dari|из|de)\s*\d{1,3})?\W*", re.IGNORECASE)
_PDFIUM = threading.Lock()  # the library is not thread-safe


def read_pdf(data: bytes) -> list[Sheet]:
    """The pages as sheets, from the top of each page.

    A page is one sheet named `page N`, or several of that name when its tables have different columns. Lines outside tables
    (letterhead, titles, notes) are rows with their text in the first cell and stand before the table that they precede; those
    after the last table end its sheet. Tables that go on over pages without a header come out in the same columns. Rows
    without text and page numbers are left out. Raises `FileEncrypted`, `FileDamaged`, `FileWithoutText`.
    """
    with _PDFIUM:
        read = _read_pages(data)
    if not any(page.tables or page.stretches for page in read):
        raise errors.FileWithoutText("is a PDF of pictures without text")
    pages.assign_text_columns(read)
    parts = [page.parts() for page in read]
    settled = iter(column_merging.merge_columns([part for page in parts for part in page if isinstance(part, PdfTable)]))
    whole = [[next(settled) if isinstance(part, PdfTable) else part for part in page] for page in parts]
    return [sheet for number, page in enumerate(whole, start=1) for sheet in _page_sheets(f"page {number}", page)]


def _read_pages(data: bytes) -> list[PdfPage]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise errors.FileEncrypted("is protected with a password") from error
        raise errors.FileDamaged("the PDF cannot be opened") from error
    try:
        if not len(document):
            raise errors.FileDamaged("the PDF has no pages")
        return [_read_page(document, i) for i in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise errors.FileDamaged("a page of the PDF cannot be read") from error
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, index: int) -> PdfPage:
    page = document[index]
    text_page = page.get_textpage()
    turn = words.reading_rotation(page, text_page)
    found = pages.analyse_page(words.extract_runs(page, text_page, turn), rulings.read_page_drawing(page, turn))
    text_page.close()
    page.close()
    return found


def _page_sheets(name: str, parts: list[PdfTable | TextLine]) -> Iterator[Sheet]:
    """Tables of the same columns in one sheet, loose lines in the sheet of the table below them."""
    rows: list[list[str]] = []
    merges: list[Merge] = []
    waiting: list[TextLine] = []
    last: PdfTable | None = None
    for i, part in enumerate(parts):
        if isinstance(part, TextLine):
            waiting += [] if i in (0, len(parts) - 1) and _PAGE_NUMBER.fullmatch(part.text) else [part]
            continue
        if last is not None and last.xs != part.xs:
            yield _sheet(name, rows, merges)
            rows, merges = [], []
        rows += [_line_cells(line, part) for line in waiting]
        merges += [Merge(m.top + len(rows), m.left, m.bottom + len(rows), m.right) for m in part.spans]
        rows += part.rows
        waiting, last = [], part
    rows += [_line_cells(line, last) for line in waiting]
    if rows:
        yield _sheet(name, rows, merges)


def _sheet(name: str, rows: list[list[str]], merges: list[Merge]) -> Sheet:
    return Sheet(name, rows, merges=tuple(merges), paged=True)


def _line_cells(line: TextLine, table: PdfTable | None) -> list[str]:
    """A line outside a table: in the table's columns when it has a run for each of several, else whole in the first cell."""
    if table is None:
        return [line.text]
    cells = [""] * (len(table.xs) - 1)
    homes = [gutters.column_of(table.xs, run.box) for run in line.runs]
    distance = max(table.box.top - line.box.bottom, line.box.top - table.box.bottom)
    if len(homes) >= 3 and len(set(homes)) == len(homes) and distance < 2 * line.box.height:
        for home, run in zip(homes, line.runs, strict=True):
            cells[home] = run.text
    else:
        cells[0] = line.text
    return cells
