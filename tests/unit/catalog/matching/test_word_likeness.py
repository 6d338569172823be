"""Words that are one, misspelled or abbreviated."""

import pytest

from monito_ray.catalog.matching.word_likeness import abbreviates, is_misspelling, is_transliteration, may_be_one

#: Spellings of which one is a usual word.
MISSPELLED = [
    ("turmeric", "turmerik"),
    ("strawberry", "strowberry"),
    ("zucchini", "zucini"),
    ("zanahoria", "sanahoria"),
    ("cebolla", "sebolla"),
    ("баклажан", "боклажан"),
    ("грудка", "грутка"),
]
#: Words too near to tell by letters alone: both usual, or both names.
NO_MISSPELLINGS = [
    ("peach", "peace"),
    ("zarvexone", "zarvexine"),
    ("salted", "unsalted"),
    ("cola", "colas"),
    ("cuaderno", "cuadernola"),
    ("marinated", "farinated"),
]
#: Abbreviations, and spellings of words that nobody knows.
ALIKE = [
    ("shldr", "shoulder"),
    ("jrk", "jeruk"),
    ("mnyk", "minyak"),
    ("smngka", "semangka"),
    ("zarvetto", "zarveto"),
    ("zarvexan", "zarvaxan"),
    ("calzarva", "kalzarva"),
    ("zarvour", "zarvor"),
    ("kuvosy", "kuvosi"),
]
UNLIKE = [
    ("sun", "sunrise"),
    ("pit", "pitted"),
    ("zarvexa", "zarvexo"),
    ("zarvexon", "karvexon"),
    ("salt", "unsalted"),
    ("chop", "chopped"),
    ("zarvex", "sarvex"),
]


@pytest.mark.parametrize(("word", "other"), MISSPELLED)
def test_misspellings_of_usual_words(word, other):
    """One or two letters are wrong in a word that is known."""
    assert is_misspelling(word, other)
    assert is_misspelling(other, word)


@pytest.mark.parametrize(("word", "other"), NO_MISSPELLINGS)
def test_words_that_only_look_alike(word, other):
    """Two names of makers may be as near as a word and its misspelling."""
    assert not is_misspelling(word, other)


@pytest.mark.parametrize(("word", "other"), ALIKE)
def test_words_that_may_be_one(word, other):
    """Where prices and all other words agree, so much likeness is enough."""
    assert may_be_one(word, other)
    assert may_be_one(other, word)


@pytest.mark.parametrize(("word", "other"), UNLIKE)
def test_words_that_stay_apart(word, other):
    """A name within a longer name is no abbreviation, and words that tell goods apart have none."""
    assert not may_be_one(word, other)
    assert not may_be_one(other, word)


def test_a_full_stop_makes_an_abbreviation_of_any_beginning():
    """Whoever writes "Zarv." says that it is short for something."""
    assert abbreviates("zarv", "zarvexito")
    assert not abbreviates("zarv", "kuvo")


def test_a_full_stop_marks_words_without_letters_within():
    """Whoever writes "Sta." means a word with the same last letter."""
    assert abbreviates("sta", "santa")
    assert abbreviates("dna", "dona")
    assert not abbreviates("sta", "salva")
    assert not abbreviates("sa", "sopa")


def test_letters_of_two_alphabets():
    """Makers write their names in both."""
    assert is_transliteration("лунаро", "lunaro")
    assert not is_transliteration("лунаро", "luna")
