"""The plan of the report: products with all their offers, the best first, families together; what changed; what must be looked at."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.prices.best_offer import best_offer
from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.prices.staleness import is_stale, usual_interval
from monito_ray.catalog.reporting.other_words import other_words
from monito_ray.catalog.sheets.review import ReviewEntry, Stake
from monito_ray.catalog.sheets.same_sheet import Suggestion
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.pipeline.units import base_factors
from monito_ray.plans.planned_report import (
    Comparison,
    DatedPrice,
    LeftOut,
    PlannedReport,
    PricedName,
    ReportedChange,
    ReportedOffer,
    ReportedSupplier,
    RowToReview,
    SameQuestion,
)

#: Offers that the page shows; suppliers with the oldest lists are left out above it. See docs/report.md for what was measured.
MOST_OFFERS = 200_000
#: Changes that the page lists; the newest ones, and it says when there are more.
MOST_CHANGES = 20_000
#: Rows of Review that the page names; it says how many more there are.
MOST_REVIEW_ROWS = 100
#: Questions that it shows, of those that the sheet Same? has.
MOST_QUESTIONS = 30
#: Reasons that it counts.
MOST_REASONS = 8

_OTHER_PACK = (ChangeKind.SMALLER_PACK, ChangeKind.LARGER_PACK)

Histories = Mapping[str, tuple[DatedPrice, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSource:
    """What the report is planned from."""

    snapshot: Snapshot
    #: The changes of each offer's price by offer id, the oldest first.
    histories: Histories = field(default_factory=dict)
    #: The newest first.
    changes: Sequence[LoggedChange] = ()
    #: The dates of all lists by supplier; of one without a date the day it came.
    list_dates: Mapping[str, Sequence[date]] = field(default_factory=dict)
    review: Sequence[ReviewEntry] = ()
    suggestions: Sequence[Suggestion] = ()


def plan_report(source: ReportSource, made_at: datetime, most_offers: int = MOST_OFFERS) -> PlannedReport:
    """Plan the report of a catalogue.

    Args:
        source: all that it is planned from.
        made_at: the time now, aware UTC; lists are stale by it.
        most_offers: above this number the suppliers with the oldest lists are left out, whole, and named.
    """
    listed_on = _newest_dates(source.snapshot.offers)
    left_out = _left_out(source.snapshot.offers, listed_on, most_offers)
    omitted = {one.supplier for one in left_out}
    names = sorted(listed_on.keys() - omitted, key=lambda name: (name.casefold(), name))
    view = _View(
        suppliers={name: index for index, name in enumerate(names)},
        intervals={name: usual_interval(source.list_dates.get(name, ())) for name in names},
        histories=source.histories,
        today=made_at.date(),
    )
    comparisons, indexes = _comparisons(source.snapshot, view)
    shown = source.changes[:MOST_CHANGES]
    return PlannedReport(
        made_at=made_at,
        suppliers=tuple(ReportedSupplier(name, listed_on[name], view.is_stale(name, listed_on[name])) for name in names),
        comparisons=comparisons,
        changes=_changes(shown, view.suppliers, indexes),
        is_changes_cut=len(shown) < len(source.changes),
        rows_to_review=tuple(_row_to_review(entry) for entry in source.review[:MOST_REVIEW_ROWS]),
        review_count=len(source.review),
        price_doubts=sum(entry.stake is Stake.PRICE for entry in source.review),
        review_reasons=_frequent_reasons(source.review),
        questions=tuple(_question(suggestion) for suggestion in source.suggestions[:MOST_QUESTIONS]),
        same_count=len(source.suggestions),
        left_out=left_out,
    )


def _newest_dates(offers: Iterable[Offer]) -> dict[str, date]:
    """Return the date of each supplier's newest list."""
    dates: dict[str, date] = {}
    for offer in offers:
        dates[offer.supplier] = max(dates.get(offer.supplier, date.min), offer.listed_on)
    return dates


