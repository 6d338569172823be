"""What titles and remarks say of all amounts below them."""

import pytest

from monito_ray.pipeline import amount_factors

TITLES = [
    ("Harga (x1000)", 1000),
    ("Harga (ribu)", 1000),
    ("Harga (ribu/kg)", 1000),
    ("Harga dalam ribuan rupiah", 1000),
    ("Price in thousands", 1000),
    ("Цена, тыс. руб.", 1000),
    ("Price (000)", 1000),
    ("Price (k IDR)", 1000),
    ("Price ('000 VND)", 1000),
    ("Preis in Tsd. EUR", 1000),
    ("Harga (juta)", 1_000_000),
    ("Price per 1000", 1),
    ("Price per thousand", 1),
    ("Цена за тыс. шт.", 1),
    ("Price x1000 pcs", 1),
    ("Price 1000", 1),
    ("Price (K)", 1),
    ("Cijena u kn", 1),
    ("", 1),
]
REMARKS = [
    ("Semua harga dalam ribuan rupiah", 1000),
    ("Prices in thousands of IDR", 1000),
    ("Цены в тыс. руб.", 1000),
    ("We have served customers in thousands of shops", 1),
    ("Минимальный заказ 10 тыс. руб.", 1),
]


@pytest.mark.parametrize(("title", "factor"), TITLES)
def test_a_title_may_multiply_its_amounts(title: str, factor: int):
    """Thousands and millions of money count, a thousand pieces do not."""
    assert amount_factors.of_title(title) == factor


@pytest.mark.parametrize(("text", "factor"), REMARKS)
def test_a_remark_may_multiply_all_amounts(text: str, factor: int):
    """It has to say it in words; other sentences with thousands say nothing."""
    assert amount_factors.of_remark(text) == factor


def test_a_cell_may_have_a_factor_of_its_own():
    """That of its title does not count then."""
    assert amount_factors.has_own("25rb")
    assert not amount_factors.has_own("Rp 25")
