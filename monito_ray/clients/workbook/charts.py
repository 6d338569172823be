"""Planned charts, drawn by xlsxwriter."""

from operator import attrgetter
from typing import Any

from monito_ray.clients.workbook.styles import NUMBER_FORMATS
from monito_ray.sheet_model import CellMark, ChartKind, ChartPlan, ColumnKind, PlannedSheet

_KINDS = {ChartKind.BARS: {"type": "bar"}, ChartKind.LINES: {"type": "line"}}
#: Told apart also by people who cannot tell red from green.
_COLORS = ("#1F4E5F", "#D9822B", "#5B8E7D", "#8E5B8A", "#B8A12B", "#6C7A89")
_MARK_COLORS = {CellMark.DEARER: "#B5483A", CellMark.CHEAPER: "#2F7D5B"}
_WIDTH, _HEIGHT = 760, 380


def add_charts(workbook: Any, target: Any, sheet: PlannedSheet) -> None:
    """Add the charts of a sheet that have something to show; xlsxwriter writes no workbook with an empty one."""
    for plan in filter(attrgetter("series"), sheet.charts):
        target.insert_chart(plan.row + 1, plan.column, _draw(workbook, target.get_name(), plan))


def _draw(workbook: Any, title: str, plan: ChartPlan) -> Any:
    chart = workbook.add_chart(_KINDS[plan.kind])
    for index, series in enumerate(plan.series):
        first, last = series.first_row + 1, series.last_row + 1
        color = _MARK_COLORS[series.mark] if series.mark in _MARK_COLORS else _COLORS[index % len(_COLORS)]
        # A row has one bar, so those of several columns lie upon each other.
        look = (
            {"fill": {"color": color}, "gap": 60, "overlap": 100}
            if plan.kind is ChartKind.BARS
            else {"line": {"color": color, "width": 2.25}}
        )
        chart.add_series(
            {
                "name": series.name,
                "categories": [title, first, series.label_column, last, series.label_column],
                "values": [title, first, series.value_column, last, series.value_column],
                "data_labels": {"value": plan.kind is ChartKind.BARS},
                **look,
            }
        )
    number_format = NUMBER_FORMATS.get(plan.value_kind, "#,##0")
    chart.set_title({"name": plan.title, "name_font": {"size": 13, "bold": True}, "overlay": False})
    axis = {"num_format": number_format, "major_gridlines": {"visible": True, "line": {"color": "#E3E3E3"}}}
    if plan.kind is ChartKind.BARS:
        # The first row on top, and labels beside the bars also where these go to the left.
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_x_axis(axis | {"label_position": "high"})
    else:
        chart.set_y_axis(axis)
        chart.set_x_axis({"date_axis": True, "num_format": NUMBER_FORMATS[ColumnKind.DATE]})
    chart.set_legend({"none": True} if len(plan.series) == 1 else {"position": "bottom"})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    chart.show_blanks_as("span")
    chart.show_hidden_data()
    return chart
