"""How the cells of a column look, counted."""

from datetime import date

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.prices import Convention
from monito_ray.pipeline.tables.profiles import EMPTY, SAMPLE, profile_column, profile_columns


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        (1500.0, "money"),
        (1500, "money"),
        ("1.500", "money"),
        ("Rp 1.500/kg", "money"),
        ("kg", "units"),
        ("Pcs.", "units"),
        ("24 x 330 ml", "sizes"),
        ("10 %", "percent"),
        ("KX-90", "codes"),
        ("007", "codes"),  # amounts do not begin with 0
        ("-", "blank_amounts"),
        ("on request", "blank_amounts"),
        (0.0, "blank_amounts"),
        (date(2025, 6, 9), "dated"),
        ("Beras Ramos", "words"),
    ],
)
def test_a_cell_is_counted_as_what_it_looks_like(cell: Value, share: str):
    """Each kind has its share."""
    assert getattr(profile_column([cell]), share) == 1.0


@pytest.mark.parametrize("cell", ["1.500", "Rp 1.500", "10 %", 1500.0, date(2025, 6, 9)])
def test_amounts_percentages_and_dates_have_no_words(cell: Value):
    """Letters of a currency are no name."""
    assert profile_column([cell]).words == 0.0


def test_shares_are_of_filled_cells_and_fullness_is_of_rows():
    """A blank cell counts for nothing but fullness."""
    p = profile_column(["Beras", "", None, "1.500", "  ", "kg"])
    assert (p.count, p.filled, p.money, p.units) == (3, 0.5, pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert profile_column(["", None]) == EMPTY


def test_amounts_are_listed_top_to_bottom_with_their_currency():
    """And with what separates decimals all the way down."""
    p = profile_column(["€ 1.250,00", "€ 3,50", "€ 12,75"])
    assert p.numbers == (1250.0, 3.5, 12.75)
    assert (p.decimals, p.currency, p.marked, p.median, p.distinct_numbers) == (Convention.COMMA, "EUR", 1.0, 12.75, 3)


def test_typed_numbers_are_profiled_as_their_texts_are():
    """The short way for columns of numbers alone tells the same."""
    numbers = [1500.0, 2500.0, 0.0, 1500.0]
    short, long = profile_column(numbers), profile_column([int(number) for number in numbers])
    assert short == long


def test_a_long_column_is_sampled_evenly():
    """Hardly more cells are looked at than `SAMPLE`."""
    p = profile_column([float(n) for n in range(10 * SAMPLE)])
    assert (p.count, p.numbers[:3], p.filled) == (SAMPLE, (0.0, 10.0, 20.0), 1.0)


def test_blank_rows_do_not_count():
    """They part sections, and say nothing of the columns."""
    name, price = profile_columns([["Beras", 1500.0], ["", ""], ["Gula", None]], 2)
    assert (name.filled, price.filled) == (1.0, 0.5)
