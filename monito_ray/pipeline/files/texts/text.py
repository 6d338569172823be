"""Text files (csv, tsv, txt) to one sheet of cells: by the delimiter that splits lines evenly, or by the gutters of fixed-width columns."""

import csv
import io
import itertools
import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from monito_ray.errors import FileTooLarge
from monito_ray.isolation.limits import MAX_CELLS, MAX_COLUMNS
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.characters import STRUCK
from monito_ray.pipeline.files.texts import chat_exports, encodings, fixed_width, running_lines

SHEET_NAME = "csv"
# The first of equals wins: a comma may also be a decimal comma.
_DELIMITERS = ("\t", ";", "|", "│", ",", "^", "~")
#: The delimiter is decided by this many lines, and by this many characters of each.
_SAMPLE_LINES, _SAMPLE_CHARS = 400, 20_000
#: A delimiter must give at least this score (see `_evenness`): a letterhead and notes may be most of the lines.
_MIN_EVENNESS = 0.3
#: Delimiters whose scores differ by less than this are equal.
_EQUAL_EVENNESS = 0.1
#: Numbers with a comma in them, so that every line has the same number of commas, are split only into at least this many cells.
_MIN_NUMBER_CELLS = 3
#: No cell of a price list has more lines; a longer record is a quotation mark that nothing closes.
_MAX_RECORD_LINES = 40
#: Longer files are tables; of so few lines even an even delimiter may be chance.
MAX_RUNNING_LINES, _FEW_LINES, _FEW_CELLS = 20_000, 40, 3
_OFFERS_SHARE = 0.7
_OFFER = re.compile(r"^(?>.*?[^\W\d]{2}).*\d")
#: A line that is one quoted field, and so many of them that make a file of such lines.
_WRAPPED_LINE = re.compile(r'^\s*+"((?:[^"]|"")*+)"(?=\s*+$)')
_FEWEST_WRAPPED = 2
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=([^\w\s\"]|\t)\"?\s*", re.IGNORECASE)
_RULING = re.compile(r"\s*[-=+_:|─━═┼╪╬├┤┬┴┌┐└┘╔╗╚╝╠╣╦╩]{3,}\s*")
#: "1,5", "1,250" and "1,250.00", not "330,4.86".
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d)|\d{1,4}(?!\d|\.\d))")
_DECIMALS_AT_END = re.compile(r"\d,\d{1,2}\s*$")


class _Records(NamedTuple):
    """Records as cells, in lists that later steps change in place: a long list has to be held only once."""

    cells: list[list[str]]
    #: The number of the line, from 1, at which each record starts.
    starts: Sequence[int]
    #: The number of lines of the longest record.
    longest: int = 1


# The module's own limit of 131,072 characters a field would refuse lists that Excel takes.
csv.field_size_limit(1 << 30)


def read_text(data: bytes, file_name: str) -> list[Sheet]:
    """Return the file as one sheet named `csv`, cells as text, rows numbered by the line at which each record starts.

    Lines drawn between the rows of a table are left out.

    Raises:
        FileFormatUnknown: the bytes are no text.
        FileTooLarge: a long line makes the sheet too wide to be held.
    """
    lines = _unwrapped(chat_exports.without_senders(io.StringIO(encodings.decode_text(data, file_name), newline=None).readlines()))
    separator_line = _SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    first, delimiter = (1, separator_line.group(1)) if separator_line else (0, find_delimiter(lines[:_SAMPLE_LINES]))
    if delimiter:
        records = _parse_records(lines, first, delimiter)
    else:
        records = _Records(fixed_width.split_fixed_width(lines), range(1, len(lines) + 1))
    running = running_lines.to_lines(lines) if _may_be_running_text(lines, records, delimiter) else ()
    del lines  # a long list has to be held only once
    return [replace(_to_sheet(records, file_name), lines=running)]


