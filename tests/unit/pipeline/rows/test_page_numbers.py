"""Numbers of pages at the foot of tables."""

import pytest

from monito_ray.pipeline.rows.price_list import read_price_list
from tests.support import papers

GOODS = [("Ground beef", "1 lb", "$9"), ("Stew beef", "1 lb", "$11"), ("Lamb chops", "1 lb", "$19"), ("Duck eggs", "dozen", "$8")]


def _names(*foot: tuple[float, str]) -> list[str]:
    page = papers.Paper().text(40, 50, "Maple Hollow Farm order form")
    for n, cells in enumerate(GOODS):
        page.row(90 + 16 * n, zip((40, 250, 380), cells, strict=True))
    rows = read_price_list(papers.pdf(page.row(800, foot)), "list.pdf").rows.to_pylist()
    return [row["original_name"] for row in rows if row["price"]]


@pytest.mark.parametrize(("number", "extra"), [("1", []), ("$1", ["Prices may change"]), ("26", ["Prices may change"])])
def test_the_number_of_a_page_is_no_price(number: str, extra: list[str]):
    """What stands at the foot of a page beside its number is no offer; another number, or one with a currency, may be a price."""
    assert _names((40, "Prices may change"), (380, number)) == [*(name for name, _, _ in GOODS), *extra]
