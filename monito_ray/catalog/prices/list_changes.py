"""What changed from a supplier's earlier list to its next one of the same series. Pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from monito_ray.catalog.matching.article import article_of
from monito_ray.catalog.matching.blocking import family_key
from monito_ray.catalog.prices.contents import content
from monito_ray.errors import UsageWrong
from monito_ray.records import ProductRow

#: A pack is a smaller or larger one of the same thing if it has at least this share of the other's content. Makers take 5 to 25 % out
#: of a pack; half a pack is another size, which lists have side by side.
LEAST_CONTENT_SHARE = Decimal("0.6")
#: A smaller pack costs "the same" if its price fell by no more than this share of what its content fell by: 900 g for 960 after 1 kg
#: for 1000, but not 500 g for 550, which is another size. For a larger pack the same holds of what it rose by.
PRICE_SHARE_OF_CONTENT = Decimal("0.5")
#: A pack whose price rose by more than this, over a change of its content, is another article.
MOST_RISE = Decimal("0.5")
#: Sizes are read with a rounding of their own ("0.33 l", "330 ml", "12 oz"): contents this near are equal.
_EQUAL_CONTENT = Decimal("0.01")
#: Where more packs of one thing than this came for others (old times new), their names do not say what they are: none are paired.
_MOST_PAIRS = 1_000
#: A list that takes no other's place is a part of what its supplier lists, a note of some prices, if at most this share of it was in no
#: earlier list; those articles are new. Of a first list with other goods nearly all were in none.
NEW_SHARE = Decimal("0.5")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class ChangeKind(StrEnum):
    """What happened to an article."""

    UP = "up"
    DOWN = "down"
    #: It was in no earlier list of the supplier.
    NEW = "new"
    #: It is not in the next list of its series.
    GONE = "gone"
    #: It was gone and is there again.
    BACK = "back"
    #: The same thing with less in it, for the same price or more: `before` and `after` are the two packs.
    SMALLER_PACK = "smaller_pack"
    LARGER_PACK = "larger_pack"
    #: Its price is in another currency, so that what it became dearer or cheaper by cannot be said.
    CURRENCY = "currency"


def change_kinds(names: Iterable[str]) -> list[ChangeKind]:
    """Return the kinds with these names, in any case.

    Raises:
        UsageWrong: one is no kind; the remedy has those that there are.
    """
    kinds = []
    for name in names:
        if name.lower() not in set(ChangeKind):
            raise UsageWrong(f"{name!r} is no kind of change", f"There are {', '.join(ChangeKind)}.")
        kinds.append(ChangeKind(name.lower()))
    return kinds


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as one list of its supplier has it."""

    #: Never changes; an id of the caller.
    offer_id: str
    row: ProductRow


@dataclass(frozen=True, slots=True)
class ListChange:
    """A change of one article; the rows say its prices, packs and list dates."""

    kind: ChangeKind
    #: None for a new article.
    before: ListedArticle | None
    #: None for one that is gone.
    after: ListedArticle | None

    @property
    def offer_id(self) -> str:
        """The article's id, after the change where it changed."""
        return self._latest.offer_id

    @property
    def row(self) -> ProductRow:
        """The article as it is, or was last."""
        return self._latest.row

    @property
    def relative_change(self) -> float | None:
        """The change of the price relative to the one before: 0.05 is 5 % more. None without two prices in one currency."""
        if self.before is None or self.after is None:
            return None
        return relative_change(self.before.row, self.after.row)

    @property
    def _latest(self) -> ListedArticle:
        latest = self.after or self.before
        if latest is None:
            raise ValueError(f"{self.kind}: a change of no article")
        return latest


def relative_change(before: ProductRow, after: ProductRow) -> float | None:
    """Return by how much the price rose, relative to the one before; None for prices of two currencies."""
    return float(after.price / before.price - 1) if before.currency == after.currency and before.price > 0 else None


def list_changes(
    matched: Sequence[tuple[ListedArticle, ListedArticle]],
    added: Sequence[ListedArticle],
    removed: Sequence[ListedArticle],
    returned: Sequence[tuple[ListedArticle, ListedArticle]] = (),
    *,
    is_next: bool = True,
) -> list[ListChange]:
    """Return the changes from one list to the next of its series, each article once, in the order of the arguments.

    `matched` has the articles of both lists, `added` those of the new list alone, `removed` those of the earlier one alone, `returned`
    the articles that were gone before the new list, as they were last; `is_next` whether it comes in the place of an earlier list.
    If it does not, as a supplier's first list, or its first list of meat, nothing in it is new, unless it is a part of what was listed
    before. An article of `added` that is one of `removed` with less or more
    in it is a change of pack, and neither new nor gone; nor is one that is written as before and read in another way.
    """
    changes = [change for before, after in matched if (change := _matched_change(before, after))]
    changes += [ListChange(ChangeKind.BACK, before, after) for before, after in returned]
    reread = _reread_pairs(added, removed)
    changes += [ListChange(kind, before, after) for before, after in reread if (kind := _price_change(before.row, after.row))]
    taken = {id(article) for pair in reread for article in pair}
    added, removed = ([article for article in side if id(article) not in taken] for side in (added, removed))
    packs = pack_changes(added, removed)
    paired = {id(article) for change in packs for article in (change.before, change.after)}
    changes += packs
    if is_next or len(added) <= NEW_SHARE * (len(matched) + len(returned) + len(reread) + len(added)):
        changes += [ListChange(ChangeKind.NEW, None, article) for article in added if id(article) not in paired]
    changes += [ListChange(ChangeKind.GONE, article, None) for article in removed if id(article) not in paired]
    return changes


