"""Answers are found in whatever a model wrote around them."""

import json
from typing import Any

import pytest

from monito_ray.pipeline.llm.answer_text import find_answers

LINES = ["1|Melati|Jasmine tea|Kuntum|330 ml|24|beverages", "2|premium|Premium rice||||rice"]
OBJECT = {"id": 1, "check": "Melati", "name": "Jasmine tea", "brand": "", "size": "", "pack": "", "category": "beverages"}
WHOLE = json.dumps({"rows": LINES})

WRITTEN: dict[str, tuple[str, list[Any] | None]] = {
    "as required": (WHOLE, LINES),
    "fenced": (f"```json\n{WHOLE}\n```", LINES),
    "fenced without a language": (f"```\n{json.dumps({'rows': LINES}, indent=2)}\n```\nI hope this helps!", LINES),
    "behind a sentence": (f"Here are the standardized rows [as JSON]: {WHOLE}", LINES),
    "behind thoughts": (f"<think>Row {{1}} is [tea]. {json.dumps({'rows': LINES[:1]})}</think>\n{WHOLE}", LINES),
    "behind thoughts without a beginning": (f"Row 1 is tea.</think>{WHOLE}", LINES),
    "behind other thoughts": (f"<reasoning>tea</reasoning>{WHOLE}", LINES),
    "behind the question": (f"{json.dumps({'rows': [{'id': 1, 'check': 'Melati', 'name': 'TEH'}]})}\n{WHOLE}", LINES),
    "a bare array": (json.dumps(LINES), LINES),
    "a bare array behind a sentence": (f"Sure: {json.dumps(LINES)}", LINES),
    "another key": (json.dumps({"answers": LINES}), LINES),
    "an object by ids": (json.dumps({"rows": {"1": LINES[0], "2": LINES[1]}}), LINES),
    "one text of lines": (json.dumps({"rows": "\n".join(LINES)}), LINES),
    "a single object": (json.dumps(OBJECT), [OBJECT]),
    "objects": (json.dumps({"rows": [OBJECT]}), [OBJECT]),
    "a trailing comma": (f'{{"rows": ["{LINES[0]}", "{LINES[1]}",]}}', LINES),
    "a line break within a text": (
        WHOLE.replace("Jasmine tea", "Jasmine\ntea"),
        [LINES[0].replace("Jasmine tea", "Jasmine\ntea"), LINES[1]],
    ),
    "cut within an answer": (WHOLE[:-8], LINES[:1]),
    "cut behind an answer": (WHOLE[:-2], LINES),
    "cut within an object": (json.dumps({"rows": [OBJECT, OBJECT]})[:-30], [OBJECT]),
    "cut while fenced": (f"```json\n{WHOLE[:-8]}", LINES[:1]),
    "lines": ("\n".join(LINES), LINES),
    "a table": ("\n".join(f"| {line} |" for line in LINES), [f"{line} |" for line in LINES]),
    "a list": ("\n".join(f"- `{line}`" for line in LINES), LINES),
    "no rows": ('{"rows": []}', []),
    "prose": ("I cannot see any rows.", None),
    "nothing": ("", None),
    "thoughts without an end": (f"<think>{WHOLE}", None),
    "brackets without end": ("[" * 100_000, None),
    "a number": ("17", None),
}


@pytest.mark.parametrize(("text", "answers"), WRITTEN.values(), ids=WRITTEN)
def test_answers_are_found_in_what_a_model_wrote(text: str, answers: list[Any] | None):
    """Fences, thoughts and prose do not matter; of a text that breaks off all answers count that are complete."""
    assert find_answers(text) == answers
