"""Codes of currencies (ISO 4217): those in circulation and those that ceased lately, as CLDR has them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

#: Currencies that were tender on this day or later are taken for old lists: the lei and liras before three and six noughts were cut off.
OLDEST_END = date(2005, 1, 1)


@cache
def is_currency(code: str) -> bool:
    """Whether `code`, in capitals, is that of a currency in circulation, or of one that was so since `OLDEST_END`."""
    return any(own == code and (ceased is None or date(*ceased) >= OLDEST_END) for own, ceased in _tenders())


def codes_in_circulation() -> set[str]:
    """Return the codes of the currencies that are tender somewhere today."""
    return {code for code, ceased in _tenders() if ceased is None}


def _tenders() -> Iterable[tuple[str, tuple[int, int, int] | None]]:
    """Yield each currency that is or was tender in some country, with the day on which it ceased there."""
    from babel.core import get_global  # noqa: PLC0415  settings without a currency need none of it

    territories: Mapping[str, Iterable[tuple[str, Any, Any, bool]]] = get_global("territory_currencies")
    for periods in territories.values():
        yield from ((code, ceased) for code, _, ceased, is_tender in periods if is_tender)
