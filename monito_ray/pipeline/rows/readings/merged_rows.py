"""Lines of a page read row by row across its columns: where names stand in one column and their prices in another."""

from collections.abc import Sequence

from monito_ray.pipeline.cells import TextLine

#: Lines stand in one row when they overlap by at least this share of the lower one's height.
OVERLAP = 0.5


def merge_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines of a page from the top, those of different columns at one height as one line with tabs between."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom) / 2):
        if rows and _is_beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_join(number, sorted(row, key=lambda line: line.left)) for number, row in enumerate(rows, start=1)]


def _is_beside(row: Sequence[TextLine], line: TextLine) -> bool:
    """Whether a line stands at the height of the last one of a row, in another column than all of it."""
    last = row[-1]
    height = min(last.bottom - last.top, line.bottom - line.top)
    overlap = min(last.bottom, line.bottom) - max(last.top, line.top)
    return overlap >= OVERLAP * height and all(other.column != line.column for other in row)


def _join(number: int, row: Sequence[TextLine]) -> TextLine:
    return TextLine(
        number=number,
        text="\t".join(line.text for line in row),
        left=row[0].left,
        right=max(line.right for line in row),
        top=min(line.top for line in row),
        bottom=max(line.bottom for line in row),
    )


def has_columns(lines: Sequence[TextLine]) -> bool:
    """Whether lines stand in more than one column."""
    return len({line.column for line in lines}) > 1
