"""Keep the index of the search: an entry for each product that is offered, and the words by which products are found."""

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from monito_ray.catalog.prices.best_offer import best_offer
from monito_ray.catalog.search.entry import IndexedProduct, IndexEntry, index_entry, product_alone
from monito_ray.pipeline.versions import RULES
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, batched, has_one_of, insert_missing
from monito_ray.store.schema import LONGEST_WORD, offers, products, search_entries, search_versions, search_words

#: Raise it when products get other terms: the index is made again then, as it is when the rules change, with whose words terms are translated.
_TERMS_VERSION = 2
VERSION = f"terms {_TERMS_VERSION}, rules {RULES}"
#: Products whose entries are made at a time.
_PART = 500
_DIGEST_LENGTH = 32
#: Stands between the version and the last product that is done, while the index is being made.
_UNTIL = " until "
#: Pause between two parts. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02
_PRICE_FIELDS = ("currency", "base_unit", "base_price", "price")
_ENTRY_FIELDS = ("digest", "terms", *_PRICE_FIELDS)
_ADD_ENTRY = insert(search_entries)
_CHANGE_ENTRY = (
    update(search_entries)
    .where(search_entries.c.id == bindparam("changed_id"))
    .values({name: bindparam(f"new_{name}") for name in _ENTRY_FIELDS})
)
# Where the terms stay, the full-text index is left alone.
_CHANGE_PRICE = (
    update(search_entries)
    .where(search_entries.c.id == bindparam("changed_id"))
    .values({name: bindparam(f"new_{name}") for name in _PRICE_FIELDS})
)


@dataclass(frozen=True, slots=True)
class _PricedRow:
    """What the index needs of an offer; a `PricedOffer`."""

    original_name: str
    sku: str
    supplier: str
    currency: str
    price: Decimal
    base_price: Decimal | None
    base_unit: str
    suspicion: str
    listed_on: date
    updated: datetime


@dataclass(frozen=True, slots=True)
class FirstRow:
    """The only row of a product that the transaction has made for it."""

    row: ProductRow
    updated: datetime
    #: The blocks of its offer.
    block_keys: Sequence[str]
    #: What the index has of the product; None where it is still to be made.
    entry: IndexEntry | None


def index_products(connection: Connection, product_ids: Sequence[str], first_rows: Mapping[str, FirstRow] = MappingProxyType({})) -> None:
    """Make the entries of these products what the catalogue has of them now; products that nobody offers, or that are gone, lose theirs.

    The transaction is that of the change of the catalogue. Products of `first_rows` need not be read.
    """
    for part in batched(product_ids):
        _index(connection, part, first_rows)


def rebuild(connection: Connection) -> None:
    """Make the index of the whole catalogue again, in one transaction."""
    connection.execute(delete(search_versions))
    while not is_current(connection):
        _build_part(connection)


def bring_up_to_date(store: Store) -> None:
    """Make the index of a catalogue that has none, or one of another version of the program, in parts, so that other writers come between.

    Entries that are made meanwhile by changes of the catalogue are not made again. A call that was interrupted is continued by the next one.
    """
    with store.read() as connection:
        is_done = is_current(connection)
    while not is_done:
        with store.write(alone="catalogue") as connection:
            if not is_current(connection):
                _build_part(connection)
            is_done = is_current(connection)
        time.sleep(_PAUSE_S)


def is_current(connection: Connection) -> bool:
    """Whether the whole index was made by this version of the program."""
    return _state(connection) == VERSION


def terms_digest(product: IndexedProduct) -> str:
    """Return what is equal as long as a product has the same terms."""
    return hashlib.sha256(f"{VERSION}: {product!r}".encode()).hexdigest()[:_DIGEST_LENGTH]


def _build_part(connection: Connection) -> None:
    """Index the products behind those that the state says are done, and move the state; the last part also clears what is left over."""
    state = _state(connection)
    unfinished = f"{VERSION}{_UNTIL}"
    done_until = state.removeprefix(unfinished) if state.startswith(unfinished) else ""
    query = select(products.c.id).where(products.c.id > done_until).order_by(products.c.id).limit(_PART)
    ids = list(connection.execute(query).scalars())
    _index(connection, ids)
    if len(ids) < _PART:
        is_gone = ~exists().where(products.c.id == search_entries.c.product_id)
        connection.execute(delete(search_entries).where(is_gone))
    connection.execute(delete(search_versions))
    connection.execute(insert(search_versions).values(version=VERSION if len(ids) < _PART else f"{unfinished}{ids[-1]}"))


def _state(connection: Connection) -> str:
    """Return the version that made the index, and while it is being made the last product that is done behind it; "" before."""
    return connection.execute(select(search_versions.c.version)).scalar_one_or_none() or ""


