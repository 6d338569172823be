"""Columns beside the name that belong to it."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.name_columns import is_variant, more_name_columns, wordiest_first
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_column
from monito_ray.pipeline.tables.titles import Title, parse_title

NAMES = ["Beras Ramos", "Gula Pasir", "Minyak Goreng", "Garam Halus"]
MORE = ["pulen", "putih", "sawit", "beriodium"]


def _columns(*columns: tuple[str, Sequence[Value]]) -> tuple[list[Title], list[ColumnProfile]]:
    return [parse_title(title) for title, _ in columns], [profile_column(cells) for _, cells in columns]


@pytest.mark.parametrize(
    ("columns", "name", "expected"),
    [
        ([("Nama", NAMES), ("", MORE), ("Harga", [1.0] * 4)], 0, (1,)),
        ([("Nama", NAMES), ("Motif", MORE), ("Harga", [1.0] * 4)], 0, ()),  # it has a title of its own
        ([("Nama", NAMES), ("", [6.0, 12.0, 24.0, 6.0]), ("Harga", [1.0] * 4)], 0, ()),  # so is a number beside each name
        ([("", NAMES), ("", MORE), ("", [1.0] * 4)], 0, ()),  # without titles nothing shows that they belong together
        ([("Nama", ["Vas", "", "", "Pot", "", ""]), ("", [*MORE, "a", "b"]), ("Harga", [1.0] * 6)], 0, (1,)),
        ([("", [*MORE, "a", "b"]), ("Nama", ["Vas", "", "", "Pot", "", ""]), ("Harga", [1.0] * 6)], 1, (0,)),
        ([("Nama", NAMES), ("", ["kg", "pcs", "kg", "kg"]), ("Harga", [1.0] * 4)], 0, ()),
    ],
)
def test_untitled_columns_beside_the_name_go_on_with_it(columns: list[tuple[str, list[Value]]], name: int, expected: tuple[int, ...]):
    """Behind the name under a header, on either side of names that stand over a group."""
    titles, profiles = _columns(*columns)
    assert more_name_columns(titles, profiles, name, taken={len(titles) - 1}) == expected


def test_the_name_is_the_wordiest_of_the_columns_under_its_title():
    """The title may stand over sizes, with the names beside it."""
    _, profiles = _columns(("Nama", ["500 g", "1 kg", "2 l", "330 ml"]), ("", NAMES))
    assert wordiest_first(profiles, 0, (1,)) == (1, (0,))
    assert wordiest_first(profiles, 1, (0,)) == (1, (0,))


@pytest.mark.parametrize(
    ("title", "cells", "expected"),
    [
        ("Motif", MORE, True),
        ("", MORE, False),
        ("Stok", [4.0, 8.0, 2.0, 9.0], False),
        ("Motif", ["merah", "", "", ""], False),
        ("Motif", [1.0, 2.0, 3.0, 4.0], False),
        ("Motif", ["kayu jati tua dari hutan Jepara yang lestari"] * 4, False),
        ("Motif", [""] * 4, False),
    ],
)
def test_a_variant_is_titled_short_and_mostly_there(title: str, cells: list[Value], *, expected: bool):
    """And has no role of its own."""
    assert is_variant(parse_title(title), profile_column(cells)) is expected
