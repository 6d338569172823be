"""Texts of OpenDocument (odt) to one sheet."""

import re

from monito_ray.errors import FileDamaged
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive
from monito_ray.pipeline.files.documents.blocks import BlockCollector
from monito_ray.pipeline.files.documents.markup import parse_xml

_CONTENT = "content.xml"
#: Elements whose texts are not in the text: deleted passages, remarks, notes at the foot of a page, fonts, forms.
_UNSEEN = frozenset({"tracked-changes", "annotation", "note", "styles", "master-styles", "forms", "desc", "title", "meta"})
_PARAGRAPHS = ("p", "h")
_WHITE_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\d{1,6}")
#: As many blanks, or equal cells, as an element may stand for.
_MOST_REPEATS = 256


def read_odt(data: bytes, file_name: str, limit_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """Return the body of an OpenDocument text as one sheet `odt`: its paragraphs as lines, its tables as cells.

    Headers, footers, notes, remarks, pictures, and what is deleted or crossed out is left out; what stands in text boxes is read.

    Raises:
        FileDamaged: the text is missing or broken.
        FileTooLarge: it unpacks to more than `limit_bytes`, or its lines or tables are more than can be held.
        FileEncrypted: it wants a password.
    """
    content = archive.unpack_parts(data, file_name, (_CONTENT,), limit_bytes).get(_CONTENT)
    if content is None:
        raise FileDamaged(f"{file_name}: the text of the document is missing")
    handlers = _OdtBody(file_name)
    parse_xml(content, file_name, handlers.start_element, handlers.end_element, handlers.add_text)
    return [handlers.blocks.to_sheet("odt")]


class _OdtBody:
    """Handlers of the parser that collect the text's blocks."""

    def __init__(self, file_name: str) -> None:
        self.blocks = BlockCollector(file_name)
        #: Open elements within the outermost unseen one, it included; 0 outside of such.
        self._unseen = 0
        self._paragraphs = 0
        #: The style that is read, and those that cross text out.
        self._style = ""
        self._crossing_out: set[str] = set()
        #: How often the open cell is to be repeated behind itself.
        self._repeats = 0

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""
        name = tag.rpartition(" ")[2]
        if self._unseen or name in _UNSEEN or (name == "span" and _value(attributes, "style-name") in self._crossing_out):
            self._unseen += 1
        elif name == "style":
            self._style = _value(attributes, "name")
        elif name == "text-properties" and _value(attributes, "text-line-through-style") not in ("", "none"):
            self._crossing_out.add(self._style)
        elif name in _PARAGRAPHS:
            self.blocks.break_line()  # a text box stands within a paragraph
            self._paragraphs += 1
        elif name == "s":
            self.blocks.add_text(" " * min(_count_of(attributes, "c"), _MOST_REPEATS))
        elif name == "tab":
            self.blocks.add_gap()
        elif name == "line-break":
            self.blocks.end_line()
        else:
            self._start_in_table(name, attributes)

    def _start_in_table(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "table":
                self.blocks.start_table()
            case "table-row":
                self.blocks.start_row()
            case "table-cell":
                self.blocks.start_cell(_count_of(attributes, "number-columns-spanned"), _count_of(attributes, "number-rows-spanned"))
                self._repeats = min(_count_of(attributes, "number-columns-repeated"), _MOST_REPEATS) - 1

    def end_element(self, tag: str) -> None:
        """Take a closing tag."""
        name = tag.rpartition(" ")[2]
        if self._unseen:
            self._unseen -= 1
        elif name in _PARAGRAPHS:
            self._paragraphs -= 1
            self.blocks.end_line()
        elif name == "table-cell":
            self.blocks.end_cell()
            for _ in range(self._repeats):
                self.blocks.start_cell()
                self.blocks.end_cell()
            self._repeats = 0
        elif name == "table":
            self.blocks.end_table()

    def add_text(self, text: str) -> None:
        """Take text between tags; white space is one blank, wider gaps are elements of their own."""
        if self._paragraphs and not self._unseen:
            self.blocks.add_text(_WHITE_SPACE.sub(" ", text))


def _value(attributes: dict[str, str], attribute: str) -> str:
    return next((text for name, text in attributes.items() if name.rpartition(" ")[2] == attribute), "")


def _count_of(attributes: dict[str, str], attribute: str) -> int:
    text = _value(attributes, attribute)
    return int(text) if _NUMBER.fullmatch(text) else 1
