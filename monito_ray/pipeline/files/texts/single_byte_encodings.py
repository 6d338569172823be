"""Text in the encodings of before Unicode: which one makes words of the bytes beyond ASCII."""

import re
from itertools import islice

from charset_normalizer import from_bytes

from monito_ray.pipeline import characters
from monito_ray.pipeline.files.texts.legacy_encodings import detect_legacy_encoding

# In the order in which equals win, each with how much likelier it is met than the others.
_CYRILLIC = {"cp1251": 1.15, "cp866": 1.0, "koi8-r": 1.0, "mac_cyrillic": 0.9, "iso8859_5": 0.9}
# Letters of Russian and Ukrainian by how often they are used; what is missing is rare.
_WEIGHTS = dict(zip(characters.CYRILLIC_BY_FREQUENCY, range(110, 0, -3), strict=False))
#: A mean weight of letters below the first is no Cyrillic text; from the second on it is nothing else.
_LEAST_WEIGHT, _SURE_WEIGHT = 50, 75
#: A small letter before a capital within a word is worth this many points less: decoded with the wrong table, case is random.
_CASE_BREAK_PENALTY = 300
# The letters beyond ASCII that lists in an encoding use.
_LATIN = {
    "cp1252": characters.WESTERN_EUROPEAN,
    "cp1250": characters.CENTRAL_EUROPEAN,
    "iso8859_2": characters.CENTRAL_EUROPEAN,
    "cp1254": characters.TURKISH,
    "cp850": characters.WESTERN_EUROPEAN_DOS,
    "cp852": characters.CENTRAL_EUROPEAN_DOS,
    "mac_roman": characters.WESTERN_EUROPEAN,
}
_SIGNS = frozenset("€£–—‘’“”„…•°®™½¼²³«»×")
# Encodings of lists in neither Latin nor Cyrillic letters; charset-normalizer decides between them.
_OTHERS = ("cp1253", "iso8859_7", "cp1255", "cp1256", "iso8859_6", "cp874", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1252")
#: It is slow, and a few lines tell as much as many.
_NORMALIZER_BYTES = 8192
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_CASE_BREAK = re.compile(characters.CYRILLIC + characters.CYRILLIC_CAPITAL)
_HIGH_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_LATIN_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f][^\s\d]*")
#: The sample is at most this many lines and bytes, from the next megabytes of the file.
_SAMPLE_LINES, _SAMPLE_BYTES, _SEARCHED_BYTES = 400, 1 << 16, 1 << 22
#: The sample begins at most this far before the first byte beyond ASCII: a file may be one long line.
_LINE_START_BYTES = 1000


def detect_single_byte_encoding(data: bytes) -> str:
    """Return the likeliest encoding of `data`, which is text, neither ASCII nor Unicode.

    Cyrillic words have no letter of ASCII among theirs, Latin ones nearly always. Encodings of two bytes a character are found as well.
    """
    sample = _lines_beyond_ascii(data)
    cyrillic = max(_CYRILLIC, key=lambda encoding: _CYRILLIC[encoding] * _cyrillic_score(sample, encoding))
    cyrillic_score = _cyrillic_score(sample, cyrillic)
    legacy = detect_legacy_encoding(sample, maybe_wide=cyrillic_score < _SURE_WEIGHT)
    if legacy:
        return legacy
    words = _HIGH_WORD.findall(sample)
    mixed = sum(1 for word in words if _ASCII_LETTER.search(word))
    if mixed * 2 >= len(words) or max(map(len, words)) == 1:
        return max(_LATIN, key=lambda encoding: _latin_score(sample, encoding))
    if cyrillic_score >= _LEAST_WEIGHT:
        return cyrillic
    guess = from_bytes(sample[:_NORMALIZER_BYTES], cp_isolation=list(_OTHERS)).best()
    return guess.encoding if guess else "cp1252"


def _lines_beyond_ascii(data: bytes) -> bytes:
    """Return lines with bytes beyond ASCII, of which `data` has some."""
    match = _HIGH_BYTE.search(data)
    first = match.start() if match else 0
    start = max(data.rfind(b"\n", 0, first) + 1, first - _LINE_START_BYTES)
    lines = (line for line in data[start : start + _SEARCHED_BYTES].split(b"\n") if not line.isascii())
    return b"\n".join(islice(lines, _SAMPLE_LINES))[:_SAMPLE_BYTES]


def _cyrillic_score(sample: bytes, encoding: str) -> float:
    """Return the mean weight of the characters beyond ASCII; letters that stand where no word has them lower it."""
    text = sample.decode(encoding, "replace")
    beyond_ascii = sum(1 for character in text if character > "\x7f")
    lowered = text.lower()
    score = sum(lowered.count(letter) * weight for letter, weight in _WEIGHTS.items())
    return (score - _CASE_BREAK_PENALTY * len(_CASE_BREAK.findall(text))) / max(beyond_ascii, 1)


def _latin_score(sample: bytes, encoding: str) -> int:
    """Return how many letters the encoding's languages use, less twice the letters and signs that are foreign or wrong in their words."""
    usual = _LATIN[encoding]
    score = 0
    for word in _LATIN_WORD.findall(sample.decode(encoding, "replace")):
        for index, letter in enumerate(word):
            if letter in _SIGNS:
                is_within = letter != "’" and word[index + 1 : index + 2].isalpha()
                score += -2 if is_within else 1
            elif letter > "\x7f" and len(word) > 1:
                is_lone_capital = letter.isupper() and index > 0 and word[index - 1].islower()
                score += 1 if letter.lower() in usual and not is_lone_capital else -2
    return score
