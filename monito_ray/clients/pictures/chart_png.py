"""Planned charts drawn as PNG: legible on a phone, in any alphabet that the fonts of this machine have."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from monito_ray.clients.output_paths import atomic_write
from monito_ray.clients.pictures.drawing_style import GRID, INK, SOFT, STYLE, drawing_alone, installed_fonts
from monito_ray.plans.local_texts import LocalTexts
from monito_ray.plans.planned_chart import BarChart, LineChart, PlannedChart, Tone

#: Inches at `_DPI`: 1,080 pixels wide, as phones show them.
_WIDTH, _LINE_HEIGHT, _DPI = 7.2, 4.6, 150
_BAR_HEIGHT, _BARS_MARGIN = 0.36, 1.0
#: Characters that fit in the width, at their sizes.
_LONGEST_TITLE, _LONGEST_NAME = 70, 30
_LINES = ("#1769aa", "#c4501b", "#2e7d4f", "#8e3a9d", "#a67c00", "#c2316b", "#3b4cc0", "#00808a")
_TONES = {Tone.PLAIN: "#9fb3c1", Tone.GOOD: "#1d8a58", Tone.BAD: "#c8382f"}


def draw_chart(chart: PlannedChart, path: Path, texts: LocalTexts) -> Path:
    """Draw a chart as PNG to `path`, whole or not at all, and return `path`.

    Raises:
        OutputNotWritable: naming `path` and the cause; an earlier file is unchanged.
    """
    with atomic_write(path) as temporary, drawing_alone(), mpl.rc_context(STYLE | {"font.family": installed_fonts()}):
        figure = _lines(chart, texts) if isinstance(chart, LineChart) else _bars(chart, texts)
        figure.savefig(temporary, format="png", dpi=_DPI, facecolor="white")
    return path


def _figure(height: float, title: str, subtitle: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1))
    axes = figure.add_subplot()
    figure.suptitle(_shortened(title, _LONGEST_TITLE), x=0.02, ha="left", fontsize=13, fontweight="bold")
    axes.set_title(_shortened(subtitle, _LONGEST_TITLE), loc="left", fontsize=10, color=SOFT)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _lines(chart: LineChart, texts: LocalTexts) -> Figure:
    figure, axes = _figure(_LINE_HEIGHT, chart.title, chart.subtitle)
    for line, colour in zip(chart.lines, _LINES, strict=False):
        days, prices = [point.day for point in line.points], [float(point.price) for point in line.points]
        axes.step(days, prices, where="post", color=colour, linewidth=2, label=_legend_text(line.name))  # type: ignore[arg-type]
        axes.plot(days[:-1], prices[:-1], "o", color=colour, markersize=4)  # type: ignore[arg-type]
    axes.grid(axis="y", color=GRID)
    axes.tick_params(length=0)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _amount_text(value, texts)))
    days = sorted({point.day for line in chart.lines for point in line.points})
    marks = sorted({days[0], date.fromordinal((days[0].toordinal() + days[-1].toordinal()) // 2), days[-1]})
    axes.set_xticks(marks, [texts.day(day) for day in marks])  # type: ignore[arg-type]
    figure.legend(loc="outside lower left", ncols=3, frameon=False, fontsize=9)
    return figure


def _bars(chart: BarChart, texts: LocalTexts) -> Figure:
    figure, axes = _figure(_BARS_MARGIN + _BAR_HEIGHT * len(chart.bars), chart.title, chart.subtitle)
    places = range(len(chart.bars))
    values = [bar.value for bar in chart.bars]
    axes.barh(places, values, color=[_TONES[bar.tone] for bar in chart.bars], height=0.66)
    axes.set_yticks(places, [bar.label for bar in chart.bars])
    axes.set_ylim(len(chart.bars) - 0.4, -0.6)
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    reach = max(map(abs, values)) or 1
    axes.set_xlim(min(0, 1.05 * min(values)), max(0, *values) + 0.95 * reach)  # room for what stands behind the bars
    for place, bar in enumerate(chart.bars):
        value = texts.share(bar.value) if chart.is_share else _amount_text(bar.value, texts)
        axes.text(
            max(bar.value, 0) + 0.02 * reach,
            place,
            f"{value}  {_shortened(bar.note, _LONGEST_NAME)}".rstrip(),
            va="center",
            fontsize=9,
            color=INK,
        )
    return figure


def _amount_text(value: float, texts: LocalTexts) -> str:
    return texts.amount(Decimal(f"{value:.10g}"))


def _legend_text(name: str) -> str:
    """Return a supplier's name for the legend, which takes a text that begins with "_" for none: a hair space stands before it."""
    return f"\u200a{_shortened(name, _LONGEST_NAME)}"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
