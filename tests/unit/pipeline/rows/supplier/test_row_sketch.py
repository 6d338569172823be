"""Sketches of lists, and what two lists have in common."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.rows.supplier.row_sketch import ListSketch, Overlap, overlap_of, sketch_from_json, sketch_list


def _list(numbers: range, factor: str = "1", code: str = "") -> ListSketch:
    names = [f"Zarvex no. {number}" for number in numbers]
    codes = [f"{code}{number:05}" if code else "" for number in numbers]
    return sketch_list(names, codes, [Decimal(100 + number) * Decimal(factor) for number in numbers])


@pytest.mark.parametrize(("first", "second"), [(range(100), range(50, 150)), (range(4_000), range(2_000, 6_000))])
def test_lists_of_any_length_tell_what_they_share(first: range, second: range):
    """Half of the rows, whether the samples are whole or not."""
    overlap = overlap_of(_list(first), _list(second))
    assert overlap.of_first == pytest.approx(0.5, abs=0.1)
    assert overlap.of_second == pytest.approx(0.5, abs=0.1)
    assert overlap.same_price == 1


def test_prices_that_all_rose_by_the_same_share_are_steady():
    """Prices that have nothing to do with each other are not."""
    assert overlap_of(_list(range(60)), _list(range(60), "1.07")).same_price > 0.9
    other = sketch_list([f"Zarvex no. {n}" for n in range(60)], [""] * 60, [Decimal(100 + n * 37 % 61) for n in range(60)])
    assert overlap_of(_list(range(60)), other).same_price < 0.2


def test_article_numbers_find_rows_whose_names_were_reworded():
    """The names share nothing, the numbers everything."""
    numbers = range(40)
    reworded = sketch_list([f"Qorbit {n}" for n in numbers], [f"A{n:05}" for n in numbers], [Decimal(100 + n) for n in numbers])
    assert overlap_of(_list(numbers, code="A"), reworded).of_first == 1


def test_rows_without_prices_and_case_do_not_count():
    """A sketch comes back from JSON as it was."""
    sketch = sketch_list(["Tea ", "TEA", "Notes"], ["", "", ""], [Decimal(5), Decimal(6), None])
    assert sketch.names.count == 1
    assert sketch_from_json(sketch.as_json()) == sketch
    assert overlap_of(sketch, ListSketch()).rows == 0


@pytest.mark.parametrize(("rows", "same", "surely"), [(0, 0.0, 0.0), (5, 0.8, 0.29), (10, 0.8, 0.40), (250, 0.8, 0.73), (250, 0.3, 0.23)])
def test_few_rows_say_little_of_prices(rows: int, same: float, surely: float):
    """Of five rows four may be the same by chance; of 250 two hundred are not."""
    assert Overlap(rows, 1.0, 1.0, same).surely_same_price == pytest.approx(surely, abs=0.01)
