"""The offers of one supplier in the store, read and written as `articles.fold` has them."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from monito_ray.catalog.articles.fold import PricePoint, StandingOffer
from monito_ray.catalog.articles.identity import article_key
from monito_ray.catalog.articles.list_articles import ListArticle
from monito_ray.catalog.grouping.grouping import make_products
from monito_ray.catalog.grouping.product_fields import row_fields
from monito_ray.catalog.grouping.shared_blocks import keys_shared_with_others
from monito_ray.catalog.lists.derived_rows import DerivedRow, derive_row
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.offer_rows import ROW_FIELDS, is_matchable, repeats_of, row_of, row_to_json
from monito_ray.catalog.questions import open_pairs
from monito_ray.catalog.suppliers.supplier_numbers import numbers_of
from monito_ray.store.database import has_one_of
from monito_ray.store.key_tables import delete_keys, insert_rows
from monito_ray.store.schema import offer_blocks, offer_words, offers, price_history

_COLUMNS = (
    *ROW_FIELDS, "others", "task_id", "first_seen", "last_seen", "previous_price", "is_gone", "suspicion", "mark", "article_key", "features",
    "block_keys", "word_keys",
)  # fmt: skip
#: What a list is folded onto: all but what is made of the rows for matching, which is half of a long list's memory.
_FOLDED = [column for column in offers.c if column.name not in {"features", "block_keys", "word_keys"}]
#: What decides to which product an offer belongs.
_MATCHED_BY = ("supplier", "is_gone", "mark", "article_key", "features")
# Statements are built once: building one takes longer than running it.
_ADD_OFFER, _ADD_PRICE = insert(offers), insert(price_history)
_CHANGE_OFFER = update(offers).where(offers.c.id == bindparam("changed_id")).values({name: bindparam(f"new_{name}") for name in _COLUMNS})
_MARK_GONE = update(offers).where(offers.c.id == bindparam("changed_id")).values(is_gone=True, suspicion="", block_keys="", word_keys="")


def load_standing(connection: Connection, supplier: str) -> dict[str, StandingOffer]:
    """Return the offers of a supplier by id, those that are gone, too."""
    query = select(*_FOLDED).where(offers.c.supplier == supplier).order_by(offers.c.id)
    return {row.id: _standing(row) for row in connection.execute(query)}


def outdated_offers(connection: Connection, supplier: str) -> set[str]:
    """Return the offers of a supplier that were written by a version that matched them in another way, or not at all."""
    query = select(offers.c.id).where(offers.c.supplier == supplier, ~is_matchable())
    return set(connection.execute(query).scalars())


def suppliers_with_outdated_offers(connection: Connection) -> list[str]:
    """Return the suppliers whose lists have to be folded again since the program matches offers in another way than it did."""
    query = select(offers.c.supplier).where(~is_matchable()).distinct().order_by(offers.c.supplier)
    return list(connection.execute(query).scalars())


def derive_offers(written: Iterable[StandingOffer]) -> dict[str, DerivedRow]:
    """Return what is made of the rows of offers, by id."""
    return {offer.offer_id: derive_row(offer.article.row) for offer in written}


def matched_otherwise(connection: Connection, written: Sequence[StandingOffer], derived: Mapping[str, DerivedRow]) -> set[str]:
    """Return those of these offers that the store does not have as matching would see them: the others keep their products."""
    query = select(offers.c.id, *(offers.c[name] for name in _MATCHED_BY)).where(
        has_one_of(connection, offers.c.id, [offer.offer_id for offer in written])
    )
    stored = {row.id: tuple(row)[1:] for row in connection.execute(query)}
    return {offer.offer_id for offer in written if stored.get(offer.offer_id) != _matched_by(offer, derived[offer.offer_id])}


def write_offers(
    connection: Connection,
    changed: Sequence[StandingOffer],
    existing: Mapping[str, Any],
    derived: Mapping[str, DerivedRow],
    otherwise: set[str],
    with_keys: AbstractSet[str] = frozenset(),
) -> list[str]:
    """Write offers; `existing` has the ids of those that are in the store, `otherwise` what `matched_otherwise` said of them.

    The keys of the others are written, too, but for those `with_keys`; see `keys_ahead`.

    New ones belong to a product that has their own id; return the products that had to be made for them.
    """
    added = {offer.offer_id: _first_fields(offer, derived[offer.offer_id].article) for offer in changed if offer.offer_id not in existing}
    made = make_products(connection, added)
    values = {offer.offer_id: _values(offer, derived[offer.offer_id]) for offer in changed}
    new = [{"id": offer_id, "product_id": offer_id, **own} for offer_id, own in values.items() if offer_id not in existing]
    old = [{"changed_id": key} | {f"new_{name}": own[name] for name in _COLUMNS} for key, own in values.items() if key in existing]
    delete_keys_of(connection, [offer_id for offer_id in sorted(otherwise) if offer_id in existing])
    _execute_each(connection, _ADD_OFFER, new)
    _execute_each(connection, _CHANGE_OFFER, old)
    without_keys = [offer.offer_id for offer in changed if not offer.is_gone and offer.offer_id in otherwise - with_keys]
    findable = {offer_id: derived[offer_id] for offer_id in without_keys}
    numbers = numbers_of(connection, {offer.article.row.supplier for offer in changed}) if findable else {}
    number_of = {offer.offer_id: numbers[offer.article.row.supplier] for offer in changed if offer.offer_id in findable}
    insert_rows(connection, offer_blocks, block_rows(findable, number_of))
    insert_rows(connection, offer_words, word_rows(findable))
    return made


def block_rows(derived: Mapping[str, DerivedRow], number_of: Mapping[str, int]) -> list[tuple[str | int, ...]]:
    """Return the rows of `offer_blocks` for offers, in order; `number_of` has the numbers of their suppliers."""
    return sorted([(key, offer_id, number_of[offer_id]) for offer_id, own in derived.items() for key in own.block_keys])


def word_rows(derived: Mapping[str, DerivedRow]) -> list[tuple[str | int, ...]]:
    """Return the rows of `offer_words` for offers, in order."""
    return sorted([(key, offer_id) for offer_id, own in derived.items() for key in own.word_keys])


def mark_gone(connection: Connection, offer_ids: Sequence[str]) -> None:
    """Have offers stand no longer; their history stays."""
    delete_keys_of(connection, offer_ids)
    _execute_each(connection, _MARK_GONE, [{"changed_id": offer_id} for offer_id in offer_ids])


def newest_tasks(connection: Connection, supplier: str) -> set[str]:
    """Return the tasks of the lists that brought the offers of a supplier that stand."""
    query = select(offers.c.task_id).where(offers.c.supplier == supplier, ~offers.c.is_gone).distinct()
    return set(connection.execute(query).scalars())


def comparable_offers(connection: Connection, supplier: str) -> list[str]:
    """Return the offers of a supplier that stand beside others' in a product or in a block."""
    theirs = offers.alias()
    is_beside = (theirs.c.product_id == offers.c.product_id) & (theirs.c.supplier != supplier) & ~theirs.c.is_gone
    is_own = offers.c.supplier == supplier
    in_product = set(connection.execute(select(offers.c.id).join(theirs, is_beside).where(is_own)).scalars())
    keys = {row.id: row.block_keys.split() for row in connection.execute(select(offers.c.id, offers.c.block_keys).where(is_own))}
    shared = keys_shared_with_others(connection, {key for own in keys.values() for key in own}, supplier)
    return sorted(in_product.union(offer_id for offer_id, own in keys.items() if not shared.isdisjoint(own)))


