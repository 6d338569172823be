"""A spreadsheet as Google's servers hold it: sheets of a fixed grid, and the requests that change them, all or none."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

MOST_CELLS = 10_000_000
LONGEST_TEXT = 50_000
LONGEST_TITLE = 100
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_A1 = re.compile(r"([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?")
_KINDS = ("stringValue", "numberValue", "boolValue", "formulaValue")

Json = dict[str, Any]
Value = tuple[str, Any]
"""What a person sees as entered: the kind of an ExtendedValue, and it."""


class Refusal(Exception):
    """A request that Google would answer with an error."""

    def __init__(self, message: str, code: int = 400, status: str = "INVALID_ARGUMENT") -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass(slots=True)
class GoogleSheet:
    """One sheet. `rows` is as long as the grid; a row holds its cells that are not empty, by column."""

    sheet_id: int
    title: str
    rows: list[dict[int, Value]]
    columns: int
    properties: Json = field(default_factory=dict)
    column_looks: list[Json] = field(default_factory=list)
    formats: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None

    def copy(self) -> "GoogleSheet":
        """A page that can be changed without this one; cells are values and are shared."""
        looks, formats = deepcopy(self.column_looks), list(self.formats)
        rows = [dict(row) for row in self.rows]
        return GoogleSheet(self.sheet_id, self.title, rows, self.columns, deepcopy(self.properties), looks, formats, self.basic_filter)

    def described(self, index: int) -> Json:
        """The sheet's `properties` as the API tells them."""
        grid = {"rowCount": len(self.rows), "columnCount": self.columns, **self.properties.get("gridProperties", {})}
        own = {"sheetId": self.sheet_id, "title": self.title, "index": index, "sheetType": "GRID"}
        return {**self.properties, **own, "gridProperties": grid}

    def put(self, row: int, column: int, value: Value | None) -> None:
        """Set a cell, or empty it."""
        if value is None:
            self.rows[row].pop(column, None)
            return
        if value[0] == "stringValue" and len(value[1]) > LONGEST_TEXT:
            raise Refusal(f"Your input contains more than the maximum of {LONGEST_TEXT} characters in a single cell.")
        self.rows[row][column] = value


def new_sheet(sheet_id: int, title: str, rows: int = 1000, columns: int = 26, properties: Json | None = None) -> GoogleSheet:
    """An empty sheet of a grid as large as Google's own are at first."""
    return GoogleSheet(sheet_id, title, [{} for _ in range(rows)], columns, properties or {}, [{} for _ in range(columns)])


