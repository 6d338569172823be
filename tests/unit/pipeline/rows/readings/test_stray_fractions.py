"""Small prices with a fraction in currencies whose cents are not in use."""

import pytest

from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.price_list import Hints

USUAL = ("42,000", "18,000", "12,000", "17,000", "25,500", "31,000")


def _doubts(currency: str, *texts: str) -> list[str]:
    goods = "".join(f"Beras {chr(97 + n) * 3};kg;{text}\n" for n, text in enumerate(texts))
    read = price_list.read_price_list(f"Nama;Satuan;Harga\n{goods}".encode(), "f.csv", Hints(currency=currency))
    doubts: list[str] = read.rows.column("doubt").to_pylist()
    return doubts


@pytest.mark.parametrize(("text", "doubt"), [("27,5", "27,5 was read as 27.5"), ("12,75", "12,75 was read as 12.75"), ("75", "")])
def test_a_price_with_a_fraction_far_below_the_others_is_in_doubt(text: str, doubt: str):
    """Its writer may have meant thousands; a whole price may be as low."""
    assert _doubts("IDR", *USUAL, text) == [*[""] * len(USUAL), doubt]


@pytest.mark.parametrize(
    ("currency", "texts"),
    [
        ("USD", (*USUAL, "27,5")),
        ("IDR", ("950.25", "42,000.50", "18,000.75", "12,000", "170,000", "255,000", "310,000")),
        ("IDR", ("1,750.5", "42,000", "18,000", "12,000", "17,000", "25,500")),
    ],
)
def test_a_fraction_that_the_list_may_have_is_no_doubt(currency: str, texts: tuple[str, ...]):
    """Cents are in use, or usual prices of the list have them, or the price is not far below."""
    assert not any(_doubts(currency, *texts))
