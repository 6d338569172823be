"""The plan of the charts: what moved most, a product's prices over time, and its suppliers beside each other. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from monito_ray.plans.planned_chart import BarChart, ChartBar, ChartLine, LineChart, PlannedChart, Tone
from monito_ray.plans.planned_report import Comparison, DatedPrice, PlannedReport, ReportedOffer

#: Changes are those of this time, as the first tiles of the report count them.
PERIOD = timedelta(days=30)
#: Bars of rises, and as many of falls.
_MOST_MOVERS = 10
#: More lines cannot be told from each other; the best offers have them.
_MOST_LINES = 8
_MOST_BARS = 15
_LONGEST_LABEL = 46
_NO_NAME = re.compile(r"[^\w]+")

Say = Callable[[str], str]


def movers_chart(report: PlannedReport, say: Say) -> BarChart | None:
    """Return the chart of the prices that rose and fell most within `PERIOD`, None where none did; `say` translates."""
    since = report.made_at.date() - PERIOD
    moves = [
        (change, comparison, offer)
        for comparison in report.comparisons
        for offer in comparison.offers
        if not offer.suspicion and (change := _change_since(offer, since))
    ]
    rises = sorted((move for move in moves if move[0] > 0), key=lambda move: -move[0])[:_MOST_MOVERS]
    falls = sorted((move for move in moves if move[0] < 0), key=lambda move: move[0])[:_MOST_MOVERS]
    if not moves:
        return None
    bars = tuple(
        ChartBar(_short(product_label(comparison)), change, Tone.BAD if change > 0 else Tone.GOOD, report.suppliers[offer.supplier].name)
        for change, comparison, offer in [*rises, *reversed(falls)]
    )
    return BarChart(name="movers", title=say("What rose and fell most"), subtitle=_days(say), bars=bars, is_share=True)


def history_chart(report: PlannedReport, comparison: Comparison, say: Say) -> LineChart | None:
    """Return the chart of a product's prices over time, None where none changed."""
    offers = [offer for offer in comparison.offers if not offer.suspicion][:_MOST_LINES]
    unit = _common_unit(offers)
    lines = tuple(
        ChartLine(report.suppliers[offer.supplier].name, _points(offer, report.made_at.date(), per_unit=bool(unit))) for offer in offers
    )
    if not any(offer.history for offer in offers):
        return None
    return LineChart(
        name=f"{file_stem(comparison)} history",
        title=product_label(comparison),
        subtitle=_what(say("Price history"), comparison, unit, say),
        lines=lines,
    )


def supplier_chart(report: PlannedReport, comparison: Comparison, say: Say) -> BarChart | None:
    """Return the chart of the suppliers' prices for a product, the best on top; None where fewer than two can be compared."""
    best, *others = comparison.offers
    sure = [offer for offer in (best, *others) if not offer.suspicion]
    if best.base_price is not None:
        sure = [offer for offer in sure if offer.base_price is not None and offer.base_unit == best.base_unit]
    if len(sure) < 2 or not comparison.has_best:
        return None
    unit = best.base_unit if best.base_price is not None else ""
    bars = tuple(
        ChartBar(
            _short(report.suppliers[offer.supplier].name),
            float(_cost(offer, per_unit=bool(unit))),
            Tone.GOOD if offer is best else Tone.PLAIN,
        )
        for offer in sure[:_MOST_BARS]
    )
    subtitle = _what(say("Prices"), comparison, unit, say)
    return BarChart(name=f"{file_stem(comparison)} suppliers", title=product_label(comparison), subtitle=subtitle, bars=bars)


def product_charts(report: PlannedReport, comparisons: Iterable[Comparison], say: Say) -> list[PlannedChart]:
    """Return the charts of these products, each name once."""
    charts: dict[str, PlannedChart] = {}
    for comparison in comparisons:
        for chart in (history_chart(report, comparison, say), supplier_chart(report, comparison, say)):
            if chart is not None:
                charts.setdefault(chart.name, chart)
    return list(charts.values())


def catalogue_charts(report: PlannedReport, most: int, say: Say) -> list[PlannedChart]:
    """Return the chart of what moved most, and those of up to `most` products that did."""
    movers = movers_chart(report, say)
    return [*([movers] if movers else []), *product_charts(report, most_moved(report, most), say)]


def comparisons_of(report: PlannedReport, product_ids: Sequence[str]) -> list[Comparison]:
    """Return the comparisons of these products, in the order of the ids."""
    by_id: dict[str, list[Comparison]] = {}
    for comparison in report.comparisons:
        by_id.setdefault(comparison.product_id, []).append(comparison)
    return [comparison for product_id in product_ids for comparison in by_id.get(product_id, ())]


def most_moved(report: PlannedReport, most: int) -> list[Comparison]:
    """Return up to `most` comparisons in which a price moved within `PERIOD`, the greatest change first."""
    since = report.made_at.date() - PERIOD
    changes = [
        (max((abs(_change_since(offer, since)) for offer in comparison.offers if not offer.suspicion), default=0.0), index)
        for index, comparison in enumerate(report.comparisons)
    ]
    greatest = sorted((change for change in changes if change[0]), key=lambda change: (-change[0], change[1]))
    return [report.comparisons[index] for _, index in greatest[:most]]


def product_label(comparison: Comparison) -> str:
    """Return a product in one line: "Cola, Nusa, 24 × 330 ml"."""
    size = f"{comparison.size.normalize():f} {comparison.unit}" if comparison.size is not None else ""
    pack = f"{comparison.pack_count} × {size or 'pcs'}" if comparison.pack_count != 1 else size
    return ", ".join(part for part in (comparison.name, comparison.brand, pack, comparison.mark) if part)


def file_stem(comparison: Comparison) -> str:
    """Return the product as part of a file's name on any system: letters, figures and blanks."""
    return _NO_NAME.sub(" ", f"{product_label(comparison)} {comparison.currency}").strip()[:80]


def _change_since(offer: ReportedOffer, day: date) -> float:
    """Return by what share an offer's price has changed since a day, or since its first one after it; 0 where it has not."""
    before = [point.price for point in offer.history if point.day <= day][-1:] or [point.price for point in offer.history[:1]]
    return float(offer.price / before[0] - 1) if before and before[0] else 0.0


def _common_unit(offers: Sequence[ReportedOffer]) -> str:
    units = {offer.base_unit if offer.base_price is not None else "" for offer in offers}
    return units.pop() if len(units) == 1 else ""


def _points(offer: ReportedOffer, today: date, *, per_unit: bool) -> tuple[DatedPrice, ...]:
    """Return an offer's prices up to today; per unit, each is taken in proportion to the present one."""
    factor = _cost(offer, per_unit=per_unit) / offer.price if offer.price else Decimal(1)
    points = [DatedPrice(point.day, point.price * factor) for point in offer.history or (DatedPrice(offer.listed_on, offer.price),)]
    return (*points, DatedPrice(max(today, points[-1].day), points[-1].price))


def _cost(offer: ReportedOffer, *, per_unit: bool) -> Decimal:
    return offer.base_price if per_unit and offer.base_price is not None else offer.price


def _what(head: str, comparison: Comparison, unit: str, say: Say) -> str:
    currency = comparison.currency
    measure = say("{currency} per {unit}").format(currency=currency, unit=say(unit)) if unit else currency
    return ", ".join(part for part in (head, measure) if part)


def _days(say: Say) -> str:
    return say("In the last {n} days").format(n=PERIOD.days)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
