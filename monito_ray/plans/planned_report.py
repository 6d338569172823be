"""The report as values: products with every supplier's price beside the others', what changed, and what a person must look at."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DatedPrice:
    """A price and the day from which it holds."""

    day: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class ReportedSupplier:
    """A supplier as the report shows it."""

    name: str
    #: The date of its newest list; where the list has none, the day it came.
    listed_on: date
    #: Whether that is too long ago for the prices to be trusted.
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedOffer:
    """One supplier's price in a comparison."""

    #: Index of the supplier in the report.
    supplier: int
    price: Decimal
    base_price: Decimal | None
    base_unit: str
    listed_on: date
    is_stale: bool
    #: The price before the last change, None where it never changed.
    previous_price: Decimal | None
    #: Why the price may be wrong, "" for no reason.
    suspicion: str
    #: As the supplier wrote it.
    original_name: str
    source_file: str
    source_sheet: str
    source_row: int
    #: Every change of the price, the oldest first; empty where it never changed.
    history: tuple[DatedPrice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A product in one currency, with all offers for it."""

    product_id: str
    name: str
    brand: str
    size: Decimal | None
    unit: str
    pack_count: int
    price_unit: str
    #: What tells it from a product that is otherwise equal.
    mark: str
    category: str
    currency: str
    #: Equal for all sizes and packs of one thing; those stand side by side.
    family: int
    #: The best first, suspicious ones last.
    offers: tuple[ReportedOffer, ...]
    #: Whether the first offer is the best one: not where all are suspicious.
    has_best: bool
    #: What it is called in other languages, for a search.
    other_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedChange:
    """What a supplier's newest list changed."""

    #: As in `catalog.prices.list_changes.ChangeKind`: "up", "new", "smaller_pack".
    kind: str
    #: Index of the supplier in the report.
    supplier: int
    #: The product in one line, with its size and pack.
    label: str
    #: Index of the comparison, None for what is gone.
    comparison: int | None
    #: None for what is new, and for a price in another currency than `after`.
    before: Decimal | None
    #: None for what is gone.
    after: Decimal | None
    currency: str
    day: date
    #: Whether the supplier's newest list made it.
    is_newest: bool
    #: What the kind does not say: the pack before and after, or the prices with their currencies.
    note: str = ""


@dataclass(frozen=True, slots=True)
class RowToReview:
    """A row that a person should look at, and why."""

    why: str
    name: str
    supplier: str
    price: Decimal
    currency: str
    place: str


@dataclass(frozen=True, slots=True)
class PricedName:
    """An article as its supplier wrote it, with its price."""

    name: str
    supplier: str
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class SameQuestion:
    """Two articles that may be one product, and why that is not sure."""

    one: PricedName
    other: PricedName
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A supplier that the report has no room for."""

    supplier: str
    listed_on: date
    offers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReport:
    """All that the report shows."""

    made_at: datetime
    suppliers: tuple[ReportedSupplier, ...]
    #: By category and family, within a family by size and pack.
    comparisons: tuple[Comparison, ...]
    #: Those of the newest lists first, of a list the greatest first.
    changes: tuple[ReportedChange, ...]
    #: Whether older changes were left out.
    is_changes_cut: bool
    #: The first rows of the sheet Review.
    rows_to_review: tuple[RowToReview, ...]
    #: How many rows are in doubt.
    review_count: int
    #: Of how many of them the price may be wrong.
    price_doubts: int
    #: The first reasons of these rows and how many have each, the most frequent first.
    review_reasons: tuple[tuple[str, int], ...]
    #: The first articles of which somebody has to say whether they are one product with another.
    questions: tuple[SameQuestion, ...]
    #: How many such articles there are.
    same_count: int
    left_out: tuple[LeftOut, ...]
