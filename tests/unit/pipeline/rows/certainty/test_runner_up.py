"""The second reading of a table."""

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows.certainty.runner_up import runners_up
from monito_ray.pipeline.tables.locate import find_tables

NAMES = ("Beras Pandan", "Gula Pasir", "Garam Halus", "Kopi Bubuk", "Teh Celup", "Kecap Manis", "Sambal Terasi", "Minyak Goreng")


def table(*titles: str):
    rows = [[name, (n * 7919) % 90 * 500 + 12_500, (n * 104729) % 80 * 500 + 9_500] for n, name in enumerate(NAMES)]
    return find_tables(Sheet("Harga", [list(titles), *rows]))[0]


def test_the_next_column_is_named_with_what_decided():
    """A title of prices stands over the chosen one alone, and without it the other would be taken as well."""
    (prices,) = (one for one in runners_up(table("Nama", "Zorblax", "Harga")) if one.what == "prices")
    assert (prices.chosen, prices.next) == ("C", "B")
    assert prices.lead > 0
    assert prices.deciding_term == "title says price"
    assert "as prices C leads B by" in prices.sentence
    assert "title says price" in prices.sentence


def test_a_table_of_two_columns_has_no_second_reading():
    """Names cannot be prices."""
    goods = [[name, 12_500 + 730 * n] for n, name in enumerate(NAMES)]
    assert list(runners_up(find_tables(Sheet("Harga", [["Nama", "Harga"], *goods]))[0])) == []
