"""Names in lines."""

import pytest

from monito_ray.pipeline.lines import line_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("- Gula pasir 1kg :", "Gula pasir 1kg"),
        ("1) Омуль х/к —", "Омуль х/к"),
        ("🎧 Air buds 2 —", "Air buds 2"),
        ("Coca Cola ........", "Coca Cola"),
        ("### 3. Oak board", "Oak board"),
        ("*Beras Merah*", "Beras Merah"),
        ("Bayam harga", "Bayam"),
        ("Vitamin A", "Vitamin A"),
        ("Бетон М350 (", "Бетон М350"),
    ],
)
def test_a_name_is_what_is_left_without_bullets_and_what_leads_to_the_price(text: str, name: str):
    """Bullets, numbers, emoji, leaders and the word for the price go."""
    assert line_names.clean_name(text) == name


@pytest.mark.parametrize("text", ["250 г", "за кг", "от", "1 kilo", "per 100 g", "—"])
def test_quantities_and_small_words_are_no_name(text: str):
    """They say how much a price is for, not what is sold."""
    assert not line_names.says_name(text)


@pytest.mark.parametrize(
    "name", ["Total", "Delivery", "Min order", "we paid him", "Yes, within 30 days. A restocking fee of", "Сумма заказа", "Ongkir Bali"]
)
def test_sums_conditions_and_talk_are_no_goods(name: str):
    """An amount behind them is no price."""
    assert not line_names.is_name(name)


def test_a_description_behind_a_dash_is_not_the_name():
    """Unless it is short."""
    assert line_names.without_description("Negroni – gin, campari and sweet vermouth") == "Negroni"
    assert line_names.without_description("Soda – can") == "Soda – can"


def test_a_kind_of_price_is_not_the_name():
    """It says which of several prices follows."""
    assert line_names.without_tier("Honey 1 kg - retail") == ("Honey 1 kg", "retail")


def test_letters_drawn_apart_are_a_heading():
    """No goods are written so."""
    assert line_names.is_letter_spaced("V I N I B I A N C H I")
    assert not line_names.is_letter_spaced("Vini bianchi")
