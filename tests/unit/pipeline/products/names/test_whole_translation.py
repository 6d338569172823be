"""Names in English, or not at all."""

import pytest

from monito_ray.pipeline.products.names.whole_translation import translate_wholly

ALL = ("ru", "id", "es")
CASES = [
    ("dada ayam", "chicken breast"),
    ("kue coklat", "chocolate cake"),
    ("Масло подсолнечное", "sunflower oil"),
    ("Сок яблочный", "apple juice"),
    ("Bihun beras", "rice vermicelli"),
    ("Bihun Beras Merah", "red rice vermicelli"),
    ("kerupuk emping", "melinjo crackers"),
    ("bihun / beras", "rice vermicelli / rice"),
    ("harina de almendras", "almond flour"),
    ("Масло моторное 5W-30", "engine oil 5W-30"),
    ("Масло моторное Zarvex", "engine oil Zarvex"),
    ("Женская парфюмерная вода рассвета", ""),
    ("Мыло с хвостиком", ""),
    ("Kecap manis Zarvex", ""),
    ("Cabbage red/kol merah", ""),
    ("Сок J7 яблочный", ""),
    ("Мыло «Чай»", ""),
    ("Zarvex 12", ""),
    ("beef with bone", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "english"), CASES)
def test_a_name_is_translated_wholly_or_not_at_all(text: str, english: str):
    """Heads that stand first come last; a name in two languages, or one that is English, is not translated."""
    assert translate_wholly(text, ALL) == english
