"""The rows of tables while a list is read: lines, and the sheets that they stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.tables.locate import LocatedTable

_ZERO = Decimal(0)  # a number would be converted for each comparison


class OfferLine(NamedTuple):
    """A row of a table before its list is assembled; fields that are not explained here are those of `records.RawRow`."""

    #: The index of the row on its sheet.
    at: int
    name: str
    price: Decimal | None
    price_text: str
    price_tiers: str
    #: The currency that the row or the title over its price names.
    currency: str
    #: The currency that the number format of the price's column shows.
    drawn_currency: str
    section: str
    brand: str
    category_text: str
    unit_text: str
    size_text: str
    pack_text: str
    min_quantity: str
    sku: str
    cells: str
    fingerprint: str
    role: str
    doubt: str

    @property
    def is_priced(self) -> bool:
        """Whether it has a price above zero."""
        return self.price is not None and self.price > _ZERO


@dataclass(frozen=True, slots=True)
class SheetTables:
    """A sheet, the tables on it, and their lines."""

    sheet: Sheet
    tables: Sequence[LocatedTable]
    lines: Sequence[OfferLine]
    #: The indexes of rows with an amount that became no price, where running text was read.
    unread_rows: Sequence[int] = ()
    #: The prices of the other reading, as lines or as tables, where there was one: of a page with several sheets the first one has them.
    second_prices: Sequence[Decimal] = ()
