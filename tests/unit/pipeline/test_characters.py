"""Parts of regular expressions."""

import re

from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline.characters import WORD, any_of, any_phrase


def test_the_longest_of_several_words_is_found():
    """A word that begins another one does not hide it, and signs are taken literally."""
    words = re.compile(any_of(["kg", "kilo", "kilogram", "gr.", "g"]))
    assert words.findall("kilogram kilo gr. g") == ["kilogram", "kilo", "gr.", "g"]
    assert words.fullmatch("grx") is None


def test_no_words_match_only_the_empty_text():
    """An empty vocabulary finds nothing in a text."""
    assert re.fullmatch(any_of([]), "kg") is None
    assert re.search(any_phrase([]), "kg") is None


def test_a_phrase_may_have_open_endings_and_lack_full_stops():
    """`*` stands for any ending; white space between the words of a phrase may be of any length."""
    phrases = re.compile(any_phrase(["net wt.", "вес* нетто"]))
    for text in ("net wt.", "net   wt", "веса нетто", "вес нетто"):
        assert phrases.fullmatch(text), text
    assert phrases.fullmatch("netwt.") is None


def test_the_longest_phrase_is_tried_first():
    """A phrase that begins another one does not cut it short."""
    assert re.match(any_phrase(["price", "price list"]), "price list of June").group() == "price list"


def test_a_word_is_tied_by_hyphens_and_apostrophes():
    """Signs at its edges are not part of it, nor is the underscore."""
    assert re.findall(WORD, "-Jack's semi-sweet_7UP-") == ["Jack's", "semi-sweet", "7UP"]


@given(st.lists(st.text("abc.+", min_size=1, max_size=4), min_size=1, max_size=8), st.text("abc.+", max_size=4))
def test_any_of_several_words_matches_these_and_nothing_else(words: list[str], text: str):
    """The tree of letters says the same as a list of alternatives."""
    assert (re.fullmatch(any_of(words), text) is not None) == (text in words)
