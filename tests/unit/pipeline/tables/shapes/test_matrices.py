"""Grids of prices, and columns of several prices of one thing."""

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.profiles import profile_columns
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.shapes.matrices import grid_kinds, with_grid, with_quantities
from monito_ray.pipeline.tables.titles import parse_title

NAMES = ["Margherita", "Salami", "Four cheeses", "Tuna", "Vegetariana", "Hawaii", "Calzone", "Marinara"]
PRICES = [55.0, 62.0, 74.0, 69.0, 59.0, 65.0, 71.0, 49.0]


def _kinds(titles: list[str], *factors: float, blank: bool = False) -> list[str]:
    rows: list[list[Value]] = [
        [name, *(round(price * factor + 3.0 * (n % 3) * (factor != 1), 1) for factor in factors)]
        for n, (name, price) in enumerate(zip(NAMES, PRICES, strict=True))
    ]
    if blank:
        rows = [[*row[:2], "" if n % 2 else row[2], *row[3:]] for n, row in enumerate(rows)]
    profiles = profile_columns(rows, len(titles))
    return list(grid_kinds([parse_title(title) for title in titles], profiles, Roles(name=0, prices=(1,)), rows).values())


@pytest.mark.parametrize(
    ("titles", "factors", "kinds"),
    [
        (["Pizza", "25 cm", "30 cm", "40 cm"], (1, 1.4, 2.2), ["25 cm", "30 cm", "40 cm"]),
        (["Drink", "Price S", "Price M"], (1, 1.3), ["S", "M"]),
        (["Spice", "1 kg", "5 kg", "25 kg"], (1, 0.9, 0.8), []),
        (["Shirt", "Price", "S", "M"], (1, 0.1, 0.2), []),
        (["Item", "Retail", "Wholesale", "Carton"], (1, 0.9, 11), []),
        (["Dog", "Haircut", "Trimming", "Bath"], (1, 1.9, 0.4), ["Haircut", "Trimming", "Bath"]),
    ],
)
def test_sizes_and_services_make_a_grid_and_tiers_do_not(titles: list[str], factors: tuple[float, ...], kinds: list[str]):
    """More of a thing costs more; where it costs less, its numbers are quantities."""
    assert _kinds(titles, *factors) == kinds


def test_unknown_titles_over_one_price_less_a_discount_are_no_grid():
    """Unless some kinds are not there."""
    titles = ["Item", "Alder", "Birch", "Cedar"]
    rows: list[list[Value]] = [[name, price, price * 0.9, price * 0.8] for name, price in zip(NAMES, PRICES, strict=True)]
    parsed = [parse_title(title) for title in titles]
    assert grid_kinds(parsed, profile_columns(rows, 4), Roles(name=0, prices=(1,)), rows) == {}
    assert len(_kinds(titles, 1, 0.9, 0.8, blank=True)) == 3


def test_a_grid_takes_its_columns_from_other_roles():
    """Prices stand in the order of the columns."""
    roles = with_grid(Roles(name=0, prices=(2,), variants=(3,), number=1), {1: "S", 2: "M", 3: "L"})
    assert (roles.prices, roles.variants, roles.number) == ((1, 2, 3), (), None)


def test_quantities_name_prices_beside_a_price():
    """They are wholesale then; alone the first is the price."""
    rows: list[list[Value]] = [[name, price, price * 0.9, price * 0.8] for name, price in zip(NAMES, PRICES, strict=True)]
    profiles = profile_columns(rows, 4)
    beside = with_quantities([parse_title(title) for title in ("Item", "Price", "10+", "50+")], profiles)
    assert [(title.role, title.tier) for title in beside[2:]] == [("price", 2), ("price", 2)]
    alone = with_quantities([parse_title(title) for title in ("Item", "from 5", "from 10", "from 50")], profiles)
    assert [(title.role, title.tier) for title in alone[1:]] == [("price", 1)] * 3
