"""Tables of one form, over all pages of a PDF: which of their columns are one."""

from dataclasses import replace

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.pages import PdfTable

_SAME_EDGE = 4.0
_MOSTLY = 0.3


def merge_columns(tables: list[PdfTable]) -> list[PdfTable]:
    """The tables with columns joined that are one for their rows; a form has one answer for all its pages.

    A form is a table, and those after it that have the same edges and no header of their own.
    """
    forms: list[list[PdfTable]] = []
    for table in tables:
        if forms and _same_edges(forms[-1][0].xs, table.xs) and not has_header(table):
            forms[-1].append(table)
        else:
            forms.append([table])
    return [_joined(table, groups, form[0].xs) for form in forms for groups in [_groups(form)] for table in form]


def has_header(table: PdfTable) -> bool:
    """Whether one of the first rows has several cells and no digit in them, and the rows below have digits."""
    for i, row in enumerate(table.rows[:3]):
        filled = [cell for cell in row if cell]
        if len(filled) >= max(2, len(row) // 2) and not any(c.isdigit() for cell in filled for c in cell):
            return any(c.isdigit() for below in table.rows[i + 1 :] for cell in below for c in cell)
    return False


def _same_edges(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _SAME_EDGE for a, b in zip(one, other, strict=True))


def _groups(form: list[PdfTable]) -> list[list[int]]:
    """Columns of the form, those together that are one."""
    groups = [[0]]
    for right in range(1, len(form[0].xs) - 1):
        if _are_one(form, groups[-1], right):
            groups[-1].append(right)
        else:
            groups.append([right])
    return groups


def _are_one(form: list[PdfTable], group: list[int], right: int) -> bool:
    """Whether no row fills both sides, and cells that cross the border are the rule, or one side holds nothing but such cells."""
    crossed = touched = lone_left = lone_right = 0
    for table in form:
        crossing = {row for span in table.spans if _crosses(span, right, len(table.xs) - 2) for row in range(span.top, span.bottom + 1)}
        filled = _filled(table)
        for i in range(len(table.rows)):
            in_left, in_right = any((i, c) in filled for c in group), (i, right) in filled
            if in_left and in_right:
                return False
            touched += in_left or in_right
            crossed += i in crossing and (in_left or in_right)
            lone_left += in_left and i not in crossing
            lone_right += in_right and i not in crossing
    return crossed > 0 and (crossed >= _MOSTLY * touched or not lone_left or not lone_right)


def _filled(table: PdfTable) -> set[tuple[int, int]]:
    """Places with text, those below the text of a high cell among them."""
    filled = {(i, c) for i, row in enumerate(table.rows) for c, cell in enumerate(row) if cell}
    return filled | {(i, span.left) for span in table.spans for i in range(span.top, span.bottom + 1)}


def _crosses(span: Merge, right: int, last: int) -> bool:
    """Whether the cell reaches over the left border of column `right`; a title over the whole table says nothing."""
    return span.left < right <= span.right and not (span.left == 0 and span.right == last)


def _joined(table: PdfTable, groups: list[list[int]], xs: tuple[float, ...]) -> PdfTable:
    if len(groups) == len(table.xs) - 1:
        return replace(table, xs=xs)
    home = {column: i for i, group in enumerate(groups) for column in group}
    rows = [[next((row[c] for c in group if row[c]), "") for group in groups] for row in table.rows]
    spans = [Merge(span.top, home[span.left], span.bottom, home[span.right]) for span in table.spans]
    wide = [span for span in spans if (span.top, span.left) != (span.bottom, span.right)]
    return PdfTable((*(xs[group[0]] for group in groups), xs[-1]), table.box, rows, wide)
