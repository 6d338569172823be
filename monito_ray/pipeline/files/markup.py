"""Tables in markup that programs save under the name of a workbook: HTML pages and Excel's XML of 2003."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.pipeline.cells import Merge, Sheet, Value
from monito_ray.pipeline.files import encodings

MAX_CELLS = 20_000_000
_MAX_SPAN = 16_384
_DIGITS = re.compile(r"\s*\d{1,7}\s*")
_BLANKS = re.compile(r"\s+")
# Every way through it ends where the next tag begins or takes all that is left, so that no page costs more than its length.
_HTML_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<(?:script|style)\b(?:.*?</(?:script|style)[^<>]*>|.*)|<(/?)([a-z][\w:-]*+)([^<>]*+)>|([^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_SPAN = re.compile(r"""\b(colspan|rowspan)\s*=\s*["']?\s*(\d{1,7})""", re.IGNORECASE)


@dataclass(slots=True)
class _GridBuilder:
    """Cells by place, as they come, with what they span."""

    file_name: str
    rows: list[list[Value]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    held: dict[int, set[int]] = field(default_factory=dict)
    row: int = -1
    cells: int = 0

    def start_row(self, row: int) -> None:
        self.row = row
        self._grow(0)

    def put(self, value: Value, column: int | None, across: int, down: int) -> int:
        """Write `value` at `column`, or at the next free one, and give the column behind it."""
        if self.row < 0:
            self.start_row(0)
        held = self.held.get(self.row, set())
        place = len(self.rows[self.row]) if column is None else column
        while column is None and place in held:
            place += 1
        self._grow(place + across)
        self.rows[self.row][place] = value
        if across > 1 or down > 1:
            self.merges.append(Merge(self.row, place, self.row + down - 1, place + across - 1))
            if (down - 1) * across > MAX_CELLS:
                self._refuse()
            for below in range(self.row + 1, self.row + min(down, _MAX_SPAN)):
                self.held.setdefault(below, set()).update(range(place, place + across))
        return place + across

    def sheet(self, name: str) -> Sheet:
        width = max(map(len, self.rows), default=0)
        if width * len(self.rows) > MAX_CELLS:
            self._refuse()
        rows = [row + [""] * (width - len(row)) for row in self.rows]
        return Sheet(name, rows, tuple(self.merges), frozenset(self.hidden))

    def _grow(self, width: int) -> None:
        missing = max(0, self.row + 1 - len(self.rows)), width
        self.cells += missing[0] + max(0, width - (len(self.rows[self.row]) if not missing[0] else 0))
        if self.cells > MAX_CELLS:
            self._refuse()
        self.rows.extend([] for _ in range(missing[0]))
        row = self.rows[self.row]
        row.extend([""] * (width - len(row)))

    def _refuse(self) -> None:
        raise FileTooLarge(f"{self.file_name}: its table is larger than can be held")


def read_html(data: bytes, file_name: str) -> list[Sheet]:
    """All tables of an HTML page beneath each other, an empty row between them, as Excel shows such a page.

    Raises:
        FileTooLarge: spans make the tables larger than can be held.
        FileFormatUnknown: the bytes are no text.
    """
    page = _HtmlTables(_GridBuilder(file_name))
    for closing, tag, attributes, text in _HTML_TOKEN.findall(encodings.decode_markup(data, file_name)):
        if text:
            page.text(text)
        elif closing:
            page.end(tag.lower())
        elif tag:
            page.start(tag.lower(), attributes)
    page.end_cell()
    return [page.grid.sheet("html")]


class _HtmlTables:
    """Cells of the outermost tables, as tags and texts go by; what a nested table holds is text of its cell."""

    def __init__(self, grid: _GridBuilder) -> None:
        self.grid = grid
        self._depth = 0
        self._texts: list[str] | None = None
        self._spans = (1, 1)

    def start(self, tag: str, attributes: str) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1 and self.grid.rows:
                self.grid.start_row(len(self.grid.rows))
        elif tag == "tr" and self._depth <= 1:
            self.end_cell()
            self.grid.start_row(len(self.grid.rows))
        elif tag in ("td", "th") and self._depth <= 1:
            self.end_cell()
            spans = {name.lower(): int(digits) for name, digits in _SPAN.findall(attributes)} if attributes else {}
            self._texts = []
            self._spans = _span(spans.get("colspan")), _span(spans.get("rowspan"))
        elif tag in ("br", "p", "div", "td", "tr") and self._texts is not None:
            self._texts.append("\n")

    def end(self, tag: str) -> None:
        if tag == "table":
            self._depth = max(0, self._depth - 1)
        if tag in ("td", "th", "tr", "table") and self._depth <= 1:
            self.end_cell()

    def text(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(_BLANKS.sub(" ", text))

    def end_cell(self) -> None:
        if self._texts is not None:
            lines = (_BLANKS.sub(" ", line).strip() for line in html.unescape("".join(self._texts)).split("\n"))
            self.grid.put("\n".join(filter(None, lines)), None, *self._spans)
            self._texts = None


def _span(cells: int | None) -> int:
    return min(max(cells or 1, 1), _MAX_SPAN)


def read_xml_2003(data: bytes, file_name: str) -> list[Sheet]:
    """The worksheets of an Excel workbook in the XML of 2003, cells typed as it says.

    Raises:
        FileDamaged: the XML is not well-formed, or declares entities.
        FileTooLarge: its cells are too far apart to be held.
    """
    book = _Xml2003Worksheets(file_name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = book.start
    parser.EndElementHandler = book.end
    parser.CharacterDataHandler = book.text
    parser.EntityDeclHandler = book.refuse_entity
    try:
        parser.Parse(data.lstrip(), True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileDamaged(f"{file_name}: its XML is broken ({error})") from None
    return book.sheets


class _Xml2003Worksheets:
    """Handlers that collect the worksheets as the XML goes by."""

    def __init__(self, file_name: str) -> None:
        self.sheets: list[Sheet] = []
        self._file_name = file_name
        self._name = ""
        self._grid = _GridBuilder(file_name)
        self._next_row = self._next_column = 0
        self._spans = (1, 1)
        self._texts: list[str] | None = None
        self._type = ""
        self._value: Value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        found = {key.rpartition(" ")[2]: text for key, text in attributes.items()}
        match tag.rpartition(" ")[2]:
            case "Worksheet":
                self._name, self._grid = found.get("Name", "Sheet"), _GridBuilder(self._file_name)
                self._next_row = 0
            case "Row":
                row = _index(found.get("Index"), self._next_row)
                self._grid.start_row(row)
                self._next_row, self._next_column = row + 1 + _index(found.get("Span"), -1) + 1, 0
                if found.get("Hidden") == "1":
                    self._grid.hidden.add(row)
            case "Cell":
                self._next_column = _index(found.get("Index"), self._next_column)
                self._spans = _index(found.get("MergeAcross"), -1) + 2, _index(found.get("MergeDown"), -1) + 2
                self._value = ""
            case "Data":
                self._texts, self._type = [], found.get("Type", "String")

    def text(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

    def end(self, tag: str) -> None:
        match tag.rpartition(" ")[2]:
            case "Data":
                self._value, self._texts = _typed("".join(self._texts or ()), self._type), None
            case "Cell":
                self._next_column = self._grid.put(self._value, self._next_column, *self._spans)
            case "Worksheet":
                self.sheets.append(self._grid.sheet(self._name))

    def refuse_entity(self, *_: object) -> None:
        raise FileDamaged(f"{self._file_name}: its XML declares entities, which no workbook does")


def _index(text: str | None, otherwise: int) -> int:
    """The number counted from 1 that `text` holds, counted from 0."""
    return int(text) - 1 if text and _DIGITS.fullmatch(text) and int(text) > 0 else otherwise


def _typed(text: str, kind: str) -> Value:
    try:
        match kind:
            case "Number":
                return float(text)
            case "Boolean":
                return text.strip() == "1"
            case "DateTime":
                return datetime.fromisoformat(text.strip())
            case "Error":
                return ""
    except ValueError:
        return text
    return text
