"""Pages of a PDF as tables and loose lines: first ruled tables, then text in columns between gutters, then text that is no table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monito_ray.pipeline import cells
from monito_ray.pipeline.pdf.flow.reading_order import Region, page_lines, page_regions
from monito_ray.pipeline.pdf.lattice import Lattice, find_lattices
from monito_ray.pipeline.pdf.pdf_table import PdfTable
from monito_ray.pipeline.pdf.ruled_tables import is_frame, is_header_of_unruled_rows, read_ruled_table
from monito_ray.pipeline.pdf.rulings import PageDrawing
from monito_ray.pipeline.pdf.text_columns import (
    TextBlock,
    TextColumns,
    assign_columns_to,
    learn_rows,
    read_unruled_table,
    split_into_blocks,
)
from monito_ray.pipeline.pdf.text_lines import PageLine, to_text_lines
from monito_ray.pipeline.pdf.words import TextRun

#: Horizontal rulings and backgrounds longer than this part rows of an unruled table; shorter ones underline a word.
_MIN_SEPARATOR_PT = 100
#: A block may stand in the columns of one of so many before it: those of the columns of a page come in turn.
_RECENT_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class PageContent:
    """The text and the lines of one page."""

    runs: list[TextRun]
    drawing: PageDrawing
    #: Whether it was read from a picture, so that its figures are what something took them for.
    is_picture: bool = False
    #: Of a picture: texts of numbers that may be misread, each with what to say of it.
    unsure: Mapping[str, str] = field(default_factory=dict)
    #: The same, made small.
    picture: cells.PagePicture | None = None


#: Draws the picture of a page, an array of height x width x 3.
PictureDrawer = Callable[[], Any]
#: Reads the picture of a page, which it draws where it is not read elsewhere.
PictureReader = Callable[[PictureDrawer], PageContent]


@dataclass(slots=True)
class PdfPage:
    """The tables and texts of one page."""

    ruled_tables: list[PdfTable]
    #: All other text.
    blocks: list[TextBlock]
    #: The y of long horizontal rulings and of the edges of wide backgrounds, from the top.
    separators: list[float]
    #: All text of the page in reading order.
    lines: list[cells.TextLine]
    #: Whether the other text stands in several columns of the page.
    has_columns: bool = False

    def parts(self) -> list[PdfTable | PageLine]:
        """Return tables and loose lines in reading order, once all pages have their text columns."""
        ruled = sorted(self.ruled_tables, key=lambda table: (table.box.top, table.box.left))
        parts: list[PdfTable | PageLine] = []
        for block in self.blocks:
            above = [table for table in ruled if _precedes(table, block, in_column=self.has_columns)]
            ruled = [table for table in ruled if table not in above]
            parts += above
            if block.columns is not None and block.columns.is_table:
                parts.append(read_unruled_table(block, block.columns, self.separators))
            else:
                parts += block.lines
        return [*parts, *ruled]


def analyse_page(runs: list[TextRun], drawing: PageDrawing) -> PdfPage:
    """Separate the page's ruled tables from its other text."""
    lattices = [lattice for lattice in find_lattices(drawing) if not is_frame(lattice, runs)]
    inside: list[list[TextRun]] = [[] for _ in lattices]
    loose: list[TextRun] = []
    for run in runs:
        home = next((i for i, lattice in enumerate(lattices) if lattice.box.contains_center_of(run.box)), None)
        (loose if home is None else inside[home]).append(run)
    _release_ruled_headers(lattices, inside, loose)
    tables = [read_ruled_table(lattice, held) for lattice, held in zip(lattices, inside, strict=True) if held]
    tables = [table for table in tables if table.rows]
    regions = page_regions(runs)
    return PdfPage(tables, _blocks(regions, loose, tables), _separators(drawing), page_lines(regions), len(regions) > 1)


def _blocks(regions: Sequence[Region], loose: Sequence[TextRun], tables: Sequence[PdfTable]) -> list[TextBlock]:
    """Return the blocks of loose text in reading order; each column of the page has its own."""
    is_loose = {id(run) for run in loose}
    blocks: list[TextBlock] = []
    for region in regions if len(regions) > 1 else ():
        runs = [run for line in region.lines for run in line if id(run) in is_loose]
        blocks += split_into_blocks(to_text_lines(runs), tables)
    return blocks if len(regions) > 1 else split_into_blocks(to_text_lines(loose), tables)


def assign_text_columns(pages: Iterable[PdfPage]) -> None:
    """Give blocks that stand in the same columns shared text columns, over all pages in order."""
    recent: list[TextColumns] = []
    blocks_in: dict[int, list[TextBlock]] = {}
    for page in pages:
        for block in page.blocks:
            columns = assign_columns_to(block, recent)
            if columns is not None:
                recent = [columns, *(other for other in recent if other is not columns)][:_RECENT_COLUMNS]
                blocks_in.setdefault(id(columns), []).append(block)
    for blocks in blocks_in.values():
        if (columns := blocks[0].columns) is not None and columns.is_table:
            learn_rows(columns, blocks)


def _release_ruled_headers(lattices: Sequence[Lattice], inside: list[list[TextRun]], loose: list[TextRun]) -> None:
    """Move the text of lattices that are only a header to the loose text, where its rows are."""
    headers = [i for i, lattice in enumerate(lattices) if is_header_of_unruled_rows(lattice, to_text_lines(loose))]
    for i in headers:
        loose += inside[i]
        inside[i] = []


def _precedes(table: PdfTable, block: TextBlock, *, in_column: bool) -> bool:
    """Whether a ruled table stands above a block, where `in_column` in its column of the page."""
    shares_width = min(table.box.right, block.box.right) > max(table.box.left, block.box.left)
    return table.box.top <= block.box.top and (shares_width or not in_column)


def _separators(drawing: PageDrawing) -> list[float]:
    separators = {ruling.at for ruling in drawing.horizontal if ruling.length > _MIN_SEPARATOR_PT}
    for fill in drawing.fills:
        if fill.width > _MIN_SEPARATOR_PT:
            separators |= {fill.top, fill.bottom}
    return sorted(separators)
