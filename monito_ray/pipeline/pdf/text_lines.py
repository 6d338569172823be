"""Lines of text: runs that stand at one height, alone or already placed in columns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from monito_ray.pipeline.currencies import mark_expression
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.pdf.geometry import Box, bounding_box, cluster
from monito_ray.pipeline.pdf.words import TextRun, join_lone_currencies, join_words

#: A value is no longer than a large amount with two currencies and a unit; a longer run of digits and blanks would be looked at again and again.
_LONGEST_VALUE = 80
_NUMBER = r"[-+]?\d[\d .,'’]*"
#: A date, or groups of digits that are no thousands, seven digits and more.
_DATE_OR_TELEPHONE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d\d){1,2}|(?=(?:\D*\d){7})\+?\d+(?: \d{3})* (?:\d{1,2}|\d{4,})(?: \d+)*")
#: Runs whose centres differ by at most this part of the usual text height stand on one line; lines are at least a whole height apart.
_SAME_LINE_HEIGHTS = 0.45
_BAR = "|"
_HYPHENATED = re.compile(r"\w-$")


@dataclass(frozen=True, slots=True)
class PageLine:
    """Runs of one line of text, from the left."""

    runs: tuple[TextRun, ...]
    box: Box

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class ColumnRun:
    """A run with the index of the column that it stands in."""

    column: int
    run: TextRun


#: The runs of one line, or of all lines of one table row, with their columns.
ColumnRuns = list[ColumnRun]


@derived(maxsize=16_000)
def is_value(text: str) -> bool:
    """Whether a cell holds a number and nothing else but currency, sign and unit of the price."""
    text = text.strip()
    return len(text) <= _LONGEST_VALUE and bool(_value_pattern().fullmatch(text)) and not _DATE_OR_TELEPHONE.fullmatch(text)


@derived()
def _value_pattern() -> re.Pattern[str]:
    mark = mark_expression()
    return re.compile(rf"(?:{mark}\s*)?{_NUMBER}(?:[-=–])?(?:\s*{mark})?(?:\s*/\s*\w+\.?)?", re.IGNORECASE)


def has_value(line: ColumnRuns) -> bool:
    """Whether a line of several runs has a value among them, as the first or only line of a table row does."""
    return len(line) > 1 and any(is_value(placed.run.text) for placed in line)


def to_text_lines(runs: Iterable[TextRun]) -> list[PageLine]:
    """Return runs as lines from the top; a currency that stands alone is joined with its number, an amount behind a bar stands by itself."""
    lines = group_into_lines(ColumnRun(0, part) for run in runs for part in _split_at_bar(run))
    return [_text_line(join_lone_currencies([placed.run for placed in line])) for line in lines]


def group_into_lines(runs: Iterable[ColumnRun]) -> list[ColumnRuns]:
    """Return the runs of each line of text, lines from the top, each line from the left."""
    ordered = sorted(runs, key=_center_y)
    if not ordered:
        return []
    height = median(placed.run.box.height for placed in ordered)
    lines = cluster(ordered, _center_y, _SAME_LINE_HEIGHTS * height)
    return [sorted(line, key=lambda placed: placed.run.box.left) for line in lines]


def cell_texts(row: ColumnRuns, width: int) -> list[str]:
    """Return the `width` cells of a table row; lines of one cell are joined by a space, after a hyphen by nothing."""
    cells = [""] * width
    for line in group_into_lines(row):
        for column, text in texts_by_column(line).items():
            before = cells[column]
            separator = "" if not before or _HYPHENATED.search(before) else " "
            cells[column] = before + separator + text
    return cells


def texts_by_column(line: ColumnRuns) -> dict[int, str]:
    """Return the text of each column that the line has runs in."""
    texts: dict[int, str] = {}
    for placed in line:
        text, separator = placed.run.text, f" {_BAR} " if placed.run.words[0].is_led else " "
        texts[placed.column] = texts[placed.column] + separator + text if placed.column in texts else text
    return texts


def line_step(above: ColumnRuns, below: ColumnRuns) -> float:
    """Return the distance between the middles of two lines, positive when `below` is below."""
    return _line_center(below) - _line_center(above)


def line_height(line: ColumnRuns) -> float:
    """Return the height of the line's lowest run."""
    return min(placed.run.box.height for placed in line)


def _split_at_bar(run: TextRun) -> list[TextRun]:
    """Return "160g | 590" as "160g" and "590": bars part columns that white space does not."""
    bars = [i for i, word in enumerate(run.words) if word.text == _BAR and 0 < i < len(run.words) - 1]
    if not bars:
        return [run]
    behind = [replace(run.words[bars[-1] + 1], is_led=True), *run.words[bars[-1] + 2 :]]
    amount = join_words(behind)
    return [join_words(list(run.words[: bars[-1]])), amount] if is_value(amount.text) else [run]


def _center_y(placed: ColumnRun) -> float:
    return placed.run.box.center_y


def _line_center(line: ColumnRuns) -> float:
    return median(placed.run.box.center_y for placed in line)


def _text_line(runs: list[TextRun]) -> PageLine:
    return PageLine(tuple(runs), bounding_box([run.box for run in runs]))