def _unwrapped(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines without the quotation marks around each whole one, as a program writes that took another delimiter for theirs."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < _FEWEST_WRAPPED or not all(map(_WRAPPED_LINE.match, filled)):
        return lines
    return [_WRAPPED_LINE.sub(lambda match: match[1].replace('""', '"'), line) for line in lines]


def _may_be_running_text(lines: Sequence[str], records: _Records, delimiter: str) -> bool:
    """Whether a file may be running text: no delimiter splits all its lines into the same number of cells, unless lines and cells are few."""
    if len(lines) > MAX_RUNNING_LINES:
        return False
    widths = {len(record) for record in records.cells if any(record)}
    is_short = len(lines) <= _FEW_LINES and (max(widths, default=0) <= _FEW_CELLS or _are_offers(records.cells))
    return not delimiter or len(widths) > 1 or is_short


def _are_offers(records: Sequence[Sequence[str]]) -> bool:
    """Whether nearly all cells hold words and a number, as the offers of a line do: "bayam 3rb, kangkung 3rb, sawi 4rb"."""
    cells = [cell for record in records for cell in record if cell.strip()]
    return sum(bool(_OFFER.search(cell)) for cell in cells) >= _OFFERS_SHARE * len(cells)


def find_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that splits most of `lines` into equally many cells; "" when none does."""
    sample = [STRUCK.sub("", line[:_SAMPLE_CHARS]) for line in lines]
    # Commas within numbers delimit nothing, unless there is nothing else that does.
    without_number_commas = [_NUMBER_COMMA.sub(".", line) for line in sample]
    scores = {}
    for delimiter in _DELIMITERS:
        scores[delimiter] = _evenness(without_number_commas if delimiter == "," else sample, delimiter, 2)
    best = max(scores.values())
    if best < _MIN_EVENNESS:
        return "," if _evenness(sample, ",", _MIN_NUMBER_CELLS) == 1 or _is_titled_csv(sample) else ""
    return next(delimiter for delimiter, score in scores.items() if score > best - _EQUAL_EVENNESS)


def _is_titled_csv(lines: Sequence[str]) -> bool:
    """Whether commas split all lines alike, below a line of words that may be titles, and not all of them are those of decimals."""
    filled = [line for line in lines if line.strip()]
    has_titles = len(filled) > 1 and not any(map(str.isdigit, filled[0]))
    return has_titles and _evenness(filled, ",", 2) == 1 and not all(map(_DECIMALS_AT_END.search, filled[1:]))


def _evenness(lines: Sequence[str], delimiter: str, min_cells: int) -> float:
    """Return from 0 to 1 how evenly `delimiter` splits the lines.

    It is the mean of two shares of the records: those with the most frequent number of cells, and those with any number of at least
    `min_cells`, of which the most frequent one is chosen.
    """
    widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in record))
    counts = [count for width, count in widths.items() if width >= min_cells]
    return (max(counts) + sum(counts)) / 2 / sum(widths.values()) if counts else 0.0


def _parse_records(lines: Sequence[str], first: int, delimiter: str) -> _Records:
    """Return the records of the lines from the index `first` on; a quotation mark that nothing closes does not swallow the next lines."""
    try:
        records = _parse_csv(lines, first, delimiter, strict=True)
        if records.longest <= _MAX_RECORD_LINES:
            return records
    except csv.Error:
        records = _parse_csv(lines, first, delimiter)
        if records.longest == 1:
            return records
    records = _parse_csv(lines, first, delimiter, quoted=False)
    return _Records([[_unquoted(cell) for cell in record] for record in records.cells], records.starts)


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
    drawn = {index for index, record in enumerate(records.cells) if _is_drawn_line(record)}
    numbers = array("L", (start for index, start in enumerate(records.starts) if index not in drawn))
    rows = [_trim_record(record) for index, record in enumerate(records.cells) if index not in drawn]
    while rows and not rows[-1]:
        rows.pop()
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS or width * len(rows) > MAX_CELLS:
        raise FileTooLarge(f"{file_name}: {len(rows):,} lines of up to {width:,} cells are more than can be held")
    for row in rows:
        row.extend([""] * (width - len(row)))
    is_gapless = not rows or numbers[len(rows) - 1] == len(rows)
    return Sheet(SHEET_NAME, rows, numbers=() if is_gapless else numbers[: len(rows)])


def _is_drawn_line(record: list[str]) -> bool:
    """Whether a line is drawn for the eye, with dashes, between the rows of a table."""
    filled = [cell for cell in record if cell.strip()]
    return bool(filled) and all(map(_RULING.fullmatch, filled))


def _trim_record(record: list[str]) -> list[str]:
    """Return `record` itself, now without empty cells at its end and without the formula in `="0012"`.

    Programs write that to keep Excel from making a number of a code.
    """
    for index, cell in enumerate(record):
        if cell.startswith('="') and cell.endswith('"'):
            record[index] = cell[2:-1]
    while record and not record[-1].strip():
        record.pop()
    return record
