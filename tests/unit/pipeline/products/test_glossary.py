"""Words of the trade and their English."""

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
    ("Свёкла, Piña, pina", "beetroot, pineapple, pineapple", 1.0),
    ("Zarvex", "Zarvex", 0.0),
    ("С лёгким сердцем", "С лёгким сердцем", 0.0),
]


@pytest.mark.parametrize(("text", "english", "share"), CASES)
def test_the_longest_phrase_is_translated(text: str, english: str, share: float):
    """Other words stay as they are, and lower the share."""
    assert glossary.translate(text) == (english, pytest.approx(share))


LISTS = [
    (["Air mineral", "Ayam utuh", "Kecap manis", "Tomato"], ("ru", "id")),
    (["Aceite de girasol", "Harina de trigo", "Queso crema"], ("ru", "es")),
    (["Tomato", "Frying pan", "Air freshener", "Cat food"], ("ru",)),
    (["Молоко", "Хлеб"], ("ru",)),
    ([], ("ru",)),
]


@pytest.mark.parametrize(("texts", "languages"), LISTS)
def test_a_lists_words_show_its_languages(texts: list[str], languages: tuple[str, ...]):
    """Russian needs no proof: its script shows where it applies."""
    assert glossary.detect_languages(texts) == languages


def test_a_word_of_another_language_stays():
    """The word pan is bread in a Spanish list alone."""
    assert glossary.translate("Frying pan", ("ru",))[0] == "Frying pan"
    assert glossary.translate("Pan", ("es",))[0] == "bread"


@pytest.mark.parametrize("word", ["ayam", "сыр", "queso", "premium", "газированная"])
def test_words_of_the_trade_are_in_no_brand(word: str):
    """They are recognized in every language, adjectives and inflected forms among them."""
    assert glossary.is_trade_word(word)
    assert not glossary.is_trade_word(f"zq{word}")


@given(st.text(max_size=60))
def test_numbers_come_through_unchanged(text: str):
    """Whatever the text, and its share lies between 0 and 1."""
    english, share = glossary.translate(text)
    assert [char for char in english if char.isdigit()] == [char for char in text if char.isdigit()]
    assert 0.0 <= share <= 1.0
