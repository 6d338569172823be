"""Texts that are bills: what somebody bought, with a sum."""

import re
from collections.abc import Collection, Sequence
from decimal import Decimal

from monito_ray.pipeline.lines import line_names
from monito_ray.pipeline.lines.priced_line import ReadLine

#: A bill says so on one of so many lines; its sum is that of its amounts within this share.
BILL_HEAD, SAME_SUM, FEWEST_ADDED = 3, Decimal("0.005"), 2
_WHOLE = re.compile(r"(?<![\d.,])\d{1,5}(?![\d.,]*\d)")


def is_bill(reads: Sequence[ReadLine], offers: Collection[int]) -> bool:
    """Whether a text is a bill: it says so at its head, or anywhere and has a sum; or a sum is that of the amounts above it.

    Goods without a count beside their amount have the same price for a piece, whether somebody added them up or not. How much is in a pack
    ("Oil 2 l") is no count.
    """
    says_so = [n for n, read in enumerate(reads) if n not in offers and line_names.is_bill(read.text)]
    if any(n < BILL_HEAD for n in says_so):
        return True
    sums = [n for n, read in enumerate(reads) if read.amounts and line_names.is_sum(read.words)]
    return any(_is_added(n, reads, offers) for n in sums) or bool(sums and says_so)


def _is_added(at: int, reads: Sequence[ReadLine], offers: Collection[int]) -> bool:
    """Whether a line is the sum of the offers above it, or of these with fees and without discounts, and an offer has a count."""
    value = reads[at].amounts[-1].value
    above = [n for n in range(at) if reads[n].amounts and not line_names.is_sum(reads[n].words)]
    own = [n for n in above if n in offers]
    if len(own) < FEWEST_ADDED:
        return False
    totals = {sum(reads[n].amounts[-1].value for n in own), sum(_signed(reads[n]) for n in above)}
    times = sum(_pieces_taken(reads[n]) * reads[n].amounts[-1].value for n in own)
    if abs(times - value) <= SAME_SUM * value and times not in totals:
        return True
    return any(abs(total - value) <= SAME_SUM * value for total in totals) and any(_has_count(reads[n]) for n in own)


def _pieces_taken(read: ReadLine) -> Decimal:
    """Return the first whole number before the last amount of a line, 1 where there is none: how many pieces somebody took."""
    match = _WHOLE.search(read.text, 0, read.amounts[-1].start)
    return Decimal(match.group()) if match else Decimal(1)


def _signed(read: ReadLine) -> Decimal:
    """Return the last amount of a line, below zero for a discount."""
    value = read.amounts[-1].value
    return -value if line_names.is_discount(read.words) else value


def _has_count(read: ReadLine) -> bool:
    """Whether a line has a digit beside its last amount that is of no pack: a count, another amount."""
    last = read.amounts[-1]
    return any(map(str.isdigit, read.masked[: last.start] + read.masked[last.end :]))
