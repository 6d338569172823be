"""Whether two words are one, misspelled or abbreviated."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import permutations, zip_longest
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein, JaroWinkler

from monito_ray.catalog.matching import canonical_words
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import VOWELS
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brands import brand_register, common_words

#: A word of fewer letters has no misspellings: others are too near.
_SHORTEST_TYPED = 5
#: How alike a misspelled word is to the right one (Jaro-Winkler), and the most wrong letters in short and long words.
_LEAST_LIKENESS = 0.93
_MOST_WRONG_LETTERS, _MOST_WRONG_LETTERS_IN_LONG, _LONG_WORD = 1, 2, 8
#: Words that nobody knows need so many letters before one wrong vowel makes them one: names of makers are often that near.
_SHORTEST_UNKNOWN = 6
#: The same for words that are spelled otherwise and sound alike.
_SHORTEST_UNKNOWN_AS_HEARD = 5
#: Both spellings of a usual word begin with so many letters that sound alike, an abbreviation with so many: block keys rest on it.
SURE_LETTERS, SURE_LETTERS_OF_ABBREVIATIONS = 2, 1
#: More misspelled or abbreviated words in a name are other goods; blocks rest on it.
MOST_UNLIKE = 2
#: Letters of an abbreviation at least, of what it is short for, and letters that it leaves out.
_SHORTEST_ABBREVIATION, _SHORTEST_ABBREVIATED, _LEAST_LEFT_OUT = 3, 5, 2
#: The same with a full stop behind it.
_SHORTEST_DOTTED, _LEAST_LEFT_OUT_OF_DOTTED = 2, 2
#: Letters of one that has the last letter of the word, too.
_SHORTEST_CONTRACTION = 3
#: Consonants that an abbreviation without vowels leaves out, "bwg" of "bawang"; one with vowels leaves out none, "smngka" of "semangka".
_MOST_CONSONANTS_LEFT_OUT = 1
#: Abbreviations write it as a consonant: "mnyk" of "minyak".
_ABBREVIATED_VOWELS = VOWELS - {"y"}

_SHORTEST_TRANSLITERATED = 4
#: Letters of a stem at least, and those that two forms share behind it: the "e" of "peeler" and "peeled".
_SHORTEST_STEM, _MOST_LETTERS_OF_FORM = 4, 1
_PLURALS = frozenset(("s", "es", ""))
#: Letters that people write for one another.
_LIKE_SOUNDS = (VOWELS, *map(frozenset, ("csz", "bv", "gj", "ckq", "td", "pb", "дт", "бп", "зс", "гк", "вф", "жш")))
#: Letters that names of makers begin with in either spelling.
_HARD_C = frozenset("ckq")
_VOWELS_OR_NOTHING = VOWELS | {""}
_VOWELS_TEXT = "".join(sorted(VOWELS))
#: One letter for all that `_LIKE_SOUNDS` join, in Latin letters.
_SOUND_CLASSES = str.maketrans(dict.fromkeys(VOWELS, "a") | dict(zip("ckqzgjtpvf", "sssssstbbb", strict=True)))
#: Spellings of one sound: "harbour" and "harbor", "phoenix" and "foenix", "california" and "kalifornia", "kyuri" and "kyury".
_SPELLINGS_OF_SOUNDS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (("ph", "f"), ("ou", "o"), ("ck|q|c(?=[^eiyh]|$)", "k"), ("c(?=[eiy])|z", "s"), ("y", "i"), (r"(.)\1", r"\1"))
)

Words = tuple[str, ...]


def differ_in(alike: Callable[[str, str], bool], ones: Words, others: Words) -> bool:
    """Whether two names have the same words but one or two, and each of these is `alike` one of the other name."""
    if len(ones) != len(others):
        return False
    left, right = set(ones).difference(others), set(others).difference(ones)
    if not 0 < len(left) <= MOST_UNLIKE or len(left) != len(right):
        return False
    first = sorted(left)
    return any(all(map(alike, first, order)) for order in permutations(sorted(right)))


def may_differ_in_few(ones: Words, others: Words) -> bool:
    """Whether two names may have the same words but one or two, besides those that names leave out: a quick look, before `differ_in`."""
    left, right = set(ones).difference(others), set(others).difference(ones)
    if len(left) <= MOST_UNLIKE and len(right) <= MOST_UNLIKE:
        return True
    dropped = canonical_words.words_left_out()
    return len(left - dropped) <= MOST_UNLIKE and len(right - dropped) <= MOST_UNLIKE


@lru_cache(maxsize=65_536)
def sure_letters(word: str, letters: int) -> str:
    """Return the first letters of a word, one letter for all that sound alike: words of which a function here says that they are one share them."""
    return canonical_words.in_latin(word)[:letters].translate(_SOUND_CLASSES)


@derived(maxsize=65536)
def spelling_key(word: str) -> str:
    """Return what a word and its misspellings have in common: its first letters as they sound, or itself where it is near no usual word."""
    letters = sure_letters(word, SURE_LETTERS)
    return letters if canonical_words.is_usual(word) or _may_be_misspelled(word, letters) else word


@lru_cache(maxsize=65_536)
def transliteration_key(word: str) -> str:
    """Return what a word in Cyrillic letters and in Latin ones have in common."""
    return canonical_words.in_latin(word).rstrip(_VOWELS_TEXT) or word


def _may_be_misspelled(word: str, letters: str) -> bool:
    """Whether some usual word is near enough to be this one spelled rightly, or its beginning; `is_misspelling` looks closer."""
    if len(word) < _SHORTEST_TYPED:
        return False
    is_ascii = word.isascii()
    if any(_is_any_near(word, usual, most) for most, usual in _usual_near(letters, len(word), is_ascii=is_ascii)):
        return True
    for length, beginnings in _usual_by_letters(is_ascii=is_ascii).get(letters, _NO_WORDS).stems.items():
        longest = length + glossary.LONGEST_ENDING
        most = _most_wrong_letters(len(word), longest)
        lengths = range(length - most, min(length + most, len(word)) + 1) if len(word) <= longest + most else ()
        if any(_is_any_near(word[:own], beginnings, most) for own in lengths):
            return True
    return False


def _is_any_near(word: str, others: Sequence[str], most: int) -> bool:
    """Whether a word is one of others but for so many letters, by the distance of Damerau and Levenshtein."""
    # The distance that edits no part of a word twice takes a quarter of the time. It is the same for one wrong letter, and at most one more for two.
    if most == _MOST_WRONG_LETTERS:
        return process.extractOne(word, others, scorer=OSA.distance, score_cutoff=most) is not None
    near = process.extract(word, others, scorer=OSA.distance, score_cutoff=most + 1, limit=None)
    return any(distance <= most or DamerauLevenshtein.distance(word, other, score_cutoff=most) <= most for other, distance, _ in near)


def _most_wrong_letters(length: int, other: int) -> int:
    """Return how many letters may be wrong where words have so many letters."""
    return _MOST_WRONG_LETTERS_IN_LONG if max(length, other) >= _LONG_WORD else _MOST_WRONG_LETTERS


#: Words by their lengths.
_ByLength = dict[int, tuple[str, ...]]


class _UsualWords(NamedTuple):
    """Usual words that begin with the same letters as they sound, and what such words begin with, by their lengths."""

    words: _ByLength
    stems: _ByLength


_NO_WORDS = _UsualWords({}, {})


@derived(maxsize=65536)
def _usual_near(letters: str, length: int, *, is_ascii: bool) -> list[tuple[int, tuple[str, ...]]]:
    """Return the usual words that a word of so many letters may be, by how many letters may be wrong: one call looks through all of them."""
    near: dict[int, tuple[str, ...]] = {}
    for own, words in _usual_by_letters(is_ascii=is_ascii).get(letters, _NO_WORDS).words.items():
        most = _most_wrong_letters(length, own)
        if abs(length - own) <= most:
            near[most] = near.get(most, ()) + words
    return list(near.items())


@derived()
def _usual_by_letters(*, is_ascii: bool) -> dict[str, _UsualWords]:
    """Return usual words, and what such begin with, by their first letters as they sound.

    For words in ASCII alone without those that have more letters of other alphabets than may be wrong: nearly all beginnings, a fifth of the words.
    """
    long_words = [word for word in canonical_words.usual_words() if len(word) >= _SHORTEST_TYPED]
    words, stems = (
        _by_letters(own for own in texts if not is_ascii or _letters_beyond_ascii(own) <= _MOST_WRONG_LETTERS_IN_LONG)
        for texts in (long_words, glossary.trade_stems())
    )
    return {letters: _UsualWords(words.get(letters, {}), stems.get(letters, {})) for letters in words.keys() | stems.keys()}


def _letters_beyond_ascii(word: str) -> int:
    return sum(not letter.isascii() for letter in word)


def _by_letters(words: Iterable[str]) -> dict[str, _ByLength]:
    grouped: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word in sorted(words):
        grouped[sure_letters(word, SURE_LETTERS)][len(word)].append(word)
    return {letters: {length: tuple(own) for length, own in by_length.items()} for letters, by_length in grouped.items()}


@lru_cache(maxsize=65536)
def is_misspelling(word: str, other: str) -> bool:
    """Whether one of two words is the other one misspelled: one is usual, the other is not, and they are nearly equal."""
    first, second = sorted((word, other))
    if not _begin_alike(first, second, SURE_LETTERS) or not _is_near_usual(first, second):
        return False
    beginning = second[:SURE_LETTERS]
    return _is_written_as_heard(first, second) or JaroWinkler.similarity(beginning + first[SURE_LETTERS:], second) >= _LEAST_LIKENESS


def _begin_alike(word: str, other: str, letters: int) -> bool:
    return sure_letters(word, letters) == sure_letters(other, letters) and all(map(_sound_alike, word[:letters], other[:letters]))


def _sound_alike(letter: str, other: str) -> bool:
    return letter == other or any(letter in sounds and other in sounds for sounds in _LIKE_SOUNDS)


def _is_written_as_heard(word: str, other: str) -> bool:
    """Whether two words of one length differ in a letter that sounds like the other."""
    return len(word) == len(other) and all(map(_sound_alike, word, other))


def _is_near_usual(word: str, other: str) -> bool:
    if min(len(word), len(other)) < _SHORTEST_TYPED or _is_negation(word, other) or _is_derived(word, other):
        return False
    if canonical_words.is_usual(word) == canonical_words.is_usual(other):
        return False
    most = _most_wrong_letters(len(word), len(other))
    if DamerauLevenshtein.distance(word, other, score_cutoff=most) > most:
        return False
    typed = other if canonical_words.is_usual(word) else word
    return not _is_of_its_own(typed) and not _are_forms(word, other)


@lru_cache(maxsize=65_536)
def _is_of_its_own(word: str) -> bool:
    """Whether a word that is not usual is one all the same, and no other one misspelled or cut: "batter" is no "butter", "soto" no "sotong"."""
    return word in _near_words() or common_words.is_listed(word)


@derived()
def _near_words() -> frozenset[str]:
    """Return the words that are near usual ones, and famous brands."""
    near = map(canonical_words.fold, lexicon.words("variants", "near"))
    return frozenset(map(canonical_words.canonical_word, (*near, *brand_register.famous_words())))


@lru_cache(maxsize=65536)
def may_be_one(word: str, other: str) -> bool:
    """Whether two words may be one by their letters alone: an abbreviation, a letter doubled, wrong, or one for another that sounds alike."""
    short, long = sorted((word, other), key=lambda text: (len(text), text))
    if not _begin_alike(short, long, SURE_LETTERS_OF_ABBREVIATIONS) or _is_negation(word, other):
        return False
    if canonical_words.is_usual(short) or canonical_words.changes_goods(long):
        return False
    if canonical_words.is_usual(long):
        return (_is_abbreviation(short, long) and short not in _near_words()) or _is_near_usual(short, long)
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
    """Whether a word that a full stop marks as an abbreviation may be short for another, whoever knows that: its beginning, or with its last letter."""
    if len(short) < _SHORTEST_DOTTED or canonical_words.changes_goods(long):
        return False
    return (long.startswith(short) and len(long) >= len(short) + _LEAST_LEFT_OUT_OF_DOTTED) or _is_contraction(short, long)


def _is_contraction(short: str, long: str) -> bool:
    """Whether letters within are left out: "sta" of "santa", "qso" of "queso"."""
    return (
        _SHORTEST_CONTRACTION <= len(short) < len(long) and short[0] == long[0] and short[-1] == long[-1] and _is_subsequence(short, long)
    )


def _is_abbreviation(short: str, long: str) -> bool:
    if len(short) < _SHORTEST_ABBREVIATION or len(long) < max(_SHORTEST_ABBREVIATED, len(short) + _LEAST_LEFT_OUT) or short[0] != long[0]:
        return False
    if long.startswith(short):
        return not canonical_words.is_inflected(short, long)
    most = 0 if any(char in _ABBREVIATED_VOWELS for char in short[1:]) else _MOST_CONSONANTS_LEFT_OUT
    return _consonants(long) - _consonants(short) <= most and _is_subsequence(short, long)


def _consonants(word: str) -> int:
    return sum(char not in _ABBREVIATED_VOWELS for char in word[1:])


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(char in letters for char in short)


def _is_one_unknown(short: str, long: str) -> bool:
    """Whether two words that nobody knows are spellings of the same sounds, or differ in one letter within that sounds like the other."""
    if _is_of_its_own(short) and _is_of_its_own(long):
        return False
    if len(short) < _SHORTEST_UNKNOWN_AS_HEARD or (short[0] != long[0] and not {short[0], long[0]} <= _HARD_C):
        return False
    if _as_heard(short) == _as_heard(long):
        return True
    wrong = [place for place, (mine, others) in enumerate(zip_longest(short, long, fillvalue="")) if mine != others]
    if len(short) < _SHORTEST_UNKNOWN or len(short) != len(long) or len(wrong) != 1 or wrong[0] in (0, len(short) - 1):
        return False
    return _sound_alike(short[wrong[0]], long[wrong[0]])


def _as_heard(word: str) -> str:
    for spelling, sound in _SPELLINGS_OF_SOUNDS:
        word = spelling.sub(sound, word)
    return word


def _is_derived(word: str, other: str) -> bool:
    """Whether one word is the other one with several letters behind it: "cuaderno" and "cuadernola"."""
    short, long = sorted((word, other), key=len)
    return len(long) > len(short) + 1 and long.startswith(short)


def _are_forms(word: str, other: str) -> bool:
    """Whether two words are forms of one, by their endings, and mean two things: "peeler" and "peeled"."""
    shared = next(
        (place for place, (mine, others) in enumerate(zip(word, other, strict=False)) if mine != others), min(len(word), len(other))
    )
    stems = range(max(shared - _MOST_LETTERS_OF_FORM, _SHORTEST_STEM), shared + 1)
    return any(_are_endings(word[end:], other[end:]) for end in stems)


def _are_endings(ending: str, other: str) -> bool:
    endings = {"ed" if it == "d" else it for it in (ending, other)}
    return len(endings) > 1 and endings <= {*canonical_words.inflections(), ""} and not endings <= _PLURALS


def _is_negation(word: str, other: str) -> bool:
    """Whether one word is the other one behind a beginning that turns its meaning round."""
    short, long = sorted((word, other), key=len)
    return any(long == prefix + short for prefix in canonical_words.negating_prefixes())
