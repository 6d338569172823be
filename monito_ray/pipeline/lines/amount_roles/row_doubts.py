"""Why a person should look at a row of a text: two prices of which nothing says which one holds, an amount beside the price that was not read."""

import re
from collections.abc import Iterable, Sequence

from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.lines.amount_roles.price_kinds import is_unclear
from monito_ray.pipeline.lines.amounts import AmountAt, Strength
from monito_ray.pipeline.lines.priced_line import YEARS, Part, ReadLine

#: An amount that was not read may be a price where it is at least this, and at most so many times below or above the one that was.
_WORD = re.compile(rf"{LETTER}{{3}}")
LEAST_PRICE, NEAR_PRICE, ROUND = 1_000, 12, 100


def doubt_of(read: ReadLine, part: Part, all_parts: Sequence[Part]) -> str:
    """Return the doubt about the price of a part of a line, "" for none."""
    first, last = part.amounts[0], part.amounts[-1]
    if part.doubt:
        return part.doubt
    if is_unclear(part):
        return f"of its prices {read.text[first.start : last.end].strip()} nothing says which one everybody pays"
    if read.text[: first.start].rstrip().endswith("+"):
        return f"+{read.text[first.start : first.end].strip()} may be added to other prices"
    left = _left(read, part, (amount for other in all_parts for amount in other.amounts)) if part is all_parts[-1] else None
    if left := left or (_short_before(read, part) if len(all_parts) == 1 else None):
        return f"the amount {read.text[left.start : left.end].strip()} on its line was not read"
    return ""


def _left(read: ReadLine, part: Part, used: Iterable[AmountAt]) -> AmountAt | None:
    """Return the first amount of a line that is of the size of its price and was not read."""
    places = {amount.end for amount in used}
    price = part.amounts[0].value
    near = (
        amount
        for amount in read.amounts
        if amount.end not in places and price <= amount.value * NEAR_PRICE and amount.value <= price * NEAR_PRICE
    )
    return next((amount for amount in near if _may_be_price(amount, read)), None)


def _short_before(read: ReadLine, part: Part) -> AmountAt | None:
    """Return a bare number before a word and a price in thousands whose thousands it may share: the 45 of "lokal 45 impor 75 rb"."""
    price = part.amounts[0]
    if price.strength < Strength.MARKED or price.value < LEAST_PRICE:
        return None
    for amount in read.amounts:
        between = read.masked[amount.end : price.start] if amount.end < price.start else ""
        is_near = price.value / 2 <= amount.value * LEAST_PRICE <= price.value * 2
        if amount.strength == Strength.BARE and is_near and _WORD.search(between):
            return amount
    return None


def _may_be_price(amount: AmountAt, read: ReadLine) -> bool:
    """Whether a number is written as a price, or is a round one that no stroke ties to another."""
    if amount.strength > Strength.BARE:
        return True
    is_tied = read.text[: amount.start].endswith("/") or read.text[amount.end :].startswith("/")
    return amount.value >= LEAST_PRICE and amount.value % ROUND == 0 and amount.value not in YEARS and not is_tied
