"""Rows that a page break cuts: what stands of a name at the top of the next page goes back to the row that it belongs to."""

import re
from collections import Counter
from collections.abc import Sequence

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.gutters import column_of
from monito_ray.pipeline.pdf.pdf_table import PdfTable
from monito_ray.pipeline.pdf.text_lines import PageLine, is_value
from monito_ray.pipeline.spellings import spellings

#: Rows of a table have so many lines when this share of at least so many of its rows has, or more.
_USUAL_SHARE, _FEWEST_ROWS = 0.9, 4
#: Rows above the first row of goods that a page may repeat: letterhead and titles.
_MOST_REPEATED = 8
#: The edges of a table and of its continuation differ by at most so many points.
_SAME_EDGE_PT = 4.0
_QUANTITY = re.compile(r"\d[\d.,]*\s?(?P<unit>[^\W\d_]+)")
_OPEN = re.compile(r"[,&/(–-]$|\([^)]*$")
_PAGE_NUMBER = re.compile(r"\W*(?:[^\W\d_]+\.?\s)?\d{1,4}(?:\s?\W?[^\W\d_]{0,3}\s?\d{1,4})?\W*")


def join_broken_rows(parts_of_pages: Sequence[list[PdfTable | PageLine]]) -> None:
    """Move the rest of a broken row from the top of each page to the row that ends the last table of the page before."""
    tables_of_pages = [[part for part in parts if isinstance(part, PdfTable)] for parts in parts_of_pages]
    usual = _usual_line_counts([table for tables in tables_of_pages for table in tables])
    for before, after, parts in zip(tables_of_pages, tables_of_pages[1:], parts_of_pages[1:], strict=False):
        if not before:
            continue
        other = after[0] if after else _only_line(before[-1], parts)
        if other is not None and _continues(before[-1], other):
            _join(before[-1], other, usual.get(before[-1].width, 1))
            if not after and not other.rows:
                parts.clear()


def _only_line(table: PdfTable, parts: Sequence[PdfTable | PageLine]) -> PdfTable | None:
    """Return the one line of a page without tables as a row of the table before."""
    if len(parts) != 1 or not isinstance(parts[0], PageLine) or len(parts[0].runs) > 1:
        return None
    row = [""] * table.width
    row[column_of(table.column_edges, parts[0].box)] = parts[0].text
    return PdfTable(table.column_edges, parts[0].box, [row], line_counts=[1])


def _usual_line_counts(tables: Sequence[PdfTable]) -> dict[int, int]:
    """Return how many lines nearly all rows with values have, at least, by the number of columns."""
    counts: dict[int, list[int]] = {}
    for table in tables:
        valued = [lines for row, lines in zip(table.rows, table.line_counts, strict=True) if any(map(is_value, row))]
        counts.setdefault(table.width, []).extend(valued[:-1])
    return {width: sorted(lines)[int((1 - _USUAL_SHARE) * len(lines))] for width, lines in counts.items() if len(lines) >= _FEWEST_ROWS}


def _continues(table: PdfTable, other: PdfTable) -> bool:
    if table.width != other.width:
        return False
    return all(abs(one - two) <= _SAME_EDGE_PT for one, two in zip(table.column_edges, other.column_edges, strict=True))


def _join(table: PdfTable, other: PdfTable, usual: int) -> None:
    """Move the rest of the last row of `table` there from the top of `other`."""
    end = _last_row(table, other)
    start = _first_row(table, other)
    if end is None or start is None:
        return
    whole, rest = table.rows[end], other.rows[start]
    filled = [column for column, text in enumerate(rest) if text]
    if len(filled) != 1 or not whole[filled[0]] or not any(map(is_value, whole)) or is_value(rest[filled[0]]):
        return
    column = filled[0]
    is_short = usual > 1 and table.line_counts[end] < usual <= table.line_counts[end] + other.line_counts[start]
    goes_on = _begins_as_rest(rest[column]) or _OPEN.search(whole[column])
    if not (is_short or (goes_on and start + 1 < len(other.rows))):
        return
    whole[column] = f"{whole[column]} {rest[column]}"
    table.line_counts[end] += other.line_counts[start]
    _remove_row(other, start)


def _begins_as_rest(text: str) -> bool:
    """Whether a text goes on from another one: it begins small, with a bracket, or with a quantity ("250 ml")."""
    quantity = _QUANTITY.match(text)
    return text[:1].islower() or text[:1] == "(" or (quantity is not None and quantity["unit"].casefold() in spellings())


def _last_row(table: PdfTable, other: PdfTable) -> int | None:
    """Return the last row of a page that is no foot: no page's number, and nothing that ends the next page, too."""
    feet = Counter(map(tuple, other.rows[-2:]))
    for index in range(len(table.rows) - 1, -1, -1):
        row = table.rows[index]
        if tuple(row) not in feet and not _PAGE_NUMBER.fullmatch(" ".join(filter(None, row))):
            return index
    return None


def _first_row(table: PdfTable, other: PdfTable) -> int | None:
    """Return the first row of a page that the page before does not have: below a letterhead and titles that each page repeats."""
    seen = {tuple(row) for row in table.rows}
    return next((index for index, row in enumerate(other.rows[:_MOST_REPEATED]) if tuple(row) not in seen), None)


def _remove_row(table: PdfTable, index: int) -> None:
    del table.rows[index], table.line_counts[index]
    others = [merge for merge in table.merges if not merge.top <= index <= merge.bottom]
    table.merges = [Merge(m.top - (m.top > index), m.left, m.bottom - (m.bottom > index), m.right) for m in others]
