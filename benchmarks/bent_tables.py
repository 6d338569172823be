"""Tables of the labelled spreadsheets with the columns that labels say hold names and prices, and the same tables bent."""

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Sheet, Value, is_number, text_of
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows.price_cells import amount_in
from monito_ray.pipeline.tables import locate
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_columns
from monito_ray.pipeline.tables.titles import NO_TITLE, Title

LISTS = Path(__file__).resolve().parent.parent.parent / "shared" / "price-lists"
#: Tables taken of one list, rows of each, and labelled rows that a table needs.
_TABLES, _ROWS, _FEWEST_LABELS = 4, 300, 4
#: A column holds the names, or the main price, of that share of the labelled rows at least.
_NAMED, _PRICED = 0.3, 0.5
#: Amounts of files are equal within that much.
_ROUNDING = 0.006
_UNKNOWN = ("Zorblax", "Wumpe", "Krill", "Tavo", "Miski", "Ropla", "Dunva", "Selot", "Bikra", "Nopas")


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """A table, the columns of which are known."""

    source: str
    #: How it was bent.
    bend: str
    titles: tuple[Title, ...]
    profiles: tuple[ColumnProfile, ...]
    name: int
    price: int

    def reordered(self, bend: str, order: Sequence[int], titles: Sequence[Title]) -> "LabelledTable":
        """Return the table with its columns in another order, under `titles` in the old one."""
        where = {column: place for place, column in enumerate(order)}
        moved = tuple(titles[column] for column in order), tuple(self.profiles[column] for column in order)
        return LabelledTable(self.source, bend, *moved, where[self.name], where[self.price])

    def titled(self, bend: str, titles: Sequence[Title]) -> "LabelledTable":
        """Return the table under other titles."""
        return self.reordered(bend, range(len(titles)), titles)


def labelled_tables(skip: Sequence[str] = ()) -> Iterator[tuple[LabelledTable, list[list[Value]]]]:
    """Yield tables of the labelled spreadsheets as they are read now, with a sample of their rows."""
    score = _scorer()
    for path in sorted((LISTS / "files").iterdir()):
        labels = next((LISTS / "gold").glob(f"{path.name}.gold.json*"), None)
        if labels is None or path.name.startswith(tuple(skip or ("\0",))):
            continue
        try:
            sheets = [sheet for sheet in open_sheets(path.read_bytes(), path.name) if not sheet.paged]
        except FileUnusable:
            continue
        by_row: dict[tuple[str, object], Any] = {(row["sheet"], row["row"]): row for row in score.load(labels)["rows"]}
        tables = [made for sheet in sheets for table in locate.find_tables(sheet) if (made := _labelled(path.name, sheet, table, by_row))]
        yield from tables[:_TABLES]


def _labelled(source: str, sheet: Sheet, table: LocatedTable, by_row: dict[tuple[str, object], Any]) -> tuple[LabelledTable, Any] | None:
    """Return a table with the columns where most labelled names and main prices stand, None where they do not tell."""
    names: Counter[int] = Counter()
    prices: Counter[int] = Counter()
    labels = 0
    for index in range(table.first, table.last + 1):
        label = by_row.get((sheet.name, sheet.row_number(index)))
        if label is None or label["price"] is None:
            continue
        labels += 1
        known = {_plain(name) for name in (label["name"], *(label.get("alt_names") or ()))}
        for column, value in enumerate(sheet.rows[index][table.left : table.right]):
            text = _plain(text_of(value))
            names[column] += text in known
            amount = amount_in(value, table.profiles[column].decimals)
            prices[column] += amount is not None and abs(float(amount.value) - float(label["price"])) <= _ROUNDING
    if labels < _FEWEST_LABELS or not names or not prices:
        return None
    name, price = max(names, key=lambda c: names[c]), max(prices, key=lambda c: prices[c])
    if names[name] < _NAMED * labels or prices[price] < _PRICED * labels or name == price:
        return None
    step = max(1, (table.last - table.first) // _ROWS)
    rows = [list(sheet.rows[index][table.left : table.right]) for index in range(table.first, table.last + 1, step)]
    return LabelledTable(source, "as is", tuple(table.titles), profile_columns(rows, table.right - table.left), name, price), rows


def bends(table: LabelledTable, rows: Sequence[Sequence[Value]]) -> Iterator[LabelledTable]:
    """Yield the table as it is, and bent: without titles it knows, in another order, with a cost and a tax beside the price."""
    dice, titles, width = Random(table.source), list(table.titles), len(table.titles)
    unknown = [Title(_UNKNOWN[c % len(_UNKNOWN)]) if title.text else NO_TITLE for c, title in enumerate(titles)]
    order = dice.sample(range(width), width)
    yield table
    yield table.titled("no titles", [NO_TITLE] * width)
    yield table.titled("unknown price title", _with(titles, table.price, unknown))
    yield table.titled("unknown name title", _with(titles, table.name, unknown))
    yield table.reordered("shuffled", order, titles)
    yield table.reordered("shuffled, no titles", order, [NO_TITLE] * width)
    for side in (0, 1):
        for tax in ("rate", "amount"):
            wider = _beside(table, rows, table.price + side, tax, dice)
            yield wider.titled(f"cost and tax {tax}, unknown titles", wider.titles)
            yield wider.titled(f"cost and tax {tax}, no titles", [NO_TITLE] * (width + 2))


def _with(titles: Sequence[Title], column: int, others: Sequence[Title]) -> list[Title]:
    return [others[c] or Title(_UNKNOWN[0]) if c == column else title for c, title in enumerate(titles)]


def _beside(table: LabelledTable, rows: Sequence[Sequence[Value]], at: int, tax: str, dice: Random) -> LabelledTable:
    """Return the table with a column of costs and one of taxes set in at `at`, under titles that nobody knows."""
    prices = [_amount(row[table.price], table.profiles[table.price]) for row in rows]
    costs: list[Value] = [round(price * dice.uniform(0.68, 0.74), 2) if price else "" for price in prices]
    taxes: list[Value] = [
        (float(dice.choice((5, 12, 18))) if tax == "rate" else round(price * 0.2, 2)) if price else "" for price in prices
    ]
    titles = (*table.titles[:at], Title("Krill"), Title("Tavo"), *table.titles[at:])
    wider = [[*row[:at], cost, levied, *row[at:]] for row, cost, levied in zip(rows, costs, taxes, strict=True)]
    name, price = (column + 2 * (column >= at) for column in (table.name, table.price))
    return LabelledTable(table.source, "", titles, profile_columns(wider, len(titles)), name, price)


def _amount(value: Value, p: ColumnProfile) -> float:
    if is_number(value):
        return float(value)  # type: ignore[arg-type]  # a number
    amount = amount_in(value, p.decimals)
    return float(amount.value) if amount else 0.0


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", LISTS / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
