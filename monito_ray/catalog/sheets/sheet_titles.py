"""Titles of sheets and columns: legal in a workbook, and distinct."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monito_ray.sheet_model import Column

#: Excel's limit of characters in a sheet's title.
LONGEST_TITLE = 31
#: Titles of columns may be longer.
LONGEST_LABEL = 200
#: A column of suppliers is as wide as the longest name, in characters, within this.
_WIDEST_NAME = 44
_NAME_MARGIN = 2
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")


def sheet_titles(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return a legal sheet title for each of `names`. All are distinct and none is in `taken`; upper and lower case count as equal."""
    used = {title.casefold() for title in taken}
    titles = {}
    for name in names:
        titles[name] = distinct(_legal(name) or "Supplier", used)
    return titles


def with_room_for(suppliers: Iterable[str], columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns, those that hold suppliers' names as wide as these need."""
    needed = min(max(map(len, suppliers), default=0) + _NAME_MARGIN, _WIDEST_NAME)
    return tuple(replace(column, width=max(column.width, needed)) if column.title.endswith("Supplier") else column for column in columns)


def distinct(name: str, used: set[str], longest: int = LONGEST_TITLE) -> str:
    """Return `name`, with a number if it is in `used`, and add the result to `used`."""
    title, number = name, 1
    while title.casefold() in used:
        number += 1
        title = f"{_truncate(name, longest - len(f' ({number})')).rstrip()} ({number})"
    used.add(title.casefold())
    return title


def _legal(name: str) -> str:
    folded = " ".join(_FORBIDDEN.sub(" ", name).split())
    return _truncate(folded, LONGEST_TITLE).strip("' ")


def _truncate(text: str, longest: int) -> str:
    """Return the beginning of `text` within `longest` UTF-16 units, which Excel counts."""
    while len(text.encode("utf-16-le")) > 2 * longest:
        text = text[:-1]
    return text
