"""Merging of columns that are one, decided for a table on all the pages that it continues on.

A stray vertical ruling, or one that only a header has, makes two columns of one. One page may not show it (the rows there happen to fill
one side only), so a table and its continuations decide together.
"""

from dataclasses import replace

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.pdf_table import PdfTable, without_single_cells

#: Edges of a table and its continuation differ by at most this many points.
_SAME_EDGE_PT = 4.0
#: Two columns are one when merged cells reach over the edge between them in at least this share of the rows with text there.
_MERGED_SHARE = 0.3
#: A header is looked for in this many first rows.
_HEADER_ROWS = 3


def merge_columns(tables: list[PdfTable]) -> list[PdfTable]:
    """Return the tables, in order, with columns merged that are one for their rows; a table and its continuations get the same columns."""
    merged = []
    for series in _with_continuations(tables):
        groups = _column_groups(series)
        merged += [_with_merged_columns(table, groups, series[0].column_edges) for table in series]
    return merged


def has_header(table: PdfTable) -> bool:
    """Whether one of the first rows has several cells and no digit in them, and the rows below have digits."""
    for i, row in enumerate(table.rows[:_HEADER_ROWS]):
        filled = [cell for cell in row if cell]
        if len(filled) >= max(2, len(row) // 2) and not any(map(_has_digit, filled)):
            return any(_has_digit(cell) for below in table.rows[i + 1 :] for cell in below)
    return False


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _with_continuations(tables: list[PdfTable]) -> list[list[PdfTable]]:
    """Return each table with those after it that have the same edges and no header of their own."""
    series: list[list[PdfTable]] = []
    for table in tables:
        if series and _has_same_edges(series[-1][0], table) and not has_header(table):
            series[-1].append(table)
        else:
            series.append([table])
    return series


def _has_same_edges(first: PdfTable, other: PdfTable) -> bool:
    if first.width != other.width:
        return False
    return all(abs(a - b) <= _SAME_EDGE_PT for a, b in zip(first.column_edges, other.column_edges, strict=True))


def _column_groups(series: list[PdfTable]) -> list[list[int]]:
    """Return the columns of the series from the left, those together that are one."""
    groups = [[0]]
    for right in range(1, series[0].width):
        if _are_one(series, groups[-1], right):
            groups[-1].append(right)
        else:
            groups.append([right])
    return groups


def _are_one(series: list[PdfTable], group: list[int], right: int) -> bool:
    """Whether columns `group` and `right` are one.

    No row fills both sides, and merged cells that reach over the edge are frequent, or one side holds nothing but such cells.
    """
    merged = filled = alone_left = alone_right = 0
    for table in series:
        merged_rows = _rows_merged_over(table, right)
        positions = _filled_positions(table)
        for row in range(len(table.rows)):
            in_left = any((row, column) in positions for column in group)
            in_right = (row, right) in positions
            if in_left and in_right:
                return False
            is_merged = row in merged_rows
            filled += in_left or in_right
            merged += is_merged and (in_left or in_right)
            alone_left += in_left and not is_merged
            alone_right += in_right and not is_merged
    return merged > 0 and (merged >= _MERGED_SHARE * filled or not alone_left or not alone_right)


def _rows_merged_over(table: PdfTable, right: int) -> set[int]:
    """Return the rows with a merged cell over the left edge of column `right`; a title over the whole table says nothing of it."""
    rows: set[int] = set()
    for merge in table.merges:
        is_whole_width = merge.left == 0 and merge.right == table.width - 1
        if merge.left < right <= merge.right and not is_whole_width:
            rows |= set(range(merge.top, merge.bottom + 1))
    return rows


def _filled_positions(table: PdfTable) -> set[tuple[int, int]]:
    """Return each (row, column) with text, with those below the text of a cell that is several rows high."""
    filled = {(i, column) for i, row in enumerate(table.rows) for column, cell in enumerate(row) if cell}
    return filled | {(i, merge.left) for merge in table.merges for i in range(merge.top, merge.bottom + 1)}


def _with_merged_columns(table: PdfTable, groups: list[list[int]], edges: tuple[float, ...]) -> PdfTable:
    if len(groups) == table.width:
        return replace(table, column_edges=edges)
    group_of = {column: i for i, group in enumerate(groups) for column in group}
    rows = [[next((row[column] for column in group if row[column]), "") for group in groups] for row in table.rows]
    merges = [Merge(merge.top, group_of[merge.left], merge.bottom, group_of[merge.right]) for merge in table.merges]
    merged_edges = (*(edges[group[0]] for group in groups), edges[-1])
    return PdfTable(merged_edges, table.box, rows, without_single_cells(merges))
