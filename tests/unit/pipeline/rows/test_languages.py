"""In whose money a list is, by its language."""

import pytest

from monito_ray.pipeline.rows.languages import currency_of_language

RUSSIAN = "Болт оцинкованный, гайка шестигранная, шайба плоская, саморез кровельный"


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        (RUSSIAN, "RUB"),
        (RUSSIAN + ", цвях будівельний", "UAH"),
        (RUSSIAN + ", жаңа бұйым", "KZT"),
        (RUSSIAN + ", цвях будівельний, жаңа бұйым", ""),
        ("Болт М8, a list in Latin letters of goods with one Russian name", ""),
        ("Ryż biały, mąka żytnia, cukier biały, łyżka, żurek", "PLN"),
        ("Beras putih, kecap manis, minyak goreng, gula pasir", "IDR"),
        ("Beras, kecap: two words in an otherwise English list of sauces and rice", ""),
        ("Frozen chicken wings, sunflower oil, basmati rice", ""),
        ("", ""),
    ],
)
def test_a_language_of_one_country_shows_its_money(text: str, currency: str):
    """Letters that no other language has, or several of its own words; two such languages together, and a few words, show nothing."""
    assert currency_of_language(text) == currency


def test_russian_elsewhere_is_no_rouble():
    """Russian is written in many countries: where anything speaks for another one, the language is no proof."""
    assert currency_of_language(RUSSIAN, elsewhere=True) == ""
