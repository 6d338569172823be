"""Words that are one, misspelled or abbreviated."""

from random import Random

import pytest

from monito_ray.catalog.matching import canonical_words
from monito_ray.catalog.matching.word_likeness import (
    abbreviates,
    is_misspelling,
    is_transliteration,
    may_be_one,
    spelling_key,
    transliteration_key,
)
from monito_ray.pipeline.products import glossary

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


def _spelled_wrong(word, random):
    letters = list(word)
    for _ in range(random.choice((1, 1, 2))):
        place, letter = random.randrange(len(letters) - 1), random.choice("abdeikmnorst" if word.isascii() else "абвдеиклмнорст")
        change = random.randrange(4)
        if change == 0:
            letters[place] = letter
        elif change == 1:
            letters.insert(place, letter)
        elif change == 2 and len(letters) > 4:
            del letters[place]
        else:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def test_a_usual_word_and_its_misspellings_share_a_key():
    """Words of all glossaries, those that begin with a stem, too, with letters that are wrong, missing, added or changed round."""
    random = Random(7)  # noqa: S311
    usual = sorted(word for word in canonical_words.usual_words() if len(word) > 4)[::5]
    usual += [stem + ending for stem in glossary.trade_stems()[::3] for ending in ("", "а", "ами")]
    pairs = [(word, wrong) for word in usual if is_misspelling(word, wrong := _spelled_wrong(word, random))]
    assert len(pairs) > 300
    assert [pair for pair in pairs if spelling_key(pair[0]) != spelling_key(pair[1])] == []


def test_a_name_that_is_near_no_usual_word_is_its_own_key():
    """Goods of one maker are not looked at beside those of another with the same first letters."""
    assert [spelling_key(word) for word in ("zarvexone", "labivopo")] == ["zarvexone", "labivopo"]


def test_words_in_two_scripts_share_a_key():
    """Also with a vowel at the end of one."""
    pairs = [("зарвекс", "zarveks"), ("зарвекс", "zarveksa"), ("куво", "kuvo")]
    assert all(is_transliteration(*pair) or len(pair[0]) < 5 for pair in pairs)
    assert all(transliteration_key(one) == transliteration_key(other) for one, other in pairs)
