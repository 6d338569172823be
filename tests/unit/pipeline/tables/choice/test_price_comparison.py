"""What speaks for one column of prices before the others."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.choice.price_comparison import COMPARISON
from monito_ray.pipeline.tables.price_columns import choose_prices
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.titles import Title, parse_title

NAMES = [f"{name} {grade}" for grade in "ABC" for name in ("Beras", "Gula", "Minyak", "Garam")]
PRICES = [500.0 + 200 * n * n for n in range(1, 13)]
COSTS = [round(price * (0.71 + n % 3 / 100), 2) for n, price in enumerate(PRICES)]
TAXES = [price * 0.11 for price in PRICES]
TAXED = [price * 1.11 for price in PRICES]
TAXED_AT_SEVERAL_RATES = [price * (1.2, 1.1, 1.0)[n % 3] for n, price in enumerate(PRICES)]
QUANTITIES = [2.0, 7.0, 3.0, 12.0, 4.0, 9.0, 5.0, 6.0, 8.0, 10.0, 11.0, 3.0]
DEPOSITS = [quantity * 0.15 for quantity in QUANTITIES]
DEPOSITED = [price + deposit for price, deposit in zip(PRICES, DEPOSITS, strict=True)]


def _terms(column: int, *columns: tuple[str, Sequence[Value]]) -> dict[str, float]:
    """What speaks for a column behind the names as the main price."""
    everything = [("", NAMES), *columns]
    titles, profiles = [parse_title(title) for title, _ in everything], [profile_column(cells) for _, cells in everything]
    return dict(choose_prices(titles, profiles, name=0).scores[column].terms)


@pytest.mark.parametrize(
    ("column", "columns", "label", "points"),
    [
        (2, [("", COSTS), ("", PRICES)], "dearer by a markup", COMPARISON.dearer),
        (2, [("", COSTS), ("", PRICES)], "rounder than others", COMPARISON.rounder),
        (1, [("", TAXES), ("", PRICES)], "a fixed small part of another column", -COMPARISON.fixed_part),
        (2, [("", PRICES), ("", [price * 11.5 for price in PRICES])], "a carton's by its ratio", -COMPARISON.carton),
        (2, [("", PRICES), ("", [price * 12 for price in PRICES])], "a carton's by its ratio", -COMPARISON.carton),
        (
            2,
            [("", PRICES), ("", [price * 10 for price in PRICES])],
            "a carton's by its ratio",
            -COMPARISON.carton * COMPARISON.doubtful_carton,
        ),
        (1, [("", [price / 16_000 for price in PRICES]), ("", PRICES)], "foreign money", -COMPARISON.foreign),
        (1, [("Harga 01.03.2024", PRICES), ("Harga 01.06.2024", PRICES)], "an older price", -COMPARISON.older),
        (1, [("Harga grosir", PRICES), ("Harga", PRICES)], "tier of the title", -COMPARISON.tier),
        (2, [("Harga / dus", PRICES), ("", DEPOSITS), ("Harga", DEPOSITED)], "added to another price", -COMPARISON.added),
        (2, [("Harga", PRICES), ("", COSTS)], "another title names a price", -COMPARISON.untitled),
        (2, [("Price/pc", PRICES), ("Sale price/pc", COSTS)], "the lower of two prices of today", COMPARISON.reduced),
        (2, [("Price 1-9", PRICES), ("Price 10-49", COSTS)], "of a larger quantity", -COMPARISON.larger_quantity),
        (1, [("Harga + PPN", TAXED), ("Harga DPP", PRICES)], "with the tax", COMPARISON.with_tax),
        (2, [("Price excl. VAT", PRICES), ("Price", TAXED_AT_SEVERAL_RATES)], "with the tax", COMPARISON.with_tax),
    ],
)
def test_what_is_weighed(column: int, columns: list[tuple[str, list[Value]]], label: str, points: float):
    """By ratios, by titles, by the rest of the table."""
    assert _terms(column, *columns)[label] == points


@pytest.mark.parametrize(
    ("column", "columns", "label"),
    [
        (2, [("", TAXES), ("", PRICES)], "a carton's by its ratio"),  # nine times its tax
        (1, [("", PRICES), ("", [price * 12 for price in PRICES])], "a fixed small part of another column"),  # one of twelve
        (2, [("Harga", PRICES), ("Harga", COSTS)], "dearer by a markup"),  # titles tell
        (2, [("Price", COSTS), ("Price", PRICES)], "with the tax"),  # no title speaks of one
        (2, [("Harga DPP 1", PRICES), ("Harga DPP 2", TAXED)], "with the tax"),  # both are without it
        (2, [("Price without box", PRICES), ("Price with box", TAXED)], "with the tax"),
        (2, [("Price excl. VAT", COSTS), ("Price incl. VAT", PRICES)], "with the tax"),  # more than any tax
        (2, [("Wholesale price excl. VAT", PRICES), ("Price incl. VAT", TAXED)], "with the tax"),  # another tier
        (1, [("Price 1-9", COSTS), ("Price 10-49", PRICES)], "of a larger quantity"),
        (2, [("Price 1-9", PRICES), ("Wholesale price 10-49", COSTS)], "of a larger quantity"),
    ],
)
def test_what_is_not_weighed(column: int, columns: list[tuple[str, list[Value]]], label: str):
    """A price is no carton of its tax, a piece no tax of its carton."""
    assert label not in _terms(column, *columns)


@pytest.mark.parametrize("columns", [(COSTS, PRICES), (PRICES, COSTS), (COSTS, PRICES, TAXES), (TAXES, COSTS, PRICES), (PRICES, TAXES)])
def test_without_titles_the_price_is_neither_its_cost_nor_its_tax(columns: tuple[list[float], ...]):
    """On whichever side of it they stand, and surely."""
    titles, profiles = [Title("")] * (len(columns) + 1), [profile_column(cells) for cells in (NAMES, *columns)]
    choice = choose_prices(titles, profiles, name=0)
    assert choice.columns[0] == 1 + columns.index(PRICES)
    assert choice.lead > 1


def test_the_price_of_an_order_is_neither_its_quantity_nor_its_sum():
    """Quantity times price is the sum, blank where nothing is ordered."""
    sums: list[Value] = [
        None if n % 4 == 0 else quantity * price for n, (quantity, price) in enumerate(zip(QUANTITIES, PRICES, strict=True))
    ]
    quantities: list[Value] = [None if n % 4 == 0 else quantity for n, quantity in enumerate(QUANTITIES)]
    profiles = [profile_column(cells) for cells in (NAMES, quantities, sums, PRICES)]
    assert choose_prices([Title("")] * 4, profiles, name=0).columns == (3,)


@pytest.mark.parametrize(
    ("titles", "columns", "main"),
    [
        (("Harga grosir", "Zorblax"), (COSTS, PRICES), 2),  # what is dearer and rounder beside a wholesale price
        (("Harga grosir", "Zorblax"), (PRICES, COSTS), 1),  # what is cheaper is no price of one piece
        (("Harga lama", "Zorblax"), (PRICES, [price * 0.9 for price in PRICES]), 2),  # an old price alone is not today's
        (("Harga", "Zorblax"), (COSTS, PRICES), 1),  # a title of a price is believed
        (("Harga", ""), ([float(n) for n in range(1, 13)], PRICES), 2),  # but not over running numbers
    ],
)
def test_a_title_of_another_tier_does_not_hide_a_price_in_unknown_words(
    titles: tuple[str, str], columns: tuple[list[float], ...], main: int
):
    """Ratios tell whether the untitled column is the better one."""
    profiles = [profile_column(cells) for cells in (NAMES, *columns)]
    assert choose_prices([Title(""), *map(parse_title, titles)], profiles, name=0).columns[0] == main


def test_a_steady_ratio_is_seen_in_a_short_table():
    """Five rows are too few to move together, but not to have a markup."""
    profiles = [profile_column(cells[:5]) for cells in (NAMES, [price * 0.7 for price in PRICES], PRICES)]
    assert choose_prices([Title("")] * 3, profiles, name=0).columns[0] == 2
