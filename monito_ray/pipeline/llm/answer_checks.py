"""Check the LLM's answers about rows. Nothing is taken on trust: an answer that does not follow from its row is a fault.

For each row, in running order: it was answered once, in seven parts, with its own check token; then each part that the rules left open holds by
itself: the category is in the list; size and unit stand beside each other in the row; name and brand are built from its numbers and words, and
can be written to a spreadsheet. Parts that are given are read, too, as far as they hold: `merge` compares them with what the rules are sure of.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from monito_ray.pipeline import versions
from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.answer_forms import PART_NAMES
from monito_ray.pipeline.llm.answer_parts import category_of, count_of, id_of, parts_of, size_of
from monito_ray.pipeline.llm.answer_text import find_answers
from monito_ray.pipeline.llm.evidence import RowEvidence
from monito_ray.pipeline.llm.questions import CheckedAnswers, Fault
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.products.measuring.measures import parse_measure
from monito_ray.pipeline.products.measuring.quantities import LEAST_SIZE, MOST_SIZE
from monito_ray.records import Method, Standard

_CUT_SHORT = {"length": "the answer was cut short", "content_filter": "the answer was withheld"}
#: Packs are smaller: what the records can hold and a price list can mean.
_PACK_LIMIT = 1_000_000
#: A name may be this many times as long as the row's, and longer by these characters: abbreviations are written out, words translated.
_NAME_GROWTH, _NAME_SLACK = 4, 60


class _UnusableAnswer(Exception):
    """An answer, or one part of it, cannot be used; the text says why, in words that the LLM can follow."""

    def __init__(self, reason: str, *, is_of_form: bool = False) -> None:
        super().__init__(reason)
        #: Whether a stricter form would have prevented it.
        self.is_of_form = is_of_form


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back under one id."""

    #: As it was decoded.
    written: Sequence[Any]

    def __str__(self) -> str:
        return "; ".join(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False) for text in self.written)


def check(items: Sequence[RowItem], text: str, finish_reason: str = "stop", refusal: str = "", *, is_last: bool = False) -> CheckedAnswers:
    """Return `items` by their indexes as accepted or at fault; the answer's ids count from 1, and those that were not sent are ignored.

    An accepted answer is a `Standard` with what the answer says, empty where it says nothing. `is_last`: it is accepted with those parts that hold.
    """
    answers = None if refusal else find_answers(text)
    if answers is None:
        is_of_form = not refusal and finish_reason not in _CUT_SHORT
        fault = Fault("the answer was refused" if refusal else _CUT_SHORT.get(finish_reason, "the answer is no JSON with a list of rows"))
        return CheckedAnswers({}, dict.fromkeys(range(len(items)), fault), len(items) if is_of_form else 0)
    by_id: dict[str, list[Any]] = defaultdict(list)
    for answer in answers:
        by_id[id_of(answer)].append(answer)
    checked = CheckedAnswers({}, {})
    form_faults = 0
    missing = _CUT_SHORT.get(finish_reason, "the row was left out")
    for index, (item, token) in enumerate(zip(items, prompts.check_tokens([item.row for item in items]), strict=True)):
        answer = _Answer(by_id.get(f"{index + 1}", []))
        try:
            checked.accepted[index] = _accept(item, token, answer, missing, is_last=is_last)
        except _UnusableAnswer as fault:
            checked.faults[index] = Fault(str(fault), f"{answer}")
            form_faults += fault.is_of_form
    return CheckedAnswers(checked.accepted, checked.faults, form_faults)


