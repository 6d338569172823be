"""The seven parts of an answer about a row, and how they are read: units, categories, counts and words for nothing as models write them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from monito_ray.pipeline import spellings
from monito_ray.pipeline.llm.answer_forms import BAR, CATEGORIES, PART_NAMES, UNITS

#: Other names of parts that models take from the field's words.
_OTHER_NAMES = {"standardized_name": "name", "product": "name", "pack_count": "pack"}
#: What models write for nothing.
_NOTHING = frozenset(
    ("-", "--", "–", "—", ".", "/", "?", "n/a", "n.a.", "na", "none", "null", "nil", "nan", "empty", "unknown", "undefined", "unspecified",
     "not specified", "not applicable", "no brand", "unbranded", "generic", "()", "[]", "{}", '""', "''")
)  # fmt: skip
_QUANTITY = re.compile(r"([0-9][0-9.,]*)\s*(\D.*)")
_COUNT = re.compile(r"[x×]?\s*([0-9]{1,7})\s*(?:[x×]|([^\W\d].*))?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
#: Digits behind a separator of thousands.
_THOUSANDS = 3
_MOST_DIGITS = 12


def parts_of(answer: Any) -> dict[str, str] | None:
    """Return the parts of an answer by `PART_NAMES`, "" for one that says nothing; None where it has not these parts."""
    if isinstance(answer, str):
        return _parts_of_list(_split(answer))
    if isinstance(answer, list):
        return _parts_of_list(answer)
    return _parts_of_object(answer) if isinstance(answer, dict) else None


def is_answer(answer: Any) -> bool:
    """Return whether it has the parts of an answer."""
    return parts_of(answer) is not None


def id_of(answer: Any) -> str:
    """Return the id in the first part, whatever the other parts are; "" where there is none."""
    first = answer.get("id") if isinstance(answer, dict) else _first(_split(answer) if isinstance(answer, str) else answer)
    return _text_of(first) or ""


def _first(parts: Any) -> Any:
    return parts[0] if isinstance(parts, list) and parts else None


def _split(line: str) -> list[str]:
    """Return a text's parts; a bar before the first or behind the last, as in a table, is none."""
    parts = line.strip().split(BAR)
    if len(parts) > len(PART_NAMES) and not parts[-1].strip():
        parts.pop()
    if len(parts) > len(PART_NAMES) and not parts[0].strip():
        parts.pop(0)
    return parts


def _parts_of_list(values: Sequence[Any]) -> dict[str, str] | None:
    texts = [_text_of(value) for value in values]
    return _without_nothing(dict(zip(PART_NAMES, texts, strict=True))) if len(texts) == len(PART_NAMES) else None


def _parts_of_object(answer: Mapping[Any, Any]) -> dict[str, str] | None:
    named = {_OTHER_NAMES.get(name := f"{key}".strip().casefold(), name): value for key, value in answer.items()}
    parts = {name: _text_of(named.get(name)) for name in PART_NAMES}
    unit = _text_of(named.get("unit"))
    if parts["size"] and unit and parts["size"].replace(".", "").isdigit():
        parts["size"] = f"{parts['size']} {unit}"
    return _without_nothing(parts) if {"id", "check", "name", "category"} <= named.keys() else None


def _text_of(value: Any) -> str | None:
    """Return a part as a text, None for what is none; a whole number is one also where it was written as 24.0."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return f"{value:g}" if isinstance(value, float) else f"{value}".strip(" ")


def _without_nothing(parts: Mapping[str, str | None]) -> dict[str, str] | None:
    """Return `parts` with "" for words that mean nothing; None where a part is no text. Check and id are as they are."""
    texts = {name: text for name, text in parts.items() if text is not None}
    if len(texts) < len(parts):
        return None
    return {name: "" if name not in ("id", "check") and text.casefold() in _NOTHING else text for name, text in texts.items()}


def category_of(text: str) -> str | None:
    """Return the category that a part names by its key or in full, in any case and with "and" for "&"; None for none of the list."""
    return _categories().get(_folded(text))


@cache
def _categories() -> dict[str, str]:
    return {_folded(spelling): name for key, name in CATEGORIES.items() for spelling in (name, key)}  # "meat (& poultry)" folds to the name


def _folded(text: str) -> str:
    return " ".join(word for word in _WORD.findall(text.casefold()) if word != "and")


def size_of(text: str) -> tuple[frozenset[Decimal], str] | None:
    """Return what the number of a size can mean, and its canonical unit: "1 KG", "85 gr", "1,5 ltr"; None for no size."""
    match = _QUANTITY.fullmatch(text)
    unit = unit_of(match[2]) if match else ""
    readings = _readings(match[1]) if match else frozenset()
    return (readings, unit) if unit and readings else None


def unit_of(text: str) -> str:
    """Return the unit of a size that a part names, "" for none."""
    if text in UNITS:
        return text
    unit = spellings.canonical_unit(text.replace("_", " "))
    return unit if unit in UNITS else ""


def _readings(written: str) -> frozenset[Decimal]:
    """Return the numbers that "1,5" (1.5) and "1,000" (1 or 1000) can mean."""
    written = written.rstrip(".,")
    whole, *behind = re.split("[.,]", written)
    if len(written) > _MOST_DIGITS or not whole.isascii():
        return frozenset()
    joined = Decimal(whole + "".join(behind))
    if not behind:
        return frozenset({joined})
    are_thousands = all(len(digits) == _THOUSANDS for digits in behind)
    decimal = {Decimal(f"{whole}.{behind[0]}")} if len(behind) == 1 and behind[0] else set()
    return frozenset(decimal | ({joined} if are_thousands else set()))


def count_of(text: str) -> int | None:
    """Return the pieces that a part states: "24", "x24", "12 pcs"; None for no count of pieces."""
    match = _COUNT.fullmatch(text)
    if match is None or (match[2] and spellings.canonical_unit(match[2]) != "pcs"):
        return None
    return int(match[1])
