"""Retention of the history of prices, and of what each list changed.

Both are made of the suppliers' lists, which stay: where those are folded again, the history comes back until the next call.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select

from monito_ray.store.database import Store
from monito_ray.store.pruning import prune
from monito_ray.store.schema import price_changes, price_history

#: Prices of an offer that stay however old they are: the present one, and those that show whether it is a jump (`suspicions.suspect`).
LEAST_PRICES = 3


def remove_old_history(store: Store, age: timedelta, now: datetime) -> int:
    """Remove prices and changes of lists that came before, and return how many.

    The newest prices of each offer stay, and the changes of each supplier's newest list.
    """
    later, newer = price_history.alias(), price_changes.alias()
    count = select(func.count()).where(later.c.offer_id == price_history.c.offer_id, later.c.id > price_history.c.id).scalar_subquery()
    removed = prune(store, price_history, (price_history.c.seen_at < now - age) & (count >= LEAST_PRICES))
    has_newer = exists().where(newer.c.supplier == price_changes.c.supplier, newer.c.at > price_changes.c.at)
    return removed + prune(store, price_changes, (price_changes.c.at < now - age) & has_newer)
