"""Doubts about numbers of which nothing says that they are prices."""

import pytest

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.rows.price_list import read_price_list

CALORIES = "Apple,52\nBanana,89\nBread,265\nButter,717\nRice,130\nEgg,155\n"
UNSAID = "no title and no currency says that these are prices"


def _doubts(text: str) -> str:
    return " ".join(read_price_list(text.encode(), "list.csv").certainty.doubts)


@pytest.mark.parametrize(
    "text",
    [
        f"Food,Zork\n{CALORIES}",
        "Pos,Team,Pts\n1,Rovers,45\n2,United,41\n3,City,38\n4,Athletic,33\n5,Wanderers,30\n6,Albion,22\n",
        "Rovers;45\nUnited;41\nCity;38\nAthletic;33\nWanderers;30\nAlbion;22\n",
    ],
)
def test_whole_numbers_without_a_sign_of_money_are_doubted(text: str):
    """Small ones under titles that say no price, and such as fall from row to row."""
    assert UNSAID in _doubts(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Food,kcal\n{CALORIES}",
        "Article,Views,Comments\nHow to bake,1250,13\nBest towns,3310,55\nOld maps,720,19\nGarden in May,1820,21\n",
    ],
)
def test_numbers_below_titles_of_counts_are_no_prices(text: str):
    """They are not read at all."""
    with pytest.raises(NoPricesFound):
        read_price_list(text.encode(), "list.csv")


@pytest.mark.parametrize(
    "text", [f"Food,Price\n{CALORIES}", f"Food,Rp/kg\n{CALORIES}", f"Price list\n{CALORIES}", f"Food,Zork\n{CALORIES.replace(',', ',$')}"]
)
def test_a_title_or_a_currency_says_prices(text: str):
    """Wherever it stands."""
    assert UNSAID not in _doubts(text)


def test_two_columns_of_prices_in_unknown_words_are_doubted():
    """The one that was not chosen may be the price."""
    rows = (
        "Olive oil,500 ml,12.50,9.90\nHoney,250 g,8.00,6.50\nLentils,1 kg,4.20,3.60\nRye flour,2 kg,5.10,4.10\nVinegar,750 ml,3.90,2.95\n"
    )
    assert "may hold the prices as well as" in _doubts(f"Product,Size,Zub,Mip\n{rows}")
    assert _doubts(f"Product,Size,Was,Now\n{rows}") == ""
