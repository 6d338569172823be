"""Rows that differ in their numbers alone are asked about once: what one is tells what the others are.

A list of tyres, bolts or paints names the same thing in twenty sizes. The answer to one is carried over by putting each row's own numbers
where the first row's stood; where that leaves anything open, nothing is carried over and the row is asked about itself.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.evidence import RowEvidence
from monito_ray.records import RawRow, Standard

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_HELD = ("section", "brand")
"""Texts whose numbers are no quantities: they have to be the same."""

_Numbers = dict[str, set[str]]


def representatives(rows: Mapping[str, RawRow]) -> dict[str, RawRow]:
    """Of the rows, by their keys, one of each pattern: the one whose numbers are best told apart, from each other and from a pack of one."""
    alike: dict[str, list[str]] = defaultdict(list)
    for key, row in rows.items():
        alike[_pattern(row)].append(key)
    chosen = {max(keys, key=lambda key: _clearness(rows[key])) for keys in alike.values()}
    return {key: row for key, row in rows.items() if key in chosen}


def _clearness(row: RawRow) -> tuple[int, bool]:
    numbers = set(_numbers(row))
    return len(numbers), "1" not in numbers


def predict_questions(rows: Mapping[str, RawRow], drafts: Mapping[str, Standard]) -> dict[str, RawRow]:
    """Those of `rows` that will have to be asked about, if the answers are as the `drafts` of them."""
    chosen = representatives(rows)
    carried = transfer(rows, rows, {key: drafts[key] for key in chosen})
    return {key: row for key, row in rows.items() if key in chosen or key not in carried}


def transfer(open_rows: Mapping[str, RawRow], rows: Mapping[str, RawRow], found: Mapping[str, Standard]) -> dict[str, Standard]:
    """Standards for those of `open_rows` whose like is among `found`; all by their keys, `rows` has those of both."""
    if not open_rows or not found:
        return {}
    answered = {_pattern(rows[key]): (rows[key], standard) for key, standard in found.items() if key in rows}
    likes = {key: answered.get(_pattern(row)) for key, row in open_rows.items()}
    carried = {key: _carried(open_rows[key], *like) for key, like in likes.items() if like}
    return {key: standard for key, standard in carried.items() if standard is not None}


def _carried(row: RawRow, like: RawRow, standard: Standard) -> Standard | None:
    """What `row` is, if `like` is `standard`; None where its numbers leave that open."""
    instead: _Numbers = defaultdict(set)
    for theirs, own in zip(_numbers(like), _numbers(row), strict=True):
        instead[theirs].add(own)
    name, brand = _replaced(standard.standardized_name, instead), _replaced(standard.brand, instead)
    size, pack = _size(standard.size, instead), _pack(standard.pack_count, instead)
    if name is None or brand is None or pack is None or (size is None) != (standard.size is None):
        return None
    evidence = RowEvidence(prompts.row_payload(row))
    if (size is not None and size not in evidence.numbers) or (pack != 1 and pack not in evidence.counts):
        return None
    return replace(standard, standardized_name=name, brand=brand, size=size, pack_count=pack)


def _replaced(text: str, instead: _Numbers) -> str | None:
    """`text` with each number replaced, None where one has none or two to take its place."""
    if any(len(instead.get(number, ())) != 1 for number in _NUMBER.findall(text)):
        return None
    return _NUMBER.sub(lambda match: next(iter(instead[match.group()])), text)


def _size(size: Decimal | None, instead: _Numbers) -> Decimal | None:
    """What stands where `size` stood, None where that is not one number."""
    if size is None:
        return None
    own = {_decimal(number) for theirs, numbers in instead.items() if _decimal(theirs) == size for number in numbers}
    return own.pop() if len(own) == 1 else None


def _pack(count: int, instead: _Numbers) -> int | None:
    if count == 1:  # said by nobody, or by a "1" that may be another number in another row
        return 1 if instead.get("1", {"1"}) == {"1"} else None
    own = instead.get(str(count), set())
    number = next(iter(own)) if len(own) == 1 else ""
    return int(number) if number.isascii() and number.isdigit() and int(number) > 0 else None


def _decimal(number: str) -> Decimal | None:
    """A number with at most one mark, before decimals; thousands are left open."""
    plain = number.replace(",", ".")
    whole, _, decimals = plain.partition(".")
    return Decimal(plain) if plain.isascii() and "." not in decimals and not (whole != "0" and len(decimals) == 3) else None


def _pattern(row: RawRow) -> str:
    told = prompts.row_payload(row)
    return json.dumps({field: text if field in _HELD else _NUMBER.sub("#", text) for field, text in told.items()}, ensure_ascii=False)


def _numbers(row: RawRow) -> list[str]:
    return [number for field, text in prompts.row_payload(row).items() if field not in _HELD for number in _NUMBER.findall(text)]
