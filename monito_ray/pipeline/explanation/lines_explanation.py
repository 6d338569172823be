"""How a text is read as running lines: its first offers, and the first lines with an amount that became no price."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from monito_ray.pipeline.cells import Sheet, text_of
from monito_ray.pipeline.rows.certainty.unread_cells import LONGEST_SHOWN
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables

#: Offers, and lines with an unread amount, that are shown of a text.
OFFERS_SHOWN, UNREAD_SHOWN = 10, 5


@dataclass(frozen=True, slots=True)
class ExplainedOffer:
    """An offer that stands in a text, and the number of the line where it begins."""

    line: int
    section: str
    name: str
    price: Decimal
    #: Its other prices, by what stands beside them.
    tiers: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line of a text with an amount that became no price, cut where it is long."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ExplainedText:
    """A sheet or page that was read as running text."""

    #: Its first offers and unread lines, and how many there are.
    offers: tuple[ExplainedOffer, ...]
    offer_count: int
    line_count: int
    unread_lines: tuple[UnreadLine, ...]
    unread_count: int
    #: How many offers it has when read as tables; None for lines beside the tables of a text, which belong to none.
    offers_as_tables: int | None


def explain_text(read: SheetTables, *, is_beside_tables: bool) -> ExplainedText:
    """Return how the lines of a sheet without tables are read."""
    priced = [line for line in read.lines if line.is_priced]
    return ExplainedText(
        tuple(_explain_offer(read.sheet, line) for line in priced[:OFFERS_SHOWN]),
        len(priced),
        len(read.sheet.rows),
        tuple(_explain_unread(read.sheet, read.unread_rows)),
        len(read.unread_rows),
        None if is_beside_tables else len(read.second_prices),
    )


def _explain_offer(sheet: Sheet, line: OfferLine) -> ExplainedOffer:
    tiers = json.loads(line.price_tiers, parse_float=Decimal, parse_int=Decimal) if line.price_tiers else {}
    return ExplainedOffer(sheet.row_number(line.at), line.section, line.name, line.price or Decimal(0), tiers)


def _explain_unread(sheet: Sheet, indexes: Sequence[int]) -> list[UnreadLine]:
    return [UnreadLine(sheet.row_number(n), text_of(sheet.rows[n][0])[:LONGEST_SHOWN]) for n in islice(indexes, UNREAD_SHOWN)]
