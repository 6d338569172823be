"""Tables side by side of which only the first has a header."""

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.shapes.repeated_columns import starts_by_likeness
from monito_ray.pipeline.tables.titles import NO_TITLE, Title, parse_title

TITLES = ["No", "Item", "Maker", "Price"]
LEFT: list[list[Value]] = [[float(n), f"Tile {n}{kind}", "Ovenka", 12.5 + 3 * n] for n, kind in enumerate("abcdefgh", 1)]
RIGHT: list[list[Value]] = [[float(n), f"Grout {n}{kind}", "Mirtal", 7.9 + 2 * n] for n, kind in enumerate("abcdefgh", 9)]


def _titles(width: int) -> list[Title]:
    return [*map(parse_title, TITLES), *[NO_TITLE] * (width - len(TITLES))]


def test_columns_like_those_under_the_header_are_another_table():
    """They begin behind a blank column, or right behind the prices."""
    for gap in ([], [""]):
        rows = [[*a, *gap, *b] for a, b in zip(LEFT, RIGHT, strict=True)]
        assert starts_by_likeness(rows, _titles(len(rows[0]))) == [0, 4 + len(gap)]


def test_three_tables_are_found():
    """Each is as far from the one before."""
    rows = [[*a, "", *b, "", *b] for a, b in zip(LEFT, RIGHT, strict=True)]
    assert starts_by_likeness(rows, _titles(len(rows[0]))) == [0, 5, 10]


def test_columns_of_another_kind_are_no_table():
    """Remarks and stocks beside a list are not more of it."""
    rows: list[list[Value]] = [[*a, "", "in stock", float(n % 3), "call", ""] for n, a in enumerate(LEFT)]
    assert starts_by_likeness(rows, _titles(len(rows[0]))) == []


def test_remarks_and_other_prices_beside_a_list_are_not_more_of_it():
    """Two columns without a gap, texts that repeat, and prices that move with the first ones."""
    beside: list[list[list[Value]]] = [
        [[a[1], a[3], f"shelf {n}", 20.5 + n * 7 % 5] for n, a in enumerate(LEFT)],
        [[a[1], a[3], "", ("fresh", "from the farm")[n % 2], 20.5 + n * 7 % 5] for n, a in enumerate(LEFT)],
        [[a[1], a[3], "", b[1], float(a[3]) * 1.2] for a, b in zip(LEFT, RIGHT, strict=True)],  # type: ignore[arg-type]  # a number
    ]
    for rows in beside:
        assert starts_by_likeness(rows, [parse_title("Item"), parse_title("Price"), *[NO_TITLE] * (len(rows[0]) - 2)]) == []


def test_nothing_stands_behind_the_titles():
    """A list with nothing on its right is one table."""
    assert starts_by_likeness(LEFT, _titles(4)) == []
