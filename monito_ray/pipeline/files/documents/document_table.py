"""Tables of documents: which of them only arrange the page, and which rows of theirs are several."""

from dataclasses import dataclass, field

from monito_ray.pipeline.cell_amounts import amounts_in_text

#: A cell of more lines than this is a column of the page, and its table a means of layout; names come with a few lines of description.
_MOST_CELL_LINES = 8
#: Cells beside each other with so many lines each, as many in all, may be a row for each line.
_FEWEST_PARALLEL_LINES = 3
#: A column of amounts has an amount in this share of its lines that are not empty.
_AMOUNTS_SHARE = 0.8


@dataclass(slots=True)
class Cell:
    """A cell of a table with the columns and rows that it spans."""

    columns: int = 1
    rows: int = 1
    blocks: list["str | Table"] = field(default_factory=list)
    #: Whether it is the lower part of the cell above.
    continues: bool = False


@dataclass(slots=True)
class Table:
    """A table of a document, row by row; cells that a cell above spans are left out."""

    rows: list[list[Cell]] = field(default_factory=list)


def join_continued_cells(table: Table) -> None:
    """Let cells span the ones below that only continue them, and leave those out."""
    above: dict[int, Cell] = {}
    for number, row in enumerate(table.rows):
        column = 0
        current: dict[int, Cell] = {}
        for cell in row:
            upper = above.get(column) if cell.continues else None
            if upper:
                upper.rows += 1
            else:
                cell.continues = False
            current[column] = upper or cell
            column += cell.columns
        above = current
        table.rows[number] = [cell for cell in row if not cell.continues]


def is_layout(table: Table) -> bool:
    """Whether a table only arranges the page: most of its rows are in tables within it, or its cells are columns of text."""
    plain_rows = nested_rows = 0
    for row in table.rows:
        parts = len(_parted_row(row, _FEWEST_PARALLEL_LINES))
        plain = sum(1 for cell in row if any(cell.blocks) and not any(isinstance(block, Table) for block in cell.blocks))
        plain_rows += parts if plain > 1 else 0
        for cell in row:
            lines = (
                0
                if parts > 1 or _holds_amounts(cell, _FEWEST_PARALLEL_LINES)
                else sum(isinstance(block, str) and block != "" for block in cell.blocks)
            )
            nested = [block for block in cell.blocks if isinstance(block, Table)]
            nested_rows += sum(len(inner.rows) for inner in nested)
            if lines > _MOST_CELL_LINES:
                nested_rows += lines
    return nested_rows > plain_rows


def rows_of(table: Table) -> list[list[Cell]]:
    """Return the rows of a table; a row whose cells have as many lines each, those of one cell being amounts, is a row for each line."""
    parted = [_parted_row(row, _FEWEST_PARALLEL_LINES) for row in table.rows]
    if len(parted) < sum(map(len, parted)):
        parted = [_parted_row(row, 2) for row in table.rows]
    return [row for rows in parted for row in rows]


def _parted_row(row: list[Cell], fewest: int) -> list[list[Cell]]:
    heights = {len(_trimmed(cell)) for cell in row if any(cell.blocks)}
    if len(heights) != 1 or not _is_plain(row) or sum(any(cell.blocks) for cell in row) < 2:
        return [row]
    (height,) = heights
    if height < fewest or not any(_holds_amounts(cell, fewest) for cell in row):
        return [row]
    lines = [_trimmed(cell) or [""] * height for cell in row]
    return [[Cell(cell.columns, 1, [own[n]]) for cell, own in zip(row, lines, strict=True)] for n in range(height)]


def _is_plain(row: list[Cell]) -> bool:
    return all(cell.rows == 1 and all(isinstance(block, str) for block in cell.blocks) for cell in row)


def _trimmed(cell: Cell) -> list["str | Table"]:
    """Return the lines of a cell without the empty ones at its ends."""
    filled = [n for n, block in enumerate(cell.blocks) if block != ""]
    return cell.blocks[filled[0] : filled[-1] + 1] if filled else []


def _holds_amounts(cell: Cell, fewest: int) -> bool:
    """Whether a cell of several lines is a column of amounts."""
    lines = [block for block in cell.blocks if isinstance(block, str) and block]
    if len(lines) < fewest or len(lines) < len([block for block in cell.blocks if block != ""]):
        return False
    return sum(bool(amounts_in_text(line)) for line in lines) >= _AMOUNTS_SHARE * len(lines)
