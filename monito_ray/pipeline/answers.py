"""What of the LLM's answer may be believed. Nothing it says is taken on trust: what does not follow from the row is a fault."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from monito_ray.pipeline import prompts, taxonomy, versions
from monito_ray.pipeline.evidence import Evidence
from monito_ray.records import Method, RawRow, Standard

_FIELDS = frozenset({"id", "check", "is"})
_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(\S+)")
_COUNT = re.compile(r"[0-9]{1,7}")
_CUT_SHORT = {"length": "the answer was cut short", "content_filter": "the answer was withheld"}
_CONFIDENCE = 0.9
_CONFIDENCE_OTHER = 0.7
# Largest size and pack that the records can hold and a price list can mean.
_SIZE_LIMIT = Decimal(10) ** 9
_PACK_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Checked:
    """Every id that was sent, once: with its standard, or with what is wrong with its answer."""

    settled: dict[int, Any]
    faults: dict[int, str]


class _Fault(Exception):
    """An answer, or one row of it, cannot be used; the text says why, in words the LLM can follow."""


def check(rows: Sequence[RawRow], ids: Sequence[int], text: str, finish_reason: str = "stop", refusal: str = "") -> Checked:
    """Sort the rows asked for under `ids` into settled ones and faults; foreign ids in the answer are passed over."""
    try:
        answers = _answers(text, finish_reason, refusal)
    except _Fault as fault:
        return Checked({}, dict.fromkeys(ids, str(fault)))
    settled: dict[int, Standard] = {}
    faults: dict[int, str] = {}
    for row, number, token in zip(rows, ids, prompts.checks(rows), strict=True):
        try:
            settled[number] = _settle(
                row, token, _only([answer for answer in answers if _is_int(answer.get("id")) and answer["id"] == number])
            )
        except _Fault as fault:
            faults[number] = str(fault)
    return Checked(settled, faults)


def answer_key(row: RawRow, model: str) -> str:
    """The key under which an answer is stored: equal for rows that would be asked in the same words, wherever they stand."""
    content = json.dumps([versions.PROMPT, model, prompts.told(row)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _answers(text: str, finish_reason: str, refusal: str) -> list[dict[str, Any]]:
    if refusal:
        raise _Fault("the answer was refused")
    if finish_reason in _CUT_SHORT:
        raise _Fault(_CUT_SHORT[finish_reason])
    try:
        body = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError):
        raise _Fault("the answer is no JSON") from None
    answers = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(answers, list):
        raise _Fault('the answer has no list "rows"')
    return [answer for answer in answers if isinstance(answer, dict)]


def _no_number(word: str) -> None:
    raise ValueError(word)


def _only(answers: list[dict[str, Any]]) -> dict[str, Any]:
    if not answers:
        raise _Fault("the row was left out")
    if len(answers) > 1:
        raise _Fault("the id came back more than once")
    return answers[0]


def _settle(row: RawRow, token: str, answer: Mapping[str, Any]) -> Standard:
    extra = sorted(set(answer) - _FIELDS)
    if extra:
        raise _Fault(f"fields that were not asked for: {', '.join(extra)[:80]}")
    if _folded(_text(answer, "check")) != _folded(token):
        raise _Fault("the check is another row's")
    parts = [part.strip(" ") for part in _text(answer, "is").split(prompts.BAR)]
    if len(parts) != prompts.PARTS:
        raise _Fault(f'"is" has not {prompts.PARTS} parts')
    name, brand, size, pack, category = parts
    if category not in prompts.CATEGORIES:
        raise _Fault("the category is not in the list")
    evidence = Evidence(prompts.told(row))
    number, unit = _size(size, evidence)
    return Standard(
        standardized_name=_name(name, row, evidence),
        brand=_brand(brand, evidence),
        size=number,
        unit=unit,
        pack_count=_pack_count(pack, evidence),
        category=prompts.CATEGORIES[category],
        confidence=_CONFIDENCE_OTHER if category == taxonomy.OTHER else _CONFIDENCE,
        method=Method.LLM,
    )


def _name(said: str, row: RawRow, evidence: Evidence) -> str:
    name = _safe(said, "the name")
    if not any(character.isalnum() for character in name):
        raise _Fault("the name is empty")
    if len(name) > 4 * len(row.original_name) + 60 or len(name) > prompts.NAME_LIMIT:
        raise _Fault("the name is too long")
    foreign = Evidence({"name": name}).numbers - evidence.numbers
    if foreign:
        raise _Fault("the name has a number that does not stand in the row")
    return name


def _brand(said: str, evidence: Evidence) -> str:
    brand = _safe(said, "the brand")
    if brand and not evidence.has_words(brand):
        raise _Fault("the brand does not stand in the row")
    return brand


def _size(said: str, evidence: Evidence) -> tuple[Decimal | None, str]:
    if not said:
        return None, ""
    found = _SIZE.fullmatch(said)
    if found is None:
        raise _Fault("the size is no number with a unit")
    size, unit = Decimal(found[1]), found[2]
    if not 0 < size < _SIZE_LIMIT or size not in evidence.numbers:
        raise _Fault("the size does not stand in the row")
    if unit not in prompts.UNITS:
        raise _Fault("the unit is not in the list")
    if unit != "pcs" and evidence.units and unit not in evidence.units:
        raise _Fault("the unit does not stand in the row")
    return size, unit


def _pack_count(said: str, evidence: Evidence) -> int:
    if not said:
        return 1
    if not _COUNT.fullmatch(said):
        raise _Fault("the pack is no whole number")
    count = int(said)
    if not 0 < count < _PACK_LIMIT or (count != 1 and count not in evidence.counts):
        raise _Fault("the pack does not stand in the row")
    return count


def _safe(text: str, what: str) -> str:
    """A text of one line that no spreadsheet takes for a formula."""
    if not text.replace(" ", "a").isprintable():
        raise _Fault(f"{what} has characters that cannot be shown")
    folded = " ".join(text.split())
    if folded.startswith(("=", "+", "-", "@")):
        raise _Fault(f"{what} begins like a formula")
    return folded


def _text(answer: Mapping[str, Any], field: str) -> str:
    value = answer.get(field)
    if not isinstance(value, str):
        raise _Fault(f"{field} is no text")
    return value


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
