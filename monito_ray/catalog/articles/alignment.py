"""The articles of a supplier's list found again in its next one, each at most once. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from monito_ray.catalog.articles.currency_changes import pairs_across_currencies
from monito_ray.catalog.articles.identity import identity, unit_class
from monito_ray.catalog.articles.list_articles import ListArticle
from monito_ray.catalog.articles.row_keys import ROW_KEYS, RowKey, have_two_numbers, measures_of, name_of
from monito_ray.catalog.matching.article import Article, article_of
from monito_ray.catalog.matching.blocking import block_keys
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.records import ProductRow

_WORD = re.compile(r"\w+")
#: Of the words of two descriptions under one article number, so many are in both if it is one article: "up to 850 Mbps" became "up to 866
#: Mbps" in a long one. A running number that looks like an article number has another short name in each list.
MOST_WORDS = 0.85


def align(before: Sequence[ListArticle], after: Sequence[ListArticle]) -> list[tuple[int, int]]:
    """Return pairs of indexes, of `before` and of `after`, that are one article.

    What is most alike goes first: all that the rows say, then the identity with number, name or section, then the name as
    written, then the same where one list does not say its currency, then a description that hardly changed under its number, then other
    wording, and last the same articles in another currency. Two numbers are two articles, unless the name as written is the same.
    Articles that cannot be told from each other are only paired where none is left over or their prices are equal.
    """
    pairs: list[tuple[int, int]] = []
    left, right = list(range(len(before))), list(range(len(after)))
    for key in ROW_KEYS:
        if not left or not right:
            break
        pairs_of_key = _pairs_by(_in_one_currency(key), before, after, left, right)
        pairs += pairs_of_key
        left, right = _without(left, [one for one, _ in pairs_of_key]), _without(right, [other for _, other in pairs_of_key])
    for key in _KEYS_BESIDES_CURRENCY:
        pairs_of_key = [
            (one, other)
            for one, other in _pairs_by(key, before, after, left, right)
            if not (before[one].row.currency and after[other].row.currency)
        ]
        pairs += pairs_of_key
        left, right = _without(left, [one for one, _ in pairs_of_key]), _without(right, [other for _, other in pairs_of_key])
    numbered = [pair for pair in _pairs_by(_number, before, after, left, right) if _share_words(before[pair[0]].row, after[pair[1]].row)]
    left, right = _without(left, [one for one, _ in numbered]), _without(right, [other for _, other in numbered])
    pairs += numbered + _reworded(before, after, left, right)
    return pairs + pairs_across_currencies(before, after, pairs)


def _pairs_by(
    key: RowKey, before: Sequence[ListArticle], after: Sequence[ListArticle], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int]]:
    ours, theirs = _groups(key, before, left), _groups(key, after, right)
    return [pair for value in ours.keys() & theirs.keys() for pair in _paired(before, after, ours[value], theirs[value])]


def _groups(key: RowKey, articles: Sequence[ListArticle], indexes: Sequence[int]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index in indexes:
        value = key(articles[index].row)
        if value is not None:
            groups[value].append(index)
    return groups


def _paired(before: Sequence[ListArticle], after: Sequence[ListArticle], ours: list[int], theirs: list[int]) -> list[tuple[int, int]]:
    """Pair articles of one key: as many as many by price, else those of equal prices; which of several does not matter."""
    if len(ours) == len(theirs):
        in_order = sorted(ours, key=lambda index: _price_order(before[index])), sorted(theirs, key=lambda index: _price_order(after[index]))
        return [(one, other) for one, other in zip(*in_order, strict=True) if not have_two_numbers(before[one].row, after[other].row)]
    by_price: dict[object, list[int]] = defaultdict(list)
    for index in sorted(theirs, key=lambda index: _price_order(after[index])):
        by_price[after[index].row.price].append(index)
    pairs = []
    for one in sorted(ours, key=lambda index: _price_order(before[index])):
        others = by_price[before[one].row.price]
        if others and not have_two_numbers(before[one].row, after[others[0]].row):
            pairs.append((one, others.pop(0)))
    return pairs


def _in_one_currency(key: RowKey) -> RowKey:
    def with_currency(row: ProductRow) -> Hashable | None:
        value = key(row)
        return None if value is None else (row.currency, value)

    return with_currency


def _number(row: ProductRow) -> Hashable | None:
    return (row.sku, row.currency, measures_of(row)) if row.sku else None


def _share_words(one: ProductRow, other: ProductRow) -> bool:
    ours, theirs = set(_WORD.findall(name_of(one))), set(_WORD.findall(name_of(other)))
    return len(ours & theirs) >= MOST_WORDS * len(ours | theirs)


def _price_order(article: ListArticle) -> tuple[object, ...]:
    return article.row.price, article.row.source_sheet, article.row.source_row


def _reworded(
    before: Sequence[ListArticle], after: Sequence[ListArticle], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int]]:
    """Pair what is written in other words, where each side has one partner alone."""
    shared = {before[index].row.currency for index in left} & {after[index].row.currency for index in right}
    ours = {index: article_of(before[index].row) for index in left if before[index].row.currency in shared}
    theirs = {index: article_of(after[index].row) for index in right if after[index].row.currency in shared}
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, article in theirs.items():
        for key in block_keys(article):
            by_key[key].append(index)
    edges = {
        (one, other)
        for one, article in ours.items()
        for other in {other for key in block_keys(article) for other in by_key.get(key, ())}
        if _is_reworded(article, theirs[other], before[one].row, after[other].row)
    }
    of_one, of_other = Counter(one for one, _ in edges), Counter(other for _, other in edges)
    return sorted((one, other) for one, other in edges if of_one[one] == 1 == of_other[other])


def _is_reworded(one: Article, other: Article, before: ProductRow, after: ProductRow) -> bool:
    if have_two_numbers(before, after) or _bought(before) != _bought(after):
        return False
    return compare(one, other, numbers_agree=True).kind is VerdictKind.ONE  # a supplier's own numbers mean the same in all its lists


def _without(indexes: Sequence[int], taken: Sequence[int]) -> list[int]:
    gone = set(taken)
    return [index for index in indexes if index not in gone]


def _bought(row: ProductRow) -> tuple[object, ...]:
    """What a price buys: other wording does not change it."""
    return row.currency, row.pack_count, unit_class(row.price_unit)


#: The same for articles of which one has no currency: a list is sent again with the currency that it did not say.
_KEYS_BESIDES_CURRENCY: tuple[RowKey, ...] = (
    lambda row: (identity(row), row.sku, name_of(row), row.section),
    lambda row: (identity(row), row.sku, name_of(row)),
)
