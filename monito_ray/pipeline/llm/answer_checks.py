"""What of the LLM's answer may be believed. Nothing it says is taken on trust: what does not follow from the row is a fault."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from monito_ray.pipeline import versions
from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.evidence import RowEvidence
from monito_ray.pipeline.llm.questions import CheckedAnswers
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import Method, RawRow, Standard

_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(\S+)")
_COUNT = re.compile(r"[0-9]{1,7}")
_CUT_SHORT = {"length": "the answer was cut short", "content_filter": "the answer was withheld"}
_CONFIDENCE = 0.9
_CONFIDENCE_OTHER = 0.7
# Largest size and pack that the records can hold and a price list can mean.
_SIZE_LIMIT = Decimal(10) ** 9
_PACK_LIMIT = 1_000_000


class _Fault(Exception):
    """An answer, or one row of it, cannot be used; the text says why, in words the LLM can follow."""


def check(rows: Sequence[RawRow], ids: Sequence[int], text: str, finish_reason: str = "stop", refusal: str = "") -> CheckedAnswers:
    """Sort the rows asked for under `ids` into settled ones and faults; foreign ids in the answer are passed over."""
    try:
        answers = _answers(text, finish_reason, refusal)
    except _Fault as fault:
        return CheckedAnswers({}, dict.fromkeys(ids, str(fault)))
    settled: dict[int, Standard] = {}
    faults: dict[int, str] = {}
    for row, number, token in zip(rows, ids, prompts.check_tokens(rows), strict=True):
        try:
            settled[number] = _settle(row, token, _only(answers.get(f"{number}", [])))
        except _Fault as fault:
            faults[number] = str(fault)
    return CheckedAnswers(settled, faults)


def answer_key(row: RawRow, model: str) -> str:
    """The key under which an answer is stored: equal for rows that would be asked in the same words, wherever they stand."""
    content = json.dumps([versions.PROMPT, model, prompts.row_payload(row)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _answers(text: str, finish_reason: str, refusal: str) -> dict[str, list[list[str]]]:
    """The parts of each answer, by the id that it has."""
    if refusal:
        raise _Fault("the answer was refused")
    if finish_reason in _CUT_SHORT:
        raise _Fault(_CUT_SHORT[finish_reason])
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise _Fault("the answer is no JSON") from None
    answers = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(answers, list):
        raise _Fault('the answer has no list "rows"')
    found: dict[str, list[list[str]]] = defaultdict(list)
    for answer in answers:
        parts = [part.strip(" ") for part in answer.split(prompts.BAR)] if isinstance(answer, str) else [""]
        found[parts[0]].append(parts)
    return found


def _only(answers: list[list[str]]) -> list[str]:
    if not answers:
        raise _Fault("the row was left out")
    if len(answers) > 1:
        raise _Fault("the id came back more than once")
    return answers[0]


def _settle(row: RawRow, token: str, parts: Sequence[str]) -> Standard:
    if len(parts) != prompts.PARTS:
        raise _Fault(f"the answer has {len(parts)} parts, not {prompts.PARTS}")
    _, check, name, brand, size, pack, category = parts
    if _folded(check) != _folded(token):
        raise _Fault("the check is another row's")
    if category not in prompts.CATEGORIES:
        raise _Fault("the category is not in the list")
    evidence = RowEvidence(prompts.row_payload(row))
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


def _name(said: str, row: RawRow, evidence: RowEvidence) -> str:
    name = _safe(said, "the name")
    if not any(character.isalnum() for character in name):
        raise _Fault("the name is empty")
    if len(name) > 4 * len(row.original_name) + 60 or len(name) > prompts.NAME_LIMIT:
        raise _Fault("the name is too long")
    foreign = RowEvidence({"name": name}).numbers - evidence.numbers
    if foreign:
        raise _Fault("the name has a number that does not stand in the row")
    return name


def _brand(said: str, evidence: RowEvidence) -> str:
    brand = _safe(said, "the brand")
    if brand and not evidence.has_words(brand):
        raise _Fault("the brand does not stand in the row")
    return brand


def _size(said: str, evidence: RowEvidence) -> tuple[Decimal | None, str]:
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


def _pack_count(said: str, evidence: RowEvidence) -> int:
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


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
