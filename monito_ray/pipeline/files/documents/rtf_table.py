"""Lines and tables of rich text, which says only at the end of a cell or row that it was one."""

from dataclasses import dataclass, field

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.documents.blocks import BlockCollector

#: More cells than this in one row are no table of a document.
_MOST_CELLS = 2_000


@dataclass(slots=True)
class _Row:
    """The row that is read."""

    #: For each cell that its definition says of it whether it is the lower part of the one above; then the same of the next one.
    lower_parts: list[bool] = field(default_factory=list)
    is_lower_part: bool = False
    cells: list[list[str]] = field(default_factory=list)
    #: The lines of the cell that is read.
    lines: list[str] = field(default_factory=list)


class RtfBlocks:
    """Takes texts, line ends and the words of tables, and collects the blocks of the document."""

    def __init__(self, file_name: str) -> None:
        self._blocks = BlockCollector(file_name)
        self._texts: list[str] = []
        self._row = _Row()
        self._is_in_table = self._table_is_open = False

    def add_text(self, text: str) -> None:
        """Go on with the line."""
        self._texts.append(text)

    def end_line(self) -> None:
        """End the line, in a table that of its cell."""
        line = "".join(self._texts)
        self._texts.clear()
        if self._is_in_table:
            self._row.lines.append(line)
            return
        self._leave_table()
        self._blocks.add_text(line)
        self._blocks.end_line()

    def add_word(self, word: bytes) -> bool:
        """Take a control word if it is one of tables, and say whether it is."""
        match word:
            case b"pard":
                self._is_in_table = False
            case b"intbl":
                self._is_in_table = True
            case b"cell":
                self._end_cell()
            case b"row":
                self._end_row()
            case b"nestcell" | b"nestrow":
                self._texts.append(" " if word == b"nestcell" else "\n")
            case b"trowd":
                self._row.lower_parts, self._row.is_lower_part = [], False
            case b"clvmrg":
                self._row.is_lower_part = True
            case b"cellx" if len(self._row.lower_parts) < _MOST_CELLS:
                self._row.lower_parts.append(self._row.is_lower_part)
                self._row.is_lower_part = False
            case _:
                return False
        return True

    def to_sheet(self, name: str) -> Sheet:
        """Return the document, its last line and row ended."""
        if self._row.cells:
            self._end_row()
        if self._texts or self._row.lines:
            self._is_in_table = False
            self._texts = ["\n".join([*self._row.lines, "".join(self._texts)])]
            self.end_line()
        self._leave_table()
        return self._blocks.to_sheet(name)

    def _end_cell(self) -> None:
        if self._texts:
            self._row.lines.append("".join(self._texts))
            self._texts.clear()
        if len(self._row.cells) < _MOST_CELLS:
            self._row.cells.append(self._row.lines)
        self._row.lines = []

    def _end_row(self) -> None:
        if not self._table_is_open:
            self._blocks.start_table()
            self._table_is_open = True
        self._blocks.start_row()
        row, self._row = self._row, _Row(self._row.lower_parts)
        for index, lines in enumerate(row.cells):
            self._blocks.start_cell()
            if index < len(row.lower_parts) and row.lower_parts[index]:
                self._blocks.continue_cell_above()
            for line in lines:
                self._blocks.add_text(line)
                self._blocks.end_line()
            self._blocks.end_cell()

    def _leave_table(self) -> None:
        if self._table_is_open:
            self._blocks.end_table()
            self._table_is_open = False
