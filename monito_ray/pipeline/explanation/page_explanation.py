"""What was read of each page of a list that is pictures, and where on the page it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from monito_ray.pipeline.cells import SeenLine
from monito_ray.pipeline.pictures.page_strips import row_of_price
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.rows.readings.picture_doubts import figures
from monito_ray.records import PRICE_OF_PICTURE


@dataclass(frozen=True, slots=True)
class PlacedOffer:
    """An offer as read from a page, and the lines that it stands on; none where it is not sure which these are."""

    name: str
    price: Decimal
    doubt: str
    lines: tuple[SeenLine, ...]


@dataclass(frozen=True, slots=True)
class ExplainedPage:
    """A page as it was seen: made flat, with all its lines, and what is offered there."""

    name: str
    jpeg: bytes
    lines: tuple[SeenLine, ...]
    offers: tuple[PlacedOffer, ...]


def explain_pages(reads: Sequence[SheetTables], rows: pa.Table) -> tuple[ExplainedPage, ...]:
    """Return the pages of pictures among the sheets of a list; `rows` are its offers, in the schema of `RawRow`."""
    pictures = {read.sheet.name: read.sheet.picture for read in reads if read.sheet.picture is not None}
    offers: dict[str, list[PlacedOffer]] = {name: [] for name in pictures}
    for row in rows.select(["source_sheet", "original_name", "price", "price_text", "doubt"]).to_pylist():
        page = pictures.get(row["source_sheet"])
        if page is not None and row["price"] is not None:
            lines = row_of_price(page, figures(row["price_text"]), row["original_name"])
            doubt = row["doubt"].removeprefix(f"{PRICE_OF_PICTURE}: ")
            offers[row["source_sheet"]].append(PlacedOffer(row["original_name"], row["price"], doubt, lines))
    return tuple(ExplainedPage(name, page.jpeg, page.lines, tuple(offers[name])) for name, page in pictures.items())
