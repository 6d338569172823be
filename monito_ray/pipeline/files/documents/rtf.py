"""Rich text (rtf) to one sheet."""

import codecs
import re
from dataclasses import dataclass, replace

from monito_ray.errors import FileDamaged
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.documents.rtf_table import RtfBlocks

# A control word with its number, a character by its code, a control symbol, a brace, or text.
_TOKEN = re.compile(rb"\\([a-zA-Z]{1,40})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n\\]+?", re.DOTALL)
#: Groups of what is not in the text: fonts, colours, styles, pictures, formulas of fields, numbers of lists, notes, headers, facts of the file.
_UNSEEN = frozenset(
    b"colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator info pict object objdata nonshppict shprslt fldinst listtext pntext"
    b" header headerl headerr headerf footer footerl footerr footerf footnote annotation atnid atnauthor sp xe tc rxe txe nonesttables".split()
)
#: Groups that readers of other programs may skip, and that have text nevertheless: text boxes.
_SEEN = frozenset({b"shpinst"})
#: Deeper groups are none of a document's.
_MAX_DEPTH = 1_000
_CHARACTERS = {
    b"emspace": " ", b"enspace": " ", b"qmspace": " ", b"emdash": "\u2014", b"endash": "\u2013", b"bullet": "\u2022",
    b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_LINE_ENDS = frozenset({b"par", b"line", b"sect", b"page", b"column", b"softline"})
#: Code pages by a font's character set, and by the words that begin a document; 1252 where nothing is said.
_CHARSETS = {
    77: 10000,
    128: 932,
    129: 949,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    163: 1258,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    222: 874,
    238: 1250,
}
_OF_SYSTEMS = {b"mac": 10000, b"pc": 437, b"pca": 850}
_NAMED_PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8"}


@dataclass(frozen=True, slots=True)
class _GroupStyle:
    """What holds within a group, until it ends."""

    is_seen: bool = True
    #: Hidden, deleted or crossed out.
    is_off: bool = False
    is_font_table: bool = False
    #: Characters that stand behind a Unicode one for readers without Unicode.
    stand_ins: int = 1
    font: int = -1


def read_rtf(data: bytes, file_name: str) -> list[Sheet]:
    """Return a document of rich text as one sheet `rtf`: its paragraphs as lines, its tables as cells.

    Headers, footers, notes, pictures, and what is hidden, deleted or crossed out is left out.

    Raises:
        FileDamaged: its groups are nested without end.
        FileTooLarge: its lines or tables are more than can be held.
    """
    reader = _RtfReader(file_name)
    at = 0
    while match := _TOKEN.match(data, at):
        word, number, code, symbol, brace, text = match.groups()
        at = match.end()
        if text is not None:
            reader.add_bytes(text)
        elif word:
            value = int(number) if number else None
            reader.add_word(word, value)
            if word == b"bin" and value:
                at += max(value, 0)
        elif code:
            reader.add_bytes(bytes([int(code, 16)]))
        elif brace:
            reader.open_group() if brace == b"{" else reader.close_group()
        elif symbol:
            reader.add_symbol(symbol)
    return [reader.to_sheet()]


class _RtfReader:
    """Takes the tokens of a document and hands its lines and cells on."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._blocks = RtfBlocks(file_name)
        self._style = _GroupStyle()
        self._outer: list[_GroupStyle] = []
        #: Whether the group may begin with the mark of what other readers may skip, and whether it did.
        self._is_first = self._is_optional = False
        #: Characters still to be skipped behind a Unicode one.
        self._skipped = 0
        self._page = "cp1252"
        self._pages_of_fonts: dict[int, str] = {}
        #: Bytes that are not decoded yet: a character may have two.
        self._bytes: list[bytes] = []
        #: The first half of a character beyond 16 bits.
        self._half = ""

    def open_group(self) -> None:
        """Begin a group: what is set in it ends with it."""
        self._flush()
        self._outer.append(self._style)
        if len(self._outer) > _MAX_DEPTH:
            raise FileDamaged(f"{self._file_name}: its groups are nested without end")
        self._is_first, self._is_optional, self._skipped = True, False, 0

    def close_group(self) -> None:
        """End a group."""
        self._flush()
        self._style = self._outer.pop() if self._outer else _GroupStyle()
        self._is_first = self._is_optional = False
        self._skipped = 0

    def add_symbol(self, symbol: bytes) -> None:
        """Take a control symbol."""
        if symbol == b"*":
            self._is_optional = self._is_first
            return
        if symbol in (b"\n", b"\r"):
            self._end_line()
        elif symbol in _SYMBOLS:
            self._add_character(_SYMBOLS[symbol])

    def add_bytes(self, text: bytes) -> None:
        """Take text in the encoding of the document or font."""
        self._is_first = False
        if self._skipped:
            skipped = min(self._skipped, len(text))
            self._skipped -= skipped
            text = text[skipped:]
        if text and self._style.is_seen and not self._style.is_off:
            self._bytes.append(text)

    def add_word(self, word: bytes, number: int | None) -> None:
        """Take a control word, with its number if it has one."""
        is_first, is_optional = self._is_first, self._is_optional
        self._is_first = self._is_optional = False
        if (is_first and word in _UNSEEN) or (is_optional and word not in _SEEN):
            self._change(is_seen=False)
        if not self._style.is_seen:
            return
        if word == b"u" and number is not None:
            self._add_unicode(number)
        elif word in _LINE_ENDS:
            self._end_line()
        elif word == b"tab":
            self._add_character("\t")
        elif word in _CHARACTERS:
            self._add_character(_CHARACTERS[word])
        else:
            self._flush()
            if not self._blocks.add_word(word):
                self._set(word, number)

    def to_sheet(self) -> Sheet:
        """Return the document."""
        self._flush()
        return self._blocks.to_sheet("rtf")

    def _set(self, word: bytes, number: int | None) -> None:
        match word:
            case b"uc":
                self._change(stand_ins=max(number or 0, 0))
            case b"v" | b"deleted" | b"strike" | b"striked":
                self._change(is_off=number != 0)
            case b"plain":
                self._change(is_off=False)
            case b"fonttbl":
                self._change(is_font_table=True, is_off=True)
            case b"f":
                self._change(font=number or 0)
            case b"fcharset" if self._style.is_font_table and number in _CHARSETS:
                self._pages_of_fonts.setdefault(self._style.font, _page_name(_CHARSETS[number]))
            case b"cpg" if self._style.is_font_table and number:
                self._pages_of_fonts[self._style.font] = _page_name(number)
            case b"ansicpg" if number:
                self._page = _page_name(number)
            case b"mac" | b"pc" | b"pca":
                self._page = _page_name(_OF_SYSTEMS[word])

    def _change(self, **changes: bool | int) -> None:
        self._flush()
        self._style = replace(self._style, **changes)  # type: ignore[arg-type]  # the fields' types differ

    def _add_unicode(self, number: int) -> None:
        character = chr(number % 0x10000)
        self._skipped = 0
        if "\ud800" <= character <= "\udbff":
            self._half = character
        elif "\udc00" <= character <= "\udfff":
            pair = (self._half + character).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self._add_character(pair)
            self._half = ""
        else:
            self._add_character(character)
        self._skipped = self._style.stand_ins

    def _add_character(self, character: str) -> None:
        self._flush()
        if self._skipped:
            self._skipped -= 1
        elif self._style.is_seen and not self._style.is_off:
            self._blocks.add_text(character)

    def _end_line(self) -> None:
        self._flush()
        if self._style.is_seen:
            self._blocks.end_line()

    def _flush(self) -> None:
        if self._bytes:
            page = self._pages_of_fonts.get(self._style.font, self._page)
            self._blocks.add_text(b"".join(self._bytes).decode(page, "replace").replace("\0", ""))
            self._bytes.clear()


def _page_name(number: int) -> str:
    name = _NAMED_PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