def answer_key(item: RowItem, model: str) -> str:
    """Return the key under which an answer is stored: equal for rows of the same words of which the same parts are asked, wherever they are.

    What is given is not in it: the answer to the open parts hardly depends on it, and a list's price must not make its rows new questions. Nor is
    whether the brand is given: the catalogue knows it once the first answer came.
    """
    open_parts = [part for part in PART_NAMES if part not in item.settled and part != "brand"]
    content = json.dumps([versions.PROMPT, model, prompts.row_payload(item.row), open_parts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _accept(item: RowItem, token: str, answer: _Answer, missing: str, *, is_last: bool) -> Standard:
    if len(answer.written) != 1:
        raise _UnusableAnswer("the id came back more than once" if answer.written else missing)
    parts = parts_of(answer.written[0])
    if parts is None:
        raise _UnusableAnswer(f"the answer has not the {len(PART_NAMES)} parts, each a text", is_of_form=True)
    if prompts.fold_token(parts["check"]) != prompts.fold_token(token):
        raise _UnusableAnswer("the check is another row's")
    return _standard_of(_held_parts(item, parts, is_last=is_last))


def _held_parts(item: RowItem, parts: Mapping[str, str], *, is_last: bool) -> dict[str, Any]:
    """Return the values of those parts that hold, by name; a part that is given may be wrong, and in the last answer any part but not all."""
    evidence = RowEvidence(prompts.row_payload(item.row))
    checks: dict[str, Callable[[str], Any]] = {
        "name": partial(_checked_name, item=item, evidence=evidence),
        "brand": partial(_checked_brand, evidence=evidence),
        "size": partial(_checked_size, evidence=evidence),
        "pack": partial(_checked_pack, evidence=evidence),
        "category": _checked_category,
    }
    held: dict[str, Any] = {}
    faults: list[_UnusableAnswer] = []
    for part, check_part in checks.items():
        try:
            held[part] = check_part(parts[part])
        except _UnusableAnswer as fault:
            faults += [] if part in item.settled else [fault]
    if faults and not (is_last and any(parts[part] and part not in item.settled for part in held)):
        raise _UnusableAnswer("; ".join(map(str, faults)), is_of_form=any(fault.is_of_form for fault in faults))
    return held


def _standard_of(held: Mapping[str, Any]) -> Standard:
    size, unit = held.get("size", (None, ""))
    return Standard(
        standardized_name=held.get("name", ""),
        brand=held.get("brand", ""),
        size=size,
        unit=unit,
        pack_count=held.get("pack", 1),
        category=held.get("category", ""),
        method=Method.LLM,
    )


def _checked_name(answer: str, item: RowItem, evidence: RowEvidence) -> str:
    name = _safe_text(answer, "the name")
    if not any(character.isalnum() for character in name):
        raise _UnusableAnswer("the name is empty")
    if len(name) > _NAME_GROWTH * len(item.row.original_name) + _NAME_SLACK or len(name) > prompts.NAME_LIMIT:
        raise _UnusableAnswer("the name is too long")
    if RowEvidence({"name": name}).numbers - evidence.numbers:
        raise _UnusableAnswer("the name has a number that does not stand in the row")
    return parse_measure(name).rest or name


def _checked_brand(answer: str, evidence: RowEvidence) -> str:
    brand = _safe_text(answer, "the brand")
    if brand and not (evidence.has_words(brand) and any(map(str.isalpha, brand))):
        raise _UnusableAnswer("the brand does not stand in the row")
    return brand


def _checked_size(answer: str, evidence: RowEvidence) -> tuple[Decimal | None, str]:
    if not answer:
        return None, ""
    size = size_of(answer)
    if size is None:
        raise _UnusableAnswer("the size is no number with a unit of the list", is_of_form=True)
    readings, unit = size
    if not evidence.sizes:
        raise _UnusableAnswer("no number of the row has a unit, so the size is empty")
    in_row = [number for number in readings if (number, unit) in evidence.sizes and LEAST_SIZE <= number < MOST_SIZE]
    if len(in_row) != 1:
        raise _UnusableAnswer("the size does not stand in the row, a number with its unit beside it")
    return in_row[0], unit


def _checked_pack(answer: str, evidence: RowEvidence) -> int:
    if not answer:
        return 1
    count = count_of(answer)
    if count is None:
        raise _UnusableAnswer("the pack is no whole number", is_of_form=True)
    if not 0 < count < _PACK_LIMIT or (count != 1 and count not in evidence.counts):
        raise _UnusableAnswer("the pack does not stand in the row")
    return count


def _checked_category(answer: str) -> str:
    category = category_of(answer)
    if category is None:
        raise _UnusableAnswer("the category is not in the list: name one of its keys", is_of_form=True)
    return category


def _safe_text(text: str, what: str) -> str:
    """Return a text of one line that no spreadsheet takes for a formula; `what` names it in the fault."""
    if not text.replace(" ", "a").isprintable():
        raise _UnusableAnswer(f"{what} has characters that cannot be shown")
    folded = " ".join(text.split())
    if folded.startswith(("=", "+", "-", "@")):
        raise _UnusableAnswer(f"{what} begins like a formula")
    return folded
