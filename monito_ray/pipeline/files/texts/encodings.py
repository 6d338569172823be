"""Bytes to text: byte order marks and Unicode first, then evidence for one of the older encodings."""

import codecs
import re
from contextlib import suppress

from monito_ray.errors import FileFormatUnknown
from monito_ray.pipeline.files.texts.single_byte_encodings import detect_single_byte_encoding

# UTF-32 stands before UTF-16, whose little-endian mark its own begins with.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: The first bytes decide for the whole file.
_SAMPLE_BYTES = 1 << 16
#: A page names its encoding within its first bytes.
_DECLARATION_BYTES = 4096
_DECLARED_CHARSET = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?([\w-]+)""")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
# 0x80-0x9f are control characters in Latin-1, but letters in the encodings of Windows and DOS.
_HIGH_CONTROLS = dict.fromkeys(range(0x80, 0xA0), "x")
#: Text has at most one control character in this many; form feeds and the like stray into lists.
_CHARS_PER_CONTROL = 200
#: Text has at most one undecodable character in this many.
_CHARS_PER_UNDECODABLE = 10
#: UTF-16 shows in its zero bytes: at least one in this many code units (blanks, digits and line ends have one) ...
_UNITS_PER_ZERO = 20
#: ... and nearly all of them on one side: one in this many may be on the other.
_ZEROS_PER_STRAY_ZERO = 20
#: UTF-8 may have one broken character in this many that are not ASCII.
_CHARS_PER_BROKEN = 20
#: The part of the file, before and behind the first broken character, in which others are counted.
_BYTES_BEFORE_BROKEN, _BYTES_AFTER_BROKEN = 1 << 16, 1 << 20


def decode_text(data: bytes, file_name: str) -> str:
    """Return `data` as text without its byte order mark; bytes that the encoding does not have become U+FFFD.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, mark_bytes = detect_encoding(data, file_name)
    return data[mark_bytes:].decode(encoding, "replace")


def decode_markup(data: bytes, file_name: str) -> str:
    """Return `data` as text, in the encoding that its `charset=` or `encoding=` names, unless it is plainly Unicode.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, mark_bytes = detect_encoding(data, file_name)
    declared = _DECLARED_CHARSET.search(data[:_DECLARATION_BYTES])
    if declared and not mark_bytes and encoding not in ("utf-8", "utf-16-le", "utf-16-be"):
        with suppress(LookupError, ValueError):  # an encoding that Python does not know, or that is none of text
            return data.decode(declared.group(1).decode("ascii"), "replace")
    return data[mark_bytes:].decode(encoding, "replace")


def decode_head(data: bytes, length: int, file_name: str) -> str:
    """Return the first characters of `data`, about `length` bytes of it.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    encoding, mark_bytes = detect_encoding(data[:_SAMPLE_BYTES], file_name)
    return data[mark_bytes : mark_bytes + length].decode(encoding, "replace")


def detect_encoding(data: bytes, file_name: str) -> tuple[str, int]:
    """Return the encoding of `data` and the length of its byte order mark.

    Raises:
        FileFormatUnknown: the bytes are no text in any encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            _refuse_binary(data[len(mark) : _SAMPLE_BYTES].decode(encoding, "replace"), file_name)
            return encoding, len(mark)
    utf16 = _utf16_without_mark(data[:_SAMPLE_BYTES])
    if utf16:
        _refuse_binary(data[:_SAMPLE_BYTES].decode(utf16, "replace"), file_name)
        return utf16, 0
    _refuse_binary(data[:_SAMPLE_BYTES].decode("latin-1").translate(_HIGH_CONTROLS), file_name)
    if data.isascii() or _is_utf8(data):
        return "utf-8", 0
    return detect_single_byte_encoding(data), 0


def _refuse_binary(text: str, file_name: str) -> None:
    controls, undecodable = len(_CONTROL.findall(text)), text.count("\ufffd")
    if controls > len(text) // _CHARS_PER_CONTROL or undecodable > len(text) // _CHARS_PER_UNDECODABLE:
        raise FileFormatUnknown(f"{file_name}: is no workbook, PDF or text that can be read")


def _utf16_without_mark(sample: bytes) -> str:
    """Return the byte order of UTF-16 that has no mark, "" for other encodings."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * _UNITS_PER_ZERO < len(sample) // 2 or min(even, odd) * _ZEROS_PER_STRAY_ZERO > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8, perhaps with a character cut in two at its end and a few broken ones."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and not data[: error.start].isascii():
            return True
        around = data[max(0, error.start - _BYTES_BEFORE_BROKEN) : error.start + _BYTES_AFTER_BROKEN].decode("utf-8", "replace")
        broken = around.count("\ufffd")
        return broken * _CHARS_PER_BROKEN <= sum(1 for character in around if character > "\x7f") - broken
    return True
