"""What a supplier's list makes of the offers that stand: the next state, from the state before and the list alone. Pure.

A supplier's offers are the fold of its lists in order of age, from nothing. So a list that is taken back, or that comes late, or a
correction, needs no undoing of its own: the lists that there are, are folded again.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from monito_ray.catalog.articles.alignment import align
from monito_ray.catalog.articles.list_articles import ListArticle, list_articles
from monito_ray.catalog.prices.list_changes import ListChange, ListedArticle, list_changes
from monito_ray.pipeline.products.build import with_price
from monito_ray.records import PRICE_OF_PICTURE, ProductRow

#: A list takes the place of an earlier one if it has at least this share of its articles; then those that it lacks are gone. A list of
#: meat leaves last week's vegetables as they are, and so does a note of five prices.
SAME_SERIES = 0.5
_ID_LENGTH = 10
_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "abcdefghjkmnpqrstvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A price of an offer, and the list that brought it."""

    price: Decimal
    currency: str
    base_price: Decimal | None
    #: None where the list has no date.
    list_date: date | None
    seen_at: datetime
    task_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierList:
    """One list of one supplier."""

    task_id: str
    #: None where the list has no date.
    list_date: date | None
    written_at: datetime
    rows: Sequence[ProductRow]

    @property
    def age(self) -> tuple[date, datetime]:
        """What orders lists by time: their own date, where they have none the day they came, then the time they came."""
        return self.list_date or self.written_at.date(), self.written_at


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOffer:
    """One article of a supplier as the newest list with it has it."""

    offer_id: str
    article: ListArticle
    #: The newest list with it.
    task_id: str
    first_seen: datetime
    last_seen: datetime
    #: The price before the last change, in the same currency; None where it never changed, or not since the currency did.
    previous_price: Decimal | None = None
    #: Whether a newer list in place of that one lacks it.
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What one list changes."""

    #: The offers of its articles, in list order.
    offers: tuple[StandingOffer, ...]
    #: Offers that are gone with this list.
    gone: tuple[StandingOffer, ...]
    #: New points of the price history, by offer id.
    points: tuple[tuple[str, PricePoint], ...]
    #: What people are told.
    changes: tuple[ListChange, ...]


def fold_list(standing: Mapping[str, StandingOffer], new: SupplierList) -> ListOutcome:
    """Return what `new`, which is newer than all lists that made `standing`, changes."""
    earlier, articles = sorted(standing.values(), key=_by_age), list_articles(new.rows)
    pairs = align([offer.article for offer in earlier], articles)
    before = {index: earlier[position] for position, index in pairs}
    ids = _offer_ids(new.task_id, articles)
    offers = tuple(_offer(article, before.get(index), ids[index], new) for index, article in enumerate(articles))
    matched = {offer.offer_id for offer in before.values()}
    replaced = _replaced_lists(earlier, matched, new)
    gone = tuple(replace(offer, is_gone=True) for offer in earlier if _is_missing(offer, replaced, matched))
    points = tuple(
        (offer.offer_id, _point(offer, new))
        for index, offer in enumerate(offers)
        if index not in before or _money(before[index].article.row) != _money(offer.article.row)
    )
    return ListOutcome(offers, gone, points, _changes(offers, before, gone, is_next=bool(replaced)))


def _by_age(offer: StandingOffer) -> tuple[Any, ...]:
    """Return the place of an offer among those of its supplier, which does not depend on its id: standing ones first, then the newest."""
    row = offer.article.row
    place = row.source_file, row.source_sheet, row.source_row, row.original_name, row.price, offer.article.mark
    return offer.is_gone, -offer.last_seen.timestamp(), offer.task_id, *place, offer.first_seen


def _changes(
    offers: Sequence[StandingOffer], before: Mapping[int, StandingOffer], gone: Sequence[StandingOffer], *, is_next: bool
) -> tuple[ListChange, ...]:
    pairs = [(before[index], _listed(before[index]), _listed(offer)) for index, offer in enumerate(offers) if index in before]
    changes = list_changes(
        [(old, now) for offer, old, now in pairs if not offer.is_gone],
        [_listed(offer) for index, offer in enumerate(offers) if index not in before],
        [_listed(offer) for offer in gone],
        [(old, now) for offer, old, now in pairs if offer.is_gone],
        is_next=is_next,
    )
    return tuple(changes)


def _listed(offer: StandingOffer) -> ListedArticle:
    return ListedArticle(offer.offer_id, offer.article.row)


def _offer(article: ListArticle, before: StandingOffer | None, offer_id: str, new: SupplierList) -> StandingOffer:
    if before is None:
        return StandingOffer(
            offer_id=offer_id,
            article=article,
            task_id=new.task_id,
            first_seen=new.written_at,
            last_seen=new.written_at,
        )
    old = before.article.row
    is_one_currency, is_one_price = old.currency == article.row.currency, old.price == article.row.price
    previous_price = before.previous_price if is_one_price else old.price
    return replace(
        before,
        article=_seen_before(article, old),
        task_id=new.task_id,
        first_seen=min(before.first_seen, new.written_at),
        last_seen=new.written_at,
        previous_price=previous_price if is_one_currency else None,
        is_gone=False,
    )


def _seen_before(article: ListArticle, old: ProductRow) -> ListArticle:
    """Return an article whose price was read from a picture, without doubt where the supplier's last list has the same one in none: it was seen twice."""
    row = article.row
    is_of_picture = row.doubt.startswith(PRICE_OF_PICTURE) and not old.doubt.startswith(PRICE_OF_PICTURE)
    if not is_of_picture or _money(row) != _money(old):
        return article
    return replace(article, row=with_price(row, row.price))


def _money(row: ProductRow) -> tuple[Decimal, str]:
    return row.price, row.currency


def _point(offer: StandingOffer, new: SupplierList) -> PricePoint:
    row = offer.article.row
    return PricePoint(row.price, row.currency, row.base_price, row.list_date, new.written_at, new.task_id)


def _replaced_lists(earlier: Sequence[StandingOffer], matched: Collection[str], new: SupplierList) -> set[str]:
    """Return the tasks of the lists in whose place the new one comes."""
    of_list = Counter(offer.task_id for offer in earlier if not offer.is_gone)
    again = Counter(offer.task_id for offer in earlier if not offer.is_gone and offer.offer_id in matched)
    return {task_id for task_id, count in of_list.items() if again[task_id] >= SAME_SERIES * count} - {new.task_id}


def _is_missing(offer: StandingOffer, replaced: Collection[str], matched: Collection[str]) -> bool:
    return not offer.is_gone and offer.task_id in replaced and offer.offer_id not in matched


def _offer_ids(task_id: str, articles: Sequence[ListArticle]) -> list[str]:
    """Return the ids of offers that first come with this list: the same whenever it is folded again, however its rows are standardized."""
    seen: Counter[tuple[str, ...]] = Counter()
    ids = []
    for row in (article.row for article in articles):
        place = (row.supplier, row.source_file, row.source_sheet, str(row.source_row), row.original_name, str(row.price))
        seen[place] += 1
        text = "\x1f".join((task_id, *place, str(seen[place])))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        ids.append(base64.b32encode(digest).decode()[:_ID_LENGTH].translate(_CROCKFORD))
    return ids
