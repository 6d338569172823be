"""Keys of a long list's new offers, written before these are.

In the order of keys neighbours are on one page, so that each page is written once. With the offers they came in the order of the list: each of
its transactions wrote most pages of both tables again, which was a third of all the time of 100,000 rows.

What is written ahead stands in a table of its own until the offer is there. Where a list is broken off before that, whoever writes offers of its
supplier next deletes the keys first, by that table: by then the offer may have another id, or other keys.
"""

import time
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Connection, delete, select

from monito_ray.catalog.lists.derived_rows import DerivedRow
from monito_ray.catalog.lists.standing_offers import block_rows, word_rows
from monito_ray.catalog.suppliers.supplier_numbers import numbers_of
from monito_ray.store.database import Store, has_one_of, insert_missing
from monito_ray.store.key_tables import delete_keys, insert_rows
from monito_ray.store.schema import keys_ahead, offer_blocks, offer_words, offers

#: Offers whose keys are written at once. What is made of their rows for matching and search is in memory meanwhile, 5 KB each.
OFFERS_AHEAD = 10_000
#: Rows of one transaction: a quarter of a second.
_ROWS_AT_ONCE = 50_000
#: Pause between two transactions. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02


def write_keys(store: Store, supplier: str, derived: Mapping[str, DerivedRow], confirm: Callable[[Connection], None]) -> None:
    """Write the keys of a supplier's new offers, by the ids that these will have; until they are written the keys count for nothing.

    A second call writes nothing. `confirm` is called in each transaction. The caller holds the supplier's lock.
    """
    names = ("block_keys", "word_keys")
    texts = {offer_id: [" ".join(getattr(own, name)) for name in names] for offer_id, own in derived.items()}
    ahead = [{"offer_id": offer_id, "supplier": supplier, **dict(zip(names, own, strict=True))} for offer_id, own in texts.items()]
    with store.write(alone="catalogue") as connection:
        confirm(connection)
        number = numbers_of(connection, [supplier])[supplier]
        insert_missing(connection, keys_ahead, ahead)
    for table, rows in ((offer_blocks, block_rows(derived, dict.fromkeys(derived, number))), (offer_words, word_rows(derived))):
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            with store.write(alone="catalogue") as connection:
                confirm(connection)
                insert_rows(connection, table, rows[start : start + _ROWS_AT_ONCE])
            time.sleep(_PAUSE_S)


def take_keys(connection: Connection, offer_ids: Collection[str]) -> set[str]:
    """Return those of these new offers whose keys are written; from now on the keys are the offers' own."""
    is_one = has_one_of(connection, keys_ahead.c.offer_id, list(offer_ids))
    taken = set(connection.execute(select(keys_ahead.c.offer_id).where(is_one)).scalars())
    connection.execute(delete(keys_ahead).where(is_one))
    return taken


def has_keys_ahead(connection: Connection, supplier: str) -> bool:
    """Whether there are keys of a supplier's offers that are not written."""
    return connection.execute(select(keys_ahead.c.offer_id).where(keys_ahead.c.supplier == supplier).limit(1)).first() is not None


def forget_keys(connection: Connection, suppliers: Collection[str]) -> None:
    """Delete the keys of those offers of suppliers that are not written. The caller holds the suppliers' locks: the lists were broken off."""
    is_theirs = has_one_of(connection, keys_ahead.c.supplier, list(suppliers))
    ahead = connection.execute(select(keys_ahead).where(is_theirs)).all()
    if not ahead:
        return
    of_these = has_one_of(connection, offers.c.id, [row.offer_id for row in ahead])
    written = set(connection.execute(select(offers.c.id).where(of_these)).scalars())
    delete_keys(connection, offer_blocks, {row.offer_id: row.block_keys.split() for row in ahead if row.offer_id not in written})
    delete_keys(connection, offer_words, {row.offer_id: row.word_keys.split() for row in ahead if row.offer_id not in written})
    connection.execute(delete(keys_ahead).where(is_theirs))
