"""Doubts about prices of chats that leave thousands out: "Lele 27" is 27,000 rupiah to everybody who sells it."""

from collections.abc import Sequence
from dataclasses import replace

from monito_ray.pipeline.rows.certainty.line_amounts import amounts_read
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables

#: Currencies in which no goods cost less than a thousand but single sweets, nails and bags.
IN_THOUSANDS = frozenset({"BIF", "COP", "GNF", "IDR", "IRR", "KHR", "LAK", "LBP", "MGA", "MMK", "PYG", "SYP", "TZS", "UGX", "UZS", "VND"})
THOUSAND = 1_000
#: So large a share of the prices of a text is below a thousand, where thousands are left out.
SHORT_SHARE = 0.8


def doubt_short_prices(sheets: Sequence[SheetTables], currency: str) -> Sequence[SheetTables]:
    """Return the sheets, with a doubt on each bare whole price below a thousand of a text that has nearly no others, in such money or none that is known."""
    if currency and currency not in IN_THOUSANDS:
        return sheets
    return [replace(sheet, lines=[_doubted(line) for line in sheet.lines]) if _leaves_thousands_out(sheet) else sheet for sheet in sheets]


def _leaves_thousands_out(sheet: SheetTables) -> bool:
    """Whether nearly all prices of a chat are bare and short, and none of them has a fraction, as small money of other countries has."""
    priced = [line for line in sheet.lines if line.is_priced]
    if sheet.tables or sheet.sheet.paged or not priced or any(amount % 1 for line in priced for amount in amounts_read(line)):
        return False
    return sum(map(_is_short, priced)) >= SHORT_SHARE * len(priced)


def _is_short(line: OfferLine) -> bool:
    price = line.price
    return price is not None and line.is_priced and price < THOUSAND and price % 1 == 0 and line.price_text.isdigit() and not line.currency


def _doubted(line: OfferLine) -> OfferLine:
    return line._replace(doubt=line.doubt or f"{line.price_text} may be {line.price_text} thousand") if _is_short(line) else line
