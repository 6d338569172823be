"""Whether the article numbers of two suppliers mean the same."""

from monito_ray.catalog.matching.numbers import LEAST_AGREEING, numbers_agree
from tests.support.articles import article

GOODS = ("red wine", "white wine", "brandy", "vodka", "gin", "rum")


def _pairs(count: int, sku: str = "5231{}"):
    return [
        (article(f"Kuvo {name} 1 l", sku=sku.format(n)), article(f"{name} Kuvo", sku=sku.format(n))) for n, name in enumerate(GOODS[:count])
    ]


def test_numbers_agree_where_words_agree_often_enough():
    """Five goods with equal numbers and words are no chance."""
    assert numbers_agree(_pairs(LEAST_AGREEING))
    assert not numbers_agree(_pairs(LEAST_AGREEING - 1))


def test_one_number_for_other_goods_is_enough_against_it():
    """Numbers of two numberings meet by chance."""
    assert not numbers_agree([*_pairs(LEAST_AGREEING), (article("Kuvo soap", sku="99887"), article("Zarvex candle", sku="99887"))])


def test_running_numbers_are_no_evidence():
    """Every list has an article 1."""
    assert not numbers_agree(_pairs(LEAST_AGREEING, "{}"))


def test_a_number_counts_once():
    """The same article five times is one."""
    assert not numbers_agree(_pairs(1) * LEAST_AGREEING)
