"""Rows that differ in their numbers alone are asked about once.

A list of tyres, bolts or paints names the same thing in twenty sizes. With numbers left open such names are one template. The answer about one
row of a template is transferred to the others by substituting each row's own numbers; where that is ambiguous, nothing is transferred and the
row is asked about itself.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from monito_ray.pipeline.characters import NUMBER
from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.evidence import RowEvidence
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import Standard

_NUMBER = re.compile(NUMBER)
#: Fields whose numbers are no quantities ("Series 3"): they belong to the template.
_FIXED_FIELDS = ("section", "brand")

#: The numbers that a row has where another row of its template has a number.
_Substitutions = Mapping[str, set[str]]


def representatives(rows: Mapping[str, RowItem]) -> dict[str, RowItem]:
    """Return one row of each template, by its key: the one whose numbers are least ambiguous, so that most answers can be transferred."""
    by_template: dict[str, list[str]] = defaultdict(list)
    for key, row in rows.items():
        by_template[_template(row)].append(key)
    chosen = {max(keys, key=lambda key: _clearness(rows[key])) for keys in by_template.values()}
    return {key: row for key, row in rows.items() if key in chosen}


def _clearness(row: RowItem) -> tuple[int, bool]:
    """Return a rank: numbers that differ from each other, and from the 1 of a pack of one, show what each became."""
    numbers = set(_numbers_of(row))
    return len(numbers), "1" not in numbers


def predict_questions(rows: Mapping[str, RowItem], drafts: Mapping[str, Standard]) -> dict[str, RowItem]:
    """Return those of `rows` that will have to be sent if the answers equal `drafts`; both by the rows' keys."""
    chosen = representatives(rows)
    transferred = transfer(rows, rows, {key: drafts[key] for key in chosen})
    return {key: row for key, row in rows.items() if key in chosen or key not in transferred}


def transfer(open_rows: Mapping[str, RowItem], rows: Mapping[str, RowItem], answers: Mapping[str, Standard]) -> dict[str, Standard]:
    """Return standards for those of `open_rows` whose template has one among `answers`; all by key, and `rows` holds the rows of both."""
    if not open_rows or not answers:
        return {}
    by_template = {_template(rows[key]): (rows[key], standard) for key, standard in answers.items() if key in rows}
    transferred: dict[str, Standard] = {}
    for key, row in open_rows.items():
        answered = by_template.get(_template(row))
        standard = _transfer_one(row, *answered) if answered else None
        if standard is not None:
            transferred[key] = standard
    return transferred


def _transfer_one(row: RowItem, answered: RowItem, standard: Standard) -> Standard | None:
    """Return the standard of `row` when that of `answered`, a row of its template, is `standard`; None where the numbers are ambiguous."""
    substitutions: dict[str, set[str]] = defaultdict(set)
    for number, own_number in zip(_numbers_of(answered), _numbers_of(row), strict=True):
        substitutions[number].add(own_number)
    standard = _open_parts(standard, answered)
    name, brand = _substitute(standard.standardized_name, substitutions), _substitute(standard.brand, substitutions)
    size = _substitute_size(standard.size, substitutions)
    pack = 1 if "pack" in row.settled else _substitute_pack(standard.pack_count, substitutions)
    if name is None or brand is None or pack is None or (size is None) != (standard.size is None):
        return None
    evidence = RowEvidence(prompts.row_payload(row.row))
    if (size is not None and (size, standard.unit) not in evidence.sizes) or (pack != 1 and pack not in evidence.counts):
        return None
    return replace(standard, standardized_name=name, brand=brand, size=size, pack_count=pack)


def _open_parts(standard: Standard, item: RowItem) -> Standard:
    """Return the answer without the parts that are given with the row: they are not transferred, each row has its own."""
    return replace(
        standard,
        standardized_name="" if "name" in item.settled else standard.standardized_name,
        brand="" if "brand" in item.settled else standard.brand,
        size=None if "size" in item.settled else standard.size,
        unit="" if "size" in item.settled else standard.unit,
        pack_count=1 if "pack" in item.settled else standard.pack_count,
        category="" if "category" in item.settled else standard.category,
    )


def _substitute(text: str, substitutions: _Substitutions) -> str | None:
    """Return `text` with each number replaced, None where a number has no substitute or several."""
    if any(len(substitutions.get(number, ())) != 1 for number in _NUMBER.findall(text)):
        return None
    return _NUMBER.sub(lambda match: next(iter(substitutions[match.group()])), text)


def _substitute_size(size: Decimal | None, substitutions: _Substitutions) -> Decimal | None:
    """Return the number that the row has where the answered one has `size`, None where that is not exactly one."""
    if size is None:
        return None
    own = {_decimal(number) for theirs, numbers in substitutions.items() if _decimal(theirs) == size for number in numbers}
    return own.pop() if len(own) == 1 else None


def _substitute_pack(count: int, substitutions: _Substitutions) -> int | None:
    if count == 1:  # the rows say nothing of a pack, or have a "1" that may be another number in the other row
        return 1 if substitutions.get("1", {"1"}) == {"1"} else None
    own = substitutions.get(str(count), set())
    number = next(iter(own)) if len(own) == 1 else ""
    return int(number) if number.isascii() and number.isdigit() and int(number) > 0 else None


def _decimal(number: str) -> Decimal | None:
    """Return a number with at most one separator, before decimals; None for what may have thousands: "1.000"."""
    dotted = number.replace(",", ".")
    whole, _, decimals = dotted.partition(".")
    may_be_thousands = "." in decimals or (whole != "0" and len(decimals) == 3)
    return Decimal(dotted) if dotted.isascii() and not may_be_thousands else None


def _template(item: RowItem) -> str:
    """Return what rows of a template have in common: their texts but for numbers, and the parts that they are asked for."""
    payload = prompts.row_payload(item.row)
    fields = {field: text if field in _FIXED_FIELDS else _NUMBER.sub("#", text) for field, text in payload.items()}
    return json.dumps([fields, sorted(item.settled)], ensure_ascii=False)


def _numbers_of(item: RowItem) -> list[str]:
    """Return the numbers of a row in reading order, as written."""
    payload = prompts.row_payload(item.row)
    return [number for field, text in payload.items() if field not in _FIXED_FIELDS for number in _NUMBER.findall(text)]
