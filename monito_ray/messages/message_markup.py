"""Texts as Telegram's HTML: values escaped and shortened, the whole within Telegram's limit."""

import html
import re

#: UTF-16 code units that Telegram takes in a message, markup not counted.
TEXT_LIMIT = 4096
NAME_LENGTH = 60
CAUSE_LENGTH = 300
_TAG = re.compile(r"<[^>]*>")
# Characters that break a line, are invisible, or change the direction of the text around them.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def escape_value(value: object, most: int = NAME_LENGTH) -> str:
    """Return a value as one line of at most `most` characters, without markup."""
    return html.escape(shorten(value, most), quote=False)


def shorten(value: object, most: int) -> str:
    """Return a value as one line of plain text. If it is longer than `most`, cut its middle: the end of a file's name matters, too."""
    text = _INVISIBLE.sub(" ", str(value)).strip()
    return text if len(text) <= most else f"{text[: most - most // 3 - 1]}…{text[-(most // 3) :]}"


def fit_message(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return HTML within Telegram's limit. A text that is too long loses its tags, and then its end."""
    if utf16_units(text) <= limit:
        return text
    plain = html.unescape(_TAG.sub("", text))
    if utf16_units(plain) > limit:
        plain = plain.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore") + "…"
    return html.escape(plain, quote=False)


def utf16_units(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


class Markup(str):
    """HTML that the program made; it goes into a text without being escaped."""

    __slots__ = ()
