"""Encodings of scripts other than Latin and Cyrillic, by how their letters stand beside each other.

Statistics of letters need more text than a short list has, but the spelling rules of a script already decide on a few words: a vowel mark
without its consonant is no Thai, a final letter within a word no Hebrew.
"""

import re
from collections.abc import Callable

from monito_ray.pipeline.characters import (
    GREEK,
    GREEK_ACCENTED,
    GREEK_ENDINGS,
    HANGUL,
    HEBREW,
    HEBREW_FINALS,
    IDEOGRAPHS,
    KANA,
    THAI,
    THAI_CONSONANTS,
    THAI_LEADING_VOWELS,
    THAI_MARKS,
    THAI_RARE,
)

_NON_ASCII_RUN = re.compile(r"[^\x00-\x7f]+")
#: Fewer characters beyond ASCII than this decide nothing.
_MIN_LETTERS = 3
#: Of all characters beyond ASCII, this share are letters of the script; the rest is punctuation, or a name in other letters.
_SCRIPT_SHARE = 0.9
#: Real text of these scripts stands in runs; an accented letter of a Latin word stands alone.
_MIN_MEAN_RUN = 1.8
#: Thai text has at least this share of vowel and tone marks.
_THAI_MARK_SHARE = 0.08
#: Japanese has at least this share of kana, and kana with frequent ideographs are nearly all of it.
_KANA_SHARE, _JAPANESE_SHARE = 0.25, 0.85
#: Korean is written in syllables of one block of Unicode, with little else.
_HANGUL_SHARE = 0.97
_THAI = re.compile(f"[{THAI}]")
_THAI_RARE = re.compile(f"[{THAI_RARE}]")
_THAI_MARK = re.compile(rf"[{THAI_MARKS}\u0e4e]")
_THAI_STRAY_MARK = re.compile(rf"(?<![{THAI_CONSONANTS}{THAI_MARKS}])[{THAI_MARKS}\u0e4e]|[{THAI_LEADING_VOWELS}](?![{THAI_CONSONANTS}])")
_HEBREW_WORD = re.compile(f"[{HEBREW}]{{2,}}")
_HEBREW_FINAL_WITHIN = re.compile(f"[{HEBREW_FINALS}](?=[{HEBREW}])")
#: This share of Greek words ends as Greek words do; the others are abbreviations and foreign names.
_GREEK_ENDING_SHARE = 0.7
#: This share of words in small letters has an accent.
_GREEK_ACCENTED_SHARE = 0.6
_GREEK_WORD = re.compile(f"[{GREEK}]{{4,}}")
#: What Greek spelling has not: an end of words within one, the letter within words at an end, a capital behind a small letter, two accents.
_GREEK_MISSPELLED = re.compile(
    f"\u03c2(?=[{GREEK}])|(?<=[{GREEK}])\u03c3(?![{GREEK}])|[¶\u0384\u0385](?=[{GREEK}])|[\u0390\u03ac-\u03ce][\u0386-\u03ab]|[{GREEK_ACCENTED}][{GREEK}]*[{GREEK_ACCENTED}]"
)
_KANA = re.compile(f"[{KANA}]")
_HANGUL = re.compile(f"[{HANGUL}]")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")


def detect_legacy_encoding(sample: bytes, *, maybe_wide: bool = True) -> str:
    """Return the encoding of `sample` when its letters stand as in Thai, Hebrew, Chinese, Japanese or Korean; else "".

    `sample` is no Unicode. Without `maybe_wide` only encodings of one byte a letter are tried.
    """
    for encoding, fits in _NARROW + _WIDE * maybe_wide:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        runs = _NON_ASCII_RUN.findall(text)
        if sum(map(len, runs)) >= _MIN_LETTERS and fits("".join(runs), runs, text):
            return encoding
    return ""