def _index(connection: Connection, product_ids: Sequence[str], first_rows: Mapping[str, FirstRow] = MappingProxyType({})) -> None:
    """Bring the entries of a part of the products up to date."""
    columns = (
        search_entries.c.id,
        search_entries.c.product_id,
        search_entries.c.digest,
        *(search_entries.c[name] for name in _PRICE_FIELDS),
    )
    is_one = has_one_of(connection, search_entries.c.product_id, product_ids)
    stored = {row.product_id: row for row in connection.execute(select(*columns).where(is_one))}
    new, renamed, repriced = [], [], []
    words: set[str] = set()
    offered: set[str] = set()
    first = [(product_id, *_first_product(first_rows[product_id])) for product_id in product_ids if product_id in first_rows]
    others = [product_id for product_id in product_ids if product_id not in first_rows]
    for product_id, product, rows in chain(first, _read_products(connection, others) if others else ()):
        offered.add(product_id)
        values = {"digest": terms_digest(product), **_best_price(rows)}
        row = stored.get(product_id)
        if row is None or row.digest != values["digest"]:
            entry = first_rows[product_id].entry if product_id in first_rows else None
            entry = index_entry(product) if entry is None else entry
            words |= entry.words
            values["terms"] = " ".join(sorted(entry.terms))
        if row is None:
            new.append({"product_id": product_id, **values})
        elif "terms" in values:
            renamed.append(_changed_values(row, values))
        elif any(getattr(row, name) != values[name] for name in _PRICE_FIELDS):
            repriced.append(_changed_values(row, values))
    outdated = [row.product_id for row in stored.values() if row.product_id not in offered]
    if outdated:
        connection.execute(delete(search_entries).where(has_one_of(connection, search_entries.c.product_id, outdated)))
    _execute_all(connection, _ADD_ENTRY, new)
    _execute_all(connection, _CHANGE_ENTRY, renamed)
    _execute_all(connection, _CHANGE_PRICE, repriced)
    _add_words(connection, words)


def _first_product(first: FirstRow) -> tuple[IndexedProduct, list[_PricedRow]]:
    """Return the product of a first row and the row, as they would be read."""
    row = first.row
    listed_on, texts = row.list_date or first.updated.date(), (row.original_name, row.sku, row.supplier, row.currency)
    priced = _PricedRow(*texts, row.price, row.base_price, row.base_unit, "", listed_on, first.updated)
    return product_alone(row), [priced]


def _read_products(connection: Connection, product_ids: Sequence[str]) -> Iterator[tuple[str, IndexedProduct, list[_PricedRow]]]:
    """Yield those of the products that somebody offers, with their offers."""
    rows = _read_offers(connection, product_ids)
    columns = (products.c.id, products.c.name, products.c.brand, products.c.size, products.c.unit, products.c.category)
    for row in connection.execute(select(*columns).where(has_one_of(connection, products.c.id, product_ids))):
        if own := rows.get(row.id):
            names = tuple(dict.fromkeys(offer.original_name for offer in own))
            skus = tuple(dict.fromkeys(offer.sku for offer in own if offer.sku))
            yield row.id, IndexedProduct(row.name, row.brand, row.size, row.unit, row.category, names, skus), own


def _read_offers(connection: Connection, product_ids: Sequence[str]) -> dict[str, list[_PricedRow]]:
    c = offers.c
    columns = (c.original_name, c.sku, c.supplier, c.currency, c.price, c.base_price, c.base_unit, c.suspicion, c.list_date, c.last_seen)
    query = select(c.product_id, *columns).where(has_one_of(connection, c.product_id, product_ids), ~c.is_gone)
    rows: dict[str, list[_PricedRow]] = defaultdict(list)
    for row in connection.execute(query.order_by(c.supplier, c.id)):
        priced = _PricedRow(*row[1:9], listed_on=row.list_date or row.last_seen.date(), updated=row.last_seen)
        rows[row.product_id].append(priced)
    return rows


def _best_price(rows: Sequence[_PricedRow]) -> dict[str, Any]:
    """Return the best price in the currency of most offers; prices are for ordering, so that binary fractions do."""
    counts = Counter(row.currency for row in rows)
    currency = min(counts, key=lambda code: (-counts[code], code))
    best = best_offer([row for row in rows if row.currency == currency])
    base = None if best.base_price is None else float(best.base_price)
    return {"currency": currency, "base_unit": best.base_unit if base is not None else "", "base_price": base, "price": float(best.price)}


def _changed_values(row: Any, entry: dict[str, Any]) -> dict[str, Any]:
    return {"changed_id": row.id} | {f"new_{name}": value for name, value in entry.items()}


def _add_words(connection: Connection, words: set[str]) -> None:
    short = [word for word in words if len(word) <= LONGEST_WORD]
    stored = set(connection.execute(select(search_words.c.word).where(has_one_of(connection, search_words.c.word, short))).scalars())
    insert_missing(connection, search_words, [{"word": word, "length": len(word)} for word in sorted(set(short) - stored)])


def _execute_all(connection: Connection, statement: Any, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(statement, values)
