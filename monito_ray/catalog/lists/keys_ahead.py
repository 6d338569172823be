"""Keys of a long list's new offers, written before these are.

In the order of keys neighbours are on one page, so that each page is written once. With the offers they came in the order of the list: each of
its transactions wrote most pages of both tables again, which was a third of all the time of 100,000 rows.
"""

import time
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Connection, delete, select

from monito_ray.catalog.articles.fold import SupplierList, ids_of_new_offers
from monito_ray.catalog.lists.derived_rows import DerivedRow
from monito_ray.catalog.lists.standing_offers import block_rows, word_rows
from monito_ray.catalog.suppliers.supplier_numbers import numbers_of
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.key_tables import insert_rows
from monito_ray.store.schema import offer_blocks, offer_words, offers

#: Offers whose keys are written at once. What is made of their rows for matching and search is in memory meanwhile, 5 KB each.
OFFERS_AHEAD = 10_000
#: Rows of one transaction: a quarter of a second.
_ROWS_AT_ONCE = 50_000
#: Pause between two transactions. Without it this writer would take the lock again before a waiting writer wakes up.
_PAUSE_S = 0.02


def write_keys(store: Store, supplier: str, derived: Mapping[str, DerivedRow], confirm: Callable[[Connection], None]) -> None:
    """Write the keys of a supplier's new offers, by the ids that these will have; until they are written the keys count for nothing.

    A second call writes nothing. `confirm` is called in each transaction.
    """
    with store.write(alone="catalogue") as connection:
        confirm(connection)
        number = numbers_of(connection, [supplier])[supplier]
    for table, rows in ((offer_blocks, block_rows(derived, dict.fromkeys(derived, number))), (offer_words, word_rows(derived))):
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            with store.write(alone="catalogue") as connection:
                confirm(connection)
                insert_rows(connection, table, rows[start : start + _ROWS_AT_ONCE])
            time.sleep(_PAUSE_S)


def forget_keys(connection: Connection, lists: Collection[SupplierList]) -> None:
    """Delete the keys of those offers of lists that were broken off which are not written, and will not be. Both tables are gone through."""
    ids = [offer_id for one in lists for offer_id in ids_of_new_offers(one)]
    written = set(connection.execute(select(offers.c.id).where(has_one_of(connection, offers.c.id, ids))).scalars())
    missing = [offer_id for offer_id in ids if offer_id not in written]
    for table in (offer_blocks, offer_words) if missing else ():
        connection.execute(delete(table).where(has_one_of(connection, table.c.offer_id, missing)))
