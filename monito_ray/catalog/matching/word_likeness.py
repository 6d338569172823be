"""Whether two words are one, misspelled or abbreviated."""

from collections.abc import Callable
from functools import lru_cache
from itertools import permutations, zip_longest

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from monito_ray.catalog.matching import canonical_words
from monito_ray.pipeline.characters import VOWELS

#: A word of fewer letters has no misspellings: others are too near.
_SHORTEST_TYPED = 5
#: How alike a misspelled word is to the right one (Jaro-Winkler), and the most wrong letters in short and long words.
_LEAST_LIKENESS = 0.93
_MOST_WRONG_LETTERS, _MOST_WRONG_LETTERS_IN_LONG, _LONG_WORD = 1, 2, 8
#: Words that nobody knows need so many letters before one wrong vowel makes them one: names of makers are often that near.
_SHORTEST_UNKNOWN = 6
#: Both spellings of a usual word begin with so many equal letters, an abbreviation with so many: block keys rest on it.
SURE_LETTERS, SURE_LETTERS_OF_ABBREVIATIONS = 2, 1
#: More misspelled or abbreviated words in a name are other goods.
_MOST_UNLIKE = 2
#: Letters of an abbreviation at least, of what it is short for, and letters that it leaves out.
_SHORTEST_ABBREVIATION, _SHORTEST_ABBREVIATED, _LEAST_LEFT_OUT = 3, 5, 2
#: The same with a full stop behind it.
_SHORTEST_DOTTED, _LEAST_LEFT_OUT_OF_DOTTED = 2, 2
#: Consonants that an abbreviation without vowels leaves out: "bwg" of "bawang".
_MOST_CONSONANTS_LEFT_OUT = 1

_SHORTEST_TRANSLITERATED = 4
#: Letters that people write for one another.
_LIKE_SOUNDS = (VOWELS, *map(frozenset, ("csz", "bv", "gj", "ckq")))
_VOWELS_OR_NOTHING = VOWELS | {""}

Words = tuple[str, ...]


def differ_in(alike: Callable[[str, str], bool], ones: Words, others: Words) -> bool:
    """Whether two names have the same words but one or two, and each of these is `alike` one of the other name."""
    if len(ones) != len(others):
        return False
    left, right = set(ones).difference(others), set(others).difference(ones)
    if not 0 < len(left) <= _MOST_UNLIKE or len(left) != len(right):
        return False
    first = sorted(left)
    return any(all(map(alike, first, order)) for order in permutations(sorted(right)))


@lru_cache(maxsize=65536)
def is_misspelling(word: str, other: str) -> bool:
    """Whether one of two words is the other one misspelled: one is usual, the other is not, and they are nearly equal."""
    return (
        word[:SURE_LETTERS] == other[:SURE_LETTERS]
        and _is_near_usual(word, other)
        and JaroWinkler.similarity(word, other) >= _LEAST_LIKENESS
    )


def _is_near_usual(word: str, other: str) -> bool:
    if min(len(word), len(other)) < _SHORTEST_TYPED or _is_negation(word, other):
        return False
    most = _MOST_WRONG_LETTERS_IN_LONG if max(len(word), len(other)) >= _LONG_WORD else _MOST_WRONG_LETTERS
    if DamerauLevenshtein.distance(word, other, score_cutoff=most) > most:
        return False
    return canonical_words.is_usual(word) != canonical_words.is_usual(other)


@lru_cache(maxsize=65536)
def may_be_one(word: str, other: str) -> bool:
    """Whether two words may be one by their letters alone: an abbreviation, a letter doubled, wrong, or one for another that sounds alike."""
    if word[:SURE_LETTERS_OF_ABBREVIATIONS] != other[:SURE_LETTERS_OF_ABBREVIATIONS] or _is_negation(word, other):
        return False
    short, long = sorted((word, other), key=lambda text: (len(text), text))
    if canonical_words.is_usual(short) or canonical_words.changes_goods(long):
        return False
    if canonical_words.is_usual(long):
        return _is_abbreviation(short, long) or _is_near_usual(short, long)
    return _is_one_unknown(short, long)


@lru_cache(maxsize=65536)
def is_transliteration(word: str, other: str) -> bool:
    """Whether one word is the other one in Cyrillic letters, but for a vowel at the end."""
    if word.isascii() == other.isascii():
        return False
    cyrillic, latin = (other, word) if word.isascii() else (word, other)
    letters = canonical_words.in_latin(cyrillic)
    is_beginning = len(letters) >= _SHORTEST_TRANSLITERATED and letters.isascii() and latin.startswith(letters)
    return is_beginning and latin[len(letters) :] in _VOWELS_OR_NOTHING


def abbreviates(short: str, long: str) -> bool:
    """Whether a word that a full stop marks as an abbreviation may be short for another, whoever knows that."""
    if len(short) < _SHORTEST_DOTTED or len(long) < len(short) + _LEAST_LEFT_OUT_OF_DOTTED or canonical_words.changes_goods(long):
        return False
    return long.startswith(short)


def _is_abbreviation(short: str, long: str) -> bool:
    if len(short) < _SHORTEST_ABBREVIATION or len(long) < max(_SHORTEST_ABBREVIATED, len(short) + _LEAST_LEFT_OUT):
        return False
    if long.startswith(short):
        return True
    letters = iter(long)
    left_out = sum(char not in VOWELS for char in long[1:]) - len(short[1:])
    has_vowels = any(char in VOWELS for char in short[1:])
    return not has_vowels and left_out <= _MOST_CONSONANTS_LEFT_OUT and all(char in letters for char in short)


def _is_one_unknown(short: str, long: str) -> bool:
    """Whether two words that nobody knows differ in doubled letters, or in one letter within that sounds like the other."""
    if len(short) < _SHORTEST_UNKNOWN:
        return False
    if _undoubled(short) == _undoubled(long):
        return True
    wrong = [place for place, (mine, others) in enumerate(zip_longest(short, long, fillvalue="")) if mine != others]
    if len(short) != len(long) or len(wrong) != 1 or wrong[0] == len(short) - 1:
        return False
    letters = {short[wrong[0]], long[wrong[0]]}
    return any(letters <= sounds for sounds in _LIKE_SOUNDS)


def _undoubled(word: str) -> str:
    return "".join(char for char, before in zip(word, " " + word, strict=False) if char != before)


def _is_negation(word: str, other: str) -> bool:
    """Whether one word is the other one behind a beginning that turns its meaning round."""
    short, long = sorted((word, other), key=len)
    return any(long == prefix + short for prefix in canonical_words.negating_prefixes())
