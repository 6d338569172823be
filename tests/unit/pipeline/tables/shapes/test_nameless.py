"""Tables whose rows have sizes and no names."""

from monito_ray.pipeline.cells import Sheet, Value
from monito_ray.pipeline.tables.profiles import profile_columns
from monito_ray.pipeline.tables.shapes.nameless import nameless_roles, title_above
from monito_ray.pipeline.tables.titles import parse_title

ROWS: list[list[Value]] = [[100.0 * (1 + n // 3), 100.0 * (1 + n % 3), 500.0 + 37 * n, 450.0 + 33 * n] for n in range(9)]


def test_sizes_left_of_the_prices_stand_for_the_name():
    """They repeat down the column."""
    titles = [parse_title(title) for title in ("H", "W", "Retail price", "Wholesale price")]
    roles = nameless_roles(titles, profile_columns(ROWS, 4))
    assert roles is not None
    assert (roles.name, roles.more_name, roles.prices) == (0, (1,), (2, 3))


def test_a_table_with_names_is_none():
    """Nor is one whose first column holds prices."""
    rows: list[list[Value]] = [[f"Grille {chr(97 + n)}", *row] for n, row in enumerate(ROWS)]
    titles = [parse_title(title) for title in ("Item", "H", "W", "Price", "Cost")]
    assert nameless_roles(titles, profile_columns(rows, 5)) is None
    assert nameless_roles([parse_title("Price")], profile_columns([[row[2]] for row in ROWS], 1)) is None


def test_the_title_is_the_only_text_of_a_row_close_above():
    """Several texts are no title, and one far above is that of another table."""
    sheet = Sheet("S", [["Grille A", ""], ["", ""], ["H", "W"], ["a", "b"], ["H", "W"]])
    assert title_above(sheet, 2, 0, 2) == "Grille A"
    assert title_above(sheet, 4, 0, 2) == ""
    assert title_above(Sheet("S", [["Grille A"], [""], [""], [""], ["H"]]), 4, 0, 1) == ""
