"""HTML pages with tables, which programs save under the name of a workbook."""

import html
import re

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.grid_builder import GridBuilder
from monito_ray.pipeline.files.sheet_limits import MAX_COLUMNS
from monito_ray.pipeline.files.texts import encodings

_WHITE_SPACE = re.compile(r"\s+")
# Every way through it ends where the next tag begins or takes all that is left, so that no page costs more than its length.
_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<(?:script|style)\b(?:.*?</(?:script|style)[^<>]*>|.*)|<(/?)([a-z][\w:-]*+)([^<>]*+)>|([^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_SPAN = re.compile(r"""\b(colspan|rowspan)\s*=\s*["']?\s*(\d{1,7})""", re.IGNORECASE)


def read_html(data: bytes, file_name: str) -> list[Sheet]:
    """Return all tables of an HTML page as one sheet, one below the other with an empty row between them, as Excel shows such a page.

    Raises:
        FileTooLarge: spans make the tables larger than can be held.
        FileFormatUnknown: the bytes are no text.
    """
    tables = _HtmlTables(GridBuilder(file_name))
    for closing, tag, attributes, text in _TOKEN.findall(encodings.decode_markup(data, file_name)):
        if text:
            tables.add_text(text)
        elif closing:
            tables.end_tag(tag.lower())
        elif tag:
            tables.start_tag(tag.lower(), attributes)
    tables.end_cell()
    return [tables.grid.to_sheet("html")]


class _HtmlTables:
    """Collects the cells of the outermost tables from tags and texts; what a nested table holds is text of its cell."""

    def __init__(self, grid: GridBuilder) -> None:
        self.grid = grid
        self._depth = 0
        #: The texts of the open cell; None outside of cells.
        self._texts: list[str] | None = None
        self._spans = (1, 1)

    def start_tag(self, tag: str, attributes: str) -> None:
        """Take an opening tag, in small letters; a cell ends where the next begins, whether it is closed or not."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1 and self.grid.rows:
                self.grid.start_row(len(self.grid.rows))
        elif tag == "tr" and self._depth <= 1:
            self.end_cell()
            self.grid.start_row(len(self.grid.rows))
        elif tag in ("td", "th") and self._depth <= 1:
            self.end_cell()
            self._texts = []
            self._spans = _spans(attributes)
        elif tag in ("br", "p", "div", "td", "tr") and self._texts is not None:
            self._texts.append("\n")

    def end_tag(self, tag: str) -> None:
        """Take a closing tag, in small letters."""
        if tag == "table":
            self._depth = max(0, self._depth - 1)
        if tag in ("td", "th", "tr", "table") and self._depth <= 1:
            self.end_cell()

    def add_text(self, text: str) -> None:
        """Take text between tags; white space is one blank, as browsers show it."""
        if self._texts is not None:
            self._texts.append(_WHITE_SPACE.sub(" ", text))

    def end_cell(self) -> None:
        """Write the open cell, if any: its lines without blank ones."""
        if self._texts is not None:
            lines = (_WHITE_SPACE.sub(" ", line).strip() for line in html.unescape("".join(self._texts)).split("\n"))
            self.grid.append_cell("\n".join(filter(None, lines)), *self._spans)
            self._texts = None


def _spans(attributes: str) -> tuple[int, int]:
    """Return how many columns and rows a cell covers, neither more than a sheet has columns."""
    spans = {name.lower(): int(digits) for name, digits in _SPAN.findall(attributes)}
    columns, rows = (min(max(spans.get(name, 1), 1), MAX_COLUMNS) for name in ("colspan", "rowspan"))
    return columns, rows
