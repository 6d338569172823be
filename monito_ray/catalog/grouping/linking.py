"""What a person says of two articles, carried out: before all rules, and until somebody says the opposite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product as pairs_of
from typing import Any

from sqlalchemy import Connection, or_, select

from monito_ray.catalog.grouping.grouping import regroup
from monito_ray.catalog.grouping.neighbourhood import mates_of
from monito_ray.catalog.links import Link, LinkedArticle, LinkKind, add_link, undo_link
from monito_ray.catalog.offers import current_ids
from monito_ray.errors import OfferUnknown, UsageWrong
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """What the catalogue makes of a person's word."""

    one: str
    other: str
    #: Whether the two are one product now.
    is_one_product: bool
    #: Why it is not as the person said, "" where it is.
    contradiction: str = ""


def link(store: Store, one: str, other: str, kind: LinkKind, user_id: int, now: datetime) -> LinkOutcome:
    """Keep that two offers are one product, or not. Each is named by its id, by its product's, or as "supplier: name as written".

    A link holds for the article in all lists of its supplier, also those to come. What was said of the two before holds no more.

    Raises:
        OfferUnknown: there is no such offer.
        UsageWrong: both are one offer.
    """
    return _change(store, one, other, user_id, now, kind)


def unlink(store: Store, one: str, other: str, user_id: int, now: datetime) -> LinkOutcome:
    """Take back what was said of two offers, so that the rules decide.

    Raises:
        OfferUnknown: there is no such offer.
        UsageWrong: nothing was said of them.
    """
    return _change(store, one, other, user_id, now, None)


def _change(store: Store, one: str, other: str, user_id: int, now: datetime, kind: LinkKind | None) -> LinkOutcome:
    with store.write(alone="catalogue") as connection:
        ours, theirs = _find(connection, one), _find(connection, other)
        if {row.id for row in ours} & {row.id for row in theirs}:
            raise UsageWrong(f"{one!r} and {other!r} are one offer", "Name two offers, each by its own id.")
        if kind is LinkKind.SAME:
            ours, theirs = ours[:1], theirs[:1]
        articles = [(_article(first), _article(second)) for first, second in pairs_of(ours, theirs)]
        if kind is None:
            if not sum(undo_link(connection, *pair, now) for pair in articles):
                raise UsageWrong(f"nobody has said anything of {one!r} and {other!r}")
        else:
            for pair in articles:
                add_link(connection, Link(kind, *pair, user_id, now))
        ids = {row.id for row in (*ours, *theirs)}
        regroup(connection, ids | mates_of(connection, ids))
        after = dict(_products_of(connection, [ours[0].id, theirs[0].id]))
    is_one = after[ours[0].id] == after[theirs[0].id]
    return LinkOutcome(_offer_text(ours[0]), _offer_text(theirs[0]), is_one, _contradiction(kind, ours[0], theirs[0], is_one=is_one))


def _contradiction(kind: LinkKind | None, one: Any, other: Any, *, is_one: bool) -> str:
    if kind is LinkKind.SAME and not is_one:
        if one.supplier == other.supplier:
            return f"both are offers of {one.supplier!r}, and a product has one of each supplier"
        return "somebody said before that one of them is apart from what the other is"
    if kind is LinkKind.APART and is_one:
        return "somebody said that both are the same as a third one"
    return ""


def _find(connection: Connection, reference: str) -> Sequence[Any]:
    """Return the offers that stand under a reference, the oldest first."""
    text = reference.strip()
    product_id = current_ids(connection, [text])[text]
    is_it = or_(offers.c.id == text, offers.c.product_id == product_id)
    columns = (offers.c.id, offers.c.supplier, offers.c.article_key, offers.c.original_name)
    query = select(*columns).where(~offers.c.is_gone).order_by(offers.c.id != text, offers.c.first_seen, offers.c.id)
    rows = connection.execute(query.where(is_it)).all()
    if rows and rows[0].id == text:
        return rows[:1]
    if not rows and ":" in text:
        supplier, _, name = (part.strip() for part in text.partition(":"))
        by_name = connection.execute(query.where(offers.c.supplier == supplier)).all()
        rows = [row for row in by_name if row.original_name.casefold() == name.casefold()]
    if not rows:
        raise OfferUnknown(f"no offer stands under {reference!r}")
    return rows


def _products_of(connection: Connection, offer_ids: Sequence[str]) -> list[tuple[str, str]]:
    query = select(offers.c.id, offers.c.product_id).where(has_one_of(connection, offers.c.id, offer_ids))
    return [(row.id, row.product_id) for row in connection.execute(query)]


def _article(row: Any) -> LinkedArticle:
    return LinkedArticle(row.supplier, row.article_key, row.original_name)


def _offer_text(row: Any) -> str:
    return f"{row.supplier}: {row.original_name}"
