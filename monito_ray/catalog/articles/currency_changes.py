"""The articles of a supplier's list that its next one has in another currency, since the supplier now asks for other money. Pure."""

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from operator import itemgetter

from monito_ray.catalog.articles.list_articles import ListArticle
from monito_ray.catalog.articles.row_keys import ROW_KEYS, RowKey, have_two_numbers
from monito_ray.records import ProductRow

#: Indexes of articles by a key, then by their currency, in list order.
_Groups = dict[Hashable, dict[str, list[int]]]


def pairs_across_currencies(
    before: Sequence[ListArticle], after: Sequence[ListArticle], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return pairs of indexes, of `before` and of `after`, that are one article in two currencies; `pairs` are in one currency.

    The first of `ROW_KEYS` that two rows share decides. A currency in which both sides have the article was not left for another: a
    list may have it in two, and the next one in one of these. Nor was one that is left for another on the same date at another price: the
    supplier has two editions of the list.
    """
    left, right = _unpaired(before, map(itemgetter(0), pairs)), _unpaired(after, map(itemgetter(1), pairs))
    result: list[tuple[int, int]] = []
    for key in ROW_KEYS:
        if not left or not right or len({article.row.currency for article in (*left.values(), *right.values())}) == 1:
            break
        ours, theirs = _groups(key, left), _groups(key, right)
        shared = ours.keys() & theirs.keys()
        in_use = [_currencies(key, articles, shared) for articles in (before, after)] if shared else []
        for value in shared:
            candidates = _besides(ours[value], in_use[1][value]), _besides(theirs[value], in_use[0][value])
            for one, other in _pairs_of_group(left, right, *candidates):
                result.append((one, other))
                del left[one], right[other]
    return result


def _unpaired(articles: Sequence[ListArticle], paired: Iterable[int]) -> dict[int, ListArticle]:
    """Return the articles with a currency that are not paired, by index."""
    gone = set(paired)
    return {index: article for index, article in enumerate(articles) if article.row.currency and index not in gone}


def _groups(key: RowKey, articles: Mapping[int, ListArticle]) -> _Groups:
    groups: _Groups = defaultdict(lambda: defaultdict(list))
    for index, article in articles.items():
        if (value := key(article.row)) is not None:
            groups[value][article.row.currency].append(index)
    return groups


def _currencies(key: RowKey, articles: Iterable[ListArticle], values: Container[Hashable]) -> dict[Hashable, set[str]]:
    """Return the currencies of all articles with these values of a key, by value."""
    currencies: dict[Hashable, set[str]] = defaultdict(set)
    for article in articles:
        if (value := key(article.row)) in values:
            currencies[value].add(article.row.currency)
    return currencies


def _besides(group: Mapping[str, list[int]], currencies: Container[str]) -> list[list[int]]:
    return [indexes for currency, indexes in group.items() if currency not in currencies]


def _pairs_of_group(
    before: Mapping[int, ListArticle], after: Mapping[int, ListArticle], ours: Sequence[list[int]], theirs: Sequence[list[int]]
) -> list[tuple[int, int]]:
    """Pair currency by currency; of articles that only their prices tell apart as many as many, in the order of these."""
    return [
        (one, other)
        for own, others in zip(ours, theirs, strict=False)
        if len(own) == len(others)
        for one, other in zip(_by_price(before, own), _by_price(after, others), strict=True)
        if not have_two_numbers(before[one].row, after[other].row) and not _are_editions(before[one].row, after[other].row)
    ]


def _by_price(articles: Mapping[int, ListArticle], indexes: Sequence[int]) -> list[int]:
    return sorted(indexes, key=lambda index: (articles[index].row.price, index))


def _are_editions(one: ProductRow, other: ProductRow) -> bool:
    """Whether two lists of one date have two prices: those of one price are a list whose currency was put right."""
    return one.list_date is not None and one.list_date == other.list_date and one.price != other.price
