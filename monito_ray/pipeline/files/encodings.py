"""Bytes to text: which encoding a supplier's program wrote."""

import codecs
import re
from itertools import islice

from charset_normalizer import from_bytes

from monito_ray.errors import FileFormatUnknown
from monito_ray.pipeline.files import legacy_encodings

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES = 1 << 16
# In the order in which equals win, each with how much likelier it is met than the others.
_CYRILLIC = {"cp1251": 1.15, "cp866": 1.0, "koi8-r": 1.0, "mac_cyrillic": 0.9, "iso8859_5": 0.9}
# Letters of Russian and Ukrainian by how often they are used; what is missing is rare.
_WEIGHTS = dict(zip("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ", range(110, 0, -3), strict=False))
_LEAST_WEIGHT, _SURE_WEIGHT = 50, 75
# What is left to charset-normalizer: all that lists in neither Latin nor Cyrillic letters are saved in.
_OTHERS = ("cp1253", "iso8859_7", "cp1255", "cp1256", "iso8859_6", "cp874", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1252")
# The letters beyond ASCII that lists in an encoding use.
_LATIN = {
    "cp1252": "äöüßéèêëàâçñáíóúîïôõãåæøœùûºª",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžöőüűăâîșțäçë",
    "iso8859_2": "ąćęłńóśźżáčďéěíňřšťúůýžöőüűăâîșțäçë",
    "cp1254": "çğıöşüâîû",
    "cp850": "äöüßéèêëàâçñáíóúîïôõãåæøùûºª",
    "cp852": "ąćęłńóśźżáčďéěíňřšťúůýžöőüűäçë",
    "mac_roman": "äöüßéèêëàâçñáíóúîïôõãåæøœùûºª",
}
_SIGNS = frozenset("€£–—‘’“”„…•°®™½¼²³«»×")
_DECLARED_CHARSET = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?([\w-]+)""")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_CASE_BREAK = re.compile(r"[а-яёіїєґ][А-ЯЁІЇЄҐ]")
_HIGH_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_LATIN_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f][^\s\d]*")


def decode_text(data: bytes, file_name: str) -> str:
    """`data` as text without its byte order mark; bytes that the encoding does not know become U+FFFD.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, skip = detect_encoding(data, file_name)
    return data[skip:].decode(encoding, "replace")


def decode_markup(data: bytes, file_name: str) -> str:
    """`data` as text, by the `charset=` or `encoding=` it names where it has no byte order mark and is not UTF-8.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, skip = detect_encoding(data, file_name)
    told = _DECLARED_CHARSET.search(data[:4096])
    if told and not skip and encoding not in ("utf-8", "utf-16-le", "utf-16-be"):
        try:
            encoding = codecs.lookup(told.group(1).decode("ascii")).name
            return data.decode(encoding, "replace")
        except (LookupError, ValueError):
            encoding = detect_encoding(data, file_name)[0]
    return data[skip:].decode(encoding, "replace")


def decode_head(data: bytes, length: int, file_name: str) -> str:
    """The first characters of `data`, about `length` bytes of it.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, skip = detect_encoding(data[:_SAMPLE_BYTES], file_name)
    return data[skip : skip + length].decode(encoding, "replace")


def detect_encoding(data: bytes, file_name: str) -> tuple[str, int]:
    """The encoding of `data` and the length of its byte order mark.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            _refuse_binary(data[len(mark) : _SAMPLE_BYTES].decode(encoding, "replace"), file_name)
            return encoding, len(mark)
    wide = _utf16_without_mark(data[:_SAMPLE_BYTES])
    if wide:
        _refuse_binary(data[:_SAMPLE_BYTES].decode(wide, "replace"), file_name)
        return wide, 0
    _refuse_binary(data[:_SAMPLE_BYTES].decode("latin-1").translate(_HIGH_CONTROLS), file_name)
    if data.isascii() or _is_utf8(data):
        return "utf-8", 0
    return _detect_single_byte(data), 0


# 0x80-0x9f are letters in Windows' and DOS' encodings.
_HIGH_CONTROLS = dict.fromkeys(range(0x80, 0xA0), "x")


def _refuse_binary(text: str, file_name: str) -> None:
    if len(_CONTROL.findall(text)) > len(text) // 200 or text.count("\ufffd") > len(text) // 10:
        raise FileFormatUnknown(f"{file_name}: is no workbook, PDF or text that can be read")


def _utf16_without_mark(sample: bytes) -> str:
    """UTF-16 shows in the zero bytes of its blanks, digits and line ends, all on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 20 < len(sample) // 2 or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8, but for a character cut in two at its end and one broken character in twenty."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and not data[: error.start].isascii():
            return True
        text = data[max(0, error.start - (1 << 16)) : error.start + (1 << 20)].decode("utf-8", "replace")
        broken = text.count("\ufffd")
        return broken * 20 <= sum(1 for character in text if character > "\x7f") - broken
    return True


def _detect_single_byte(data: bytes) -> str:
    """Cyrillic words have no letter of ASCII among theirs, Latin ones nearly always; `scripts` tells some others."""
    sample = _non_ascii_lines(data)
    likely = max(_CYRILLIC, key=lambda encoding: _CYRILLIC[encoding] * _cyrillic_score(sample, encoding))
    told = legacy_encodings.detect_legacy_encoding(sample, maybe_wide=_cyrillic_score(sample, likely) < _SURE_WEIGHT)
    if told:
        return told
    words = _HIGH_WORD.findall(sample)
    mixed = sum(1 for word in words if _ASCII_LETTER.search(word))
    if mixed * 2 >= len(words) or max(map(len, words)) == 1:
        return max(_LATIN, key=lambda encoding: _latin_score(sample, encoding))
    if _cyrillic_score(sample, likely) >= _LEAST_WEIGHT:
        return likely
    guess = from_bytes(sample[:8192], cp_isolation=list(_OTHERS)).best()
    return guess.encoding if guess else "cp1252"


def _non_ascii_lines(data: bytes) -> bytes:
    """Lines with bytes beyond ASCII, of which `data` has some."""
    found = _HIGH.search(data)
    first = found.start() if found else 0
    start = max(data.rfind(b"\n", 0, first) + 1, first - 1000)
    lines = (line for line in data[start : start + (1 << 22)].split(b"\n") if not line.isascii())
    return b"\n".join(islice(lines, 400))[:_SAMPLE_BYTES]


def _cyrillic_score(sample: bytes, encoding: str) -> float:
    """The mean weight of the letters, less for what does not stand within words."""
    text = sample.decode(encoding, "replace")
    beyond = sum(1 for character in text if character > "\x7f")
    letters = text.lower()
    score = sum(letters.count(letter) * weight for letter, weight in _WEIGHTS.items())
    return (score - 300 * len(_CASE_BREAK.findall(text))) / max(beyond, 1)


def _latin_score(sample: bytes, encoding: str) -> int:
    """How many letters are used in the encoding's languages, less the letters and signs that are foreign or wrong in their words."""
    usual = _LATIN[encoding]
    score = 0
    for word in _LATIN_WORD.findall(sample.decode(encoding, "replace")):
        for place, letter in enumerate(word):
            if letter in _SIGNS:
                score += -2 if letter != "’" and word[place + 1 : place + 2].isalpha() else 1
            elif letter > "\x7f" and len(word) > 1:
                shouted = letter.isupper() and place > 0 and word[place - 1].islower()
                score += 1 if letter.lower() in usual and not shouted else -2
    return score
