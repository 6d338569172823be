"""Which columns hold prices, and which of them is the main one."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.price_columns import PRICE_COLUMNS, choose_prices, compare_candidates, floor_for
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_column
from monito_ray.pipeline.tables.titles import Title, parse_title

NAMES = [f"{name} {grade}" for grade in "ABC" for name in ("Beras", "Gula", "Minyak", "Garam")]
RETAIL = [500.0 + 175 * n * n for n in range(1, 13)]
WHOLESALE = [price * 0.9 for price in RETAIL]
CARTON = [price * 11.5 for price in RETAIL]
QUANTITIES = [2.0, 7.0, 3.0, 12.0, 4.0, 9.0, 5.0, 6.0, 8.0, 10.0, 11.0, 3.0]
STOCK = [40.0, 5.0, 120.0, 33.0, 8.0, 61.0, 17.0, 250.0, 12.0, 74.0, 28.0, 9.0]


def _columns(*columns: tuple[str, Sequence[Value]]) -> tuple[list[Title], list[ColumnProfile]]:
    everything = [("", NAMES), *columns]
    return [parse_title(title) for title, _ in everything], [profile_column(cells) for _, cells in everything]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([("Harga", RETAIL)], (1,)),
        ([("", RETAIL)], (1,)),
        ([("Stok", STOCK)], ()),  # the titles are understood, and none names a price
        ([("", STOCK), ("", RETAIL)], (2,)),
        ([("Harga grosir", WHOLESALE), ("Harga eceran", RETAIL)], (2, 1)),  # titles rank tiers
        ([("", CARTON), ("", RETAIL)], (2, 1)),  # without titles the piece comes before the carton
        ([("Harga karton", CARTON), ("", RETAIL)], (2, 1)),  # an untitled price beside a carton's
        ([("Harga 01.03.2024", RETAIL), ("Harga 01.06.2024", WHOLESALE)], (2, 1)),  # the newest of a history
        ([("Harga lama", RETAIL), ("Harga", WHOLESALE)], (2, 1)),
        ([("Harga", [price / 16_000 for price in RETAIL]), ("Harga", RETAIL)], (2, 1)),  # the money of the country first
        ([("", QUANTITIES), ("", RETAIL), ("", [q * p for q, p in zip(QUANTITIES, RETAIL, strict=True)])], (2,)),  # no sum
        ([("Harga", [*RETAIL[:1], *[""] * 11]), ("Harga", RETAIL)], (2, 1)),  # a list is not priced in a nearly empty column
    ],
)
def test_the_main_price_is_that_of_one_piece_today(columns: list[tuple[str, list[Value]]], expected: tuple[int, ...]):
    """Other prices come behind it, and what is no price is none."""
    assert choose_prices(*_columns(*columns), name=0).columns == expected


def test_columns_that_move_together_prove_each_other():
    """Each has a point more than by itself."""
    alone = compare_candidates(*_columns(("", RETAIL)), name=0).points(1)
    both = compare_candidates(*_columns(("", RETAIL), ("", WHOLESALE)), name=0)
    assert both.points(1) == alone + PRICE_COLUMNS.moves_together
    assert both.pairs == {(1, 2), (2, 1)}
    assert both.scores[1].terms[-1].points == PRICE_COLUMNS.moves_together


@pytest.mark.parametrize(
    ("title", "others", "floor"),
    [
        ("Harga", ["Nama"], PRICE_COLUMNS.titled_floor),
        ("", ["Nama"], PRICE_COLUMNS.untitled_floor),
        ("", ["", "Zorblax"], PRICE_COLUMNS.headless_floor),
    ],
)
def test_the_floor_is_lower_where_less_can_be_expected(title: str, others: list[str], floor: float):
    """A list without titles has a price somewhere; one with titles that are understood may have none."""
    assert floor_for(parse_title(title), [parse_title(text) for text in (title, *others)]) == floor


def test_several_lists_in_one_are_all_prices():
    """Each thing is priced in some columns and zero in the others."""
    columns = [[price if n % 3 == column else 0.0 for n, price in enumerate(RETAIL)] for column in range(3)]
    prices = choose_prices(*_columns(*(("", column) for column in columns)), name=0).columns
    assert sorted(prices) == [1, 2, 3]
