"""Text files (csv, tsv, txt) to one sheet of cells: delimiter by evidence, or columns from the white space between them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline import blanks, encodings
from monito_ray.pipeline.grid import Sheet

SHEET_NAME = "csv"
MAX_CELLS = 20_000_000
# The first of equals wins: a comma may also be a decimal comma.
_DELIMITERS = ("\t", ";", "|", ",", "^", "~")
_SAMPLE_LINES = 400
_LONGEST_RECORD_LINES = 40
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d)")

# The module's own limit of 131,072 characters a field would refuse lists that Excel takes.
csv.field_size_limit(1 << 30)


def sheets(data: bytes, file_name: str) -> list[Sheet]:
    """The file as one sheet named `csv`, cells as text, numbered by the line at which each record starts.

    Raises:
        FileFormatUnknown: the bytes are no text.
        FileTooLarge: a long line makes the sheet too wide to be held.
    """
    lines = io.StringIO(encodings.decode(data, file_name), newline=None).readlines()
    first = 0
    told = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    if told:
        first, delimiter = 1, told.group(1)
    else:
        delimiter = find_delimiter(lines[:_SAMPLE_LINES])
    records = _records(lines, first, delimiter) if delimiter else list(enumerate(blanks.split(lines), start=1))
    return [_sheet(records, file_name)]


def find_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts most of `lines` into equally many cells; "" when none does."""
    scores = [(_consistency(lines, delimiter), delimiter) for delimiter in _DELIMITERS]
    best = max(score for score, _ in scores)
    if best < 0.3:
        return ""
    return next(delimiter for score, delimiter in scores if score > best - 0.1)


def _consistency(lines: Sequence[str], delimiter: str) -> float:
    """The share of records that have the most frequent width above one; commas within numbers cut nothing."""
    texts = [_NUMBER_COMMA.sub(".", line) for line in lines] if delimiter == "," else lines
    widths = Counter(len(record) for record in csv.reader(texts, delimiter=delimiter) if any(cell.strip() for cell in record))
    several = [count for width, count in widths.items() if width > 1]
    return max(several) / sum(widths.values()) if several else 0.0


def _records(lines: Sequence[str], first: int, delimiter: str) -> list[tuple[int, list[str]]]:
    records = []
    for start, end, record in _numbered(lines, first, delimiter, csv.QUOTE_MINIMAL):
        if end - start > _LONGEST_RECORD_LINES:
            # A quotation mark that nobody closed swallows the lines behind it.
            return [(at, [_unquoted(cell) for cell in found]) for at, _, found in _numbered(lines, first, delimiter, csv.QUOTE_NONE)]
        records.append((start, record))
    return records


def _numbered(lines: Sequence[str], first: int, delimiter: str, quoting: int) -> Iterator[tuple[int, int, list[str]]]:
    reader = csv.reader(lines[first:] if first else lines, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    start = first + 1
    for record in reader:
        end = first + reader.line_num
        yield start, end, record
        start = end + 1


def _unquoted(cell: str) -> str:
    text = cell.strip()
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else cell


def _sheet(records: Sequence[tuple[int, list[str]]], file_name: str) -> Sheet:
    filled = [(number, _cells(record)) for number, record in records]
    while filled and not filled[-1][1]:
        filled.pop()
    width = max((len(cells) for _, cells in filled), default=0)
    if width * len(filled) > MAX_CELLS:
        raise FileTooLarge(f"{file_name}: {len(filled):,} lines of up to {width:,} cells are more than can be held")
    for _, cells in filled:
        cells.extend([""] * (width - len(cells)))
    numbers = [number for number, _ in filled]
    gapless = not numbers or numbers[-1] == len(numbers)
    return Sheet(SHEET_NAME, [cells for _, cells in filled], numbers=() if gapless else numbers)


def _cells(record: list[str]) -> list[str]:
    """`record` without empty cells at its end; `="0012"` is how programs keep Excel from making a number of a code."""
    cells = [cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell for cell in record]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
