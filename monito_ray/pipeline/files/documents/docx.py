"""Word documents (docx) to one sheet."""

import re

from monito_ray.errors import FileDamaged
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive
from monito_ray.pipeline.files.documents.blocks import BlockCollector
from monito_ray.pipeline.files.documents.markup import parse_xml

_BODY = re.compile(r"word/document\d*\.xml", re.IGNORECASE)
_WORD = "wordprocessingml"
#: Elements whose texts nobody sees, or that stand in the document twice.
_UNSEEN = frozenset({"pPr", "moveFrom", "del", "Fallback", "rt"})
_PAGE_REFERENCE = "PAGEREF"
_OFF = ("0", "false", "off", "none")
_NUMBER = re.compile(r"\d{1,6}")
_DEFAULTS = re.compile(rb"<w:pPrDefault>[^\0]{0,2000}?</w:pPrDefault>")
_SPACE_AFTER = re.compile(rb'w:after="(\d{1,5})"')
#: Of a line of letters of 12 points, in the twentieths of a point that room between paragraphs is given in.
_LINE_HEIGHT = 240


def read_docx(data: bytes, file_name: str, limit_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """Return the body of a Word document as one sheet `docx`: its paragraphs as lines, its tables as cells.

    Headers, footers, notes, pictures, tables of contents, and what is deleted, hidden or crossed out is left out; what stands in text boxes is read.

    Raises:
        FileDamaged: the document's body is missing or broken.
        FileTooLarge: it unpacks to more than `limit_bytes`, or its lines or tables are more than can be held.
        FileEncrypted: it wants a password.
    """
    parts = archive.unpack_parts(data, file_name, (".xml",), limit_bytes)
    body = next((part for name, part in parts.items() if _BODY.fullmatch(name)), None)
    if body is None:
        raise FileDamaged(f"{file_name}: the text of the document is missing")
    handlers = _DocxBody(file_name, _usual_space(parts.get("word/styles.xml", b"")))
    parse_xml(body, file_name, handlers.start_element, handlers.end_element, handlers.add_text)
    return [handlers.blocks.to_sheet("docx")]


class _DocxBody:
    """Handlers of the parser that collect the body's blocks."""

    def __init__(self, file_name: str, usual_space: float) -> None:
        """Take the room below paragraphs that do not say it, in lines."""
        self._usual_space = self._space = usual_space
        self.blocks = BlockCollector(file_name)
        #: Open elements within the outermost unseen one, it included; 0 outside of such.
        self._unseen = 0
        self._is_text = self._is_hidden = False
        #: Whether the text is that of a field's formula, and whether one in the paragraph asks for a page's number: a table of contents does.
        self._is_instruction = self._is_reference = False

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""
        namespace, _, name = tag.rpartition(" ")
        if name == "spacing":
            self._set_space(attributes)
        if self._unseen or name in _UNSEEN:
            self._unseen += 1
            return
        if _WORD not in namespace:
            return
        self._start_in_text(name, attributes)
        self._start_in_table(name, attributes)

    def _set_space(self, attributes: dict[str, str]) -> None:
        for name, text in attributes.items():
            match name.rpartition(" ")[2]:
                case "after" if _NUMBER.fullmatch(text):
                    self._space = int(text) / _LINE_HEIGHT
                case "before" if _NUMBER.fullmatch(text):
                    self.blocks.add_space(int(text) / _LINE_HEIGHT)

    def _start_in_text(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "t":
                self._is_text = not self._is_hidden
            case "tab" | "ptab":
                self.blocks.add_gap()
            case "br" | "cr":
                self.blocks.end_line()
            case "instrText":
                self._is_instruction = True
            case "noBreakHyphen":
                self.blocks.add_text("-")
            case "r":
                self._is_hidden = False
            case "vanish" | "strike" | "dstrike" if _value(attributes) not in _OFF:
                self._is_hidden = True
            case "txbxContent":
                self.blocks.break_line()

    def _start_in_table(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "tbl":
                self.blocks.start_table()
            case "tr":
                self.blocks.start_row()
            case "tc":
                self.blocks.start_cell()
            case "gridSpan":
                self.blocks.span_columns(_int_value(attributes))
            case "gridBefore":
                self.blocks.start_cell(_int_value(attributes))
            case "vMerge" if _value(attributes) != "restart":
                self.blocks.continue_cell_above()

    def end_element(self, tag: str) -> None:
        """Take a closing tag."""
        if self._unseen:
            self._unseen -= 1
            return
        namespace, _, name = tag.rpartition(" ")
        if _WORD not in namespace:
            return
        match name:
            case "t":
                self._is_text = False
            case "instrText":
                self._is_instruction = False
            case "p":
                if self._is_reference:
                    self.blocks.drop_line()
                self._is_reference = False
                self.blocks.end_line()
                self.blocks.add_space(self._space)
                self._space = self._usual_space
            case "tc":
                self.blocks.end_cell()
            case "tbl":
                self.blocks.end_table()

    def add_text(self, text: str) -> None:
        """Take text between tags."""
        if self._is_instruction:
            self._is_reference = self._is_reference or _PAGE_REFERENCE in text
        elif self._is_text and not self._unseen:
            # Lines are paragraphs and breaks; a line feed of the XML is a blank.
            self.blocks.add_text(text.replace("\n", " "))


def _usual_space(styles: bytes) -> float:
    """Return the room below a paragraph that the document's defaults give, in lines."""
    defaults = _DEFAULTS.search(styles)
    after = _SPACE_AFTER.search(defaults.group()) if defaults else None
    return int(after.group(1)) / _LINE_HEIGHT if after else 0.0


def _value(attributes: dict[str, str]) -> str:
    return next((text for name, text in attributes.items() if name.rpartition(" ")[2] == "val"), "")


def _int_value(attributes: dict[str, str]) -> int:
    text = _value(attributes)
    return int(text) if _NUMBER.fullmatch(text) else 1
