"""A spreadsheet as Google's servers hold it: sheets of a fixed grid, and the requests that change them, all or none."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from monito_ray.testing.sheets_values import (
    EnteredValue,
    Json,
    RequestRefused,
    a1_range,
    column_number,
    enter_value,
    from_extended,
    render_value,
    split_a1,
)

# Google's limits: cells of a spreadsheet, characters of a cell and of a sheet's title, values to choose from in a cell.
MOST_CELLS = 10_000_000
LONGEST_TEXT = 50_000
LONGEST_TITLE = 100
MOST_CHOICES = 500
_NEW_ROWS, _NEW_COLUMNS = 1000, 26
_A1 = re.compile(r"([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?")


@dataclass(slots=True)
class GoogleSheet:
    """One sheet of a spreadsheet."""

    sheet_id: int
    title: str
    #: As long as the grid; a row holds its cells that are not empty, by column.
    rows: list[dict[int, EnteredValue]]
    #: Columns of the grid.
    columns: int
    properties: Json = field(default_factory=dict)
    #: Width and visibility of each column.
    column_properties: list[Json] = field(default_factory=list)
    #: Ranges with the formats that were set on them, in order.
    formats: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    #: Rules of choices, each with its range, and of conditional formats, in order.
    validations: list[Json] = field(default_factory=list)
    conditional_formats: list[Json] = field(default_factory=list)

    def copy(self) -> "GoogleSheet":
        """Return a sheet that can be changed without this one; cells are values and are shared."""
        return GoogleSheet(
            self.sheet_id,
            self.title,
            [dict(row) for row in self.rows],
            self.columns,
            deepcopy(self.properties),
            deepcopy(self.column_properties),
            list(self.formats),
            self.basic_filter,
            list(self.validations),
            list(self.conditional_formats),
        )

    def resource(self, index: int) -> Json:
        """Return the sheet's `properties` as the API has them."""
        grid = {"rowCount": len(self.rows), "columnCount": self.columns, **self.properties.get("gridProperties", {})}
        own = {"sheetId": self.sheet_id, "title": self.title, "index": index, "sheetType": "GRID"}
        return {**self.properties, **own, "gridProperties": grid}

    def put(self, row: int, column: int, value: EnteredValue | None) -> None:
        """Set a cell, or clear it."""
        if value is None:
            self.rows[row].pop(column, None)
            return
        if value[0] == "stringValue" and len(value[1]) > LONGEST_TEXT:
            raise RequestRefused(f"Your input contains more than the maximum of {LONGEST_TEXT} characters in a single cell.")
        self.rows[row][column] = value


def new_sheet(sheet_id: int, title: str, rows: int = _NEW_ROWS, columns: int = _NEW_COLUMNS, properties: Json | None = None) -> GoogleSheet:
    """Return an empty sheet, with the grid of Google's own unless given."""
    return GoogleSheet(sheet_id, title, [{} for _ in range(rows)], columns, properties or {}, [{} for _ in range(columns)])