def _matched_change(before: ListedArticle, after: ListedArticle) -> ListChange | None:
    old, new = before.row, after.row
    if old.currency != new.currency:  # what a price of no stated currency became nobody can say
        return ListChange(ChangeKind.CURRENCY, before, after) if old.currency and new.currency else None
    kind = _pack_change(old, new) or _price_change(old, new)
    return ListChange(kind, before, after) if kind else None


def _price_change(before: ProductRow, after: ProductRow) -> ChangeKind | None:
    if before.price == after.price:
        return None
    return ChangeKind.UP if after.price > before.price else ChangeKind.DOWN


def _reread_pairs(added: Sequence[ListedArticle], removed: Sequence[ListedArticle]) -> list[tuple[ListedArticle, ListedArticle]]:
    """Return articles that are written as before, size and all, and were read otherwise since their lists differ; none with a namesake."""
    former, present = _by_thing(_name_with_size, removed), _by_thing(_name_with_size, added)
    names = [name for name in former if len(former[name]) == 1 == len(present.get(name, ()))]
    return [(former[name][0], present[name][0]) for name in names]


def _name_with_size(row: ProductRow) -> Hashable:
    """Return a name that says all of size and pack that was read, with what else has to be equal; None for another."""
    name = " ".join(row.original_name.casefold().split())
    numbers = {Decimal(number.replace(",", ".")) for number in _NUMBER.findall(name)}
    read = {row.size or Decimal(1), Decimal(row.pack_count)} - {Decimal(1)}
    return (name, row.sku, row.currency, row.price_unit) if numbers and read <= numbers else None


def pack_changes(added: Sequence[ListedArticle], removed: Sequence[ListedArticle]) -> list[ListChange]:
    """Return the articles of `removed` that are among `added` in another pack; those nearest in price and content are paired first.

    The same article number, or the same family (brand and words in English), says that two packs hold one thing.
    """
    by_number = _pairs_by(lambda row: row.sku, removed, added)
    taken = {id(article) for change in by_number for article in (change.before, change.after)}
    rest = [[article for article in side if id(article) not in taken] for side in (removed, added)]
    changes = by_number + _pairs_by(_family, *rest)
    return sorted(changes, key=lambda change: (change.row.source_sheet, change.row.source_row, change.offer_id))


def _family(row: ProductRow) -> Hashable:
    """Return what is equal for all packs of one thing; None where a row does not say how much it is, or of what."""
    if content(row) is None:
        return None
    article = article_of(row)
    return family_key(article) if article.written else None


def _pairs_by(
    thing: Callable[[ProductRow], Hashable], removed: Sequence[ListedArticle], added: Sequence[ListedArticle]
) -> list[ListChange]:
    if not removed or not added:
        return []
    former, present = _by_thing(thing, removed), _by_thing(thing, added)
    changes: list[ListChange] = []
    for value in present.keys() & former.keys():
        if len(former[value]) * len(present[value]) <= _MOST_PAIRS:
            changes += _pairs(former[value], present[value])
    return changes


def _by_thing(thing: Callable[[ProductRow], Hashable], articles: Iterable[ListedArticle]) -> dict[Hashable, list[ListedArticle]]:
    groups: dict[Hashable, list[ListedArticle]] = defaultdict(list)
    for article in articles:
        if value := thing(article.row):
            groups[value].append(article)
    return groups


def _pairs(former: Sequence[ListedArticle], present: Sequence[ListedArticle]) -> list[ListChange]:
    candidates = [
        (_distance(before.row, after.row), ListChange(kind, before, after))
        for before in former
        for after in present
        if (kind := _pack_change(before.row, after.row))
    ]
    changes: list[ListChange] = []
    taken: set[int] = set()
    for _, change in sorted(candidates, key=lambda candidate: candidate[0]):
        if not taken & {id(change.before), id(change.after)}:
            taken |= {id(change.before), id(change.after)}
            changes.append(change)
    return changes


def _pack_change(before: ProductRow, after: ProductRow) -> ChangeKind | None:
    """Return whether `after` is the thing of `before` with less or more in it, at a price that did not go with the content."""
    old, new = content(before), content(after)
    is_comparable = before.currency == after.currency and before.price_unit == after.price_unit and before.price > 0
    if old is None or new is None or old.unit != new.unit or not is_comparable:
        return None
    content_share, price_share = new.amount / old.amount, after.price / before.price
    if abs(content_share - 1) <= _EQUAL_CONTENT or not LEAST_CONTENT_SHARE <= content_share <= 1 / LEAST_CONTENT_SHARE:
        return None
    if content_share < 1:
        is_shrunk = 1 - price_share <= PRICE_SHARE_OF_CONTENT * (1 - content_share) and price_share <= 1 + MOST_RISE
        return ChangeKind.SMALLER_PACK if is_shrunk else None
    is_grown = price_share - 1 <= PRICE_SHARE_OF_CONTENT * (content_share - 1) and price_share >= 1 - MOST_RISE
    return ChangeKind.LARGER_PACK if is_grown else None


def _distance(before: ProductRow, after: ProductRow) -> Decimal:
    old, new = content(before), content(after)
    contents = abs(new.amount / old.amount - 1) if old and new else Decimal(0)
    return abs(after.price / before.price - 1) + contents
