"""Sheets that repeat another sheet of the same file: their offers count once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from monito_ray.pipeline.rows.offer_line import SheetTables

#: Fewer offers may stand on two sheets by chance.
FEWEST_COPIED = 8
#: A sheet is a copy when at least this share of its offers stands on a larger one: a copy may have a few rows of its own.
COPIED_SHARE = 0.9
#: Sheets whose numbers of offers differ by less than that share are equally large: a row more makes no original.
EQUAL_SHARE = 0.02


#: Names, casefolded, with their prices.
Offers = set[tuple[str, Decimal]]


def without_copies(sheets: Sequence[SheetTables]) -> tuple[list[SheetTables], tuple[str, ...]]:
    """Return the sheets, copies among them without tables and lines, and a note for each copy."""
    result = list(sheets)
    if sum(bool(sheet.lines) for sheet in sheets) < 2:
        return result, ()
    offers = [_offers(sheet) for sheet in sheets]
    notes: list[str] = []
    for copy in _may_be_copies(sheets, offers):
        original = _original(copy, result, offers)
        if original is not None:
            result[copy] = replace(result[copy], tables=(), lines=())
            notes.append(f"sheet {sheets[copy].sheet.name!r} repeats sheet {sheets[original].sheet.name!r} and was read once")
    return result, tuple(notes)


def _offers(sheet: SheetTables) -> Offers:
    return {(line.name.casefold(), line.price) for line in sheet.lines if line.price and line.name}


def _may_be_copies(sheets: Sequence[SheetTables], offers: Sequence[Offers]) -> list[int]:
    """Return the indexes of sheets whose offers stand on other sheets, smaller sheets first, of equal ones the later.

    Of many sheets that is nearly none, and counting takes less time than comparing each with each. Pages of a PDF are no copies, but pictures of
    one page may be.
    """
    times = Counter(chain.from_iterable(offers))
    by_size = sorted(range(len(sheets)), key=lambda n: (len(offers[n]), -n))
    return [
        n
        for n in by_size
        if (not sheets[n].sheet.paged or sheets[n].sheet.is_picture)
        and len(offers[n]) >= FEWEST_COPIED
        and sum(times[offer] > 1 for offer in offers[n]) >= COPIED_SHARE * len(offers[n])
    ]


def _original(copy: int, sheets: Sequence[SheetTables], offers: Sequence[Offers]) -> int | None:
    """Return the index of a larger sheet (of equal ones an earlier) with the offers of the sheet `copy`, None where there is none."""
    size = len(offers[copy])
    for n, sheet in enumerate(sheets):
        is_equal = abs(len(offers[n]) - size) <= EQUAL_SHARE * size
        is_larger = n < copy if is_equal else len(offers[n]) > size
        if is_larger and sheet.lines and len(offers[copy] & offers[n]) >= COPIED_SHARE * len(offers[copy]):
            return n
    return None