class GoogleSpreadsheet:
    """One spreadsheet."""

    def __init__(self, book_id: str, title: str = "Catalogue") -> None:
        self.id, self.title = book_id, title
        self.most_cells = MOST_CELLS
        self.sheets: list[GoogleSheet] = [new_sheet(0, "Sheet1")]

    def resource(self) -> Json:
        """Return the Spreadsheet resource, without cells."""
        sheets = [
            {"properties": sheet.resource(index)} | ({"basicFilter": sheet.basic_filter} if sheet.basic_filter else {})
            for index, sheet in enumerate(self.sheets)
        ]
        url = f"https://docs.google.com/spreadsheets/d/{self.id}/edit"
        return {"spreadsheetId": self.id, "properties": {"title": self.title}, "sheets": sheets, "spreadsheetUrl": url}

    def sheet(self, title: str) -> GoogleSheet:
        """Return the sheet of that title."""
        sheet = next((sheet for sheet in self.sheets if sheet.title == title), None)
        if sheet is None:
            raise RequestRefused(f"Unable to parse range: {title}")
        return sheet

    def values(self, a1: str, render: str = "FORMATTED_VALUE") -> Json:
        """Return a ValueRange; trailing empty rows and cells are left off, as Google does."""
        sheet, top, left, bottom, right = self._range(a1)
        rows = []
        for row in sheet.rows[top:bottom]:
            cells = [render_value(row.get(column), render) for column in range(left, right)]
            rows.append(cells[: max((index + 1 for index, cell in enumerate(cells) if cell != ""), default=0)])
        while rows and not rows[-1]:
            rows.pop()
        name = a1_range(sheet.title, top, left, bottom, right)
        return {"range": name, "majorDimension": "ROWS"} | ({"values": rows} if rows else {})

    def write_values(self, ranges: Sequence[Json], option: str) -> int:
        """Write ValueRanges, all or none, and return the number of cells written."""
        if option not in ("RAW", "USER_ENTERED"):
            raise RequestRefused("'valueInputOption' is required but not specified")
        sheets = {sheet.sheet_id: sheet.copy() for sheet in self.sheets}
        count = 0
        for value_range in ranges:
            target, top, left, bottom, right = self._range(value_range["range"], opens=True)
            sheet = sheets[target.sheet_id]
            rows = value_range.get("values", [])
            if len(rows) > bottom - top or max(map(len, rows), default=0) > right - left:
                limits = f"Max rows: {len(sheet.rows)}, max columns: {sheet.columns}"
                raise RequestRefused(f"Range ({value_range['range']}) exceeds grid limits. {limits}")
            for down, row in enumerate(rows):
                for across, cell in enumerate(row):
                    if cell is not None:
                        sheet.put(top + down, left + across, enter_value(cell, option))
                        count += 1
        self.sheets = [sheets[sheet.sheet_id] for sheet in self.sheets]
        return count

    def change(self, requests: Sequence[Json]) -> list[Json]:
        """Apply the requests of a batchUpdate in order, all or none, and return their replies."""
        before, replies = self.sheets, []
        self.sheets = [sheet.copy() for sheet in before]
        try:
            for index, request in enumerate(requests):
                ((kind, body),) = request.items()
                replies.append(self._change_one(index, kind, body))
            self._check_size()
        except RequestRefused:
            self.sheets = before
            raise
        return replies

    def _change_one(self, index: int, kind: str, body: Json) -> Json:
        change = _CHANGES.get(kind)
        if change is None:
            raise RequestRefused(f"Invalid JSON payload received. Unknown name \"{kind}\" at 'requests[{index}]': Cannot find field.")
        try:
            return change(self, body) or {}
        except RequestRefused as error:
            raise RequestRefused(f"Invalid requests[{index}].{kind}: {error}") from None
        except (KeyError, TypeError, ValueError) as error:
            raise RequestRefused(f"Invalid requests[{index}].{kind}: {error!r}") from None

    def _check_size(self) -> None:
        if sum(len(sheet.rows) * sheet.columns for sheet in self.sheets) > self.most_cells:
            raise RequestRefused(
                f"This action would increase the number of cells in the workbook above the limit of {self.most_cells} cells."
            )

    def _sheet_of_id(self, sheet_id: int) -> GoogleSheet:
        sheet = next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)
        if sheet is None:
            raise RequestRefused(f"No grid with id: {sheet_id}")
        return sheet

    def _check_title(self, title: str, other_than: GoogleSheet | None = None) -> None:
        if not title or len(title) > LONGEST_TITLE:
            raise RequestRefused(f"The sheet name must be between 1 and {LONGEST_TITLE} characters.")
        if any(sheet.title.casefold() == title.casefold() for sheet in self.sheets if sheet is not other_than):
            raise RequestRefused(f'A sheet with the name "{title}" already exists. Please enter another name.')

    def _range(self, a1: str, *, opens: bool = False) -> tuple[GoogleSheet, int, int, int, int]:
        """Return sheet, top, left, bottom, right; what the range leaves open goes to the end of the grid.

        A single cell means just that cell, unless it `opens` a range for writing.
        """
        title, cells = split_a1(a1)
        sheet = next((sheet for sheet in self.sheets if sheet.title == title), None)
        match = _A1.fullmatch(cells)
        if sheet is None or match is None:
            raise RequestRefused(f"Unable to parse range: {a1}")
        first_column, first_row, last_column, last_row = match.groups()
        if cells and last_column is None and last_row is None and not opens:
            last_column, last_row = first_column, first_row
        top, bottom = int(first_row or 1) - 1, int(last_row or len(sheet.rows))
        left, right = column_number(first_column or "A"), column_number(last_column) + 1 if last_column else sheet.columns
        if bottom > len(sheet.rows) or right > sheet.columns:
            raise RequestRefused(f"Range ({a1}) exceeds grid limits. Max rows: {len(sheet.rows)}, max columns: {sheet.columns}")
        return sheet, top, left, bottom, right

    def _add_sheet(self, body: Json) -> Json:
        properties = deepcopy(body.get("properties", {}))
        title = properties.pop("title", f"Sheet{len(self.sheets) + 1}")
        sheet_id = properties.pop("sheetId", max((sheet.sheet_id for sheet in self.sheets), default=0) + 1)
        self._check_title(title)
        if any(sheet.sheet_id == sheet_id for sheet in self.sheets):
            raise RequestRefused(f"Cannot add a sheet with id {sheet_id}: it already exists.")
        grid = properties.get("gridProperties", {})
        rows, columns = grid.pop("rowCount", _NEW_ROWS), grid.pop("columnCount", _NEW_COLUMNS)
        index = properties.pop("index", len(self.sheets))
        self.sheets.insert(index, new_sheet(sheet_id, title, rows, columns, properties))
        return {"addSheet": {"properties": self.sheets[index].resource(index)}}

    def _duplicate_sheet(self, body: Json) -> Json:
        copy = self._sheet_of_id(body["sourceSheetId"]).copy()
        copy.title, copy.sheet_id = body["newSheetName"], body["newSheetId"]
        self._check_title(copy.title)
        if any(sheet.sheet_id == copy.sheet_id for sheet in self.sheets):
            raise RequestRefused(f"Cannot duplicate to a sheet with id {copy.sheet_id}: it already exists.")
        index = body.get("insertSheetIndex", 0)
        self.sheets.insert(index, copy)
        return {"duplicateSheet": {"properties": copy.resource(index)}}

    def _delete_sheet(self, body: Json) -> None:
        sheet = self._sheet_of_id(body["sheetId"])
        if len(self.sheets) == 1:
            raise RequestRefused("You can't remove all the sheets in a document.")
        self.sheets.remove(sheet)

    def _update_sheet(self, body: Json) -> None:
        properties = deepcopy(body["properties"])
        sheet = self._sheet_of_id(properties.pop("sheetId", 0))
        names = set(body["fields"].split(","))
        if names & {"title", "*"} and "title" in properties:
            self._check_title(properties["title"], sheet)
            sheet.title = properties["title"]
        grid = properties.get("gridProperties", {})
        if "rowCount" in grid:
            rows = grid.pop("rowCount")
            sheet.rows = sheet.rows[:rows] + [{} for _ in range(rows - len(sheet.rows))]
        if "columnCount" in grid:
            _resize_columns(sheet, grid.pop("columnCount"))
        sheet.properties.setdefault("gridProperties", {}).update(grid)
        sheet.properties.update({name: value for name, value in properties.items() if name not in ("title", "gridProperties", "index")})

    def _append_dimension(self, body: Json) -> None:
        sheet = self._sheet_of_id(body["sheetId"])
        if body["dimension"] == "ROWS":
            sheet.rows += [{} for _ in range(body["length"])]
        else:
            _resize_columns(sheet, sheet.columns + body["length"])

    def _insert_dimension(self, body: Json) -> None:
        sheet, start, end = self._span(body["range"])
        is_rows, count = body["range"]["dimension"] == "ROWS", end - start
        size = len(sheet.rows) if is_rows else sheet.columns
        if start >= size:
            raise RequestRefused(f"range.startIndex[{start}] must be less than the grid size[{size}]")
        if body.get("inheritFromBefore") and start == 0:
            raise RequestRefused("inheritFromBefore cannot be true if inserting at index 0")
        if is_rows:
            sheet.rows[start:start] = [{} for _ in range(count)]
        else:
            sheet.columns += count
            sheet.rows = [{column + count * (column >= start): cell for column, cell in row.items()} for row in sheet.rows]
            sheet.column_properties[start:start] = [{} for _ in range(count)]

    def _delete_dimension(self, body: Json) -> None:
        sheet, start, end = self._span(body["range"])
        if body["range"]["dimension"] == "ROWS":
            del sheet.rows[start:end]
            return
        sheet.columns -= end - start
        remaining = ({c: cell for c, cell in row.items() if not start <= c < end} for row in sheet.rows)
        sheet.rows = [{c - (end - start) * (c >= end): cell for c, cell in row.items()} for row in remaining]
        del sheet.column_properties[start:end]

    def _span(self, dimension_range: Json) -> tuple[GoogleSheet, int, int]:
        start, end = dimension_range["startIndex"], dimension_range["endIndex"]
        if dimension_range["dimension"] not in ("ROWS", "COLUMNS") or not 0 <= start < end:
            raise RequestRefused("Invalid dimension range")
        return self._sheet_of_id(dimension_range["sheetId"]), start, end

    def _update_dimension(self, body: Json) -> None:
        sheet, start, end = self._span(body["range"])
        if body["range"]["dimension"] == "COLUMNS":
            if end > sheet.columns:
                raise RequestRefused(f"Cannot update column {end - 1}: the grid has {sheet.columns}")
            for properties in sheet.column_properties[start:end]:
                properties.update(body["properties"])

    def _update_cells(self, body: Json) -> None:
        start = body.get("start") or {**body["range"], "rowIndex": body["range"].get("startRowIndex", 0)}
        sheet = self._sheet_of_id(start["sheetId"])
        top, left = start.get("rowIndex", 0), start.get("columnIndex", start.get("startColumnIndex", 0))
        if "userEnteredValue" not in body["fields"] and body["fields"] != "*":
            return
        for down, row in enumerate(body.get("rows", [])):
            for across, cell in enumerate(row.get("values", [])):
                if top + down >= len(sheet.rows):
                    raise RequestRefused(f"Attempting to write row: {top + down}, beyond the last requested row of: {len(sheet.rows) - 1}")
                if left + across >= sheet.columns:
                    raise RequestRefused(
                        f"Attempting to write column: {left + across}, beyond the last requested column of: {sheet.columns - 1}"
                    )
                sheet.put(top + down, left + across, from_extended(cell.get("userEnteredValue")))

    def _repeat_cell(self, body: Json) -> None:
        grid_range = body["range"]
        sheet = self._sheet_of_id(grid_range["sheetId"])
        if grid_range.get("endColumnIndex", 0) > sheet.columns or grid_range.get("endRowIndex", 0) > len(sheet.rows):
            raise RequestRefused(f"The range exceeds the grid: {len(sheet.rows)} rows, {sheet.columns} columns")
        sheet.formats.append({"range": grid_range, **body["cell"].get("userEnteredFormat", {})})

    def _set_filter(self, body: Json) -> None:
        self._sheet_of_id(body["filter"]["range"]["sheetId"]).basic_filter = body["filter"]

    def _set_validation(self, body: Json) -> None:
        sheet = self._sheet_of_id(body["range"]["sheetId"])
        condition = body["rule"]["condition"]
        if condition["type"] == "ONE_OF_LIST" and not 0 < len(condition["values"]) <= MOST_CHOICES:
            raise RequestRefused(f"ONE_OF_LIST takes 1 to {MOST_CHOICES} values")
        sheet.validations.append(body)

    def _add_conditional_format(self, body: Json) -> None:
        for grid_range in body["rule"]["ranges"]:
            self._sheet_of_id(grid_range["sheetId"]).conditional_formats.insert(body.get("index", 0), body["rule"])

    def _sort(self, body: Json) -> None:
        grid_range = body["range"]
        sheet = self._sheet_of_id(grid_range["sheetId"])
        top, bottom = grid_range.get("startRowIndex", 0), grid_range.get("endRowIndex", len(sheet.rows))
        left, right = grid_range.get("startColumnIndex", 0), grid_range.get("endColumnIndex", sheet.columns)
        inside = [{c: cell for c, cell in row.items() if left <= c < right} for row in sheet.rows[top:bottom]]
        outside = [{c: cell for c, cell in row.items() if not left <= c < right} for row in sheet.rows[top:bottom]]
        for spec in reversed(body["sortSpecs"]):
            column, backwards = spec["dimensionIndex"], spec.get("sortOrder") == "DESCENDING"
            filled = [row for row in inside if column in row]
            filled.sort(key=lambda row: (row[column][0] != "numberValue", row[column][1]), reverse=backwards)
            inside = filled + [row for row in inside if column not in row]
        sheet.rows[top:bottom] = [fixed | moved for fixed, moved in zip(outside, inside, strict=True)]


