"""The cheapest of the products that have some terms, however many have them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from monito_ray.catalog.search.term_conditions import Conditions, fts5_query, tsquery
from monito_ray.store.full_text import count_with_terms, first_with_terms, has_terms, is_among_terms
from monito_ray.store.schema import search_entries

#: So few entries are named one by one where they are looked through again for narrower terms.
MOST_NAMED = 200
#: More matches than this are not all looked at: on an idle core each takes 2.5 µs, so these 50 ms.
MOST_RANKED = 20_000
#: Of so many matches one is looked at to see which prices are most frequent: of more than `MOST_RANKED` some 300 or more.
_SAMPLED = 64
_C = search_entries.c
_KIND = (_C.currency, _C.base_unit)
#: Base prices of one kind are all there, or none is.
_PRICE = (_C.base_price, _C.price, _C.product_id)


def few_matches(connection: Connection, conditions: Conditions) -> list[int] | None:
    """Return the entries that have these terms, None for more than `MOST_NAMED`: what has narrower terms, too, is among them."""
    parameters = _terms(connection, conditions) | {"most": MOST_NAMED + 1}
    ids = list(connection.execute(first_with_terms(connection), parameters).scalars())
    return ids if len(ids) <= MOST_NAMED else None


def count_matches(connection: Connection, conditions: Conditions, most: int) -> int:
    """Return how many products have these terms, `most` for more."""
    count: int = connection.execute(count_with_terms(connection), _terms(connection, conditions) | {"most": most}).scalar_one()
    return count


def cheapest_products(connection: Connection, conditions: Conditions, most: int, among: Sequence[int] | None = None) -> list[str]:
    """Return products with these terms, the cheapest first; of each kind of price that can be compared up to `most`, the most frequent kind first.

    `among` are the only entries that can have them, where these are known. Where more than `MOST_RANKED` match, they are those of the kind that is most frequent in a sample.
    """
    terms = _terms(connection, conditions)
    if among is None and count_matches(connection, conditions, MOST_RANKED + 1) > MOST_RANKED:
        cheapest = _of_frequent_kind(connection, terms, most)
        if len(cheapest) == most:
            return cheapest
    return _of_each_kind(connection, terms, most, among)


def _terms(connection: Connection, conditions: Conditions) -> dict[str, Any]:
    """Return the parameter of conditions on terms."""
    return {"terms": fts5_query(conditions) if connection.dialect.name == "sqlite" else tsquery(conditions)}


def _of_each_kind(connection: Connection, terms: dict[str, Any], most: int, among: Sequence[int] | None) -> list[str]:
    size = func.count().over(partition_by=_KIND).label("size")
    place = func.row_number().over(partition_by=_KIND, order_by=_PRICE).label("place")
    is_named = () if among is None else (_C.id.in_(among),)
    matching = select(_C.product_id, *_KIND, size, place).where(has_terms(connection), *is_named).subquery()
    rows = connection.execute(select(matching).where(matching.c.place <= most), terms)
    return [row.product_id for row in sorted(rows, key=lambda row: (*_kind_order(row.currency, row.base_unit, row.size), row.place))]


def _of_frequent_kind(connection: Connection, terms: dict[str, Any], most: int) -> list[str]:
    sample = select(*_KIND, func.count().label("size")).where(has_terms(connection, one_of=_SAMPLED)).group_by(*_KIND)
    kinds = sorted(connection.execute(sample, terms), key=lambda row: _kind_order(*row))
    if not kinds:
        return []
    is_kind = _C.currency == kinds[0].currency, _C.base_unit == kinds[0].base_unit
    return list(
        connection.execute(select(_C.product_id).where(*is_kind, is_among_terms(connection)).order_by(*_PRICE).limit(most), terms).scalars()
    )


def _kind_order(currency: str, base_unit: str, size: int) -> tuple[bool, bool, int, str, str]:
    """Return the place of a kind of price: what can be compared first, the most frequent first."""
    return currency == "", base_unit == "", -size, currency, base_unit
