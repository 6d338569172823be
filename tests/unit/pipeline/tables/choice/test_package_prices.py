"""Titles that are nothing but what is bought."""

import pytest

from monito_ray.pipeline.tables.choice.package_prices import packages_as_prices
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.titles import parse_title

PIECES = [12_500.0, 8_000.0, 21_500.0, 6_750.0]


def tiers(**columns: list[float]) -> dict[str, int]:
    """The tiers of the titles that name prices behind a column of names."""
    titles = [parse_title(title) for title in ("Nama Barang", *columns)]
    profiles = [profile_column(cells) for cells in (["Kopi Lora", "Teh Wina", "Susu Bela", "Roti Sena"], *columns.values())]
    return {title.text: title.tier for title in packages_as_prices(titles, profiles) if title.role == "price"}


def test_a_price_of_a_piece_stands_beside_those_of_packages():
    """The piece's is the one of the smallest quantity."""
    dozens, cartons = [price * 12 - 500 for price in PIECES], [price * 48 - 6_000 for price in PIECES]
    assert tiers(Pcs=PIECES, Lusin=dozens, Karton=cartons) == {"Pcs": 0, "Lusin": 3, "Karton": 3}
    assert tiers(Karton=cartons, Pcs=PIECES) == {"Karton": 3, "Pcs": 0}


@pytest.mark.parametrize(
    "columns",
    [
        {"Pcs": [240.0, 480.0, 96.0, 120.0], "Karton": [10.0, 20.0, 4.0, 5.0]},
        {"Karton": PIECES, "Dus": [price * 12 for price in PIECES]},
        {"Harga": PIECES, "Pcs": [12.0, 24.0, 6.0, 10.0], "Karton": [120.0, 240.0, 60.0, 100.0]},
        {"Pcs": PIECES},
    ],
)
def test_counts_of_packages_are_no_prices(columns: dict[str, list[float]]):
    """More pieces than cartons are in stock; another title names the price; one column proves nothing."""
    assert set(tiers(**columns)) <= {"Harga"}
