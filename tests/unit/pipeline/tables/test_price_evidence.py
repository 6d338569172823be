"""What speaks for a column of prices, and against it."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.price_evidence import PRICE, price_score
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.scores import TITLE_WEIGHT
from monito_ray.pipeline.tables.titles import NO_TITLE, parse_title

PRICES = [62000.0, 17500.0, 38500.0, 4500.0, 12000.0, 21500.0, 7300.0, 15100.0, 9900.0, 128000.0]
CENTS = [12.5, 3.99, 45.1, 7.25, 19.9, 2.45, 8.8, 61.3, 5.15, 30.05]


def _terms(cells: Sequence[Value], title: str = "") -> dict[str, float]:
    score = price_score(parse_title(title), profile_column(cells))
    return {term.label: term.points for term in score.terms if term.points}


@pytest.mark.parametrize(
    ("label", "points", "cells", "others"),
    [
        ("a currency beside the numbers", PRICE.marked, ["Rp 1.500", "Rp 2.500"], ["1.500", "2.500"]),
        ("row numbers", -PRICE.running, [1.0, 2.0, 3.0, 4.0], [1.0, 5.0, 3.0, 9.0]),
        ("hardly any different numbers", -PRICE.few, [6.0, 12.0] * 4, [6.0, 12.0] * 3),
        ("article numbers", -PRICE.article_numbers, [586_786_613.0 + 7 * n for n in range(9)], PRICES),
        ("rises all the way down", -PRICE.rising, [float(n * n) for n in range(1, 31)], [float(n * n) for n in range(1, 30)]),
        ("rises all the way down", -PRICE.rising, [1023.0, 1024.0, 1029.0, 1031.0, 1040.0], [1023.0, 1024.0, 1029.0, 1031.0, 1030.0]),
        ("sizes of bottles", -PRICE.bottles, [750.0, 330.0, 500.0, 1000.0, 750.0, 330.0], [750.0, 330.0, 500.0, 1100.0, 750.0, 330.0]),
        ("years", -PRICE.years, [2001.0, 2014.0, 1999.0, 2020.0], [2001.0, 2014.0, 1999.0, 2500.0]),
        ("few numbers again and again", -PRICE.repeats, [6.0, 12.0, 24.0, 48.0] * 8, [6.0, 12.0, 24.0, 48.0] * 7),
        ("cents", PRICE.cents, CENTS, PRICES),
        ("round ends", PRICE.round_ends, PRICES, [62003.0, 17511.0, 38502.0, 4504.0, 12006.0]),
        ("small whole numbers", -PRICE.small, [6.0, 12.0, 8.0, 3.0, 10.0], PRICES),
        ("different numbers", PRICE.different, PRICES, [500.0, 700.0] * 4),
        ("cheap and dear", PRICE.wide, PRICES, [5000.0, 6000.0, 7000.0, 5500.0]),
        ("numbers close together", -PRICE.narrow, [5000.0 + 10 * n for n in range(10)], [5000.0 + 10 * n for n in range(9)]),
        ("filled rows", PRICE.filled, PRICES, [*PRICES, *[""] * 5]),
        ("mostly blank rows", -PRICE.sparse, [*PRICES, *[""] * 31], [*PRICES, *[""] * 29]),
        ("few numbers", -PRICE.few_amounts, PRICES[:3], PRICES[:4]),
        ("only zeros", -PRICE.only_zeros, [0.0] * 5, PRICES),
    ],
)
def test_each_term_is_seen_where_it_holds_alone(label: str, points: float, cells: list[Value], others: list[Value]):
    """With its points in one column, and not at all in another that is nearly the same."""
    assert _terms(cells).get(label) == points
    assert label not in _terms(others)


@pytest.mark.parametrize(
    ("title", "label", "points"),
    [
        ("Harga", "title says price", TITLE_WEIGHT),
        ("Stok", "title says something else", None),
        ("Satuan", "title says something else", None),
        ("Harga Satuan", "title says something else", 0.0),  # a price decides, whatever stands beside it
    ],
)
def test_titles_speak_for_and_against(title: str, label: str, points: float | None):
    """Another role counts against prices by how well it fits, that of a unit less."""
    parsed = parse_title(title)
    if points is None:
        points = -(PRICE.unit_title if parsed.role == "unit" else PRICE.other_title) * parsed.strength
    assert _terms(PRICES, title).get(label, 0.0) == pytest.approx(points)


@pytest.mark.parametrize(
    ("cells", "title", "is_possible"),
    [
        (PRICES, "", True),
        (["1500", "kayu jati", "2500", "kayu jati"], "", False),
        (["1500", "kayu jati", "2500", "kayu jati"], "Harga", True),  # remarks are usual where a short list says "price"
        (["1500", "kayu jati", "kayu jati", "kayu jati"], "Harga", False),
        (["-", "-", "-"], "Harga", False),
        ([], "Harga", False),
    ],
)
def test_words_make_no_prices(cells: list[Value], title: str, *, is_possible: bool):
    """A column of few amounts cannot hold prices."""
    assert price_score(parse_title(title), profile_column(cells)).is_possible is is_possible


def test_cells_alone_rank_prices_before_everything_else_that_is_a_number():
    """Without titles: prices, then stock, then years, then article numbers."""
    stock = [8.0, 3.0, 12.0, 5.0, 9.0, 4.0, 15.0, 7.0, 2.0, 11.0]
    years = [2001.0 + n * 7 % 20 for n in range(10)]
    codes = [586_786_613.0 + 7 * n for n in range(10)]
    points = [price_score(NO_TITLE, profile_column(cells)).points for cells in (PRICES, stock, years, codes)]
    assert points == sorted(points, reverse=True)
    assert points[0] > 0 > points[2]


def test_numbers_written_as_money_are_no_article_numbers():
    """Prices of five digits that end anyhow are told from article numbers by their thousands marks, or a currency."""
    numbers = [89718, 70788, 78089, 11932, 26368, 86297, 28973, 48888, 60556, 51769]
    assert "article numbers" in _terms([float(number) for number in numbers])
    assert "article numbers" not in _terms([f"{number // 1000}.{number % 1000:03}" for number in numbers])
    assert "article numbers" not in _terms([f"{number} EUR" for number in numbers])
