"""Numbers in the languages of chats."""

from decimal import Decimal

import pytest

from monito_ray.messages.local_numbers import numbers_of


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["3,883", "8.1", "24.8 MB", "20 MB", "+5.2%", "-50%", "75,000", "3.50"]),
        ("ru", ["3 883", "8,1", "24,8 МБ", "20 МБ", "+5,2 %", "-50 %", "75 000", "3,50"]),
        ("id", ["3.883", "8,1", "24,8 MB", "20 MB", "+5,2%", "-50%", "75.000", "3,50"]),
    ],
)
def test_numbers_are_written_as_people_write_them(language: str, texts: list[str]):
    """Counts with thousands, the point or comma of the language, sizes of files, shares with their sign."""
    numbers = numbers_of(language)
    shown = [
        numbers.count(3883),
        numbers.decimal(8.123),
        numbers.megabytes(24.84),
        numbers.megabytes(20),
        numbers.change(0.0523),
        numbers.change(-0.5),
        numbers.amount(Decimal("75000.000000")),
        numbers.amount(Decimal("3.5")),
    ]
    assert list(map(_plain, shown)) == texts


@pytest.mark.parametrize(
    ("language", "price", "currency", "text"),
    [
        ("en", "75000", "IDR", "75,000 IDR"),
        ("id", "75000", "IDR", "Rp75.000"),
        ("ru", "75000", "IDR", "75 000 IDR"),
        ("ru", "1234.5", "RUB", "1 234,50 ₽"),
        ("en", "3.5", "USD", "$3.50"),
        ("en", "3", "", "3"),
    ],
)
def test_money_has_the_sign_of_the_language_or_its_code(language: str, price: str, currency: str, text: str):
    """A list without a currency shows the amount alone."""
    assert _plain(numbers_of(language).money(Decimal(price), currency)) == text


@pytest.mark.parametrize(
    ("price", "text"), [("20757.58", "20 758"), ("12.347", "12,35"), ("0.5", "0,50"), ("0.012345", "0,0123"), ("90000", "90 000")]
)
def test_a_divided_price_has_no_digits_that_nobody_read(price: str, text: str):
    """A price for a kilogram shows what tells it from others."""
    assert _plain(numbers_of("ru").base_amount(Decimal(price))) == text
