"""The forms of answers about rows, from the strictest to none."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from monito_ray.pipeline.llm.answer_forms import CATEGORIES, CATEGORY_KEYS, PART_NAMES, UNITS, response_format, row_pattern
from monito_ray.pipeline.llm.questions import AnswerForm

HELD = [
    ("1|Melati|Kuntum jasmine tea|KUNTUM|330 ml|24|beverages", True),
    ("12|premium|Premium rice||||rice", True),
    ("3|Гречка|Buckwheat|Увелка|0.8 kg||rice", True),
    ("3|settled|Soap||||", True),
    ("1|Melati|Tea|KUNTUM|330 ml|24|beverages|25500", False),
    ("1|Melati|Tea|KUNTUM|330 ml|24", False),
    ("1|Melati|Tea|KUNTUM|330|24|beverages", False),
    ("1|Melati|Tea|KUNTUM|330 ml|24 pcs|beverages", False),
    ("1|Melati|Tea|KUNTUM|330 ml|24|sugar & sweeteners", False),
    ("1||Tea||||beverages", False),
    ('1|Melati|Te"a||||beverages', False),
]


@pytest.mark.parametrize(("text", "holds"), HELD)
def test_the_pattern_holds_the_seven_parts(text: str, holds: bool):
    """A bar too many or too few, a size without a unit, another category: none of them can be written."""
    assert (re.search(row_pattern(), text) is not None) is holds


def test_the_strictest_form_has_as_many_texts_as_rows():
    """No row can be left out, and none repeated without end."""
    rows = _schema_of(AnswerForm.PATTERN, 7)["properties"]["rows"]
    assert (rows["minItems"], rows["maxItems"], rows["items"]["pattern"]) == (7, 7, row_pattern())


def test_objects_have_the_parts_as_keys():
    """They need no pattern; the category is one of the keys."""
    (row,) = (_schema_of(AnswerForm.OBJECTS, 7)["properties"]["rows"]["items"],)
    assert tuple(row["properties"]) == PART_NAMES
    assert row["properties"]["category"]["enum"] == list(CATEGORIES)
    assert "pattern" not in json.dumps(row)


@pytest.mark.parametrize("form", [AnswerForm.PATTERN, AnswerForm.OBJECTS])
def test_schemas_are_strict(form: AnswerForm):
    """Providers accept one only when every property is required and none may be added."""
    for schema in _objects_in(_schema_of(form, 3)):
        assert schema["required"] == list(schema["properties"])
        assert schema["additionalProperties"] is False


def test_the_last_forms_ask_the_server_for_nothing():
    """Any object, then nothing at all: servers refuse fields that they do not know."""
    assert response_format(AnswerForm.JSON_OBJECT, 3) == {"type": "json_object"}
    assert response_format(AnswerForm.PLAIN, 3) is None


def _schema_of(form: AnswerForm, rows: int) -> Mapping[str, Any]:
    held = response_format(form, rows) or {}
    assert held["json_schema"]["strict"] is True
    schema: Mapping[str, Any] = held["json_schema"]["schema"]
    return schema


def _objects_in(schema: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from _objects_in(value)


def test_the_words_of_an_answer_need_no_escape_in_a_pattern():
    """Not every server knows escapes of signs that mean nothing."""
    assert all(re.fullmatch(r"[\w &,-]+", word) for word in (*CATEGORIES, *UNITS))


def test_each_category_has_a_key_of_its_own():
    """The first word of its name, where no other has it."""
    assert len(CATEGORIES) == len(set(CATEGORIES.values())) == len(CATEGORY_KEYS)
