"""What the charts show, before anything is drawn."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from reports import COMPARISON, OFFER, REPORT

from monito_ray.catalog.reporting.chart_plan import (
    catalogue_charts,
    comparisons_of,
    file_stem,
    history_chart,
    movers_chart,
    product_charts,
    supplier_chart,
)
from monito_ray.plans.planned_chart import BarChart, LineChart, Tone
from monito_ray.plans.planned_report import DatedPrice, ReportedSupplier

TODAY = REPORT.made_at.date()
REPORT_OF_TWO = replace(REPORT, suppliers=(*REPORT.suppliers, ReportedSupplier("Beta", TODAY, is_stale=False)))


def _history(*prices: int) -> tuple[DatedPrice, ...]:
    """Prices of 60 days ago, and of each tenth day after."""
    return tuple(DatedPrice(TODAY - timedelta(days=60 - 50 * place), Decimal(price)) for place, price in enumerate(prices))


def _plain(text: str) -> str:
    return text


def test_what_moved_most_is_drawn_by_supplier_the_greatest_rise_on_top():
    """A rise is bad, a fall good for who buys; what did not move, or is doubtful, is not there."""
    rose = replace(OFFER, price=Decimal(110), history=_history(100, 110))
    fell = replace(OFFER, price=Decimal(80), supplier=1, history=_history(100, 80))
    doubtful = replace(OFFER, price=Decimal(900), suspicion="ten times", history=_history(90, 900))
    report = replace(REPORT_OF_TWO, comparisons=(replace(COMPARISON, offers=(fell, rose, doubtful, OFFER)),))
    chart = movers_chart(report, _plain)
    assert isinstance(chart, BarChart)
    assert [(round(bar.value, 3), bar.tone, bar.note) for bar in chart.bars] == [(0.1, Tone.BAD, "Alpha"), (-0.2, Tone.GOOD, "Beta")]
    assert chart.is_share
    assert movers_chart(REPORT, _plain) is None


def test_prices_over_time_are_per_unit_where_all_have_one():
    """Each price is taken in proportion to the present one, and holds until today; without a change there is no line."""
    moved = replace(OFFER, price=Decimal(120), base_price=Decimal(60), history=_history(100, 120))
    still = replace(OFFER, price=Decimal(130), base_price=Decimal(65), supplier=1)
    comparison = replace(COMPARISON, offers=(moved, still))
    chart = history_chart(REPORT_OF_TWO, comparison, _plain)
    assert isinstance(chart, LineChart)
    assert chart.subtitle == "Price history, IDR per l"
    assert [[point.price for point in line.points] for line in chart.lines] == [[50, 60, 60], [65, 65]]
    assert {line.points[-1].day for line in chart.lines} == {TODAY}
    assert history_chart(REPORT, COMPARISON, _plain) is None


def test_suppliers_are_compared_where_their_prices_can_be():
    """The best is marked; an offer without a base price beside it, or a doubtful one, is left out; one alone is no comparison."""
    other = replace(OFFER, supplier=1, base_price=Decimal(16_000))
    offers = (OFFER, other, replace(other, base_price=None), replace(other, suspicion="one tenth"))
    chart = supplier_chart(REPORT_OF_TWO, replace(COMPARISON, offers=offers), _plain)
    assert isinstance(chart, BarChart)
    assert [(bar.label, bar.value, bar.tone) for bar in chart.bars] == [("Alpha", 15_152.0, Tone.GOOD), ("Beta", 16_000.0, Tone.PLAIN)]
    assert supplier_chart(REPORT, COMPARISON, _plain) is None
    assert supplier_chart(REPORT_OF_TWO, replace(COMPARISON, offers=offers, has_best=False), _plain) is None


def test_a_name_of_a_file_is_one_on_every_system():
    """Slashes, quotes and dots are gone, and two charts of one name are one."""
    odd = replace(COMPARISON, name='../Cola: "zero"?*', offers=(OFFER, replace(OFFER, supplier=1)))
    assert file_stem(odd) == "Cola zero Nusa 24 330 ml IDR"
    assert [chart.name for chart in product_charts(REPORT_OF_TWO, [odd, odd], _plain)] == ["Cola zero Nusa 24 330 ml IDR suppliers"]


def test_products_are_found_by_their_ids():
    """In the order of the ids; one that the report lacks has no charts. A catalogue in which nothing moved has none."""
    other = replace(COMPARISON, product_id="p2")
    report = replace(REPORT, comparisons=(COMPARISON, other))
    assert comparisons_of(report, ["p2", "p9", "p1"]) == [other, COMPARISON]
    assert catalogue_charts(report, 6, _plain) == []
