"""Validate raw rows: each becomes a good row, a duplicate, or a reject with its reason; none vanishes."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from monito_ray import frames
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, any_phrase
from monito_ray.pipeline.currencies import mark_expression
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.price_remarks import is_blank_price, is_on_request
from monito_ray.records import DUPLICATE, RawRow, Reason, RejectedRow

REASON = "reason"
#: The columns that validation looks at.
VALIDATED_COLUMNS = ("original_name", "price", "price_text", "role", "cells")
#: Letters whose other case is a letter of another kind.
_ODD_IN_CASE = frozenset("\u0130\u0131\u017fK")
_WORDS_CACHED = 10_000
_WORD = re.compile(rf"{ALPHANUMERIC}+")
#: A longer text (characters) that stands alone in its row is prose.
LONGEST_LONE_NAME = 90


def validate(table: pa.Table, *, lenient: bool = False) -> pa.Table:
    """Return raw rows, which have the `VALIDATED_COLUMNS` at least, with the column `reason`: "" for an offer, else a `Reason`.

    With `lenient`, only rows without a name or a price are rejected.
    """
    columns = [table.column(name).to_pylist() for name in VALIDATED_COLUMNS]
    reasons = [_reason(*row, lenient=lenient) for row in zip(*columns, strict=True)]
    return table.append_column(REASON, pa.array(reasons, pa.string()))


def reject_all(table: pa.Table) -> pa.Table:
    """Return the rows as `validate`, all rejected: every process that reads them dies."""
    return table.append_column(REASON, pa.array([Reason.ROW_DEADLY] * table.num_rows, pa.string()))


def partition(validated: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the offers of a whole list (schema of `RawRow`), and its rejects and duplicates (schema of `RejectedRow`).

    The first of several equal offers stays; each later one says where the first stands.
    """
    reasons = validated.column(REASON).to_pylist()
    repeats = _repeated_rows(validated, reasons)
    reasons = [DUPLICATE if original else reason for reason, original in zip(reasons, repeats, strict=True)]
    is_good = pa.array([not reason for reason in reasons], pa.bool_())
    good = validated.select(frames.schema(RawRow).names).filter(is_good)
    return good, _to_rejects(validated, reasons, repeats).filter(pc.invert(is_good))


def _repeated_rows(validated: pa.Table, reasons: Sequence[str]) -> list[str]:
    """Return for each offer that repeats an earlier one where that stands ("Sheet 1, row 7"), "" for all other rows."""
    fingerprints = validated.column("fingerprint").to_pylist()
    sheets, numbers = validated.column("source_sheet").to_pylist(), validated.column("source_row").to_pylist()
    first: dict[str, int] = {}
    repeats = [""] * len(reasons)
    for index, (reason, fingerprint) in enumerate(zip(reasons, fingerprints, strict=True)):
        if reason or not fingerprint:
            continue
        original = first.setdefault(fingerprint, index)
        if original != index:
            repeats[index] = f"{sheets[original]}, row {numbers[original]}"
    return repeats


def _to_rejects(validated: pa.Table, reasons: Sequence[str], repeats: Sequence[str]) -> pa.Table:
    schema = frames.schema(RejectedRow)
    added = {REASON: pa.array(reasons, pa.string()), "repeats": pa.array(repeats, pa.string())}
    return pa.Table.from_arrays([added[name] if name in added else validated.column(name) for name in schema.names], schema=schema)


def _reason(name: str, price: Decimal | None, price_text: str, role: str, cells: str, *, lenient: bool) -> str:
    """Return why a row is no offer, "" for an offer."""
    if price is None:
        return _reason_without_price(name, price_text, role, cells)
    if not name[:1].isalnum() and not any(map(str.isalnum, name)):
        return Reason.NO_NAME
    if price <= 0:
        return Reason.SECTION_TITLE if role == "section" else Reason.PRICE_NOT_POSITIVE
    if lenient or not _may_be_no_goods(name):
        return ""
    if _total().fullmatch(name):
        return Reason.TOTAL_LINE
    return Reason.NOTE if _not_goods().fullmatch(name) else ""


def _reason_without_price(name: str, price_text: str, role: str, cells: str) -> str:
    if _total().fullmatch(name):
        return Reason.TOTAL_LINE
    if role:
        return Reason.SECTION_TITLE if role == "section" else Reason.NOTE
    if not price_text or is_blank_price(price_text):
        return Reason.NOTE if not name or _is_prose(name, cells) else Reason.NO_PRICE
    if is_on_request(price_text):
        return Reason.PRICE_ON_REQUEST
    return Reason.PRICE_UNREADABLE if any(map(str.isdigit, price_text)) else Reason.NO_PRICE


def _is_prose(name: str, cells: str) -> bool:
    """Whether a long name is the only text of its row."""
    return len(name) > LONGEST_LONE_NAME and cells.count('""') >= cells.count('", "')


@derived()
def _total() -> re.Pattern[str]:
    """Return an expression for the name of a line of sums: "Grand total", "Итого руб."."""
    before, total, beside = (any_phrase(lexicon.words("rows", key)) for key in ("before_totals", "totals", "beside_totals"))
    return re.compile(rf"\W*(?:{before}\s*-?\s*)?{total}\b(?:\W*(?:{beside}|{mark_expression()}))*\W*", re.IGNORECASE)


def _may_be_no_goods(name: str) -> bool:
    """Return whether a name begins as one of the hundreds of phrases for totals and other lines that are no goods; most names do not."""
    match = _WORD.match(name)
    return match is None or _may_begin_no_goods(match[0])


@derived(maxsize=_WORDS_CACHED)
def _may_begin_no_goods(word: str) -> bool:
    if not _ODD_IN_CASE.isdisjoint(word):
        return True
    folded, (words, stems) = word.casefold(), _beginnings()
    return folded in words or folded.startswith(stems)


@derived()
def _beginnings() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the first words of phrases for lines that are no goods, and stems of such words."""
    phrases = chain.from_iterable(lexicon.words("rows", key) for key in ("before_totals", "totals", "not_goods"))
    firsts = [(match[0].casefold(), phrase[match.end() :].startswith("*")) for phrase in phrases if (match := _WORD.search(phrase))]
    return frozenset(word for word, _ in firsts), tuple({word for word, is_stem in firsts if is_stem})


@derived()
def _not_goods() -> re.Pattern[str]:
    return re.compile(rf"\W*{any_phrase(lexicon.words('rows', 'not_goods'))}\W*", re.IGNORECASE)