class GoogleSpreadsheet:
    """One spreadsheet."""

    def __init__(self, book_id: str, title: str = "Catalogue") -> None:
        self.id, self.title = book_id, title
        self.pages: list[GoogleSheet] = [new_sheet(0, "Sheet1")]

    def described(self) -> Json:
        """The Spreadsheet resource, without cells."""
        sheets = [
            {"properties": page.described(index)} | ({"basicFilter": page.basic_filter} if page.basic_filter else {})
            for index, page in enumerate(self.pages)
        ]
        url = f"https://docs.google.com/spreadsheets/d/{self.id}/edit"
        return {"spreadsheetId": self.id, "properties": {"title": self.title}, "sheets": sheets, "spreadsheetUrl": url}

    def titled(self, title: str) -> GoogleSheet:
        """The sheet of that title."""
        page = next((page for page in self.pages if page.title == title), None)
        if page is None:
            raise Refusal(f"Unable to parse range: {title}")
        return page

    def values(self, a1: str, render: str = "FORMATTED_VALUE") -> Json:
        """A ValueRange: trailing empty rows and cells left off, as Google does."""
        page, top, left, bottom, right = self._range(a1)
        found = [[_shown(row.get(column), render) for column in range(left, right)] for row in page.rows[top:bottom]]
        found = [row[: max((place + 1 for place, cell in enumerate(row) if cell != ""), default=0)] for row in found]
        while found and not found[-1]:
            found.pop()
        return {"range": _named(page, top, left, bottom, right), "majorDimension": "ROWS"} | ({"values": found} if found else {})

    def write_values(self, ranges: Sequence[Json], option: str) -> int:
        """Write ValueRanges, all or none; the number of cells written."""
        if option not in ("RAW", "USER_ENTERED"):
            raise Refusal("'valueInputOption' is required but not specified")
        pages = {page.sheet_id: page.copy() for page in self.pages}
        count = 0
        for written in ranges:
            found, top, left, bottom, right = self._range(written["range"], opens=True)
            page = pages[found.sheet_id]
            rows = written.get("values", [])
            if len(rows) > bottom - top or max(map(len, rows), default=0) > right - left:
                limits = f"Max rows: {len(page.rows)}, max columns: {page.columns}"
                raise Refusal(f"Range ({written['range']}) exceeds grid limits. {limits}")
            for down, row in enumerate(rows):
                for across, cell in enumerate(row):
                    if cell is not None:
                        page.put(top + down, left + across, _entered(cell, option))
                        count += 1
        self.pages = [pages[page.sheet_id] for page in self.pages]
        return count

    def change(self, requests: Sequence[Json]) -> list[Json]:
        """Apply the requests of a batchUpdate in order, all or none; their replies."""
        before, replies = self.pages, []
        self.pages = [page.copy() for page in before]
        try:
            for place, request in enumerate(requests):
                ((kind, body),) = request.items()
                replies.append(self._change_one(place, kind, body))
            self._check_size()
        except Refusal:
            self.pages = before
            raise
        return replies

    def _change_one(self, place: int, kind: str, body: Json) -> Json:
        change = _CHANGES.get(kind)
        if change is None:
            raise Refusal(f"Invalid JSON payload received. Unknown name \"{kind}\" at 'requests[{place}]': Cannot find field.")
        try:
            return change(self, body) or {}
        except Refusal as error:
            raise Refusal(f"Invalid requests[{place}].{kind}: {error}") from None
        except (KeyError, TypeError, ValueError) as error:
            raise Refusal(f"Invalid requests[{place}].{kind}: {error!r}") from None

    def _check_size(self) -> None:
        if sum(len(page.rows) * page.columns for page in self.pages) > MOST_CELLS:
            raise Refusal(f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells.")

    def _page(self, sheet_id: int) -> GoogleSheet:
        page = next((page for page in self.pages if page.sheet_id == sheet_id), None)
        if page is None:
            raise Refusal(f"No grid with id: {sheet_id}")
        return page

    def _check_title(self, title: str, other_than: GoogleSheet | None = None) -> None:
        if not title or len(title) > LONGEST_TITLE:
            raise Refusal(f"The sheet name must be between 1 and {LONGEST_TITLE} characters.")
        if any(page.title.casefold() == title.casefold() for page in self.pages if page is not other_than):
            raise Refusal(f'A sheet with the name "{title}" already exists. Please enter another name.')

    def _range(self, a1: str, *, opens: bool = False) -> tuple[GoogleSheet, int, int, int, int]:
        """Page, top, left, bottom, right; what the range leaves open goes to the end of the grid. A single cell `opens` a range for writing."""
        title, cells = _split(a1)
        page = next((page for page in self.pages if page.title == title), None)
        match = _A1.fullmatch(cells)
        if page is None or match is None:
            raise Refusal(f"Unable to parse range: {a1}")
        first_column, first_row, last_column, last_row = match.groups()
        if cells and last_column is None and last_row is None and not opens:
            last_column, last_row = first_column, first_row
        top, bottom = int(first_row or 1) - 1, int(last_row or len(page.rows))
        left, right = column_number(first_column or "A"), column_number(last_column) + 1 if last_column else page.columns
        if bottom > len(page.rows) or right > page.columns:
            raise Refusal(f"Range ({a1}) exceeds grid limits. Max rows: {len(page.rows)}, max columns: {page.columns}")
        return page, top, left, bottom, right

    def _add_sheet(self, body: Json) -> Json:
        given = deepcopy(body.get("properties", {}))
        title = given.pop("title", f"Sheet{len(self.pages) + 1}")
        sheet_id = given.pop("sheetId", max((page.sheet_id for page in self.pages), default=0) + 1)
        self._check_title(title)
        if any(page.sheet_id == sheet_id for page in self.pages):
            raise Refusal(f"Cannot add a sheet with id {sheet_id}: it already exists.")
        grid = given.get("gridProperties", {})
        rows, columns = grid.pop("rowCount", 1000), grid.pop("columnCount", 26)
        index = given.pop("index", len(self.pages))
        self.pages.insert(index, new_sheet(sheet_id, title, rows, columns, given))
        return {"addSheet": {"properties": self.pages[index].described(index)}}

    def _update_sheet(self, body: Json) -> None:
        properties = deepcopy(body["properties"])
        page = self._page(properties.pop("sheetId", 0))
        names = set(body["fields"].split(","))
        if names & {"title", "*"} and "title" in properties:
            self._check_title(properties["title"], page)
            page.title = properties["title"]
        grid = properties.get("gridProperties", {})
        if "rowCount" in grid:
            rows = grid.pop("rowCount")
            page.rows = page.rows[:rows] + [{} for _ in range(rows - len(page.rows))]
        if "columnCount" in grid:
            _resize_columns(page, grid.pop("columnCount"))
        page.properties.setdefault("gridProperties", {}).update(grid)
        page.properties.update({name: value for name, value in properties.items() if name not in ("title", "gridProperties", "index")})

    def _append_dimension(self, body: Json) -> None:
        page = self._page(body["sheetId"])
        if body["dimension"] == "ROWS":
            page.rows += [{} for _ in range(body["length"])]
        else:
            _resize_columns(page, page.columns + body["length"])

    def _insert_dimension(self, body: Json) -> None:
        page, start, end = self._span(body["range"])
        is_rows, count = body["range"]["dimension"] == "ROWS", end - start
        size = len(page.rows) if is_rows else page.columns
        if start >= size:
            raise Refusal(f"range.startIndex[{start}] must be less than the grid size[{size}]")
        if body.get("inheritFromBefore") and start == 0:
            raise Refusal("inheritFromBefore cannot be true if inserting at index 0")
        if is_rows:
            page.rows[start:start] = [{} for _ in range(count)]
        else:
            page.columns += count
            page.rows = [{column + count * (column >= start): cell for column, cell in row.items()} for row in page.rows]
            page.column_looks[start:start] = [{} for _ in range(count)]

    def _delete_dimension(self, body: Json) -> None:
        page, start, end = self._span(body["range"])
        if body["range"]["dimension"] == "ROWS":
            del page.rows[start:end]
            return
        page.columns -= end - start
        kept = ({c: cell for c, cell in row.items() if not start <= c < end} for row in page.rows)
        page.rows = [{c - (end - start) * (c >= end): cell for c, cell in row.items()} for row in kept]
        del page.column_looks[start:end]

    def _span(self, given: Json) -> tuple[GoogleSheet, int, int]:
        if given["dimension"] not in ("ROWS", "COLUMNS") or not 0 <= given["startIndex"] < given["endIndex"]:
            raise Refusal("Invalid dimension range")
        return self._page(given["sheetId"]), given["startIndex"], given["endIndex"]

    def _look_dimension(self, body: Json) -> None:
        page, start, end = self._span(body["range"])
        if body["range"]["dimension"] == "COLUMNS":
            if end > page.columns:
                raise Refusal(f"Cannot update column {end - 1}: the grid has {page.columns}")
            for look in page.column_looks[start:end]:
                look.update(body["properties"])

    def _update_cells(self, body: Json) -> None:
        start = body.get("start") or {**body["range"], "rowIndex": body["range"].get("startRowIndex", 0)}
        page = self._page(start["sheetId"])
        top, left = start.get("rowIndex", 0), start.get("columnIndex", start.get("startColumnIndex", 0))
        if "userEnteredValue" not in body["fields"] and body["fields"] != "*":
            return
        for down, row in enumerate(body.get("rows", [])):
            for across, cell in enumerate(row.get("values", [])):
                if top + down >= len(page.rows):
                    raise Refusal(f"Attempting to write row: {top + down}, beyond the last requested row of: {len(page.rows) - 1}")
                if left + across >= page.columns:
                    raise Refusal(f"Attempting to write column: {left + across}, beyond the last requested column of: {page.columns - 1}")
                page.put(top + down, left + across, _extended(cell.get("userEnteredValue")))

    def _repeat_cell(self, body: Json) -> None:
        given = body["range"]
        page = self._page(given["sheetId"])
        if given.get("endColumnIndex", 0) > page.columns or given.get("endRowIndex", 0) > len(page.rows):
            raise Refusal(f"The range exceeds the grid: {len(page.rows)} rows, {page.columns} columns")
        page.formats.append({"range": given, **body["cell"].get("userEnteredFormat", {})})

    def _set_filter(self, body: Json) -> None:
        self._page(body["filter"]["range"]["sheetId"]).basic_filter = body["filter"]

    def _sort(self, body: Json) -> None:
        given = body["range"]
        page = self._page(given["sheetId"])
        top, bottom = given.get("startRowIndex", 0), given.get("endRowIndex", len(page.rows))
        left, right = given.get("startColumnIndex", 0), given.get("endColumnIndex", page.columns)
        inside = [{c: cell for c, cell in row.items() if left <= c < right} for row in page.rows[top:bottom]]
        outside = [{c: cell for c, cell in row.items() if not left <= c < right} for row in page.rows[top:bottom]]
        for spec in reversed(body["sortSpecs"]):
            column, backwards = spec["dimensionIndex"], spec.get("sortOrder") == "DESCENDING"
            filled = [row for row in inside if column in row]
            filled.sort(key=lambda row: (row[column][0] != "numberValue", row[column][1]), reverse=backwards)
            inside = filled + [row for row in inside if column not in row]
        page.rows[top:bottom] = [kept | moved for kept, moved in zip(outside, inside, strict=True)]


_CHANGES: Mapping[str, Callable[[GoogleSpreadsheet, Json], Json | None]] = {
    "addSheet": GoogleSpreadsheet._add_sheet,  # noqa: SLF001  the table of this module's own
    "updateSheetProperties": GoogleSpreadsheet._update_sheet,  # noqa: SLF001
    "appendDimension": GoogleSpreadsheet._append_dimension,  # noqa: SLF001
    "insertDimension": GoogleSpreadsheet._insert_dimension,  # noqa: SLF001
    "deleteDimension": GoogleSpreadsheet._delete_dimension,  # noqa: SLF001
    "updateDimensionProperties": GoogleSpreadsheet._look_dimension,  # noqa: SLF001
    "updateCells": GoogleSpreadsheet._update_cells,  # noqa: SLF001
    "repeatCell": GoogleSpreadsheet._repeat_cell,  # noqa: SLF001
    "setBasicFilter": GoogleSpreadsheet._set_filter,  # noqa: SLF001
    "sortRange": GoogleSpreadsheet._sort,  # noqa: SLF001
}


def column_number(letters: str) -> int:
    """A to 0, Z to 25, AA to 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 to A, 25 to Z, 26 to AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _split(a1: str) -> tuple[str, str]:
    """Title and cells of `'O''Brien'!A1:B2`, `Sheet1!A1` or a title alone."""
    if a1.startswith("'"):
        quoted, _, cells = a1[1:].replace("''", "\0").partition("'")
        return quoted.replace("\0", "'"), cells.removeprefix("!")
    title, _, cells = a1.partition("!")
    return title, cells


def _named(page: GoogleSheet, top: int, left: int, bottom: int, right: int) -> str:
    title = "'" + page.title.replace("'", "''") + "'"
    return f"{title}!{column_letters(left)}{top + 1}:{column_letters(right - 1)}{bottom}"


def _resize_columns(page: GoogleSheet, columns: int) -> None:
    page.rows = [{column: cell for column, cell in row.items() if column < columns} for row in page.rows]
    page.column_looks = page.column_looks[:columns] + [{} for _ in range(columns - page.columns)]
    page.columns = columns


def _shown(value: Value | None, render: str) -> Any:
    if value is None:
        return ""
    kind, entered = value
    if render == "FORMATTED_VALUE":
        return "#ERROR!" if kind == "formulaValue" else str(entered)
    return "#ERROR!" if kind == "formulaValue" and render == "UNFORMATTED_VALUE" else entered


def _extended(given: Json | None) -> Value | None:
    if not given:
        return None
    ((kind, value),) = given.items()
    if kind not in _KINDS:
        raise Refusal(f'Unknown name "{kind}"')
    return None if value == "" else (kind, value)


def _entered(cell: Any, option: str) -> Value | None:
    """What Google makes of a value of the values API: RAW keeps texts, USER_ENTERED reads them as if typed."""
    if isinstance(cell, bool):
        return "boolValue", cell
    if isinstance(cell, int | float):
        return "numberValue", cell
    if not isinstance(cell, str):
        raise Refusal(f"Invalid value: {cell!r}")
    if cell == "":
        return None
    if option == "RAW":
        return "stringValue", cell
    if _PLAIN_NUMBER.fullmatch(cell):
        return "numberValue", float(cell)
    if cell.startswith(("=", "+")):
        return "formulaValue", cell
    return "stringValue", cell.removeprefix("'")
