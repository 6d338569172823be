"""Every raw row becomes a good row, a duplicate, or a reject with its reason; nothing vanishes."""

import re
from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from monito_ray import frames
from monito_ray.pipeline import lexicon, prices
from monito_ray.pipeline.characters import any_phrase
from monito_ray.pipeline.currencies import mark_expression
from monito_ray.pipeline.lexicon import derived
from monito_ray.records import DUPLICATE, RawRow, Reason, RejectedRow

REASON = "reason"
_PROSE = 90


def validate(table: pa.Table, *, lenient: bool = False) -> pa.Table:
    """Add the column `reason` to rows in the schema of `RawRow`: "" for an offer, else a `Reason`.

    With `lenient`, rows are rejected for want of a name or a price alone.
    """
    columns = [table.column(name).to_pylist() for name in ("original_name", "price", "price_text", "role", "cells")]
    reasons = [_reason(*row, lenient=lenient) for row in zip(*columns, strict=True)]
    return table.append_column(REASON, pa.array(reasons, pa.string()))


def reject_all(table: pa.Table) -> pa.Table:
    """As `judge`, for rows that nothing can be done with because every process that has them dies."""
    return table.append_column(REASON, pa.array([Reason.ROW_DEADLY] * table.num_rows, pa.string()))


def partition(judged: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The offers of a whole list (schema of `RawRow`), and its rejects and duplicates (schema of `RejectedRow`).

    The first of several equal offers stays; each later one names the place of the first.
    """
    reasons = judged.column(REASON).to_pylist()
    prints = judged.column("fingerprint").to_pylist()
    sheets, numbers = judged.column("source_sheet").to_pylist(), judged.column("source_row").to_pylist()
    first: dict[str, int] = {}
    repeats = [""] * len(reasons)
    for index, (reason, fingerprint) in enumerate(zip(reasons, prints, strict=True)):
        if reason or not fingerprint:
            continue
        original = first.setdefault(fingerprint, index)
        if original != index:
            reasons[index] = DUPLICATE
            repeats[index] = f"{sheets[original]}, row {numbers[original]}"
    good = pa.array([not reason for reason in reasons], pa.bool_())
    return judged.select(frames.schema(RawRow).names).filter(good), _rejects(judged, reasons, repeats).filter(pc.invert(good))


def _rejects(judged: pa.Table, reasons: Sequence[str], repeats: Sequence[str]) -> pa.Table:
    wanted = frames.schema(RejectedRow)
    said = {REASON: pa.array(reasons, pa.string()), "repeats": pa.array(repeats, pa.string())}
    columns = [said[name] if name in said else judged.column(name) for name in wanted.names]
    return pa.Table.from_arrays(columns, schema=wanted)


def _reason(name: str, price: Decimal | None, price_text: str, role: str, cells: str, *, lenient: bool) -> str:
    if price is None:
        return _unpriced(name, price_text, role, cells)
    if not any(map(str.isalnum, name)):
        return Reason.NO_NAME
    if price <= 0:
        return Reason.SECTION_TITLE if role == "section" else Reason.PRICE_NOT_POSITIVE
    if not lenient and _total().fullmatch(name):
        return Reason.TOTAL_LINE
    return Reason.NOTE if not lenient and _not_goods().fullmatch(name) else ""


def _unpriced(name: str, price_text: str, role: str, cells: str) -> str:
    if _total().fullmatch(name):
        return Reason.TOTAL_LINE
    if role:
        return Reason.SECTION_TITLE if role == "section" else Reason.NOTE
    if not price_text or prices.is_blank_price(price_text):
        prose = len(name) > _PROSE and cells.count('""') >= cells.count('", "')
        return Reason.NOTE if prose else Reason.NO_PRICE if name else Reason.NOTE
    if prices.is_on_request(price_text):
        return Reason.PRICE_ON_REQUEST
    return Reason.PRICE_UNREADABLE if any(map(str.isdigit, price_text)) else Reason.NO_PRICE


@derived()
def _total() -> re.Pattern[str]:
    """A line of sums: "Grand total", "Итого руб."."""
    before, total, beside = (any_phrase(lexicon.words("rows", key)) for key in ("before_totals", "totals", "beside_totals"))
    return re.compile(rf"\W*(?:{before}\s*-?\s*)?{total}\b(?:\W*(?:{beside}|{mark_expression()}))*\W*", re.IGNORECASE)


@derived()
def _not_goods() -> re.Pattern[str]:
    return re.compile(rf"\W*{any_phrase(lexicon.words('rows', 'not_goods'))}\W*", re.IGNORECASE)
