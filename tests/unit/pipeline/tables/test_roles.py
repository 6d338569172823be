"""Which column holds what."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.roles import Roles, assign_columns
from monito_ray.pipeline.tables.titles import parse_title

NAMES = [f"{name} {grade}" for grade in "ABC" for name in ("Beras", "Gula", "Minyak", "Garam")]
PRICES = [500.0 + 175 * n * n for n in range(1, 13)]
OTHERS = [(n * 53 % 29 + 2) * 1250.0 for n in range(12)]
UNITS = ["kg", "pcs", "dus"] * 4


def _assign(*columns: tuple[str, Sequence[Value]]) -> Roles | None:
    return assign_columns([parse_title(title) for title, _ in columns], [profile_column(cells) for _, cells in columns])


def test_each_role_has_its_column():
    """By title and by cells; what is neither has none."""
    roles = _assign(
        ("No", [float(n) for n in range(1, 13)]),
        ("Kode", [f"KX-{n * 37 % 90}" for n in range(12)]),
        ("Nama Barang", NAMES),
        ("Merk", ["Ramos", "Gulaku", "Bimoli"] * 4),
        ("Satuan", UNITS),
        ("Zorblax", OTHERS),
        ("Harga", PRICES),
    )
    assert roles == Roles(name=2, prices=(6,), number=0, sku=1, brand=3, unit=4, variants=(5,))


def test_cells_alone_carry_a_list():
    """Without any title."""
    roles = _assign(("", [float(n) for n in range(1, 13)]), ("", NAMES), ("", UNITS), ("", PRICES))
    assert roles == Roles(name=1, prices=(3,), number=0, unit=2)


@pytest.mark.parametrize("columns", [[("Nama", NAMES), ("Stok", OTHERS)], [("Harga", PRICES)], [("Nama", NAMES)], []])
def test_a_table_without_names_or_prices_has_no_roles(columns: list[tuple[str, list[Value]]]):
    """Nothing is invented."""
    assert _assign(*columns) is None


def test_a_role_is_given_once():
    """The better of two columns has it."""
    roles = _assign(("Nama", NAMES), ("", UNITS), ("Satuan", UNITS), ("Harga", PRICES))
    assert roles is not None
    assert roles.unit == 2


@pytest.mark.parametrize(
    ("title", "cells", "rival"),
    [
        ("", OTHERS, 2),
        ("Harga", OTHERS, None),  # a title tells which is the price
        ("", [float(n) for n in range(1, 13)], None),  # row numbers are far behind
    ],
)
def test_a_column_that_is_nearly_as_likely_the_price_is_a_rival(title: str, cells: list[Value], rival: int | None):
    """Only where no title tells."""
    roles = _assign(("", NAMES), (title, PRICES), ("", cells))
    assert roles is not None
    assert (roles.prices[0], roles.rival_price) == (1, rival)


@pytest.mark.parametrize("titles", [("Harga beli", ""), ("", "Harga beli"), ("Harga beli", "Zorblax"), ("Harga beli", "Harga jual")])
def test_a_cost_is_no_price_beside_what_is_sold_above_it(titles: tuple[str, str]):
    """Nor a tier of it, whether a title names the price or not."""
    columns = {"Harga beli": [round(price * 0.7) for price in PRICES]}
    roles = _assign(("Nama", NAMES), *((title, columns.get(title, PRICES)) for title in titles))
    assert roles is not None
    assert roles.prices == (1 + next(n for n, title in enumerate(titles) if title != "Harga beli"),)
    assert roles.cost_price is None


def test_a_cost_alone_is_a_price_in_doubt():
    """A buyer's own list calls so what the supplier asks; what is no cost and no price, such as stock, does not count."""
    roles = _assign(("Nama", NAMES), ("Harga beli", PRICES), ("Stok", OTHERS))
    assert roles is not None
    assert (roles.prices, roles.cost_price) == ((1,), 1)


@pytest.mark.parametrize(
    ("titles", "unsaid"),
    [
        (("Zorblax", "Krill", "Wumpe"), 2),
        (("Nama", "Krill", "Wumpe"), None),
        (("Zorblax", "Krill", "Harga"), None),
        (("", "", ""), None),  # a list without a header
    ],
)
def test_titles_that_say_neither_name_nor_price_leave_it_open(titles: tuple[str, str, str], unsaid: int | None):
    """A league table has names and numbers, too."""
    roles = _assign(*zip(titles, (NAMES, UNITS, PRICES), strict=True))
    assert roles is not None
    assert (roles.prices, roles.unsaid_price) == ((2,), unsaid)


def test_a_column_that_is_nearly_as_likely_the_name_is_a_rival():
    """The first of two columns of equally different words is the name, but not surely where the other says more."""
    roles = _assign(("", NAMES), ("", [f"{name}, bagus sekali" for name in NAMES]), ("", PRICES))
    assert roles is not None
    assert (roles.name, roles.rival_name) == (0, 1)
