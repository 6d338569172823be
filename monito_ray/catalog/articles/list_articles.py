"""The articles of one list: exact repeats are one, and rows that look alike are told apart by what differs."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from monito_ray.catalog.articles.identity import identity, identity_hash
from monito_ray.records import ProductRow

#: What two rows may differ in and still repeat each other: where they stand, and how sure the program is of them.
_NOT_SEEN_BY_BUYERS = frozenset({"source_row", "confidence", "field_confidence", "method", "doubt"})
_SEEN_BY_BUYERS = tuple(field.name for field in fields(ProductRow) if field.name not in _NOT_SEEN_BY_BUYERS)
#: What tells rows of one identity apart, the best first.
_MARKS: tuple[Callable[[ProductRow], str], ...] = (
    lambda row: row.sku,
    lambda row: row.section,
    lambda row: row.original_name,
    lambda row: row.source_sheet,
    lambda row: row.price_unit,
    lambda row: "" if row.min_quantity is None else f"from {row.min_quantity:f}",
    lambda row: row.currency,
)
ALIKE = "another row of the list is alike in all but the price: what tells them apart?"


@dataclass(frozen=True, slots=True)
class ListArticle:
    """One article of a list."""

    row: ProductRow
    #: Rows that repeat `row` in all that a buyer sees, in list order.
    repeats: tuple[ProductRow, ...] = ()
    #: What tells it from the other articles of the list with its identity; "" where there is none.
    mark: str = ""

    @property
    def identity_hash(self) -> str:
        """The identity, which other articles of the list may share."""
        return identity_hash(identity(self.row))


def list_articles(rows: Sequence[ProductRow]) -> list[ListArticle]:
    """Return the articles of a list, in its order. Nothing but exact repeats is one."""
    by_content: dict[tuple[object, ...], list[ProductRow]] = {}
    for row in rows:
        by_content.setdefault(tuple(getattr(row, name) for name in _SEEN_BY_BUYERS), []).append(row)
    by_identity: dict[str, list[int]] = defaultdict(list)
    articles = [ListArticle(group[0], tuple(group[1:])) for group in by_content.values()]
    for index, article in enumerate(articles):
        by_identity[article.identity_hash].append(index)
    for indexes in by_identity.values():
        if len(indexes) > 1:
            for index, article in zip(indexes, _with_marks([articles[index] for index in indexes]), strict=True):
                articles[index] = article
    return articles


def _with_marks(alike: Sequence[ListArticle]) -> list[ListArticle]:
    """Return articles of one identity with their marks; where nothing but the price differs they are numbered by it, and doubted."""
    marks = _marks([article.row for article in alike])
    by_mark: dict[str, list[int]] = defaultdict(list)
    for index, mark in enumerate(marks):
        by_mark[mark].append(index)
    result = list(alike)
    for mark, indexes in by_mark.items():
        if len(indexes) == 1:
            result[indexes[0]] = replace(alike[indexes[0]], mark=mark)
            continue
        indexes.sort(key=lambda index: (alike[index].row.price, alike[index].row.source_row))
        for number, index in enumerate(indexes, start=1):
            row = alike[index].row
            doubted = row if row.doubt else replace(row, doubt=ALIKE)
            result[index] = replace(alike[index], row=doubted, mark=f"{mark} ({number})".strip())
    return result


def _marks(rows: Sequence[ProductRow]) -> list[str]:
    """Return for each row the first of `_MARKS` that is another for each, else all that differ, joined."""
    columns = [[mark(row) for row in rows] for mark in _MARKS]
    telling = [column for column in columns if len(set(column)) > 1]
    for column in telling:
        if len(set(column)) == len(rows) and all(column):
            return column
    return [" · ".join(filter(None, values)) for values in zip(*telling, strict=True)] if telling else [""] * len(rows)
