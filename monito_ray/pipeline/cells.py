"""Sheets of cells: what every file becomes before anything in it is understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Value = str | int | float | bool | date | datetime | time | timedelta | None

#: Whole floats below this are written without a decimal point; a float holds all whole numbers up to nine times this exactly.
_MAX_EXACT_FLOAT = 1e15
_NUMBERS_CACHED = 50_000


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of running text as a person sees it: of a text file, a chat, a document, or a page of a PDF.

    Places are points from the left and the top of a page; where the file has none, characters and lines.
    """

    #: The number of the line as a person counts; on a page its place in reading order, from 1.
    number: int
    #: Its words with a blank between them, and a tab where a wide gap shows that another column begins.
    text: str
    left: float
    right: float
    top: float
    bottom: float
    #: The column of the page that it stands in, from 0: the lines of one column follow each other.
    column: int = 0
    #: The name of the font that it begins in; "" where the file has none.
    font: str = ""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of text on the picture of a page: its text without blanks, and where it stands, as shares of the picture's width and height."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


#: What is said of each number of a picture whose rows were followed over a bend.
PAGE_IS_BENT = "the page is bent, so it may belong to the line above or below"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page, made small, and the lines on it."""

    jpeg: bytes
    lines: tuple[SeenLine, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, a text file, or a page of a PDF."""

    name: str
    #: The cells as the file types them, empty ones as "" or None; all rows are equally wide.
    rows: Sequence[Sequence[Value]]
    merges: tuple[Merge, ...] = ()
    #: Indexes of the rows that the workbook hides.
    hidden: frozenset[int] = frozenset()
    #: The number of each row as a person sees it; empty when rows count from 1 without gaps.
    numbers: Sequence[int] = ()
    #: Whether it is a page of a PDF, whose rows have no number: offers count in running order.
    paged: bool = False
    #: The currencies that number formats draw, by the column's index.
    currencies: Mapping[int, str] = field(default_factory=dict)
    #: How many cells of a column, by its index, have a formula of which the file holds no value.
    uncomputed: Mapping[int, int] = field(default_factory=dict)
    #: The same as running text, in reading order, where the file is one; of a page with several sheets the first one has them.
    lines: Sequence[TextLine] = ()
    #: The file within the file that it comes from, as of a zip archive; "" where there is none.
    member: str = ""
    #: How many of its cells were longer than cells can be, and are cut.
    cut_cells: int = 0
    #: Whether it was read from a picture, so that its figures are what something took them for.
    is_picture: bool = False
    #: Of a picture: texts of numbers, without blanks, that may be misread, each with what to say of it.
    unsure: Mapping[str, str] = field(default_factory=dict)
    #: The same, of which strips are shown to people; None where the sheet is none.
    picture: PagePicture | None = None
    #: Why a file within the file was not read; such a sheet has no rows.
    unread: str = ""

    def row_number(self, index: int) -> int:
        """Return the row number that a person sees for `rows[index]`."""
        return self.numbers[index] if self.numbers else index + 1


def column_letters(column: int) -> str:
    """Return what spreadsheets call a column of this index: A, B, ... Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the index of the column that spreadsheets call by these letters."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def text_of(value: Value) -> str:
    """Return a cell as a person reads it: white space folded, 25500.0 as 25500, dates in ISO form, empty as ""."""
    if isinstance(value, str):
        return _folded(value)
    if isinstance(value, float):
        return _text_of_float(value)
    if value is None or value is True or value is False:
        return "" if value is None else str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _folded(text: str) -> str:
    """Return a text without white space but single blanks: the same object where nothing changes, so that a long list holds each text once."""
    if text.isalnum() or (text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "):
        return text  # no white space but the blank is printable
    return " ".join(text.split())


@lru_cache(maxsize=_NUMBERS_CACHED)
def _text_of_float(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < _MAX_EXACT_FLOAT else repr(number)


def is_number(value: Value) -> bool:
    """Whether a cell holds a typed number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_filled(value: Value) -> bool:
    """Whether a cell holds anything but white space."""
    return value is not None and (not isinstance(value, str) or (value != "" and not value.isspace()))


def fills_any(row: Sequence[Value]) -> bool:
    """Whether any cell of a row holds anything but white space."""
    for value in row:  # noqa: SIM110  # `any` of a generator takes twice as long for the many rows that begin with a number
        if type(value) is float or is_filled(value):
            return True
    return False
