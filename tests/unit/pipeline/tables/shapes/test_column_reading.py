"""What the columns of a titled table hold, whatever its shape."""

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.profiles import profile_columns
from monito_ray.pipeline.tables.shapes.column_reading import ColumnReading, read_columns
from monito_ray.pipeline.tables.titles import parse_title


def _read(titles: list[str], rows: list[list[Value]]) -> ColumnReading | None:
    return read_columns([parse_title(title) for title in titles], profile_columns(rows, len(titles)), rows)


NAMES = ["Margherita", "Salami", "Four cheeses", "Tuna", "Vegetariana", "Hawaii"]


def test_names_and_prices_are_read_as_ever():
    """There is nothing special about them."""
    reading = _read(["Item", "Price"], [[name, 5.5 + 1.3 * n] for n, name in enumerate(NAMES)])
    assert reading is not None
    assert (reading.roles.name, reading.roles.prices, dict(reading.kinds), reading.is_nameless) == (0, (1,), {}, False)


def test_the_columns_of_a_grid_are_prices_of_their_own():
    """Their titles name what they hold."""
    reading = _read(["Pizza", "25 cm", "30 cm"], [[name, 5.0 + n, 7.5 + n] for n, name in enumerate(NAMES)])
    assert reading is not None
    assert (reading.roles.prices, dict(reading.kinds)) == ((1, 2), {1: "25 cm", 2: "30 cm"})
    assert [title.role for title in reading.titles[1:]] == ["price", "price"]


def test_words_alone_are_no_table():
    """There is no price."""
    assert _read(["Item", "Remark"], [[name, "fresh"] for name in NAMES]) is None
