"""Layouts: equal for tables of one make, and what was chosen for one holds for them all."""

from collections.abc import Sequence

import pytest
from lists import ALIKE

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.tables.layouts import CELL_LIMIT, ROWS_SHOWN, ColumnChoice, layout_key, sample_table, with_columns
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.titles import parse_title

JUNE = (("Nama", ["Beras", "Gula", "Garam"]), ("", ["kg", "kg", "pcs"]), ("Harga", [62000.0, 17500.0, 4500.0]))


def _key(*columns: tuple[str, Sequence[Value]]) -> str:
    return layout_key([parse_title(title) for title, _ in columns], [profile_column(cells) for _, cells in columns])


@pytest.mark.parametrize(
    ("other", "is_equal"),
    [
        ((("NAMA", ["Kopi", "Teh"]), ("", ["dus", "kg"]), ("Harga", ["Rp 21.500", "Rp 9.000"])), True),
        ((("Nama Barang", ["Beras", "Gula"]), ("", ["kg", "kg"]), ("Harga", [62000.0, 17500.0])), False),
        ((("Nama", ["Beras", "Gula"]), ("", [5.0, 7.0]), ("Harga", [62000.0, 17500.0])), False),
        (JUNE[:2], False),
    ],
)
def test_the_key_is_that_of_titles_and_kinds_of_columns(other: Sequence[tuple[str, list[Value]]], *, is_equal: bool):
    """Next month's goods and prices change nothing."""
    assert (_key(*JUNE) == _key(*other)) is is_equal


def test_a_doubtful_table_is_shown_by_a_sample():
    """Some rows, evenly taken, cells cut short, and the columns that may hold names and prices."""
    rows = [[f"Barang {n} " + "x" * 100, str(n * n * 250)] for n in range(100)]
    profiles = [profile_column([row[column] for row in rows]) for column in range(2)]
    table = sample_table("Daftar", [parse_title("")] * 2, profiles, rows)
    assert (table.sheet, table.titles, table.names, table.prices) == ("Daftar", ("", ""), {0}, {1})
    assert len(table.rows) == ROWS_SHOWN
    assert {len(row[0]) for row in table.rows} == {CELL_LIMIT}
    assert table.rows[1][1] == str(8 * 8 * 250)


def test_chosen_columns_lose_their_other_roles_and_the_doubt():
    """What was not chosen stays."""
    roles = Roles(name=0, prices=(1, 4), more_name=(2, 5), variants=(3,), size=2, unit=6, rival_name=2, rival_price=3)
    assert with_columns(roles, ColumnChoice(2, (3, 1))) == Roles(name=2, prices=(3, 1), more_name=(5,), unit=6)


def test_a_choice_holds_for_tables_of_that_layout_alone():
    """Another layout keeps its doubt."""
    (table,) = price_list.read_price_list(ALIKE.encode(), "june.csv").doubtful
    hints = price_list.Hints(layouts={table.key: ColumnChoice(0, (2,))})
    chosen = price_list.read_price_list(ALIKE.encode(), "june.csv", hints)
    assert chosen.doubtful == ()
    assert chosen.rows.column("price").to_pylist() == [int(line.split(";")[2]) for line in ALIKE.splitlines()]
    other = "".join(f"{line.rsplit(';', 1)[0]};pcs;{line.rsplit(';', 1)[1]}\n" for line in ALIKE.splitlines())
    assert len(price_list.read_price_list(other.encode(), "june.csv", hints).doubtful) == 1
