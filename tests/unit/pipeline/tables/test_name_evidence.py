"""What speaks for a column of names."""

from collections.abc import Sequence
from datetime import date

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.titles import NO_TITLE, parse_title

GOODS = ["Beras Ramos", "Gula Pasir", "Minyak Goreng", "Garam Halus", "Tepung Beras", "Kopi Bubuk"]


def _terms(cells: Sequence[Value], title: str = "") -> dict[str, float]:
    score = name_score(parse_title(title), profile_column(cells))
    return {term.label: term.points for term in score.terms if term.points}


@pytest.mark.parametrize(
    ("cells", "title", "label", "points"),
    [
        (GOODS, "", "words", NAME.words),
        (GOODS, "", "different texts", NAME.distinct),
        (["Beras"] * 6, "", "different texts", NAME.distinct / 6),
        (["Beras Ramos kemasan karung besar"] * 6, "", "long texts", NAME.length),
        ([*GOODS, "", "", ""], "", "filled rows", NAME.filled),  # two thirds full is as good as full
        ([*GOODS, *[""] * 12], "", "filled rows", NAME.filled / 2),
        (["kg", "pcs", "kg", *GOODS[:3]], "", "units and sizes", -NAME.units_and_sizes / 2),
        (["QX-12", "ZT-4F", "KX-90", *GOODS[:3]], "", "codes", -NAME.codes / 2),
        ([date(2025, 6, 1), date(2025, 6, 2), *GOODS[:2]], "", "dates", -NAME.dates / 2),
        (GOODS, "Nama", "title says name", 3.0),
        (GOODS, "Merk", "title says something else", -NAME.other_title),
        (GOODS, "", "start", -NAME.start),
    ],
)
def test_each_term_has_its_points(cells: list[Value], title: str, label: str, points: float):
    """Shares of cells times the weight of the term."""
    assert _terms(cells, title).get(label) == pytest.approx(points)


@pytest.mark.parametrize("cells", [["1500", "2500", "3500"], [""] * 5, ["kg 1", "5", "6", "7"]])
def test_a_column_without_words_cannot_be_the_name(cells: list[str]):
    """Whatever its title says."""
    assert not name_score(parse_title("Nama"), profile_column(cells)).is_possible


def test_names_have_the_points_without_any_title_and_units_have_not():
    """Cells alone can carry a list."""
    assert name_score(NO_TITLE, profile_column(GOODS)).points >= NAME.floor
    assert name_score(NO_TITLE, profile_column(["kg", "pcs", "kg", "pcs", "kg", "dus"])).points < NAME.floor