def _is_thai(letters: str, _: list[str], text: str) -> bool:
    thai = sum(1 for letter in _THAI.findall(letters) if not _THAI_RARE.match(letter))
    marks = len(_THAI_MARK.findall(letters))
    is_spelled = marks >= _THAI_MARK_SHARE * len(letters) and not _THAI_STRAY_MARK.search(text)
    return is_spelled and thai >= _SCRIPT_SHARE * len(letters)


def _is_hebrew(letters: str, _: list[str], text: str) -> bool:
    words = _HEBREW_WORD.findall(text)
    finals = sum(word[-1] in HEBREW_FINALS for word in words)
    in_words = sum(map(len, words)) >= _SCRIPT_SHARE * len(letters)
    return in_words and finals >= 1 and not any(_HEBREW_FINAL_WITHIN.search(word) for word in words)


def _is_greek(letters: str, runs: list[str], text: str) -> bool:
    words = _GREEK_WORD.findall(text)
    if not words or _GREEK_MISSPELLED.search(text) or not _stands_in_runs(runs):
        return False
    small = [word for word in words if not word.isupper()]
    is_script = len(re.findall(f"[{GREEK}]", letters)) >= _SCRIPT_SHARE * len(letters)
    is_accented = sum(not frozenset(GREEK_ACCENTED).isdisjoint(word) for word in small) >= _GREEK_ACCENTED_SHARE * len(small)
    return is_script and is_accented and sum(word[-1] in GREEK_ENDINGS for word in words) >= _GREEK_ENDING_SHARE * len(words)


def _is_japanese(letters: str, runs: list[str], _: str) -> bool:
    kana = len(_KANA.findall(letters))
    if kana < _KANA_SHARE * len(letters) or not _stands_in_runs(runs):
        return False
    return kana + _frequent_ideographs(letters, "shift_jis", 0x88, 0x97) >= _JAPANESE_SHARE * len(letters)


def _is_korean(letters: str, runs: list[str], _: str) -> bool:
    return len(_HANGUL.findall(letters)) >= _HANGUL_SHARE * len(letters) and _stands_in_runs(runs)


def _is_simplified(letters: str, runs: list[str], _: str) -> bool:
    return _is_chinese(letters, runs, _frequent_ideographs(letters, "gb2312", 0xB0, 0xD7))


def _is_traditional(letters: str, runs: list[str], _: str) -> bool:
    return _is_chinese(letters, runs, _frequent_ideographs(letters, "big5", 0xA4, 0xC6))


def _is_chinese(letters: str, runs: list[str], frequent: int) -> bool:
    """Whether most letters are ideographs, and nearly all of those frequent ones."""
    ideographs = sum(not ("\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uffef") for letter in letters)
    return 2 * ideographs > len(letters) and frequent >= _SCRIPT_SHARE * ideographs and _stands_in_runs(runs)


def _frequent_ideographs(letters: str, encoding: str, first: int, last: int) -> int:
    """Return how many letters are in the rows `first` to `last` of the encoding's table, which hold the frequent ideographs."""
    return sum(first <= letter.encode(encoding, "replace")[0] <= last for letter in _IDEOGRAPH.findall(letters))


def _stands_in_runs(runs: list[str]) -> bool:
    return sum(map(len, runs)) >= _MIN_MEAN_RUN * len(runs)


#: For each encoding a test of (its characters beyond ASCII, the runs that they stand in, the whole text).
_Tests = tuple[tuple[str, Callable[[str, list[str], str], bool]], ...]
_NARROW: _Tests = (("cp874", _is_thai), ("cp1255", _is_hebrew), ("cp1253", _is_greek), ("iso8859_7", _is_greek))
# Korean and Japanese texts are valid Chinese, too, so the stricter tests come first.
_WIDE: _Tests = (
    ("euc_jp", _is_japanese),
    ("cp932", _is_japanese),
    ("cp949", _is_korean),
    ("gb18030", _is_simplified),
    ("big5", _is_traditional),
)
