"""Lines copied or exported from a chat: without the day, the time and the sender that a program sets before each message."""

import re
from collections.abc import Sequence

#: Lines that show whether a text is copied from a chat.
_SAMPLE_LINES = 500
_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]?[AaPp]\.?\s?[Mm]\.?)?"
#: "[12/05/26, 05:49] Rina: ", "12/05/2026, 05:49 - Rina: "; the words of the program itself have no sender.
_BEFORE_MESSAGE = re.compile(
    rf"(?<![\u200e\u200f\ufeff])[\u200e\u200f\ufeff]*+(?:\[{_DAY},?\s{_TIME}\]|{_DAY},?\s{_TIME}\s[-–])\s(?:[^:\n]{{1,60}}:(?:\s|$))?[\u200e\u200f]*"
)
#: "Rina, [12.05.2026 05:49]" on a line of its own, before the message.
_ABOVE_MESSAGE = re.compile(rf"[^\n]{{1,60}},\s\[{_DAY},?\s{_TIME}\]:?\s*")


def without_senders(lines: Sequence[str]) -> Sequence[str]:
    """Return as many lines, those of a chat without what stands before and above its messages."""
    if not any(_BEFORE_MESSAGE.match(line) or _ABOVE_MESSAGE.fullmatch(line) for line in lines[:_SAMPLE_LINES]):
        return lines
    return [_BEFORE_MESSAGE.sub("", "\n" if _ABOVE_MESSAGE.fullmatch(line) else line, count=1) for line in lines]
