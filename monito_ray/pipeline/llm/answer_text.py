"""Find the answers about rows in what a model wrote: JSON in fences, behind thoughts or prose, cut off, or no JSON at all but lines.

Servers that hold no form send all of these. Nothing is lost by reading them leniently: each answer proves itself by its id and check.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from monito_ray.pipeline.llm.answer_forms import BAR
from monito_ray.pipeline.llm.answer_parts import is_answer

_ROWS = "rows"
#: What reasoning models write before an answer, in the text itself where their server does not take it out.
_THOUGHTS = re.compile(r"\A\s*<(think|thinking|thought|reasoning|reflection)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_END_OF_THOUGHTS = re.compile(r"\A(?:(?!</think).)*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
#: An answer as a line of text: an item of a list or a row of a table may hold it.
_LINE = re.compile(rf"^[ \t\r\u00a0*>`'\"-]*+{re.escape(BAR)}?[ \t]*+(\d{{1,4}}[ \t]*{re.escape(BAR)}.*)$", re.MULTILINE)
_BEHIND_LINE = " \t\r\u00a0`'\","
_OPENING = re.compile(r"[\[{]")
#: Brackets in prose that are tried as the beginning of the answer.
_MOST_OPENINGS = 60
#: JSON as models write it: line breaks within texts are read.
_DECODER = json.JSONDecoder(strict=False)
_SEPARATORS = re.compile(r"[\s,]*")


def find_answers(text: str) -> list[Any] | None:
    """Return the answers in `text`, in order, each as it was decoded: texts, objects or lists; None where there is no list of answers.

    Where several lists stand in the text, the one with most answers counts, of equal ones the last: a model may repeat the question first. Of a
    text that was cut off those answers are returned that are complete.
    """
    text = without_thoughts(text)
    best: list[Any] | None = None
    for answers in map(_answers_in, decoded_values(text)):
        if answers is not None and (best is None or _count(answers) >= _count(best)):
            best = answers
    lines = [line.rstrip(_BEHIND_LINE) for line in _LINE.findall(text)] if not best or not _count(best) else []
    return lines if any(map(is_answer, lines)) else best


def without_thoughts(text: str) -> str:
    """Return what stands behind a model's thoughts; a text that is JSON has none."""
    return text if text.lstrip()[:1] in ("{", "[") else _END_OF_THOUGHTS.sub("", _THOUGHTS.sub("", text))


def decoded_values(text: str) -> Iterator[Any]:
    """Yield what JSON `text` is, or has among other things, in order; an array that breaks off has its complete items."""
    try:
        whole = _DECODER.decode(text.strip())
    except (ValueError, RecursionError):
        yield from _values_in(text)
    else:
        yield whole


def _count(answers: list[Any]) -> int:
    return sum(map(is_answer, answers))


def _answers_in(value: Any) -> list[Any] | None:
    """Return the list of answers in a decoded value, None where it has none."""
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return value.splitlines()
    if not isinstance(value, dict):
        return None
    if _ROWS in value:
        return _listed(value[_ROWS])
    if "check" in value:
        return [value]
    lists = [inner for inner in value.values() if isinstance(inner, list)]
    return lists[0] if len(lists) == 1 else None


def _listed(rows: Any) -> list[Any] | None:
    """Return the value of "rows" as a list: models also write an object by ids, or one text of lines."""
    if isinstance(rows, dict):
        return list(rows.values())
    if isinstance(rows, str):
        return rows.splitlines()
    return rows if isinstance(rows, list) else None


def _values_in(text: str) -> Iterator[Any]:
    position = 0
    for _ in range(_MOST_OPENINGS):
        opening = _OPENING.search(text, position)
        if opening is None:
            return
        value, position = _decode_at(text, opening.start())
        yield value


def _decode_at(text: str, start: int) -> tuple[Any, int]:
    """Return the value that begins at `start` and where it ends; None for a bracket that begins no value."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        items, end = _complete_items(text, start + 1) if text[start] == "[" else ([], start + 1)
        return items or None, end


def _complete_items(text: str, position: int) -> tuple[list[Any], int]:
    """Return the items of an array from `position` on, up to the first that is none, and where that stands."""
    items: list[Any] = []
    while True:
        separators = _SEPARATORS.match(text, position)
        try:
            item, position = _DECODER.raw_decode(text, separators.end() if separators else position)
        except (ValueError, RecursionError):
            return items, position
        items.append(item)
