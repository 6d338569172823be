"""The features of a row."""

from decimal import Decimal

import pytest

from monito_ray.catalog.matching.article import article_from_json, as_json
from tests.support.articles import article

#: Names, and the numbers that their sizes and packs leave over.
NUMBERS = [
    ("Kuvo Tuna 24x330 ml", ()),
    ("Kuvo Tuna 330ml x 24", ()),
    ("Kuvo Tuna 0,33 l", ()),
    ("Kuvo Tuna 100 g (48/dus)", ()),
    ("Kuvo Phone S10+", ("10", "+")),
    ("Kuvo Pipe 16x25x16", ("16x25x16",)),
    ("Kuvo Vodka 40% 700 ml", ("40%",)),
    ("Kuvo Valve 1/2", ("1/2",)),
    ("Kuvo Flour 0000 1 kg", ("0000",)),
    ("Kuvo Tint KDA211/1L/AA7", ("211", "7")),
    ("Kuvo Cable 16 mm x 5 m", ("16x5000",)),
    ("Kuvo Sambal level 1 jumbo 3 1 kg", ("1", "3")),
    ("Kuvo Sambal 1 kg level 1", ("1",)),
    ("Kuvo Sambal 1x1 kg", ()),
    ("Kuvo Sambal 1 kg x 1", ()),
    ("Kuvo Sambal 1 kg 1000 g", ()),
    ("Kuvo Tea 24 level 2 24x330 ml", ("24", "2")),
    ("Kuvo Tea 24 level 2 isi 24 330 ml", ("24", "2")),
    ("Kuvo Tea isi 24 level 2 330 ml", ("2",)),
    ("Kuvo Pads 16's maxi 26 cm", ("260",)),
    ("Kuvo Pads 16 maxi 5 16's", ("16", "5")),
    ("Kuvo Plug 12 level 2 12 pcs", ("12", "2")),
    ("Kuvo Board 5x10 5 kg", ("5x10",)),
    ("Kuvo Vodka 40 level 40% 700 ml", ("40", "40%")),
]

#: Names of goods whose size or pack stands in a column, its fields, and the numbers that are left over.
NUMBERS_BESIDE_COLUMNS = [
    ("Kuvo Tuna 330", {"size": Decimal(330), "unit": "ml"}, ()),
    ("Kuvo Tuna 330x24", {"size": Decimal(330), "unit": "ml", "pack_count": 24}, ()),
    ("Kuvo Tuna 330 24/dus", {"size": Decimal(330), "unit": "ml", "pack_count": 24}, ()),
    ("Kuvo Scent 02", {"size": Decimal(2), "unit": "ml"}, ("02",)),
    ("Kuvo Scent 02 - 2", {"size": Decimal(2), "unit": "ml"}, ("02",)),
    ("Kuvo Tuna 24", {"pack_count": 24}, ()),
    ("Kuvo Tuna 10x50 50 g", {"pack_count": 10}, ()),
    ("Kuvo Sambal level 1 jumbo 3", {"size": Decimal(1), "unit": "kg"}, ("1", "3")),
    ("Kuvo Sambal level 3 jumbo 1", {"size": Decimal(1), "unit": "kg"}, ("3",)),
    ("Kuvo Sambal level 1 jumbo 1", {"size": Decimal(1), "unit": "kg"}, ("1",)),
    ("Kuvo Tea level 24 jumbo 3", {"pack_count": 24}, ("24", "3")),
    ("Kuvo Tea level 3 jumbo 24", {"pack_count": 24}, ("3",)),
]


@pytest.mark.parametrize(("name", "numbers"), NUMBERS)
def test_numbers_that_tell_goods_apart(name, numbers):
    """Sizes, packs and how many are in a carton are no part of the name; all other numbers are."""
    assert article(name).numbers == numbers


@pytest.mark.parametrize(("name", "fields", "numbers"), NUMBERS_BESIDE_COLUMNS)
def test_a_bare_number_is_what_a_column_says_only_where_it_ends_the_name(name, fields, numbers):
    """Size and pack explain one number each, and none where the name says them with a unit."""
    assert article(name, **fields).numbers == numbers


def test_a_count_beside_the_size_is_none_of_the_numbers():
    """A carton's count often stands beside the price for one piece; the prices say which it is."""
    one = article("Kuvo Tuna 40gx48", pack_count=1)
    assert (one.numbers, one.count_in_name) == ((), 48)
    assert article("Kuvo Tint KDA211/1L", pack_count=1).count_in_name == 0


def test_letters_at_numbers_are_codes():
    """Letters without a gap are part of the model."""
    assert article("Kuvo B16 3N").codes == ("b16", "3n")


#: Names, and their numbers with the words next to these.
BOUND_NUMBERS = [
    ("Kuvo sambal level 1 the jumbo 3", [("level", "1", "jumbo"), ("jumbo", "3", "")]),
    ("Kuvo sambal level 1 500 g jumbo 3", [("level", "1", "jumbo"), ("jumbo", "3", "")]),
    ("Kuvo tint 7 12 levels", [("tint", "7", ""), ("", "12", "level")]),
    ("Kuvo tint 20 level 30 caps", [("tint", "20", "level"), ("level", "30", "capsule")]),
    ("Kuvo sambal level 1", []),
    ("Kuvo sambal level 1 jumbo 1", []),
]


@pytest.mark.parametrize(("name", "bound"), BOUND_NUMBERS)
def test_words_at_numbers(name, bound):
    """Sizes and words that say nothing are no neighbours; where no two numbers differ, none needs any."""
    assert list(article(name, pack_count=1).bound_numbers) == bound


@pytest.mark.parametrize("name", ["Kuvo Tuna 24x330 ml (тунец)", "Kuvo sambal level 1 jumbo 3"])
def test_an_article_is_stored_and_read_back(name):
    """It is made once and kept beside its offer."""
    one = article(name, sku="8991234567899", section="Fish")
    assert article_from_json(as_json(one)) == one


def test_a_kilogram_is_what_goods_sold_loose_cost():
    """A piece of one kilogram and a price for one are the same."""
    assert article("Kuvo Flour 1 kg").loose == article("Kuvo Flour", price_unit="kg").loose == "kg"
    assert not article("Kuvo Flour 1 kg").size


def test_a_name_that_is_a_colour_alone_takes_the_section_along():
    """One colour stands under two paints."""
    assert article("red 0.9 kg", section="Enamel Kuvo").written == ("enamel", "kuvo", "red")
    assert article("Tomato 0.9 kg", section="Enamel Kuvo").written == ("tomato",)
