"""Text files (csv, tsv, txt) to one sheet of cells: delimiter by evidence, or columns from the white space between them."""

import csv
import io
import itertools
import re
from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import encodings, fixed_width

SHEET_NAME = "csv"
MAX_CELLS = 20_000_000
MAX_WIDTH = 16_384  # as in Excel
# The first of equals wins: a comma may also be a decimal comma.
_DELIMITERS = ("\t", ";", "|", "│", ",", "^", "~")
_SAMPLE_LINES = 400
_SAMPLE_WIDTH = 20_000
_LEAST_SHARE = 0.3
_LONGEST_RECORD_LINES = 40
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=([^\w\s\"]|\t)\"?\s*", re.IGNORECASE)
_RULING = re.compile(r"\s*[-=+_:|─━═┼╪╬├┤┬┴┌┐└┘╔╗╚╝╠╣╦╩]{3,}\s*")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{1,4}(?!\d))")


class _Records(NamedTuple):
    """Records as cells, the line at which each starts, and how many lines the longest has. Made for many: a list has to be held only once."""

    cells: list[list[str]]
    starts: Sequence[int]
    longest: int = 1


# The module's own limit of 131,072 characters a field would refuse lists that Excel takes.
csv.field_size_limit(1 << 30)


def read_text(data: bytes, file_name: str) -> list[Sheet]:
    """The file as one sheet named `csv`, cells as text, numbered by the line at which each record starts; drawn lines are left out.

    Raises:
        FileFormatUnknown: the bytes are no text.
        FileTooLarge: a long line makes the sheet too wide to be held.
    """
    lines = io.StringIO(encodings.decode_text(data, file_name), newline=None).readlines()
    first = 0
    told = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    if told:
        first, delimiter = 1, told.group(1)
    else:
        delimiter = find_delimiter(lines[:_SAMPLE_LINES])
    records = (
        _parse_records(lines, first, delimiter) if delimiter else _Records(fixed_width.split_fixed_width(lines), range(1, len(lines) + 1))
    )
    del lines
    return [_to_sheet(records, file_name)]


def find_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts most of `lines` into equally many cells; "" when none does."""
    sample = [line[:_SAMPLE_WIDTH] for line in lines]
    # Commas within numbers cut nothing, unless there is nothing else that cuts.
    texts = {delimiter: [_NUMBER_COMMA.sub(".", line) for line in sample] if delimiter == "," else sample for delimiter in _DELIMITERS}
    scores = {delimiter: _consistency(texts[delimiter], delimiter, 2) for delimiter in _DELIMITERS}
    best = max(scores.values())
    if best < _LEAST_SHARE:
        return "," if _consistency(sample, ",", 3) == 1 else ""
    return next(delimiter for delimiter, score in scores.items() if score > best - 0.1)


def _consistency(lines: Sequence[str], delimiter: str, least: int) -> float:
    """The share of records that have the most frequent width from `least` on; half of it counts for those of any such width."""
    widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in record))
    several = [count for width, count in widths.items() if width >= least]
    return (max(several) + sum(several)) / 2 / sum(widths.values()) if several else 0.0


def _parse_records(lines: Sequence[str], first: int, delimiter: str) -> _Records:
    """The records of the lines behind the `first` ones. A quotation mark that nobody closed does not take the next lines with it."""
    try:
        found = _parse_csv(lines, first, delimiter, strict=True)
        if found.longest <= _LONGEST_RECORD_LINES:
            return found
    except csv.Error:
        found = _parse_csv(lines, first, delimiter)
        if found.longest == 1:
            return found
    found = _parse_csv(lines, first, delimiter, quoted=False)
    return _Records([[_unquoted(cell) for cell in record] for record in found.cells], found.starts)


def _parse_csv(lines: Sequence[str], first: int, delimiter: str, *, strict: bool = False, quoted: bool = True) -> _Records:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    reader = csv.reader(itertools.islice(lines, first, None), delimiter=delimiter, quoting=quoting, strict=strict)
    cells, starts = [], array("L")
    start, longest = first + 1, 0
    for record in reader:
        end = first + reader.line_num
        cells.append(record)
        starts.append(start)
        longest = max(longest, end + 1 - start)
        start = end + 1
    return _Records(cells, starts, longest)


def _unquoted(cell: str) -> str:
    text = cell.strip()
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else cell


def _to_sheet(records: _Records, file_name: str) -> Sheet:
    drawn = {place for place, record in enumerate(records.cells) if _is_ruling(record)}
    numbers = array("L", (start for place, start in enumerate(records.starts) if place not in drawn))
    filled = [_trim_record(record) for place, record in enumerate(records.cells) if place not in drawn]
    while filled and not filled[-1]:
        filled.pop()
    width = max(map(len, filled), default=0)
    if width > MAX_WIDTH or width * len(filled) > MAX_CELLS:
        raise FileTooLarge(f"{file_name}: {len(filled):,} lines of up to {width:,} cells are more than can be held")
    for cells in filled:
        cells.extend([""] * (width - len(cells)))
    gapless = not filled or numbers[len(filled) - 1] == len(filled)
    return Sheet(SHEET_NAME, filled, numbers=() if gapless else numbers[: len(filled)])


def _is_ruling(record: list[str]) -> bool:
    """Whether a line is drawn for the eye, with dashes, between the rows of a table."""
    filled = [cell for cell in record if cell.strip()]
    return bool(filled) and all(map(_RULING.fullmatch, filled))


def _trim_record(record: list[str]) -> list[str]:
    """`record`, now without empty cells at its end; `="0012"` is how programs keep Excel from making a number of a code."""
    for place, cell in enumerate(record):
        if cell.startswith('="') and cell.endswith('"'):
            record[place] = cell[2:-1]
    while record and not record[-1].strip():
        record.pop()
    return record
