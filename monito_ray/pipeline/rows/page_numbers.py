"""The number of a page at its foot, which a table took for the price of its last row."""

import re
from collections.abc import Sequence

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows.offer_line import OfferLine

#: So many other prices of a page show that each has its currency.
FEWEST_MARKED = 3
#: Covers are not counted in the numbers that pages print: these differ from the page's place in the file by at most this.
MOST_COVERS = 2
_PAGE = re.compile(r"\d{1,3}")


def without_page_number(sheet: Sheet, lines: Sequence[OfferLine]) -> Sequence[OfferLine]:
    """Return the lines of a page, the last one as a remark where it ends in the page's number and all prices above have a currency."""
    if not sheet.paged or len(lines) <= FEWEST_MARKED or not _is_page_number(lines[-1], sheet.name):
        return lines
    marked = [line for line in lines[:-1] if line.is_priced]
    if lines[-1].currency or len(marked) < FEWEST_MARKED or not all(line.currency for line in marked):
        return lines
    return [*lines[:-1], lines[-1]._replace(role="note", price=None, price_text="", price_tiers="")]


def _is_page_number(line: OfferLine, page: str) -> bool:
    place = _PAGE.search(page)
    if place is None or not _PAGE.fullmatch(line.price_text):
        return False
    return abs(int(line.price_text) - int(place.group())) <= MOST_COVERS
