"""In whose money a list is, by its article numbers."""

import pytest

from monito_ray.pipeline.rows.barcodes import currency_of_barcodes, is_ean13


def _registered(prefix: str, count: int) -> list[str]:
    """Article numbers under a prefix, each with its check digit."""
    bodies = [f"{prefix}{n:0{12 - len(prefix)}}" for n in range(1, count + 1)]
    return [body + str(-(sum(map(int, body[::2])) + 3 * sum(map(int, body[1::2]))) % 10) for body in bodies]


@pytest.mark.parametrize(
    ("codes", "currency"),
    [
        (_registered("770", 30), "COP"),
        (_registered("779", 30) + _registered("590", 5), "ARS"),
        (_registered("770", 15), ""),
        (_registered("770", 30) + _registered("789", 30), ""),
        ([f"{770_000_000_0000 + n * 7}" for n in range(100)][:19], ""),
        (["770" + "1" * 20] * 100, ""),
    ],
    ids=["most", "nearly all", "few", "two countries", "too few whole", "longer numbers"],
)
def test_article_numbers_of_one_country_speak_for_its_money(codes: list[str], currency: str):
    """Many of one country's, with their check digits, speak for its money."""
    assert currency_of_barcodes(codes) == currency


def test_the_check_digit_tells_article_numbers_from_other_numbers():
    """The last of thirteen digits follows from the twelve before it."""
    assert is_ean13("4006381333931")
    assert not is_ean13("4006381333932")
