"""Families: one thing in all its sizes and packs."""

from monito_ray.catalog.matching.blocking import family_key
from tests.support.articles import article


def test_sizes_and_packs_of_one_thing_are_a_family():
    """What is comparable stands side by side."""
    names = ("Zarvex Cola 330 ml", "Zarvex Cola 1 l", "Zarvex Cola 24x330ml", "Cola Zarvex")
    assert len({family_key(article(name)) for name in names}) == 1


def test_other_things_are_other_families():
    """A variant, a model and a maker make another thing."""
    names = ("Zarvex Cola 330 ml", "Zarvex Cola Zero 330 ml", "Kuvo Cola 330 ml", "Zarvex S10", "Zarvex S20")
    assert len({family_key(article(name)) for name in names}) == len(names)
