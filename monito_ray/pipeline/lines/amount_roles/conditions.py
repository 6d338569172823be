"""Lines whose amount is no price: sums, fees, least orders, deposits, discounts."""

from collections.abc import Mapping, Sequence

from monito_ray.pipeline.lines import line_names, vocabulary
from monito_ray.pipeline.lines.line_blocks import blocks_of
from monito_ray.pipeline.lines.priced_line import Part, ReadLine

Parts = Mapping[int, Sequence[Part]]


def conditions_in(reads: Sequence[ReadLine], parts: Parts) -> set[int]:
    """Return the lines whose amounts are all conditions of sale or sums."""
    stated = {n for n, own in parts.items() if _are_conditions(own) and not _is_tier_below(n, parts)}
    return stated | _sums_in_lists(reads, parts)


def may_be_goods(parts: Sequence[Part]) -> bool:
    """Whether the words of a line that is a condition may name goods, so that it is told as unread."""
    words = [part.name or part.label for part in parts]
    return any(line_names.may_name_goods(text) or line_names.is_lone_condition(text) for text in words)


def _are_conditions(own: Sequence[Part]) -> bool:
    """Whether the amounts of a line are conditions: all of them, or the first, where the others have a word alone: "Ongkir <5km 10.000, >5km 20.000"."""
    return _is_condition(own[0]) and all(_is_condition(part) or len(part.name.split()) == 1 for part in own[1:])


def _is_condition(part: Part) -> bool:
    """Whether the words before an amount say that it is a sum, a fee, a minimum, a deposit or a discount; from how many pieces on a price holds is none."""
    words = part.name or part.label
    return line_names.is_condition(words) and not line_names.is_order_threshold(words)


def is_goods(n: int, reads: Sequence[ReadLine], parts: Parts) -> bool:
    """Whether a line that ends with a word for sums has goods before it and an amount that is no sum: no higher than a price above ("Sabun Total 12.000")."""
    own = parts[n]
    if len(own) != 1 or not line_names.ends_in_sum(own[0].name) or not line_names.may_name_goods(own[0].name):
        return False
    block = next(block for block in blocks_of(reads) if block.first <= n <= block.last)
    above = [part.amounts[-1].value for m in range(block.first, n) for part in parts.get(m, ()) if part.name]
    return not above or own[0].amounts[0].value <= max(above)


def _is_tier_below(n: int, parts: Parts) -> bool:
    """Whether a line is one more price of what another kind of price right above is for: "Diskon 12.000" below "Normal 15.000"."""
    above, own = parts.get(n - 1, ()), parts[n]
    if len(own) != 1 or len(above) != 1 or above[0].name or own[0].name or _is_condition(above[0]):
        return False
    if vocabulary.size_words().fullmatch(above[0].label):
        return False
    return all(vocabulary.tier_words().fullmatch(part.label) for part in (above[0], own[0]))


def _sums_in_lists(reads: Sequence[ReadLine], parts: Parts) -> set[int]:
    """Return the nameless amounts behind a word for a sum that leads to a price, too ("всего"), beside lines with names and prices.

    It leads to a price right below a name that stands alone on its line, with no such line below.
    """
    result: set[int] = set()
    for block in blocks_of(reads):
        for n in range(block.first, block.last + 1):
            own = parts.get(n, ())
            if len(own) != 1 or own[0].name or own[0].label or not line_names.is_sum(reads[n].text[: own[0].amounts[0].start]):
                continue
            below = parts.get(n + 1, ()) if n < block.last else ()
            if n == block.first or n - 1 in parts or any(part.name for part in below):
                result.add(n)
    return result
