"""Lines of counts below a line of titles."""

import pytest

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.lines.counts import are_counts
from monito_ray.pipeline.lines.list_evidence import learn_style

ROWS = [("Rice", "40", "12", "28"), ("Sugar", "100", "65", "35"), ("Oil", "24", "20", "4")]


def _are_counts(titles: list[str], between: str, columns: int = 4) -> bool:
    texts = [between.join(titles), *(between.join(row[:columns]) for row in ROWS)]
    reads = learn_style([TextLine(n, text, 0, len(text), n, n + 1) for n, text in enumerate(texts, 1)])
    return are_counts(reads, [1, 2, 3])


@pytest.mark.parametrize("between", ["\t", ";", " | ", ",", "   ", " "])
def test_titles_of_counts_over_as_many_numbers(between: str):
    """However the columns are parted, numbers below "In", "Out" and "Balance" are no prices."""
    assert _are_counts(["Item", "In", "Out", "Balance"], between)


@pytest.mark.parametrize(
    ("titles", "columns"),
    [
        (["Item", "Qty", "Stock", "Price"], 4),
        (["Item", "Qty", "Stock", "EUR"], 4),
        (["Item", "In", "Out"], 4),
        (["Wines", "Bottles"], 2),
        (["Groceries"], 2),
    ],
)
def test_other_titles_leave_the_numbers_to_be_prices(titles: list[str], columns: int):
    """One of a price or a currency, too few of them, and the heading of a section."""
    assert not _are_counts(titles, ";", columns)
