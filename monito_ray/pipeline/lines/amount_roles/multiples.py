"""Remarks of a text that all of its prices are in thousands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from monito_ray.pipeline import amount_factors
from monito_ray.pipeline.lines import vocabulary
from monito_ray.pipeline.lines.amounts import AmountAt, Strength
from monito_ray.pipeline.lines.priced_line import Part, ReadLine

#: A remark has at most so many words; a price in thousands is below this.
_MOST_WORDS, _THOUSAND = 10, Decimal(1_000)
_IN_BRACKETS = re.compile(r"[(\[*][^()]*[)\]*]\W*")


def factor_of_text(reads: Sequence[ReadLine]) -> tuple[Decimal, set[int]]:
    """Return by what a remark multiplies all bare amounts of a text ("harga dlm ribu", "all x 1000"), else 1, and the lines of such remarks."""
    remarks = {n: factor for n, read in enumerate(reads) if (factor := _factor(read)) != 1}
    return next(iter(remarks.values()), Decimal(1)), set(remarks)


def multiplied(parts: Mapping[int, Sequence[Part]], factor: Decimal) -> dict[int, Sequence[Part]]:
    """Return the parts of each line, their bare amounts below a thousand multiplied."""
    return {
        n: [replace(part, amounts=tuple(_times(amount, factor) for amount in part.amounts)) for part in own] for n, own in parts.items()
    }


def _times(amount: AmountAt, factor: Decimal) -> AmountAt:
    return replace(amount, value=amount.value * factor) if amount.strength <= Strength.PER and amount.value < _THOUSAND else amount


def _factor(read: ReadLine) -> Decimal:
    text = read.line.text.strip()
    if len(text.split()) > _MOST_WORDS:
        return Decimal(1)
    is_remark = _IN_BRACKETS.fullmatch(text) or vocabulary.of_all_prices().search(text)
    return amount_factors.of_title(text) if is_remark else Decimal(1)
