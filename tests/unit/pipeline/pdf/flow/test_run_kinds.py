"""Names and amounts."""

import pytest
from pdf_reading import run

from monito_ray.pipeline.pdf.flow.run_kinds import RunKinds, last_amount


@pytest.mark.parametrize(
    "text", ["12.900", "Rp 45.000", "540 EUR/100g", "5,40 EUR/100 g", "P280", "Garden salad 4.90", "Espresso 12 qux", "Cookies (P280)"]
)
def test_amounts_end_a_run(text):
    """An amount stands alone or behind a name, with a known currency or a short word beside it."""
    assert RunKinds().is_priced(run(0, text))


@pytest.mark.parametrize("text", ["Espresso 60 ml", "Salad", "Cola 330ml", "served until 22:00 daily", "(with milk)", "Olives (box x20u)"])
def test_sizes_are_no_amounts(text):
    """A number with the unit of a size behind it ends a name."""
    assert not RunKinds().is_priced(run(0, text))


@pytest.mark.parametrize(
    ("text", "is_name"), [("Garden salad", True), ("4 cheese pizza", True), ("12 EUR", False), ("500 ml", False), ("P280", False)]
)
def test_names_begin_with_words(text, is_name):
    """Amounts, sizes and signs do not."""
    assert RunKinds().is_worded(run(0, text)) is is_name


def test_last_amount_is_a_number_of_its_digits():
    """Marks are not looked at."""
    assert [last_amount(text) for text in ("2 for 12.900", "Salad")] == [12900, 0]
