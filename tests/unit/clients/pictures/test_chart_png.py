"""Charts as pictures: drawn whatever the names, in every alphabet of ours, whole or not at all."""

import warnings
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from monito_ray.clients.pictures.chart_png import draw_chart
from monito_ray.errors import OutputNotWritable
from monito_ray.plans.local_texts import LocalTexts
from monito_ray.plans.planned_chart import BarChart, ChartBar, ChartLine, LineChart, Tone
from monito_ray.plans.planned_report import DatedPrice

TEXTS = LocalTexts(lambda price: f"{price:,}", lambda share: f"{share:+.1%}", lambda day: day.isoformat())
POINTS = (
    DatedPrice(date(2026, 6, 1), Decimal(100)),
    DatedPrice(date(2026, 7, 1), Decimal(120)),
    DatedPrice(date(2026, 7, 3), Decimal(120)),
)
LINES = LineChart(
    name="history", title="Shallots", subtitle="IDR per kg", lines=(ChartLine("Alpha", POINTS), ChartLine("Beta", POINTS[1:]))
)
BARS = BarChart(name="movers", title="Movers", subtitle="30 days", bars=(ChartBar("Cola", 0.1, Tone.BAD, "Alpha"), ChartBar("Tea", -0.2, Tone.GOOD)), is_share=True)  # fmt: skip
ODD_NAMES = ("Лук шалот ёЁ", "$x^2$ and $100", "_under_ {brace} \\frac", "葱 🍅", "", "n" * 300, "أهلا")


def _size(picture: Path) -> tuple[int, int]:
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


@pytest.mark.parametrize("chart", [LINES, BARS, replace(BARS, bars=BARS.bars[:1], is_share=False)])
def test_a_chart_is_as_wide_as_a_phone_shows_it(chart: LineChart | BarChart, tmp_path: Path):
    """1,080 pixels, and high enough for its bars."""
    width, height = _size(draw_chart(chart, tmp_path / "new" / "chart.png", TEXTS))
    assert width == 1080
    assert 150 < height < 1200


@pytest.mark.parametrize("name", ODD_NAMES)
def test_no_name_is_a_formula_or_a_failure(name: str, tmp_path: Path):
    """Dollar signs, letters that no font has and very long names are drawn as texts, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_chart(replace(LINES, title=name, subtitle=name, lines=(ChartLine(name, POINTS),)), tmp_path / "lines.png", TEXTS)
        draw_chart(replace(BARS, bars=(ChartBar(name[:46], 0.1, Tone.PLAIN, name[:46]),)), tmp_path / "bars.png", TEXTS)
    assert {_size(path)[0] for path in tmp_path.iterdir()} == {1080}


def test_cyrillic_is_drawn_with_letters(tmp_path: Path):
    """Other letters make another picture: none of them is the box of a missing one."""
    pictures = [draw_chart(replace(BARS, title=title), tmp_path / f"{title}.png", TEXTS).read_bytes() for title in ("жук", "щит")]
    assert pictures[0] != pictures[1]


def test_an_earlier_picture_stays_where_the_new_one_fails(tmp_path: Path):
    """Nothing half-drawn is left behind."""
    path = tmp_path / "chart.png"
    path.write_bytes(b"earlier")
    with pytest.raises(ZeroDivisionError):
        draw_chart(BARS, path, replace(TEXTS, share=lambda _: str(1 / 0)))
    assert path.read_bytes() == b"earlier"
    assert len(list(tmp_path.iterdir())) == 1
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputNotWritable):
        draw_chart(BARS, tmp_path / "file" / "chart.png", TEXTS)
