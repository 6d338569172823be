"""What a person settles one by one in a chat: prices that may be wrong, pairs that may be one product, then sizes and packs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monito_ray.catalog.edits.taking import keep_corrections
from monito_ray.catalog.lists.correcting import confirm_prices
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.sheets.reading.corrected_fields import standard_of
from monito_ray.catalog.sheets.review import ReviewEntry, Stake
from monito_ray.catalog.sheets.review_sheet import row_key
from monito_ray.catalog.sheets.same_sheet import SuggestedOffer, Suggestion
from monito_ray.catalog.sheets.source.doubtful_rows import read_doubts
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import PRICE_OF_PICTURE, ProductRow
from monito_ray.store.database import Store

_KEY_LENGTH = 10


@dataclass(frozen=True, slots=True)
class PairToSettle:
    """Two offers that may be one product."""

    suggestion: Suggestion
    other: SuggestedOffer


@dataclass(frozen=True, slots=True)
class RowToSettle:
    """A row that may be wrong."""

    entry: ReviewEntry

    @property
    def is_of_picture(self) -> bool:
        """Whether it is in doubt what price a picture shows."""
        return self.entry.row.doubt.startswith(PRICE_OF_PICTURE)

    @property
    def key(self) -> str:
        """A short name for the row, which fits into the data of a button."""
        return hashlib.sha256("\0".join(row_key(self.entry.row, self.entry.product_id)).encode("utf-8", "surrogatepass")).hexdigest()[
            :_KEY_LENGTH
        ]


Settleable = PairToSettle | RowToSettle


def review_queue(store: Store) -> list[Settleable]:
    """Return what waits for a person, what costs most first. Names and places in the order are left to the sheet Review."""
    with store.read() as connection:
        doubts = read_doubts(connection)
    entries = [entry for group in doubts.groups for entry in group.shown]
    pairs: Sequence[Settleable] = [PairToSettle(each, each.candidates[0]) for each in suggest(store) if each.candidates]
    return [*_rows(entries, Stake.PRICE), *pairs, *_rows(entries, Stake.AMOUNT)]


def find_row(store: Store, key: str) -> RowToSettle | None:
    """Return the row in doubt of a button, None where it is in doubt no longer."""
    return next((each for each in review_queue(store) if isinstance(each, RowToSettle) and each.key == key), None)


def confirm_row(store: Store, row: ProductRow, changes: dict[str, str], now: datetime, user_id: int) -> None:
    """Keep a row as it is, but for `changes` by the titles that a sheet has: "Size", "Unit", "Pack", "Product", "Brand", "Category".

    Without changes its price is right, too, and is suspected no more until it changes.

    Raises:
        FieldRefused: a change is none that the catalogue can have; the message is a sentence for the person.
    """
    line = {
        "Product": row.standardized_name,
        "Brand": row.brand,
        "Size": "" if row.size is None else f"{row.size:f}",
        "Unit": row.unit,
        "Pack": str(row.pack_count),
        "Category": row.category or OTHER,
    }
    keep_corrections(store, [(row, standard_of(line | changes))], now, user_id)
    if not changes:
        confirm_prices(store, [row], now, user_id)


def _rows(entries: Sequence[ReviewEntry], stake: Stake) -> list[RowToSettle]:
    return [RowToSettle(entry) for entry in entries if entry.stake is stake]
