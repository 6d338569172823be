"""Encodings of scripts other than Latin and Cyrillic, told by how their letters stand beside each other; short lists have few."""

import re
from collections.abc import Callable

_RUN = re.compile(r"[^\x00-\x7f]+")
_FEWEST = 3
_NEARLY_ALL = 0.9
# Real text of these scripts stands in runs; an accented letter of a Latin word stands alone.
_SHORTEST_MEAN_RUN = 1.8
_THAI_RARE = frozenset("ฃฅฆฌฎฏฑฒฯๆ๏๚๛฿")
_THAI_MARK = re.compile(r"[ัิีึืฺุู็่้๊๋์ํ๎]")
_THAI_STRAY_MARK = re.compile(r"(?<![ก-ฮัิีึืฺุู็่้๊๋์ํ])[ัิีึืฺุู็่้๊๋์ํ๎]|[เ-ไ](?![ก-ฮ])")
_HEBREW_WORD = re.compile(r"[א-ת]{2,}")
_HEBREW_FINAL_WITHIN = re.compile(r"[ךםןףץ](?=[א-ת])")


def detect_legacy_encoding(sample: bytes, *, maybe_wide: bool = True) -> str:
    """The encoding of `sample` (bytes that are no UTF) when its letters stand as in Thai, Hebrew, Chinese, Japanese or Korean; else "".

    Without `maybe_wide` only encodings of one byte a letter are tried.
    """
    for encoding, fits in _NARROW + _WIDE * maybe_wide:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        runs = _RUN.findall(text)
        if sum(map(len, runs)) >= _FEWEST and fits("".join(runs), runs, text):
            return encoding
    return ""


def _is_thai(letters: str, _: list[str], text: str) -> bool:
    thai = sum("ก" <= letter <= "๎" and letter not in _THAI_RARE for letter in letters)
    marks = len(_THAI_MARK.findall(letters))
    return thai >= _NEARLY_ALL * len(letters) and marks >= 0.08 * len(letters) and not _THAI_STRAY_MARK.search(text)


def _is_hebrew(letters: str, _: list[str], text: str) -> bool:
    words = _HEBREW_WORD.findall(text)
    finals = sum(word[-1] in "ךםןףץ" for word in words)
    whole = sum(map(len, words)) >= _NEARLY_ALL * len(letters)
    return whole and finals >= 1 and not any(_HEBREW_FINAL_WITHIN.search(word) for word in words)


def _is_japanese(letters: str, runs: list[str], _: str) -> bool:
    kana = sum("ぁ" <= letter <= "ヺ" or letter == "ー" for letter in letters)
    return kana >= 0.25 * len(letters) and kana + _common(letters, "shift_jis", 0x88, 0x97) >= 0.85 * len(letters) and _in_runs(runs)


def _is_korean(letters: str, runs: list[str], _: str) -> bool:
    return sum("가" <= letter <= "힣" for letter in letters) >= 0.97 * len(letters) and _in_runs(runs)


def _is_simplified(letters: str, runs: list[str], _: str) -> bool:
    return _common(letters, "gb2312", 0xB0, 0xD7) >= _NEARLY_ALL * _ideographs(letters) > 0 and _in_runs(runs)


def _is_traditional(letters: str, runs: list[str], _: str) -> bool:
    return _common(letters, "big5", 0xA4, 0xC6) >= _NEARLY_ALL * _ideographs(letters) > 0 and _in_runs(runs)


def _ideographs(letters: str) -> int:
    """How many letters there are, punctuation and full-width forms aside; 0 when those are most of them."""
    found = sum(not ("\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uffef") for letter in letters)
    return found if 2 * found > len(letters) else 0


def _common(letters: str, encoding: str, first: int, last: int) -> int:
    """How many letters stand in the part of the encoding that has the frequent ideographs."""
    return sum(first <= letter.encode(encoding, "replace")[0] <= last for letter in letters if "\u4e00" <= letter <= "\u9fff")


def _in_runs(runs: list[str]) -> bool:
    return sum(map(len, runs)) >= _SHORTEST_MEAN_RUN * len(runs)


_Tests = tuple[tuple[str, Callable[[str, list[str], str], bool]], ...]
_NARROW: _Tests = (("cp874", _is_thai), ("cp1255", _is_hebrew))
# Korean and Japanese texts are valid Chinese, too, so the stricter come first.
_WIDE: _Tests = (
    ("euc_jp", _is_japanese),
    ("cp932", _is_japanese),
    ("cp949", _is_korean),
    ("gb18030", _is_simplified),
    ("big5", _is_traditional),
)
