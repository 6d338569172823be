"""What the reader of PDFs makes of pages drawn by `papers`, in whole and step by step; and runs of text made without a PDF."""

from collections.abc import Sequence

import pypdfium2
from papers import Paper, pdf

from monito_ray.pipeline.pdf import chars, rulings, words
from monito_ray.pipeline.pdf.document import read_pdf
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.rulings import PageDrawing
from monito_ray.pipeline.pdf.text_lines import ColumnRun
from monito_ray.pipeline.pdf.words import TextRun, Word, join_words

CHAR_WIDTH, SPACE_WIDTH, HEIGHT = 5.0, 3.0, 10.0


def rows_of(data: bytes) -> list[list[str]]:
    """All rows of all sheets of a PDF."""
    return [list(map(str, row)) for sheet in read_pdf(data) for row in sheet.rows]


def runs_of(paper: Paper) -> list[TextRun]:
    """The runs of text of a page."""
    page = pypdfium2.PdfDocument(pdf(paper))[0]
    text_page = page.get_textpage()
    return words.extract_runs(page, text_page, chars.reading_rotation(page, text_page))


def drawing_of(paper: Paper) -> PageDrawing:
    """The rulings and backgrounds of a page."""
    page = pypdfium2.PdfDocument(pdf(paper))[0]
    return rulings.read_page_drawing(page, chars.reading_rotation(page, page.get_textpage()))


def run(x: float, text: str, y: float = 0, source: int = 1) -> TextRun:
    """A run that begins at `x`, all letters 5 points wide and 10 high, its words a space apart."""
    made: list[Word] = []
    for word in text.split():
        made.append(Word(word, Box(x, y, x + CHAR_WIDTH * len(word), y + HEIGHT), source))
        x += CHAR_WIDTH * len(word) + SPACE_WIDTH
    return join_words(made)


def line(*cells: tuple[float, str], y: float = 0) -> list[TextRun]:
    """The runs of one line, each a text object of its own."""
    return [run(x, text, y, source) for source, (x, text) in enumerate(cells, start=1)]


def placed(rows: Sequence[Sequence[str]], pitch: float = 20, width: float = 100) -> list[ColumnRun]:
    """The cells of `rows` as runs in columns of equal width, a line every `pitch` points; empty cells are left out."""
    return [
        ColumnRun(column, run(column * width, text, i * pitch)) for i, row in enumerate(rows) for column, text in enumerate(row) if text
    ]
