"""The terms of texts."""

from decimal import Decimal
from itertools import pairwise

import pytest

from monito_ray.catalog.search import word_forms
from monito_ray.pipeline import lexicon


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tomatoes", "tomato"),
        ("BERRIES", "berry"),
        ("glasses", "glass"),
        ("turkeys", "Turkey"),
        ("limones", "limón"),
        ("яйца", "яйцо"),
        ("помидоров", "помидоры"),
        ("Ёлка", "елки"),
        ("bird's", "birds"),
        ("2,5", "2.5"),
    ],
)
def test_forms_of_a_word_have_one_term(one: str, other: str):
    """Case, accents, apostrophes and endings do not count."""
    assert word_forms.terms_of(one) == word_forms.terms_of(other) != []


@pytest.mark.parametrize(("one", "other"), [("susu", "sushi"), ("pea", "pear"), ("330", "33"), ("рис", "ирис")])
def test_other_words_have_other_terms(one: str, other: str):
    """Stems of short words stay apart, and numbers are whole."""
    assert word_forms.terms_of(one) != word_forms.terms_of(other)


def test_words_and_numbers_are_told_apart():
    """A size written as one word has two terms; marks have none."""
    assert word_forms.terms_of("Cola 330ml (24)") == ["cola", "330", "ml", "24"]


def test_scripts_without_blanks_give_pairs():
    """A word of a longer row of characters is found."""
    assert word_forms.terms_of("大米") == ["大米"]
    assert "大米" in word_forms.terms_of("东北大米5kg")
    assert word_forms.terms_of("鸡") == ["鸡"]


def test_equal_sizes_have_one_term():
    """Of one quantity, in whatever unit; other quantities have others, and units without a base none."""
    assert word_forms.size_term(Decimal(2), "l") == word_forms.size_term(Decimal(2000), "ml") != word_forms.size_term(Decimal(2), "kg")
    assert word_forms.size_term(Decimal(2), "") == ""


def test_a_thing_of_several_words_has_one_term_in_any_order():
    """What "potato chips" are is "chips, potato", too."""
    assert word_forms.main_term(["potato", "chip"]) == word_forms.main_term(["chip", "potato"])


def test_one_thing_has_one_english_word():
    """Two English words for one thing are one, also of several words."""
    assert word_forms.without_synonyms("peeled prawns and spring onions") == "peeled shrimp and scallion"


def test_other_names_of_several_words_are_known_by_their_beginnings():
    """In the singular and the plural: by these alone names are looked through for them."""
    texts = [
        " ".join(word_forms.split_words(other)) + ending
        for others in lexicon.entries("synonyms").values()
        for other in others
        for ending in ("", "s", "es")
    ]
    changed = [words for text in texts if len(words := text.split(" ")) > 1 and word_forms.without_synonyms(text) != text]
    assert len(changed) > 1
    assert [
        words
        for words in changed
        if not any(word_forms.without_synonyms(word) != word for word in words)
        and word_forms.beginnings_of_synonyms().isdisjoint(pairwise(words))
    ] == []
