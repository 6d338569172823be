"""What is left over in names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline.products.names.tidying import tidy

CASES = [
    ('Смартфон " "', "Смартфон"),
    ("Rice ( ) white", "Rice white"),
    ("Лепёшка, ( в г/я)", "Лепёшка"),
    ("Cheese (Dutch", "Cheese Dutch"),
    ("Cheese Dutch) young", "Cheese Dutch young"),
    ('Pipe 3/4" brass', 'Pipe 3/4" brass'),
    ('Soap "Rose', "Soap Rose"),
    ('Мыло "Роза"', 'Мыло "Роза"'),
    ("Almond (बादाम)", "Almond (बादाम)"),
    ("手机 (黑)", "手机 (黑)"),
    ("Coffee, , ground", "Coffee, ground"),
    ("  Tape   50 mm x ", "Tape 50 mm"),
    ("Кофе в", "Кофе"),
    ("Вешалка, липа, шт", "Вешалка, липа"),
    ("Plug in", "Plug in"),
    ("- Tea / ", "Tea"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "tidied"), CASES)
def test_marks_without_content_are_taken_out(text: str, tidied: str):
    """Quotes and brackets stay in pairs, and no name ends with a dash or a small word."""
    assert tidy(text) == tidied


@given(st.text(alphabet='ab1 "()[]«»-,/x', max_size=30))
def test_words_stay_and_brackets_are_in_pairs(text: str):
    """Whatever the marks."""
    tidied = tidy(text)
    assert tidied.count("(") == tidied.count(")")
    assert tidied.count("[") == tidied.count("]")
    assert tidied == " ".join(tidied.split())
