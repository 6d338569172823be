"""What the words of the trade are in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline.products import glossary

CASES = [
    ("dada ayam", "chicken breast", 1.0),
    ("Kecap manis Zarvex", "sweet soy sauce Zarvex", 2 / 3),
    ("susu coklat zero", "chocolate milk zero", 1.0),
    ("Масло подсолнечное", "sunflower oil", 1.0),
    ("Вода газированная", "sparkling water", 1.0),
    ("harina de almendras", "almond flour", 1.0),
    ("Comp. Rec. 500", "film-coated tablets. 500", 1.0),
    ("beef with bone", "beef with bone", 1.0),
    ("205/55 R16", "205/55 R16", 1.0),
    ("Zarvex", "Zarvex", 0.0),
    ("С лёгким сердцем", "С лёгким сердцем", 0.0),
]


@pytest.mark.parametrize(("text", "english", "known"), CASES)
def test_translate(text: str, english: str, known: float):
    """The longest phrase is translated, what is unknown stays, and the share of known words is told."""
    assert glossary.translate(text) == (english, pytest.approx(known))


LISTS = [
    (["Air mineral", "Ayam utuh", "Kecap manis", "Tomato"], ("ru", "id")),
    (["Aceite de girasol", "Harina de trigo", "Queso crema"], ("ru", "es")),
    (["Tomato", "Frying pan", "Air freshener", "Cat food"], ("ru",)),
    (["Молоко", "Хлеб"], ("ru",)),
    ([], ("ru",)),
]


@pytest.mark.parametrize(("texts", "languages"), LISTS)
def test_languages(texts: list[str], languages: tuple[str, ...]):
    """A list's words tell its languages."""
    assert glossary.detect_languages(texts) == languages


def test_a_word_of_another_language_stays():
    """The word pan is bread in a Spanish list alone."""
    assert glossary.translate("Frying pan", ("ru",))[0] == "Frying pan"
    assert glossary.translate("Pan", ("es",))[0] == "bread"


@pytest.mark.parametrize("word", ["ayam", "сыр", "queso", "premium", "газированная"])
def test_words_of_the_trade(word: str):
    """Words of the trade are known in every language."""
    assert glossary.is_trade_word(word)
    assert not glossary.is_trade_word(f"zq{word}")


@given(st.text(max_size=60))
def test_numbers_stay(text: str):
    """Whatever the text, its numbers come through unchanged, and the share lies between 0 and 1."""
    english, known = glossary.translate(text)
    assert [char for char in english if char.isdigit()] == [char for char in text if char.isdigit()]
    assert 0.0 <= known <= 1.0