def delete_offers(connection: Connection, offer_ids: Sequence[str]) -> None:
    """Delete offers with their history."""
    delete_keys_of(connection, offer_ids)
    open_pairs.delete_pairs(connection, offer_ids)
    connection.execute(delete(price_history).where(has_one_of(connection, price_history.c.offer_id, offer_ids)))
    connection.execute(delete(offers).where(has_one_of(connection, offers.c.id, offer_ids)))


def delete_keys_of(connection: Connection, offer_ids: Sequence[str]) -> None:
    """Let offers be found by no others; what the offers themselves have of their keys is left to the caller."""
    if not offer_ids:
        return
    query = select(offers.c.id, offers.c.block_keys, offers.c.word_keys).where(has_one_of(connection, offers.c.id, offer_ids))
    rows = connection.execute(query).all()
    delete_keys(connection, offer_blocks, {row.id: row.block_keys.split() for row in rows})
    delete_keys(connection, offer_words, {row.id: row.word_keys.split() for row in rows})


def add_points(connection: Connection, points: Iterable[tuple[str, PricePoint]]) -> None:
    """Append prices to the histories of offers, in the order given."""
    names = PricePoint.__slots__
    values = [{"offer_id": offer_id} | {name: getattr(point, name) for name in names} for offer_id, point in points]
    _execute_each(connection, _ADD_PRICE, values)


def _standing(row: Row[Any]) -> StandingOffer:
    repeats = repeats_of(row)
    return StandingOffer(
        offer_id=row.id,
        article=ListArticle(row_of(row), repeats, row.mark),
        task_id=row.task_id,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        previous_price=row.previous_price,
        is_gone=row.is_gone,
    )


def _first_fields(offer: StandingOffer, article: Article) -> dict[str, Any]:
    """Return the fields of the product that a new offer is by itself."""
    fields = row_fields(offer.article.row, article, offer.article.mark)
    return fields | {"first_added": offer.first_seen, "last_updated": offer.last_seen}


def _values(offer: StandingOffer, derived: DerivedRow) -> dict[str, Any]:
    row = offer.article.row
    return {name: getattr(row, name) for name in ROW_FIELDS} | {
        "others": [row_to_json(repeat) for repeat in offer.article.repeats],
        "task_id": offer.task_id,
        "first_seen": offer.first_seen,
        "last_seen": offer.last_seen,
        "previous_price": offer.previous_price,
        "suspicion": "",  # said when its product is looked at
        **dict(zip(_MATCHED_BY, _matched_by(offer, derived), strict=True)),
        "block_keys": "" if offer.is_gone else " ".join(sorted(derived.block_keys)),
        "word_keys": "" if offer.is_gone else " ".join(sorted(derived.word_keys)),
    }


def _matched_by(offer: StandingOffer, derived: DerivedRow) -> tuple[Any, ...]:
    row = offer.article.row
    return row.supplier, offer.is_gone, offer.article.mark, article_key(row.original_name, row.sku, row.price_unit), derived.features


def _execute_each(connection: Connection, statement: Any, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(statement, values)
