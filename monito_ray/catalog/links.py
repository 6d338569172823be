"""What people said of two articles: one product, or two. It goes before all rules and holds until its opposite is said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, or_, select, update

from monito_ray.store.schema import links

#: Supplier, and the key of the article's name and number; see `articles.identity.article_key`.
ArticleKey = tuple[str, str]


class LinkKind(StrEnum):
    """What was said of two articles."""

    SAME = "same"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """An article that a person spoke of: in all lists of its supplier, however they are read."""

    supplier: str
    key: str
    #: The name as the supplier writes it, for people.
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """What one person said; `undone_at` is set when the opposite was said or it was taken back."""

    kind: LinkKind
    one: LinkedArticle
    other: LinkedArticle
    user_id: int
    made_at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActiveLinks:
    """What holds now, each pair in both directions."""

    same: Mapping[ArticleKey, Sequence[ArticleKey]]
    apart: Mapping[ArticleKey, Sequence[ArticleKey]]


def active_links(connection: Connection) -> ActiveLinks:
    """Return all links that hold."""
    by_kind: dict[str, dict[ArticleKey, list[ArticleKey]]] = {kind: defaultdict(list) for kind in LinkKind}
    query = select(links.c.kind, links.c.one_supplier, links.c.one_key, links.c.other_supplier, links.c.other_key)
    for kind, one_supplier, one_key, other_supplier, other_key in connection.execute(query.where(links.c.undone_at.is_(None))):
        by_kind[kind][one_supplier, one_key].append((other_supplier, other_key))
        by_kind[kind][other_supplier, other_key].append((one_supplier, one_key))
    return ActiveLinks(by_kind[LinkKind.SAME], by_kind[LinkKind.APART])


def all_links(connection: Connection) -> list[Link]:
    """Return everything that was ever said, in order."""
    return [
        Link(
            LinkKind(row.kind),
            LinkedArticle(row.one_supplier, row.one_key, row.one_name),
            LinkedArticle(row.other_supplier, row.other_key, row.other_name),
            row.user_id,
            row.made_at,
            row.undone_at,
        )
        for row in connection.execute(select(links).order_by(links.c.id))
    ]


def add_link(connection: Connection, link: Link) -> None:
    """Keep what a person said; what was said of the two articles before holds no more."""
    undo_link(connection, link.one, link.other, link.made_at)
    values = {"kind": link.kind.value, "user_id": link.user_id, "made_at": link.made_at, "undone_at": link.undone_at}
    for side, article in (("one", link.one), ("other", link.other)):
        values |= {f"{side}_supplier": article.supplier, f"{side}_key": article.key, f"{side}_name": article.name}
    connection.execute(insert(links).values(values))


def undo_link(connection: Connection, one: LinkedArticle, other: LinkedArticle, now: datetime) -> int:
    """Take back what was said of two articles; return how many links held."""
    is_pair = or_(_is_between(one, other), _is_between(other, one))
    return connection.execute(update(links).where(is_pair, links.c.undone_at.is_(None)).values(undone_at=now)).rowcount


def rename_supplier_in_links(connection: Connection, old: str, new: str) -> None:
    """Put what was said of articles of `old` under `new`."""
    for column in (links.c.one_supplier, links.c.other_supplier):
        connection.execute(update(links).where(column == old).values({column.name: new}))


def _is_between(one: LinkedArticle, other: LinkedArticle):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return (
        (links.c.one_supplier == one.supplier)
        & (links.c.one_key == one.key)
        & (links.c.other_supplier == other.supplier)
        & (links.c.other_key == other.key)
    )
