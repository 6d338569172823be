"""Check the LLM's answers about rows. Nothing is taken on trust: an answer that does not follow from its row is a fault.

For each row, in running order: it was answered once, in seven parts, with its own check token; the category is in the list; size and unit, name,
brand and pack are built from the row's own numbers and words, and can be written to a spreadsheet.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from monito_ray.pipeline import versions
from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.evidence import RowEvidence
from monito_ray.pipeline.llm.questions import CheckedAnswers, Fault
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import FieldConfidence, Method, RawRow, Standard

_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(\S+)")
_COUNT = re.compile(r"[0-9]{1,7}")
_CUT_SHORT = {"length": "the answer was cut short", "content_filter": "the answer was withheld"}
#: Confidence of an accepted answer, and of one that knows no category for the row.
_ACCEPTED_CONFIDENCE = FieldConfidence(0.9, 0.9, 0.9, 0.9, 0.9)
_NO_CATEGORY_CONFIDENCE = _ACCEPTED_CONFIDENCE._replace(category=0.7)
#: Sizes and packs are smaller than these: what the records can hold and a price list can mean.
_SIZE_LIMIT = Decimal(10) ** 9
_PACK_LIMIT = 1_000_000
#: A name may be this many times as long as the row's, and longer by these characters: abbreviations are written out, words translated.
_NAME_GROWTH, _NAME_SLACK = 4, 60


class _UnusableAnswer(Exception):
    """An answer, or one row of it, cannot be used; the text says why, in words that the LLM can follow."""


def check(rows: Sequence[RawRow], ids: Sequence[int], text: str, finish_reason: str = "stop", refusal: str = "") -> CheckedAnswers:
    """Return the rows that were sent under `ids` as accepted or at fault; ids in the answer that were not sent are ignored."""
    try:
        answers = _answers_by_id(text, finish_reason, refusal)
    except _UnusableAnswer as fault:
        return CheckedAnswers({}, dict.fromkeys(ids, Fault(str(fault))))
    accepted: dict[int, Standard] = {}
    faults: dict[int, Fault] = {}
    for row, row_id, token in zip(rows, ids, prompts.check_tokens(rows), strict=True):
        try:
            accepted[row_id] = _accept(row, token, _single(answers.get(f"{row_id}", [])))
        except _UnusableAnswer as fault:
            faults[row_id] = Fault(str(fault))
    return CheckedAnswers(accepted, faults)


def answer_key(row: RawRow, model: str) -> str:
    """Return the key under which an answer is stored: equal for rows that would be sent in the same words, wherever they are."""
    content = json.dumps([versions.PROMPT, model, prompts.row_payload(row)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _answers_by_id(text: str, finish_reason: str, refusal: str) -> dict[str, list[list[str]]]:
    """Return the parts of each answer, by the id in its first part; an id may have several answers, or none."""
    if refusal:
        raise _UnusableAnswer("the answer was refused")
    if finish_reason in _CUT_SHORT:
        raise _UnusableAnswer(_CUT_SHORT[finish_reason])
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise _UnusableAnswer("the answer is no JSON") from None
    answers = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(answers, list):
        raise _UnusableAnswer('the answer has no list "rows"')
    by_id: dict[str, list[list[str]]] = defaultdict(list)
    for answer in answers:
        parts = [part.strip(" ") for part in answer.split(prompts.BAR)] if isinstance(answer, str) else [""]
        by_id[parts[0]].append(parts)
    return by_id


def _single(answers: list[list[str]]) -> list[str]:
    if not answers:
        raise _UnusableAnswer("the row was left out")
    if len(answers) > 1:
        raise _UnusableAnswer("the id came back more than once")
    return answers[0]


def _accept(row: RawRow, token: str, parts: Sequence[str]) -> Standard:
    if len(parts) != prompts.PARTS:
        raise _UnusableAnswer(f"the answer has {len(parts)} parts, not {prompts.PARTS}")
    _, check_token, name, brand, size, pack, category = parts
    if _folded(check_token) != _folded(token):
        raise _UnusableAnswer("the check is another row's")
    if category not in prompts.CATEGORIES:
        raise _UnusableAnswer("the category is not in the list")
    evidence = RowEvidence(prompts.row_payload(row))
    number, unit = _checked_size(size, evidence)
    return Standard(
        standardized_name=_checked_name(name, row, evidence),
        brand=_checked_brand(brand, evidence),
        size=number,
        unit=unit,
        pack_count=_checked_pack(pack, evidence),
        category=prompts.CATEGORIES[category],
        field_confidence=_NO_CATEGORY_CONFIDENCE if category == taxonomy.OTHER else _ACCEPTED_CONFIDENCE,
        method=Method.LLM,
    )


def _checked_name(answer: str, row: RawRow, evidence: RowEvidence) -> str:
    name = _safe_text(answer, "the name")
    if not any(character.isalnum() for character in name):
        raise _UnusableAnswer("the name is empty")
    if len(name) > _NAME_GROWTH * len(row.original_name) + _NAME_SLACK or len(name) > prompts.NAME_LIMIT:
        raise _UnusableAnswer("the name is too long")
    if RowEvidence({"name": name}).numbers - evidence.numbers:
        raise _UnusableAnswer("the name has a number that does not stand in the row")
    return name


def _checked_brand(answer: str, evidence: RowEvidence) -> str:
    brand = _safe_text(answer, "the brand")
    if brand and not evidence.has_words(brand):
        raise _UnusableAnswer("the brand does not stand in the row")
    return brand


def _checked_size(answer: str, evidence: RowEvidence) -> tuple[Decimal | None, str]:
    if not answer:
        return None, ""
    match = _SIZE.fullmatch(answer)
    if match is None:
        raise _UnusableAnswer("the size is no number with a unit")
    size, unit = Decimal(match[1]), match[2]
    if not 0 < size < _SIZE_LIMIT or size not in evidence.numbers:
        raise _UnusableAnswer("the size does not stand in the row")
    if unit not in prompts.UNITS:
        raise _UnusableAnswer("the unit is not in the list")
    if unit != "pcs" and evidence.units and unit not in evidence.units:
        raise _UnusableAnswer("the unit does not stand in the row")
    return size, unit


def _checked_pack(answer: str, evidence: RowEvidence) -> int:
    if not answer:
        return 1
    if not _COUNT.fullmatch(answer):
        raise _UnusableAnswer("the pack is no whole number")
    count = int(answer)
    if not 0 < count < _PACK_LIMIT or (count != 1 and count not in evidence.counts):
        raise _UnusableAnswer("the pack does not stand in the row")
    return count


def _safe_text(text: str, what: str) -> str:
    """Return a text of one line that no spreadsheet takes for a formula; `what` names it in the fault."""
    if not text.replace(" ", "a").isprintable():
        raise _UnusableAnswer(f"{what} has characters that cannot be shown")
    folded = " ".join(text.split())
    if folded.startswith(("=", "+", "-", "@")):
        raise _UnusableAnswer(f"{what} begins like a formula")
    return folded


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
