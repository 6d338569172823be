"""Excel workbooks in the XML of 2003 (SpreadsheetML), which some programs save under the suffix xls."""

import re
from datetime import datetime
from xml.parsers import expat

from monito_ray.errors import FileDamaged
from monito_ray.pipeline.cells import Sheet, Value
from monito_ray.pipeline.files.clean_cells import repair_references
from monito_ray.pipeline.files.grid_builder import GridBuilder

_NUMBER = re.compile(r"\s*\d{1,7}\s*")


def read_xml_2003(data: bytes, file_name: str) -> list[Sheet]:
    """Return the worksheets of an Excel workbook in the XML of 2003, cells typed as it says.

    Raises:
        FileDamaged: the XML is not well-formed, or declares entities.
        FileTooLarge: its cells are too far apart to be held.
    """
    worksheets = _Xml2003Worksheets(file_name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = worksheets.start_element
    parser.EndElementHandler = worksheets.end_element
    parser.CharacterDataHandler = worksheets.add_text
    parser.EntityDeclHandler = worksheets.refuse_entity
    try:
        parser.Parse(repair_references(data.lstrip()), True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileDamaged(f"{file_name}: its XML is broken ({error})") from None
    return worksheets.sheets


class _Xml2003Worksheets:
    """Handlers of the parser that collect the worksheets."""

    def __init__(self, file_name: str) -> None:
        self.sheets: list[Sheet] = []
        self._file_name = file_name
        self._name = ""
        self._grid = GridBuilder(file_name)
        self._next_row = self._next_column = 0
        self._spans = (1, 1)
        #: The texts of the open cell; None outside of cells.
        self._texts: list[str] | None = None
        self._type = ""
        self._value: Value = ""

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an opening tag; its name and those of its attributes have their namespaces before them."""
        local = {_local_name(name): text for name, text in attributes.items()}
        match _local_name(tag):
            case "Worksheet":
                self._name, self._grid = local.get("Name", "Sheet"), GridBuilder(self._file_name)
                self._next_row = 0
            case "Row":
                self._start_row(local)
            case "Cell":
                self._next_column = _index(local.get("Index"), self._next_column)
                # MergeAcross and MergeDown count the further columns and rows: 1 is a span of 2.
                self._spans = _index(local.get("MergeAcross"), -1) + 2, _index(local.get("MergeDown"), -1) + 2
                self._value = ""
            case "Data":
                self._texts, self._type = [], local.get("Type", "String")

    def add_text(self, data: str) -> None:
        """Take text between tags."""
        if self._texts is not None:
            self._texts.append(data)

    def end_element(self, tag: str) -> None:
        """Take a closing tag."""
        match _local_name(tag):
            case "Data":
                self._value, self._texts = _typed("".join(self._texts or ()), self._type), None
            case "Cell":
                self._next_column = self._grid.write_cell(self._value, self._next_column, *self._spans)
            case "Worksheet":
                self.sheets.append(self._grid.to_sheet(self._name))

    def refuse_entity(self, *_: object) -> None:
        """Refuse a declaration of an entity, which may unpack to gigabytes or name a file of this machine."""
        raise FileDamaged(f"{self._file_name}: its XML declares entities, which no workbook does")

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = _index(attributes.get("Index"), self._next_row)
        self._grid.start_row(row)
        repeated = _index(attributes.get("Span"), -1) + 1
        self._next_row, self._next_column = row + 1 + repeated, 0
        if attributes.get("Hidden") == "1":
            self._grid.hidden.add(row)


def _local_name(name: str) -> str:
    return name.rpartition(" ")[2]


def _index(text: str | None, otherwise: int) -> int:
    """Return the number in `text`, which counts from 1, as an index from 0; `otherwise` when there is none."""
    return int(text) - 1 if text and _NUMBER.fullmatch(text) and int(text) > 0 else otherwise


def _typed(text: str, kind: str) -> Value:
    """Return a cell's value; text that is none of its kind stays text, and a formula's error is ""."""
    try:
        match kind:
            case "Number":
                return float(text)
            case "Boolean":
                return text.strip() == "1"
            case "DateTime":
                return datetime.fromisoformat(text.strip())
            case "Error":
                return ""
    except ValueError:
        return text
    return text
