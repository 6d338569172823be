"""HTML pages to one sheet: tables as cells, pieces that repeat as rows, all else as lines."""

from dataclasses import replace

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.documents.blocks import BlockCollector
from monito_ray.pipeline.files.documents.web.html_contents import table_rows
from monito_ray.pipeline.files.documents.web.html_pieces import joined, parts
from monito_ray.pipeline.files.documents.web.html_records import Kind, PageRecords, find_records
from monito_ray.pipeline.files.documents.web.html_tree import LINE_END, Element, parse_html
from monito_ray.pipeline.files.texts import encodings
from monito_ray.pipeline.gc_pause import gc_paused


def read_html(data: bytes, file_name: str) -> list[Sheet]:
    """Return an HTML page as one sheet `html`, its tables and lines one below the other with an empty row behind each table.

    Raises:
        FileTooLarge: its tables, lines or elements are more than can be held.
        FileFormatUnknown: the bytes are no text.
    """
    return [read_page(encodings.decode_markup(data, file_name), file_name, "html")]


def read_page(page: str, file_name: str, sheet_name: str) -> Sheet:
    """Return an HTML page as one sheet; see `read_html`."""
    with gc_paused():
        root = parse_html(page, file_name)
        reader = _PageReader(find_records(root), BlockCollector(file_name))
        reader.read_block(root)
        sheet = reader.blocks.to_sheet(sheet_name)
    # As Excel shows such a page: where there are tables, rows have numbers.
    return replace(sheet, paged=False) if reader.has_tables else sheet


class _PageReader:
    """Walks through a page and hands what is seen to the collector."""

    def __init__(self, records: PageRecords, blocks: BlockCollector) -> None:
        self.blocks = blocks
        self.has_tables = False
        self._records = records
        self._titled: set[Kind] = set()
        #: The open line so far.
        self._line = ""

    def read_block(self, element: Element) -> None:
        """Read an element that stands on lines of its own."""
        self._end_line()
        if id(element) in self._records.kinds and not self.blocks.is_in_cell:
            self._read_record(element)
        elif element.tag == "table" and id(element) not in self._records.layouts:
            self._read_table(element)
        else:
            self._read_parts(element)
        self._end_line()

    def _read_record(self, element: Element) -> None:
        kind = self._records.kinds[id(element)]
        if kind not in self._titled:
            self._titled.add(kind)
            if titles := self._records.column_titles(kind):
                self.blocks.add_titles(titles)
        self.blocks.add_row(self._records.cells(element))

    def _read_parts(self, element: Element) -> None:
        for part in parts(element):
            if isinstance(part, str):
                self._add_text(part)
            elif part.is_block or id(part) in self._records.kinds:
                self.read_block(part)
            else:
                self._read_parts(part)

    def _add_text(self, text: str) -> None:
        first, *others = text.split(LINE_END)
        if first and not first.isspace():
            self._line = joined(self._line, first.strip(" ")) if self._line.strip(" ") else first
        for line in others:
            self._end_line()
            self._line = line

    def _end_line(self) -> None:
        if self._line.strip():
            self.blocks.add_text(self._line)
        self._line = ""
        self.blocks.break_line()

    def _read_table(self, table: Element) -> None:
        self.has_tables = True
        for child in table.children:
            if isinstance(child, Element) and child.tag == "caption":
                self.read_block(child)
        self.blocks.start_table()
        for row in table_rows(table):
            self.blocks.start_row()
            for cell in row.children:
                if isinstance(cell, Element) and cell.tag in ("td", "th"):
                    self.blocks.start_cell(cell.columns, cell.rows)
                    self._read_cell(cell)
                    self.blocks.end_cell()
        self.blocks.end_table()

    def _read_cell(self, cell: Element) -> None:
        match cell.children:
            case []:
                pass
            case [str(text)]:
                self.blocks.add_text(text)
            case _:
                self._read_parts(cell)
                self._end_line()
