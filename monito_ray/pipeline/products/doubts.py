"""Names that a person should look at: prompt injection, and garbage that no product is called."""

import re

#: Characters; no product has a longer name.
LONGEST_NAME = 1_000

_INSTRUCTIONS = re.compile(
    r"\b(?:ignore|disregard|forget|override|abaikan|lupakan|игнорируй\w*|забудь\w*|ignora|olvida)\b.{0,60}"
    r"\b(?:above|previous|prior|earlier|instructions?|prompts?|rules?|sebelumnya|instruksi|perintah|инструкци\w*|выше|предыдущ\w*|anteriores?|instrucciones)\b"
    r"|\b(?:system|developer)\s+(?:prompt|message)\b|\byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:ai|assistant|model|system)\b"
    r"|\bset\s+(?:all|every|the)\s+(?:the\s+)?prices?\b|<\|[a-z_]+\|>|\[/?inst\]|###\s*(?:instruction|system|user|assistant)\b",
    re.IGNORECASE | re.DOTALL,
)
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
    if _INSTRUCTIONS.search(text) or _PROTOCOL_MARKS.search(text):
        return "its name reads like an instruction to a program"
    return ""
