"""Telegram's HTML: which tags there are, what a person sees of it, and what is refused."""

import html
import re

_TAGS = frozenset(["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "code", "pre", "blockquote"])
_TOKEN = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[^<>]*)?)>|(<)|([^<]+)")
_NAMED = frozenset(["lt", "gt", "amp", "quot"])
_ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")


class MarkupWrong(ValueError):
    """The text is no HTML that Telegram takes; the message is the one that Telegram gives."""


def visible_text(text: str, parse_mode: str) -> str:
    """Return `text` as a person sees it.

    Raises:
        MarkupWrong: tags are wrong, or `parse_mode` is neither empty nor HTML.
    """
    if not parse_mode:
        return text.strip()
    if parse_mode.upper() != "HTML":
        raise MarkupWrong("Bad Request: unsupported parse_mode")
    shown: list[str] = []
    open_tags: list[str] = []
    for token in _TOKEN.finditer(text):
        closing, tag, _, bare, plain = token.groups()
        if bare:
            raise MarkupWrong(f"Bad Request: can't parse entities: Unsupported start tag at byte offset {token.start()}")
        if plain:
            shown.append(_ENTITY.sub(_decode_entity, plain))
        elif tag.lower() not in _TAGS:
            raise MarkupWrong(f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}" at byte offset {token.start()}')
        elif not closing:
            open_tags.append(tag.lower())
        elif not open_tags or open_tags.pop() != tag.lower():
            raise MarkupWrong(f"Bad Request: can't parse entities: Unexpected end tag at byte offset {token.start()}")
    if open_tags:
        raise MarkupWrong(f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    return "".join(shown).strip()


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _decode_entity(entity: re.Match[str]) -> str:
    name = entity[1]
    return html.unescape(entity[0]) if name.startswith("#") or name in _NAMED else entity[0]