def _left_out(offers: Iterable[Offer], listed_on: Mapping[str, date], most_offers: int) -> tuple[LeftOut, ...]:
    """Return the suppliers that have no room: those with the newest lists come first, and one always stays."""
    counts: dict[str, int] = defaultdict(int)
    for offer in offers:
        counts[offer.supplier] += 1
    omitted, room = [], most_offers
    for name in sorted(counts, key=lambda name: (-listed_on[name].toordinal(), name)):
        if counts[name] > room and room < most_offers:
            omitted.append(LeftOut(name, listed_on[name], counts[name]))
        else:
            room -= counts[name]
    return tuple(omitted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What offers are shown with."""

    #: Index by name of those that are shown.
    suppliers: Mapping[str, int]
    intervals: Mapping[str, timedelta | None]
    histories: Histories
    today: date

    def is_stale(self, supplier: str, listed_on: date) -> bool:
        return is_stale(listed_on, self.today, self.intervals[supplier])

    def reported(self, offer: Offer) -> ReportedOffer:
        history = self.histories.get(offer.offer_id, ())
        return ReportedOffer(
            supplier=self.suppliers[offer.supplier],
            price=offer.price,
            base_price=offer.base_price,
            base_unit=offer.base_unit,
            listed_on=offer.listed_on,
            is_stale=self.is_stale(offer.supplier, offer.listed_on),
            previous_price=offer.previous_price,
            suspicion=offer.suspicion,
            original_name=offer.row.original_name,
            source_file=offer.row.source_file,
            source_sheet=offer.row.source_sheet,
            source_row=offer.row.source_row,
            history=history if len(history) > 1 else (),
        )


def _comparisons(snapshot: Snapshot, view: _View) -> tuple[tuple[Comparison, ...], dict[str, int]]:
    """Return a comparison for each product and currency, families together, and its index by the ids of its offers."""
    groups: dict[str, dict[str, list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for offer in snapshot.offers:
        if offer.supplier in view.suppliers:
            groups[offer.product_id][offer.currency].append(offer)
    comparisons: list[Comparison] = []
    indexes: dict[str, int] = {}
    families: dict[str, int] = {}
    for product in _families_together([product for product in snapshot.products if product.product_id in groups]):
        family = families.setdefault(_family(product), len(families))
        for currency, offers in sorted(groups[product.product_id].items()):
            indexes |= {offer.offer_id: len(comparisons) for offer in offers}
            comparisons.append(_comparison(product, currency, family, offers, view))
    return tuple(comparisons), indexes


def _comparison(product: Product, currency: str, family: int, offers: Sequence[Offer], view: _View) -> Comparison:
    best = best_offer(offers)
    others = sorted((offer for offer in offers if offer is not best), key=_expense)
    return Comparison(
        product_id=product.product_id,
        name=product.name,
        brand=product.brand,
        size=product.size,
        unit=product.unit,
        pack_count=product.pack_count,
        price_unit=product.price_unit or best.row.price_unit,
        mark=product.mark,
        category=product.category,
        currency=currency,
        family=family,
        offers=tuple(view.reported(offer) for offer in (best, *others)),
        has_best=not best.suspicion,
        other_words=other_words(product.name),
    )


def _expense(offer: Offer) -> tuple[bool, bool, Decimal, str]:
    """Return the order beside the best offer: the suspicious last, before them what has no base price."""
    base = offer.base_price
    return bool(offer.suspicion), base is None, offer.price if base is None else base, offer.supplier.casefold()


def _family(product: Product) -> str:
    return product.family_id or f"{product.name.casefold()}\n{product.brand.casefold()}"


def _families_together(products: Sequence[Product]) -> list[Product]:
    """Order products by category and name, those of one family together under the first of their names and categories."""
    heads: dict[str, tuple[bool, str, str, str]] = {}
    for product in products:
        head = (product.category in ("", OTHER), product.category, product.name.casefold(), product.brand.casefold())
        heads[_family(product)] = min(heads.get(_family(product), head), head)

    def sort_key(product: Product) -> tuple[bool, str, str, str, str, str, Decimal, int, str]:
        family = _family(product)
        unit, factor = base_factors().get(product.unit, (product.unit, Decimal(1)))
        size = (product.size or Decimal(0)) * factor
        return *heads[family], family, unit, size, product.pack_count, product.product_id

    return sorted(products, key=sort_key)


def _changes(changes: Sequence[LoggedChange], suppliers: Mapping[str, int], comparisons: Mapping[str, int]) -> tuple[ReportedChange, ...]:
    """Return the changes of the suppliers that are shown. Arguments: the newest first; indexes by supplier and by offer id."""
    newest: dict[str, str] = {}
    for change in changes:
        newest.setdefault(change.supplier, change.task_id)
    return tuple(
        ReportedChange(
            kind=change.kind.value,
            supplier=suppliers[change.supplier],
            label=change.label,
            comparison=None if change.price is None else comparisons.get(change.offer_id),
            before=None if _is_other_currency(change) else change.price_before,
            after=change.price,
            currency=change.currency,
            day=change.listed_on,
            is_newest=newest[change.supplier] == change.task_id,
            note=_note(change),
        )
        for change in changes
        if change.supplier in suppliers
    )


def _note(change: LoggedChange) -> str:
    if change.currency_before and change.currency and _is_other_currency(change):
        return f"{change.price_before:f} {change.currency_before} → {change.price:f} {change.currency}"
    return f"{change.pack_before} → {change.pack}" if change.kind in _OTHER_PACK else ""


def _is_other_currency(change: LoggedChange) -> bool:
    """Whether the prices before and after cannot be compared."""
    return None not in (change.price, change.price_before) and change.currency != change.currency_before


def _frequent_reasons(entries: Sequence[ReviewEntry]) -> tuple[tuple[str, int], ...]:
    reasons = Counter(entry.why[0] for entry in entries)
    return tuple((reason, count) for reason, count in reasons.most_common(MOST_REASONS) if count > 1)


def _question(suggestion: Suggestion) -> SameQuestion:
    likeliest = suggestion.candidates[0]
    return SameQuestion(_priced_name(suggestion.offer), _priced_name(likeliest.offer), likeliest.reason)


def _priced_name(offer: Offer) -> PricedName:
    return PricedName(offer.row.original_name, offer.supplier, offer.price, offer.currency)


def _row_to_review(entry: ReviewEntry) -> RowToReview:
    row = entry.row
    place = f"{row.source_file}, {row.source_sheet}, {row.source_row}"
    return RowToReview("; ".join(entry.why), row.original_name, row.supplier, row.price, row.currency, place)
