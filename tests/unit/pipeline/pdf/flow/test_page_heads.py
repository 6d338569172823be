"""Running heads and feet."""

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.pdf.flow.page_heads import without_repeated_heads


def page(number: int, *texts: str) -> list[TextLine]:
    """A page with a head that names its number, some lines, and a foot."""
    lines = [f"Porttown Trading\tpage {number}", *texts, "Order from 100.00"]
    return [TextLine(i + 1, text, 40, 300, 760 if i == len(lines) - 1 else 40 + 20 * i, 780, 0) for i, text in enumerate(lines)]


def test_heads_and_feet_stay_on_the_first_page_alone():
    """They are counted and dropped where they stand on most pages, and the other lines are numbered again."""
    pages = without_repeated_heads([page(1, "Tea 3.50", "Salt 2.10"), page(2, "Rice 4.50"), page(3, "Oil 7.20", "Rum 9.80")])
    assert [[line.text for line in lines] for lines in pages] == [
        ["Porttown Trading\tpage 1", "Tea 3.50", "Salt 2.10", "Order from 100.00"],
        ["Rice 4.50"],
        ["Oil 7.20", "Rum 9.80"],
    ]
    assert [line.number for line in pages[2]] == [1, 2]


def test_goods_that_differ_in_a_number_are_no_running_lines():
    """They may stand in one place on two pages; so may the same goods on two of many."""
    pages = [page(n, f"Cable {n} x 1.5 mm 3.50", "Rum 9.80" if n < 3 else f"Tea {n + 3}") for n in range(1, 6)]
    assert [len(lines) for lines in without_repeated_heads(pages)] == [4, 2, 2, 2, 2]


def test_a_single_page_is_kept_whole():
    """There is nothing to compare it with."""
    assert without_repeated_heads([page(1, "Tea 3.50")]) == [page(1, "Tea 3.50")]
