"""Small price lists with one trap each, drawn from their descriptions in `data/`.

A description is one JSON file: `ugly` says in a sentence what is ugly, one of `sheets`, `text`, `document` and `pages` says what the list holds, and
`rows`, `rejected` or `error` what a careful buyer reads in it.

- `sheets`: {name: rows of cells}, drawn as an xlsx. `merges` {name: ["A1:C1"]}, `formats` {name: {column letter: number format}},
  `styles` {name: {cell: cell format of xlsxwriter}}, `hidden_rows` {name: [row]}, `hidden_sheets` [name].
- `text`: lines of a text file in `encoding` (UTF-8 unless said).
- `document`: paragraphs of a Word document, and tables as lists of rows.
- `pages`: of a PDF, see `papers.draw_page`.
- `rows`: [sheet, row, name, price] and, if it matters, {field: value} of each offer in the list's order; `rejected`: {reason: count} of
  all other rows; `error`: the name of the error that says why nothing can be read.
"""

import html
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import documents
import papers
import xlsxwriter

FOLDER = Path(__file__).parents[1] / "data"
_SUFFIXES = {"sheets": ".xlsx", "pages": ".pdf", "document": ".docx"}


@dataclass(frozen=True, slots=True)
class Trap:
    """A list, what is ugly about it, and what stands in it."""

    name: str
    ugly: str
    said: dict[str, Any]

    @property
    def file_name(self) -> str:
        """The name under which it comes."""
        return self.said.get("file_name", self.name + next((suffix for key, suffix in _SUFFIXES.items() if key in self.said), ".txt"))

    def data(self) -> bytes:
        """Its bytes."""
        if "pages" in self.said:
            return papers.pdf(*map(papers.draw_page, self.said["pages"]))
        if "document" in self.said:
            return documents.docx(*map(_block, self.said["document"]))
        if "text" in self.said:
            return "\r\n".join([*self.said["text"], ""]).encode(self.said.get("encoding", "utf-8"))
        return _workbook(self.said)


def _block(block: str | list[list[str]]) -> str:
    return documents.p(html.escape(block)) if isinstance(block, str) else documents.table(*[list(map(html.escape, row)) for row in block])


def every() -> list[Trap]:
    """All traps by name."""
    return [
        Trap(path.stem, said["ugly"], said)
        for path in sorted(FOLDER.glob("*.json"))
        for said in [json.loads(path.read_text(encoding="utf-8"))]
    ]


def _workbook(said: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}) as book:
        for name, rows in said["sheets"].items():
            sheet = book.add_worksheet(name)
            styles = {key: book.add_format(style) for key, style in said.get("styles", {}).get(name, {}).items()}
            for letter, code in said.get("formats", {}).get(name, {}).items():
                sheet.set_column(f"{letter}:{letter}", None, book.add_format({"num_format": code}))
                styles |= {f"{letter}{row}": book.add_format({"num_format": code}) for row in range(1, len(rows) + 1)}
            for merge in said.get("merges", {}).get(name, ()):
                sheet.merge_range(merge, "")
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    if value not in ("", None):
                        sheet.write(row, column, value, styles.get(f"{xlsxwriter.utility.xl_col_to_name(column)}{row + 1}"))
            for row in said.get("hidden_rows", {}).get(name, ()):
                sheet.set_row(row - 1, None, None, {"hidden": True})
            if name in said.get("hidden_sheets", ()):
                sheet.hide()
    return out.getvalue()
