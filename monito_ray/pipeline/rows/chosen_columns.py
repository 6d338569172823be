"""Columns that a person chose for a list: "name=B,price=F". They go before what titles and cells say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from monito_ray.arguments.checked_values import shown
from monito_ray.errors import UsageWrong
from monito_ray.pipeline.cells import Sheet, column_letters, is_filled
from monito_ray.pipeline.tables.headers import Header, find_headers, titled_rows
from monito_ray.pipeline.tables.layouts import ColumnChoice, layout_key, with_columns
from monito_ray.pipeline.tables.locate import TABLE, LocatedTable
from monito_ray.pipeline.tables.name_evidence import name_score
from monito_ray.pipeline.tables.profiles import profile_columns
from monito_ray.pipeline.tables.role_evidence import SINGLE_ROLES
from monito_ray.pipeline.tables.roles import Roles, assign_columns
from monito_ray.pipeline.tables.titles import NO_TITLE

#: What a person can name a column for.
CHOOSABLE = ("name", "price", *SINGLE_ROLES)
#: Sheets have at most 16,384 columns: XFD.
_LETTERS = re.compile(r"^[A-Za-z]{1,3}$")
_EXAMPLE = "Write it as in name=B,price=F"


def parse_columns(written: object) -> dict[str, int]:
    """Return the index of the column for each role that is named in "name=B,price=F", or in a mapping of roles to letters.

    Raises:
        UsageWrong: the sentence says what is wrong.
    """
    if not isinstance(written, str | Mapping):
        raise UsageWrong(f"columns: {shown(written)} is no choice of columns", f"{_EXAMPLE}.")
    columns: dict[str, int] = {}
    for role, letters in _pairs(written):
        if role not in CHOOSABLE:
            raise UsageWrong(f"columns: {shown(role)} is nothing that a column can be chosen for", f"One of: {', '.join(CHOOSABLE)}.")
        if not _LETTERS.match(letters):
            raise UsageWrong(f"columns: {shown(letters)} is no column of {role}", f"{_EXAMPLE}: a column has letters, from A on.")
        if role in columns or _column_index(letters) in columns.values():
            raise UsageWrong(f"columns: {role}={letters} names a role or a column twice", f"{_EXAMPLE}, each once.")
        columns[role] = _column_index(letters)
    if not {"name", "price"} & columns.keys():
        raise UsageWrong("columns: neither the column of the names nor that of the prices is named", f"{_EXAMPLE}.")
    return columns


def _pairs(written: "str | Mapping[object, object]") -> Iterator[tuple[str, str]]:
    if isinstance(written, Mapping):
        yield from ((str(role).strip(), str(letters).strip()) for role, letters in written.items())
        return
    for part in written.split(","):
        role, equals, letters = part.partition("=")
        if not equals:
            raise UsageWrong(f"columns: {shown(part.strip())} names no column", f"{_EXAMPLE}.")
        yield role.strip().lower(), letters.strip()


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def sheet_names(written: object) -> tuple[str, ...]:
    """Return the names of the sheets in an option: one name, or several.

    Raises:
        UsageWrong: it is neither.
    """
    names = (written,) if isinstance(written, str) else tuple(written) if isinstance(written, list | tuple) else ()
    if written and (not names or not all(isinstance(name, str) for name in names)):
        raise UsageWrong(f"sheet: {shown(written)} is no name of a sheet", "Give a sheet's name, or a list of names.")
    return tuple(name.strip() for name in names if name.strip())


def with_choices(tables: Sequence[LocatedTable], choices: Mapping[str, ColumnChoice]) -> list[LocatedTable]:
    """Return the tables with the columns that were chosen for their layouts, doubtful or not."""
    if not choices:
        return list(tables)
    return [_with_choice(table, choices.get(layout_key(table.titles, table.profiles))) for table in tables]


def _with_choice(table: LocatedTable, choice: ColumnChoice | None) -> LocatedTable:
    return replace(table, roles=with_columns(table.roles, choice)) if choice else table


def with_chosen_columns(sheet: Sheet, tables: Sequence[LocatedTable], columns: Mapping[str, int]) -> list[LocatedTable]:
    """Return the tables of a sheet with these columns: those that hold all of them, or else one of the whole sheet."""
    holding = [table for table in tables if has_columns(table, columns)]
    if not holding:
        return list(_whole_tables(sheet, columns)) or list(tables)
    chosen = {id(table): _with_choice(table, choice_of(table.roles, table, columns)) for table in holding}
    return [chosen.get(id(table), table) for table in tables]


def has_columns(table: LocatedTable, columns: Mapping[str, int]) -> bool:
    """Return whether a table reaches over all of these columns of its sheet."""
    return all(table.left <= column < table.right for column in columns.values())


def choice_of(roles: Roles, table: LocatedTable, columns: Mapping[str, int]) -> ColumnChoice:
    """Return the choice of columns within a table, other prices under titles of prices among them."""
    within = {role: column - table.left for role, column in columns.items()}
    price = within.get("price", roles.prices[0])
    taken = {price, *within.values()}
    tiers = (column for column in roles.prices if column not in taken and table.titles[column].role == "price")
    others = tuple(sorted((role, column) for role, column in within.items() if role not in ("name", "price")))
    return ColumnChoice(within.get("name", roles.name), (price, *tiers), others)


def _whole_tables(sheet: Sheet, columns: Mapping[str, int]) -> Iterator[LocatedTable]:
    """Yield a table for the rows below each header of a sheet, or for all rows, whatever its columns look like."""
    width = len(sheet.rows[0]) if sheet.rows else 0
    if max(columns.values()) >= width:
        return
    headers = find_headers(sheet, 0, width, titled_rows(sheet, 0, width))
    starts: list[Header | None] = [*headers] if headers else [None]
    tops = [(header, header.bottom + 1 if header else 0) for header in starts]
    ends = [*(header.top for header in headers[1:]), len(sheet.rows)]
    for (header, first), end in zip(tops, ends, strict=True):
        table = _whole_table(sheet, header, first, end - 1, columns)
        if table:
            yield table


def _whole_table(sheet: Sheet, header: Header | None, first: int, last: int, columns: Mapping[str, int]) -> LocatedTable | None:
    width = len(sheet.rows[0])
    titles = header.titles if header else (NO_TITLE,) * width
    goods = [row for row in sheet.rows[first : last + 1] if sum(map(is_filled, row)) >= TABLE.fewest_filled]
    if not goods:
        return None
    profiles = profile_columns(goods, width)
    roles = assign_columns(titles, profiles)
    if roles is None:
        names = [name_score(title, p).points for title, p in zip(titles, profiles, strict=True)]
        name = columns.get("name", max(range(width), key=lambda c: names[c]))
        if "price" not in columns or name == columns["price"]:
            return None
        roles = Roles(name, (columns["price"],))
    table = LocatedTable(0, width, first, last, titles, roles, profiles, header)
    return _with_choice(table, choice_of(roles, table, columns))


def columns_text(choice: ColumnChoice, left: int = 0) -> str:
    """Return a choice as `parse_columns` reads it: "name=B,price=F"."""
    pairs = (("name", choice.name), ("price", choice.prices[0]), *choice.others)
    return ",".join(f"{role}={column_letters(left + column)}" for role, column in pairs)
