"""A table of a PDF page: rows of cells in columns."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.geometry import Box


@dataclass(slots=True)
class PdfTable:
    """A table as read from one page, ruled or not."""

    #: The x of each column's edges, one more than there are columns.
    column_edges: tuple[float, ...]
    box: Box
    rows: list[list[str]]
    #: Cells wider than a column or higher than a row, by index of `rows`.
    merges: list[Merge] = field(default_factory=list)
    #: How many lines of text each row has.
    line_counts: list[int] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.column_edges) - 1


def without_single_cells(merges: Iterable[Merge]) -> list[Merge]:
    """Return the merges of more than one cell."""
    return [merge for merge in merges if (merge.top, merge.left) != (merge.bottom, merge.right)]
