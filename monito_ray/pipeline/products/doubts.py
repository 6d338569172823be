"""Names that a person should look at: prompt injection, and garbage that no product is called."""

import re

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import any_phrase
from monito_ray.pipeline.lexicon import derived

#: Characters; no product has a longer name.
LONGEST_NAME = 1_000

#: Marks of the templates in which LLMs get their messages.
_TEMPLATE_MARKS = re.compile(r"<\|[a-z_]+\|>|\[/?inst\]|###\s*(?:instruction|system|user|assistant)\b", re.IGNORECASE)
#: Pieces of the JSON in which rows are sent to the LLM and answered by it.
_PROTOCOL_MARKS = re.compile(r"\}\s*,?\s*[\]{}]|\]\s*\}|[\"']\s*(?:id|check|rows|standardized_name)\s*[\"']\s*:", re.IGNORECASE)
# Unicode's category Cc, less tabs and ends of lines.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def injection_or_garbage(text: str) -> str:
    """Return why a person should look at a row with this name, or "" where nothing is odd about it.

    The row is written all the same: goods with odd words ("System lock") must not vanish.
    """
    if len(text) > LONGEST_NAME:
        return "its name is too long to be one"
    if _CONTROLS.search(text):
        return "its name has control characters"
    if any(pattern.search(text) for pattern in (_instructions(), _TEMPLATE_MARKS, _PROTOCOL_MARKS)):
        return "its name reads like an instruction to a program"
    return ""


@derived()
def _instructions() -> re.Pattern[str]:
    """What somebody writes who gives orders to a program: "ignore all previous instructions"."""
    commands, objects, phrases = (any_phrase(lexicon.words("doubts", key)) for key in ("commands", "objects", "phrases"))
    return re.compile(rf"\b{commands}\b.{{0,60}}\b{objects}\b|\b{phrases}\b", re.IGNORECASE | re.DOTALL)
