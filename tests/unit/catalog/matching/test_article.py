"""The features of a row."""

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
]


@pytest.mark.parametrize(("name", "numbers"), NUMBERS)
def test_numbers_that_tell_goods_apart(name, numbers):
    """Sizes, packs and how many are in a carton are no part of the name; all other numbers are."""
    assert article(name).numbers == numbers


def test_a_count_beside_the_size_is_none_of_the_numbers():
    """A carton's count often stands beside the price for one piece; the prices say which it is."""
    one = article("Kuvo Tuna 40gx48", pack_count=1)
    assert (one.numbers, one.count_in_name) == ((), 48)
    assert article("Kuvo Tint KDA211/1L", pack_count=1).count_in_name == 0


def test_letters_at_numbers_are_codes():
    """Letters without a gap are part of the model."""
    assert article("Kuvo B16 3N").codes == ("b16", "3n")


def test_an_article_is_stored_and_read_back():
    """It is made once and kept beside its offer."""
    one = article("Kuvo Tuna 24x330 ml (тунец)", sku="8991234567899", section="Fish")
    assert article_from_json(as_json(one)) == one


def test_a_kilogram_is_what_goods_sold_loose_cost():
    """A piece of one kilogram and a price for one are the same."""
    assert article("Kuvo Flour 1 kg").loose == article("Kuvo Flour", price_unit="kg").loose == "kg"
    assert not article("Kuvo Flour 1 kg").size


def test_a_name_that_is_a_colour_alone_takes_the_section_along():
    """One colour stands under two paints."""
    assert article("red 0.9 kg", section="Enamel Kuvo").written == ("enamel", "kuvo", "red")
    assert article("Tomato 0.9 kg", section="Enamel Kuvo").written == ("tomato",)