_CHANGES: Mapping[str, Callable[[GoogleSpreadsheet, Json], Json | None]] = {
    "addSheet": GoogleSpreadsheet._add_sheet,  # noqa: SLF001  the table of this module's own
    "duplicateSheet": GoogleSpreadsheet._duplicate_sheet,  # noqa: SLF001
    "deleteSheet": GoogleSpreadsheet._delete_sheet,  # noqa: SLF001
    "updateSheetProperties": GoogleSpreadsheet._update_sheet,  # noqa: SLF001
    "appendDimension": GoogleSpreadsheet._append_dimension,  # noqa: SLF001
    "insertDimension": GoogleSpreadsheet._insert_dimension,  # noqa: SLF001
    "deleteDimension": GoogleSpreadsheet._delete_dimension,  # noqa: SLF001
    "updateDimensionProperties": GoogleSpreadsheet._update_dimension,  # noqa: SLF001
    "updateCells": GoogleSpreadsheet._update_cells,  # noqa: SLF001
    "repeatCell": GoogleSpreadsheet._repeat_cell,  # noqa: SLF001
    "setDataValidation": GoogleSpreadsheet._set_validation,  # noqa: SLF001
    "addConditionalFormatRule": GoogleSpreadsheet._add_conditional_format,  # noqa: SLF001
    "setBasicFilter": GoogleSpreadsheet._set_filter,  # noqa: SLF001
    "sortRange": GoogleSpreadsheet._sort,  # noqa: SLF001
}


def _resize_columns(sheet: GoogleSheet, columns: int) -> None:
    sheet.rows = [{column: cell for column, cell in row.items() if column < columns} for row in sheet.rows]
    sheet.column_properties = sheet.column_properties[:columns] + [{} for _ in range(columns - sheet.columns)]
    sheet.columns = columns
