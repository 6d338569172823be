"""The charts, and the data under them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from logged_changes import logged_change
from rows import COLA, cola_offer

from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.prices.price_history import HistoricPrice
from monito_ray.catalog.sheets.charts_sheet import MOST_HISTORIES, MOST_MOVERS, charts_sheet, most_changed, price_lines
from monito_ray.catalog.sheets.master_table import master_table
from monito_ray.sheet_model import Cell, CellMark, ChartPlan, PlannedSheet

NO_MASTER = master_table([], [], [])
JUNE_1 = date(2026, 6, 1)


def _data(sheet: PlannedSheet, chart: ChartPlan, series: int = 0) -> list[tuple[Cell, Cell]]:
    own = chart.series[series]
    return [(row[own.label_column], row[own.value_column]) for row in sheet.rows[own.first_row : own.last_row + 1]]


def _history(*prices: int) -> tuple[HistoricPrice, ...]:
    return tuple(HistoricPrice(JUNE_1 + timedelta(days=7 * week), Decimal(price), "IDR", None, "t") for week, price in enumerate(prices))


def test_the_biggest_changes_are_bars_from_dearer_to_cheaper():
    """The greatest changes are chosen whatever their sign, and stand in order; one that may be a misprint would make all others too small to see."""
    changes = [logged_change(ChangeKind.UP, 1000, 1000 + step, offer_id=f"u{step}", name=f"P{step}") for step in range(1, MOST_MOVERS + 3)]
    changes += [logged_change(ChangeKind.DOWN, 1000, 500, offer_id="d"), logged_change(ChangeKind.NEW, None, 5, offer_id="n")]
    changes.append(logged_change(ChangeKind.UP, 1000, 10_000, offer_id="m", suspicion="10 times its last price"))
    sheet = charts_sheet(NO_MASTER, changes, [])
    (chart,) = sheet.charts
    dearer, cheaper = ([share for _, share in _data(sheet, chart, series)] for series in (0, 1))
    assert [(series.name, series.mark) for series in chart.series] == [("Dearer", CellMark.DEARER), ("Cheaper", CellMark.CHEAPER)]
    assert [len([share for share in own if share is not None]) for own in (dearer, cheaper)] == [MOST_MOVERS - 1, 1]
    assert (dearer[0], cheaper[-1]) == (pytest.approx((MOST_MOVERS + 2) / 1000), pytest.approx(-0.5))
    assert _data(sheet, chart)[-1][0] == "Cola, Nusa, 330 ml (Alpha)"


def test_suppliers_are_counted_where_there_is_a_choice():
    """A product that one supplier alone offers says nothing of who is cheap."""
    products = [replace(COLA, product_id=name) for name in ("a", "b", "c")]
    offers = [
        cola_offer("Alpha", 10, "1", product_id="a"), cola_offer("Beta", 20, "2", product_id="a"),
        cola_offer("Alpha", 30, "3", product_id="b"), cola_offer("Beta", 20, "2", product_id="b"),
        cola_offer("Gamma", 20, "2", product_id="c"), cola_offer("Beta", 10, "1", product_id="c"),
        cola_offer("Delta", 10, "1", product_id="c", suspicion="a tenth"),
    ]  # fmt: skip
    sheet = charts_sheet(master_table(products, offers, ["Alpha", "Beta", "Delta", "Gamma"]), [], [])
    (chart,) = sheet.charts
    assert _data(sheet, chart) == [("Beta", 2), ("Alpha", 1)]


def test_histories_begin_at_a_hundred():
    """Prices of different height are comparable; what has one price has no line."""
    offers = [cola_offer("Alpha", offer_id="a"), cola_offer("Beta", offer_id="b"), cola_offer("Gamma", offer_id="c")]
    lines = price_lines(offers, {"p1": "Cola"}, {"a": _history(200, 220), "b": _history(10, 9, 12), "c": _history(5)})
    sheet = charts_sheet(NO_MASTER, [], lines)
    (chart,) = sheet.charts
    assert [series.name for series in chart.series] == ["Cola (Beta)", "Cola (Alpha)"]
    assert [value for _, value in _data(sheet, chart, 0)] == [100, 90, 120]
    assert [value for _, value in _data(sheet, chart, 1)] == [100, 110, None]


def test_a_history_is_of_one_currency():
    """A price in dollars is no share of one in rupiah; with one price in the present currency there is no line."""
    dollars = tuple(replace(price, currency="USD") for price in _history(8, 9))
    later = tuple(replace(price, listed_on=price.listed_on + timedelta(days=60)) for price in _history(135_000, 148_500))
    offers = [cola_offer("Alpha", offer_id="a"), cola_offer("Beta", offer_id="b")]
    lines = price_lines(offers, {"p1": "Cola"}, {"a": (*dollars, *later), "b": (*dollars, later[0])})
    sheet = charts_sheet(NO_MASTER, [], lines)
    (chart,) = sheet.charts
    assert [series.name for series in chart.series] == ["Cola (Alpha)"]
    assert [value for _, value in _data(sheet, chart)] == [100, 110]


def test_charts_stand_below_each_other_beside_hidden_data():
    """A person sees charts; the data under them are hidden, and no chart covers another."""
    lines = price_lines([cola_offer(offer_id="a")], {}, {"a": _history(1, 2)})
    sheet = charts_sheet(NO_MASTER, [logged_change(ChangeKind.UP)], lines)
    assert [column.hidden for column in sheet.columns] == [True] * 5 + [False]
    assert [(chart.row, chart.column) for chart in sheet.charts] == [(0, 5), (21, 5)]
    assert len({len(row) for row in sheet.rows} | {len(sheet.columns)}) == 1


def test_without_data_there_is_no_chart():
    """An empty catalogue has an empty sheet."""
    sheet = charts_sheet(NO_MASTER, [], [])
    assert (sheet.charts, list(sheet.rows), sheet.columns[0].title) == ((), [], "Nothing to show yet")


def test_histories_are_read_of_what_moved_most():
    """Offers whose price never changed are left out; the greatest change comes first."""
    offers = [
        cola_offer("Alpha", 110, previous_price=Decimal(100), offer_id="a"),
        cola_offer("Beta", 50, previous_price=Decimal(100), offer_id="b"),
        cola_offer("Gamma", 50, offer_id="c"),
    ]
    assert [offer.offer_id for offer in most_changed(offers, MOST_HISTORIES)] == ["b", "a"]
