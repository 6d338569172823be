"""A list of articles and how much of each, read from sheets or from lines such as "10 kg bawang merah" and "telur 5 tray". Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monito_ray.pipeline.cells import Sheet, Value
from monito_ray.pipeline.characters import TIMES
from monito_ray.pipeline.products.measuring.quantities import parse_size
from monito_ray.pipeline.spellings import canonical_unit
from monito_ray.pipeline.tables.titles import parse_title
from monito_ray.pipeline.units import content_units

#: A header stands among the first rows.
_HEADER_ROWS = 10
_BULLET = re.compile(r"^\s*(?:[-•*–—]|\d{1,3}[.)](?=\s))\s*")
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?(?:/\d+)?)"
_UNIT = r"(?P<unit>[^\W\d_]+\.?)"
#: "10 kg bawang merah", "2 x minyak goreng 2L", "3 alpukat".
_LEADING = re.compile(rf"^{_NUMBER}\s*(?:(?:[{TIMES}*]\s+)|{_UNIT}\s+)?(?P<article>\S.*)$")
#: "telur 5 tray", "bawang merah: 10kg", "cola 330 ml x 24".
_TRAILING = re.compile(rf"^(?P<article>.*?\S)(?:\s*[:=–—]\s*|\s+-\s+|\s+)(?:[{TIMES}*@]\s*)?{_NUMBER}\s*{_UNIT}?$")
_PIECES = "pcs"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """An article of the list."""

    #: As it is written.
    written: str
    #: What to search for.
    article: str
    amount: Decimal
    #: The canonical unit of the amount; "" where none is written: then it counts what the supplier sells.
    unit: str


def read_basket(sheets: Sequence[Sheet]) -> list[BasketLine]:
    """Return the articles of a list: of tables with a title over the articles and one over the amounts, else of rows as lines."""
    return [line for sheet in sheets for line in _lines_of(sheet)]


def parse_basket_line(text: str) -> BasketLine | None:
    """Return the article of a line and how much of it; None for a line without words.

    A number in front is the amount; else one at the end; without one it is 1. "minyak goreng 2L" is two litres, "2 x minyak goreng 2L" two
    of what holds two.
    """
    bare = " ".join(_BULLET.sub("", text).split())
    if not any(map(str.isalpha, bare)):
        return None
    leading = _LEADING.match(bare)
    if leading is not None and (line := _leading_amount(leading, text)):
        return line
    trailing = _TRAILING.match(bare)
    if trailing is not None and any(map(str.isalpha, trailing["article"])):
        unit = canonical_unit(trailing["unit"] or "")
        if unit or not trailing["unit"]:
            return BasketLine(text.strip(), trailing["article"].rstrip(" :,-"), parse_size(trailing["number"], unit), unit)
    return BasketLine(text.strip(), bare, Decimal(1), "")


def _leading_amount(match: re.Match[str], text: str) -> BasketLine | None:
    written = match["unit"]
    unit = canonical_unit(written) if written else ""
    article = match["article"]
    if written and not unit:
        if match.start("unit") == match.end("number"):
            return None  # "7up"
        article = f"{written} {article}"
    if not any(map(str.isalpha, article)):
        return None
    return BasketLine(text.strip(), article, parse_size(match["number"], unit), unit)


def _lines_of(sheet: Sheet) -> Iterator[BasketLine]:
    header = _header_of(sheet.rows)
    if header is None:
        texts = [" ".join(filter(None, map(_text, row))) for row in sheet.rows] or [line.text for line in sheet.lines]
        yield from filter(None, map(parse_basket_line, texts))
        return
    index, columns = header
    for row in sheet.rows[index + 1 :]:
        line = _line_of_row({role: _text(row[column]) for role, column in columns.items()})
        if line is not None:
            yield line


def _header_of(rows: Sequence[Sequence[Value]]) -> tuple[int, Mapping[str, int]] | None:
    """Return the row of titles and the columns that they name; None where there is no title over articles and one over amounts."""
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            title = parse_title(_text(cell))
            if title.is_clear:
                columns.setdefault(title.role, column)
        if "name" in columns and "quantity" in columns:
            return index, columns
    return None


def _line_of_row(cells: Mapping[str, str]) -> BasketLine | None:
    name = cells["name"]
    if not any(map(str.isalpha, name)):
        return None
    article = " ".join(filter(None, (name, cells.get("brand", ""), cells.get("size", ""))))
    written = " ".join(filter(None, (cells["quantity"], cells.get("unit", ""), article)))
    match = re.fullmatch(rf"{_NUMBER}\s*{_UNIT}?", cells["quantity"])
    if match is None:
        return BasketLine(written, article, Decimal(1), "") if not cells["quantity"] else parse_basket_line(written)
    unit = canonical_unit(match["unit"] or cells.get("unit", ""))
    return BasketLine(written, article, parse_size(match["number"], unit), unit)


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())


def is_of_content(unit: str) -> bool:
    """Whether an amount in this unit weighs or measures goods."""
    return unit in content_units()


def counts_pieces(unit: str) -> bool:
    """Whether an amount in this unit counts pieces, or what the supplier sells."""
    return unit in ("", _PIECES)
