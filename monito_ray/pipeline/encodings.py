"""Bytes to text: which encoding a supplier's program wrote."""

import codecs
import re
from itertools import islice

from charset_normalizer import from_bytes

from monito_ray.errors import FileFormatUnknown

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES = 1 << 16
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "mac_cyrillic", "iso8859_5")
# Letters of Russian and Ukrainian text by how often they stand there, in per mille; what is missing is rare.
_FREQUENCY = {
    **dict(zip("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ", range(110, 0, -3), strict=False)),
}
_TOLD = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?([\w-]+)""")
_HIGH_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_CASE_BREAK = re.compile(r"[а-яёіїєґ][А-ЯЁІЇЄҐ]")
_WORD_LETTER = re.compile(r"[^\W\d_]")


def decode(data: bytes, file_name: str) -> str:
    """`data` as text without its byte order mark; bytes that the encoding does not know become U+FFFD.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, skip = detect(data, file_name)
    return data[skip:].decode(encoding, "replace")


def decode_markup(data: bytes, file_name: str) -> str:
    """`data` as text, by the `charset=` or `encoding=` it names where it has no byte order mark and is not UTF-8.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, skip = detect(data, file_name)
    told = _TOLD.search(data[:4096])
    if told and not skip and encoding not in ("utf-8", "utf-16-le", "utf-16-be"):
        try:
            encoding = codecs.lookup(told.group(1).decode("ascii")).name
            return data.decode(encoding, "replace")
        except (LookupError, ValueError):
            encoding = detect(data, file_name)[0]
    return data[skip:].decode(encoding, "replace")


def head(data: bytes, length: int, file_name: str) -> str:
    """The first characters of `data`, about `length` bytes of it.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, skip = detect(data[:_SAMPLE_BYTES], file_name)
    return data[skip : skip + length].decode(encoding, "replace")


def detect(data: bytes, file_name: str) -> tuple[str, int]:
    """The encoding of `data` and the length of its byte order mark.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            _refuse_binary(data[len(mark) : _SAMPLE_BYTES].decode(encoding, "replace"), file_name)
            return encoding, len(mark)
    wide = _without_mark(data[:_SAMPLE_BYTES])
    if wide:
        _refuse_binary(data[:_SAMPLE_BYTES].decode(wide, "replace"), file_name)
        return wide, 0
    _refuse_binary(data[:_SAMPLE_BYTES].decode("latin-1").translate(_HIGH_CONTROLS), file_name)
    if data.isascii() or _is_utf8(data):
        return "utf-8", 0
    return _single_byte(data), 0


# 0x80-0x9f are letters in Windows' and DOS' encodings.
_HIGH_CONTROLS = dict.fromkeys(range(0x80, 0xA0), "x")


def _refuse_binary(text: str, file_name: str) -> None:
    if len(_CONTROL.findall(text)) > len(text) // 200 or text.count("\ufffd") > len(text) // 10:
        raise FileFormatUnknown(f"{file_name}: is no workbook, PDF or text that can be read")


def _without_mark(sample: bytes) -> str:
    """UTF-16 shows in the zero bytes of its blanks, digits and line ends, all on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 20 < len(sample) // 2 or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8, but for a character cut in two at its end and one broken character in a hundred."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.start > 0 and not data[: error.start].isascii():
            return True
        high = len(_HIGH_RUN.findall(data))
        broken = data.decode("utf-8", "replace").count("\ufffd")
        return broken * 100 <= high
    return True


def _single_byte(data: bytes) -> str:
    sample = b"".join(found.group() for found in islice(_HIGH_LINE.finditer(data[: 1 << 22]), 400))[:_SAMPLE_BYTES]
    best = max(_CYRILLIC, key=lambda encoding: _cyrillic_score(sample, encoding))
    if _looks_cyrillic(sample, best):
        return best
    guess = from_bytes(
        sample[:8192], cp_isolation=["cp1252", "cp1250", "cp1254", "cp1253", "gb18030", "big5", "shift_jis", "euc_kr"]
    ).best()
    return guess.encoding if guess and _mostly_pairs(sample) else "cp1252"


def _cyrillic_score(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, "replace")
    score = sum(text.count(letter) * weight + text.count(letter.upper()) * weight * 0.9 for letter, weight in _FREQUENCY.items())
    return score - 300 * len(_CASE_BREAK.findall(text))


def _looks_cyrillic(sample: bytes, encoding: str) -> bool:
    """Cyrillic words are runs of high bytes; in Latin text high bytes stand alone among letters."""
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    return sum(run for run in runs if run >= 2) * 2 > sum(runs) and _cyrillic_score(sample, encoding) > 30 * sum(runs)


def _mostly_pairs(sample: bytes) -> bool:
    return sum(len(run) >= 2 for run in _HIGH_RUN.findall(sample)) * 2 > len(_HIGH_RUN.findall(sample))
