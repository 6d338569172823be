"""Texts of strangers as they are shown at a terminal: names of files, suppliers and products can neither command it nor hide what they say."""

import json
import re
from typing import Any

# What is written as it is: tab and line feed, and the joiners that scripts of India and Persia are spelled with.
# Controls of a terminal (C0, delete, C1), lone surrogates, which no encoding can write, and what turns the order of writing around.
_COMMANDS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069"
# What shows nothing at all: soft hyphen, zero-width space, marks of direction, word joiner and its kin, byte order mark, tags.
_UNSEEN = re.compile("\r(?=\n)|[\xad\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_COMMAND = re.compile(f"[{_COMMANDS}]")
_NOT_FOR_TERMINALS = re.compile(f"[{_COMMANDS}]|{_UNSEEN.pattern}")
#: Stands for a character that would command a terminal.
_REPLACEMENT = "\ufffd"


def visible(text: str) -> str:
    """Return `text` with a sign in place of each character that would command a terminal, and without those that show nothing."""
    return text if text.isascii() and text.isprintable() else _COMMAND.sub(_REPLACEMENT, _UNSEEN.sub("", text))


def visible_json(value: Any, **options: Any) -> str:
    """Return `value` as JSON in which such characters stand as escapes: a program reads what was there, a terminal shows it."""
    text = json.dumps(value, ensure_ascii=False, **options)
    return _NOT_FOR_TERMINALS.sub(lambda command: json.dumps(command[0])[1:-1], text)
