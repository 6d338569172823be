"""Cells of the Sheets API: A1 notation, and values as they are entered and shown."""

import re
from typing import Any

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_VALUE_KINDS = ("stringValue", "numberValue", "boolValue", "formulaValue")

Json = dict[str, Any]
#: A value as a person entered it: the kind of an ExtendedValue, and the value.
EnteredValue = tuple[str, Any]


class RequestRefused(Exception):
    """A request that Google would answer with an error.

    Args:
        message: for people.
        code: of HTTP.
        status: of the error as the API names it.
    """

    def __init__(self, message: str, code: int = 400, status: str = "INVALID_ARGUMENT") -> None:
        super().__init__(message)
        self.code, self.status = code, status


def column_number(letters: str) -> int:
    """Return 0 for A, 25 for Z, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of_column(number: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def split_a1(a1: str) -> tuple[str, str]:
    """Return title and cells of `'O''Brien'!A1:B2`, `Sheet1!A1` or a title alone."""
    if a1.startswith("'"):
        quoted, _, cells = a1[1:].replace("''", "\0").partition("'")
        return quoted.replace("\0", "'"), cells.removeprefix("!")
    title, _, cells = a1.partition("!")
    return title, cells


def a1_range(title: str, top: int, left: int, bottom: int, right: int) -> str:
    """Return a range in A1 notation; `bottom` and `right` are the first row and column behind it."""
    quoted = "'" + title.replace("'", "''") + "'"
    return f"{quoted}!{letters_of_column(left)}{top + 1}:{letters_of_column(right - 1)}{bottom}"


def render_value(value: EnteredValue | None, render: str) -> Any:
    """Return a cell as the option `render` shows it. Formulas are not computed: they show an error."""
    if value is None:
        return ""
    kind, entered = value
    if render == "FORMATTED_VALUE":
        return "#ERROR!" if kind == "formulaValue" else str(entered)
    return "#ERROR!" if kind == "formulaValue" and render == "UNFORMATTED_VALUE" else entered


def from_extended(extended: Json | None) -> EnteredValue | None:
    """Return the value of an ExtendedValue, None for an empty one."""
    if not extended:
        return None
    ((kind, value),) = extended.items()
    if kind not in _VALUE_KINDS:
        raise RequestRefused(f'Unknown name "{kind}"')
    return None if value == "" else (kind, value)


def enter_value(cell: Any, option: str) -> EnteredValue | None:
    """Return what a value of the values API becomes: RAW keeps texts, USER_ENTERED reads them as if typed."""
    if isinstance(cell, bool):
        return "boolValue", cell
    if isinstance(cell, int | float):
        return "numberValue", cell
    if not isinstance(cell, str):
        raise RequestRefused(f"Invalid value: {cell!r}")
    if cell == "":
        return None
    if option == "RAW":
        return "stringValue", cell
    if _PLAIN_NUMBER.fullmatch(cell):
        return "numberValue", float(cell)
    if cell.startswith(("=", "+")):
        return "formulaValue", cell
    return "stringValue", cell.removeprefix("'")
