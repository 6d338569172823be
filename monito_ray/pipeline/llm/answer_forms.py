"""What an answer about rows is made of, and the forms in which it may come, from a schema that leaves no room for mistakes to plain text."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from monito_ray.pipeline import units
from monito_ray.pipeline.llm.questions import AnswerForm, json_schema
from monito_ray.pipeline.products import taxonomy

#: The parts of an answer, in order; names of the keys where an answer is an object.
PART_NAMES = ("id", "check", "name", "brand", "size", "pack", "category")
#: Stands between them where an answer is one text.
BAR = "|"
_FIRST_WORD = re.compile(r"[\w-]+")


def _keys_of(names: Sequence[str]) -> dict[str, str]:
    """Return the names by their keys: the first word of each, and the whole name of those that share it."""
    first_words = [_FIRST_WORD.findall(name)[0].casefold() for name in names]
    return {word if first_words.count(word) == 1 else name: name for word, name in zip(first_words, names, strict=True)}


#: Categories by the keys that stand for them in an answer.
CATEGORIES = _keys_of(taxonomy.category_names())
CATEGORY_KEYS = {name: key for key, name in CATEGORIES.items()}
#: The units that an answer's size may have.
UNITS = (*sorted(units.content_units()), "pcs")

#: A part's text. What JSON writes with a backslash is left out: servers that turn a pattern into a grammar would put it into the text as it is.
_TEXT = rf'[^{BAR}"\\\n\r\t]'


def response_format(form: AnswerForm, rows: int) -> Mapping[str, Any] | None:
    """Return the `response_format` for an answer about `rows` rows; None: send none."""
    if form is AnswerForm.PATTERN:
        texts = {"type": "array", "items": {"type": "string", "pattern": row_pattern()}, "minItems": rows, "maxItems": rows}
        return json_schema("rows", _object_of({"rows": texts}))
    if form is AnswerForm.OBJECTS:
        parts: dict[str, Any] = {name: {"type": "string"} for name in PART_NAMES}
        parts |= {"id": {"type": "integer"}, "category": {"type": "string", "enum": list(CATEGORIES)}}
        return json_schema("rows", _object_of({"rows": {"type": "array", "items": _object_of(parts)}}))
    return {"type": "json_object"} if form is AnswerForm.JSON_OBJECT else None


def row_pattern() -> str:
    """Return the regular expression of an answer as one text: anchored, without look-around, groups that capture nothing or lazy repeats."""
    unit, category = (f"({'|'.join(words)})" for words in (UNITS, CATEGORIES))  # letters, blanks and "&" alone: nothing to escape
    size, pack = rf"([0-9]{{1,9}}(\.[0-9]{{1,6}})? {unit})?", "([0-9]{1,7})?"
    return rf"\{BAR}".join(["^[0-9]{1,4}", f"{_TEXT}+", f"{_TEXT}*", f"{_TEXT}*", size, pack, f"{category}?$"])


def _object_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema as strict ones have to be: every property is required, and none is allowed besides."""
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}
