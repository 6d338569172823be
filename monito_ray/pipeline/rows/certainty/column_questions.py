"""What a person is asked of a list in doubt: which column holds the prices, and which the names, each with some of its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import column_letters, is_filled, text_of
from monito_ray.pipeline.rows.certainty.list_doubts import place_name
from monito_ray.pipeline.rows.certainty.list_signs import COLUMNS_READ
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.tables.layouts import layout_key
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.price_evidence import price_score

#: Tables that are asked about, columns to choose from, rows that are shown of each, and characters of a cell.
MOST_TABLES, MOST_CHOICES, ROWS_SHOWN, LONGEST_SHOWN = 2, 5, 3, 40
#: Characters of a layout's key in the id of a question.
_KEY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class QuestionChoice:
    """One answer to a question."""

    #: What `--columns` takes: "name=B,price=F".
    id: str
    text: str
    #: The column that is asked about, its title, and rows with their name and price.
    column: str
    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """A question about a column of a table; the first choice is how the list was read."""

    #: Equal for tables of the same layout.
    id: str
    text: str
    choices: tuple[QuestionChoice, ...]


def ask_about_columns(sheets: Sequence[SheetTables]) -> tuple[ColumnQuestion, ...]:
    """Return the questions that would settle what the columns of the largest tables hold; none where there is nothing to choose from."""
    by_size = sorted(((s, table) for s in sheets for table in s.tables), key=lambda entry: entry[1].first - entry[1].last)
    by_layout: dict[str, tuple[SheetTables, LocatedTable]] = {}
    for sheet, table in by_size:
        by_layout.setdefault(layout_key(table.titles, table.profiles), (sheet, table))
    largest = list(by_layout.items())[:MOST_TABLES]
    return tuple(question for key, (sheet, table) in largest for question in _questions(sheet, table, key[:_KEY_LENGTH]))


def _questions(sheet: SheetTables, table: LocatedTable, key: str) -> Iterator[ColumnQuestion]:
    names, prices = _name_columns(table), _price_columns(table)
    if len(prices) > 1:
        choices = (_choice(sheet, table, table.roles.name, price, price) for price in prices)
        yield ColumnQuestion(f"{key}:price", f"Which column of {place_name(sheet)} holds the prices?", tuple(choices))
    if len(names) > 1:
        choices = (_choice(sheet, table, name, table.roles.prices[0], name) for name in names)
        yield ColumnQuestion(f"{key}:name", f"Which column of {place_name(sheet)} holds the names?", tuple(choices))


def _price_columns(table: LocatedTable) -> list[int]:
    """Return the column of prices, and the others that may hold them, the likeliest first."""
    points = {c: price_score(table.titles[c], table.profiles[c]).points for c in range(min(len(table.titles), COLUMNS_READ))}
    others = [c for c in points if points[c] > 0 and c not in (table.roles.prices[0], table.roles.name)]
    return [table.roles.prices[0], *sorted(others, key=lambda c: -points[c])][:MOST_CHOICES]


def _name_columns(table: LocatedTable) -> list[int]:
    """Return the column of names, and another one where it may hold them as well."""
    rival = table.roles.rival_name
    is_likely = rival is not None and name_score(table.titles[rival], table.profiles[rival]).points >= NAME.floor
    return [table.roles.name, *([rival] if rival is not None and is_likely else [])]


def _choice(sheet: SheetTables, table: LocatedTable, name: int, price: int, place: int) -> QuestionChoice:
    name_letters, letters = column_letters(table.left + name), column_letters(table.left + price)
    title = table.titles[price].text
    rows = _sample_rows(sheet, table, name, price)
    text = f"names {name_letters}, prices {letters}{f' ({title[:LONGEST_SHOWN]})' if title else ''}: {' · '.join(rows)}"
    column, shown = column_letters(table.left + place), table.titles[place].text[:LONGEST_SHOWN]
    return QuestionChoice(f"name={name_letters},price={letters}", text, column, shown, tuple(rows))


def _sample_rows(sheet: SheetTables, table: LocatedTable, name: int, price: int) -> list[str]:
    """Return rows with both cells, evenly taken, as a person compares them with the list."""
    rows = [sheet.sheet.rows[index] for index in range(table.first, table.last + 1)]
    cells = [(row[table.left + name], row[table.left + price]) for row in rows]
    filled = [cell for cell in cells if is_filled(cell[0]) and is_filled(cell[1])]
    step = max(1, len(filled) // ROWS_SHOWN)
    return [f"{text_of(a)[:LONGEST_SHOWN]} {text_of(b)[:LONGEST_SHOWN]}" for a, b in filled[::step][:ROWS_SHOWN]]
