"""The names of a table's rows."""

from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.rows.extract import extract_lines
from monito_ray.pipeline.tables.locate import find_tables


def names(rows: list[list], *merges: Merge) -> list[str]:
    """The names of the lines of a sheet's only table."""
    sheet = Sheet("A", rows, merges)
    (table,) = find_tables(sheet)
    return [line.name for line in extract_lines(sheet, table)]


def test_blank_names_are_carried_where_many_rows_have_none():
    """The variant is part of such names, which would be equal without it."""
    rows = [["Product", "Grade", "Price"]]
    for n, product in enumerate(("Chair oak", "Table pine", "Lamp steel", "Stool birch")):
        rows += [[product, "red", 100.0 + 10 * n], ["", "green", 120.0 + 10 * n], ["", "blue", 140.0 + 10 * n]]
    assert names(rows)[:4] == ["Chair oak red", "Chair oak green", "Chair oak blue", "Table pine red"]


def test_a_single_blank_name_carries_nothing():
    """A name that somebody forgot is no name of the row above."""
    rows = [["Product", "Grade", "Price"], *[[f"Product {chr(97 + n)}", "red", 100.0 + 10 * n] for n in range(12)]]
    rows[5][0] = ""
    assert names(rows)[4] == ""


def test_a_name_merged_over_rows_is_the_name_of_each():
    """The merged cell's text stands in its first row alone; the pack tells the rows apart."""
    rows = [["Product", "Pack", "Price"], ["Green tea", "10 bags", 20.0], ["", "25 bags", 45.0], ["Black tea", "10 bags", 18.0]]
    rows += [["Oolong", "10 bags", 30.0], ["White tea", "10 bags", 33.0]]
    assert names(rows, Merge(1, 0, 2, 0))[:3] == ["Green tea 10 bags", "Green tea 25 bags", "Black tea"]
