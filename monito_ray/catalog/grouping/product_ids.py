"""Which product a group of offers is: ids stay with what they name, whatever joins or parts. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProductIds:
    """The products of groups of offers."""

    #: The product id of each group, in the order of the groups.
    ids: tuple[str, ...]
    #: Ids of products that were joined to others, with these.
    aliases: Mapping[str, str]


def choose_ids(
    groups: Sequence[Sequence[str]],
    product_of: Mapping[str, str],
    age_of: Callable[[str], Any],
    is_free: Callable[[str], bool],
    new_id: Callable[[], str],
) -> ProductIds:
    """Give each group of offers a product id of its own.

    A product that its offers had before stays with its oldest offer (`age_of`); of several in one group the oldest wins and the others become
    aliases. A group without one takes the id of its oldest offer that `is_free`, under which it was a product before it was joined, else a new one.
    """
    oldest_first = sorted(range(len(groups)), key=lambda index: min(age_of(offer) for offer in groups[index]))
    members = {index: sorted(groups[index], key=age_of) for index in oldest_first}
    holders: dict[str, int] = {}
    for index in oldest_first:
        for offer in members[index]:
            holders.setdefault(product_of[offer], index)
    chosen: dict[int, str] = {}
    aliases: dict[str, str] = {}
    for index in oldest_first:
        own = [product for product in dict.fromkeys(product_of[offer] for offer in members[index]) if holders[product] == index]
        if own:
            chosen[index] = own[0]
            aliases |= dict.fromkeys(own[1:], own[0])
    taken = set(chosen.values())
    for index in oldest_first:
        if index not in chosen:
            former = (offer for offer in members[index] if offer not in taken and (offer in aliases or is_free(offer)))
            chosen[index] = next(former, "") or new_id()
            aliases.pop(chosen[index], None)
            taken.add(chosen[index])
    return ProductIds(tuple(chosen[index] for index in range(len(groups))), aliases)
