"""What speaks for one column of names before the others."""

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.choice.name_comparison import NAME_COMPARISON
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.roles import choose_names
from monito_ray.pipeline.tables.scores import Score
from monito_ray.pipeline.tables.titles import parse_title

NAMES = [f"{name} {grade}" for grade in "ABC" for name in ("Beras", "Gula", "Minyak", "Garam")]
TEXTS = [
    f"{name}: dipilih dengan teliti, dikemas rapi, siap dikirim ke seluruh kota dan desa dalam sehari {n}" for n, name in enumerate(NAMES)
]


def _scores(*columns: tuple[str, list[str]]) -> dict[int, Score]:
    cells: list[list[Value]] = [list(column) for _, column in columns]
    return choose_names([parse_title(title) for title, _ in columns], [profile_column(column) for column in cells])


def test_descriptions_are_no_names():
    """On either side of the names, though they are longer and differ as much."""
    before, behind = _scores(("", TEXTS), ("", NAMES)), _scores(("", NAMES), ("", TEXTS))
    assert before[1].points > before[0].points
    assert behind[0].points > behind[1].points
    assert dict(before[0].terms)["longer than names"] == -NAME_COMPARISON.description


def test_the_first_of_equal_columns_is_the_name():
    """Names come before what describes them."""
    scores = _scores(("", NAMES), ("", NAMES[::-1]))
    assert scores[0].points - scores[1].points == pytest.approx(NAME_COMPARISON.first)


def test_a_title_is_believed_before_longer_texts():
    """Whatever stands first."""
    scores = _scores(("Zorblax", TEXTS), ("Nama", NAMES))
    assert scores[1].points > scores[0].points + NAME_COMPARISON.untitled
    assert "first of the likely names" not in dict(scores[0].terms)


def test_a_table_without_words_has_no_names():
    """Nothing is weighed where nothing may be the name."""
    assert _scores(("", ["1", "2", "3"]), ("", ["kg", "pcs", "kg"])) == {}
