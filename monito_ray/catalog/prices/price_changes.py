"""Price changes: the price of an offer and its price before that."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from monito_ray.catalog.offers import Product, product_from_row
from monito_ray.store.database import Store
from monito_ray.store.schema import offers, price_history, products


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A change of one supplier's price for a product."""

    product: Product
    supplier: str
    currency: str
    before: Decimal
    after: Decimal
    #: When the list was written to the catalogue.
    at: datetime
    #: The task of that list.
    task_id: str

    @property
    def relative_change(self) -> float:
        """The change relative to the price before: 0.05 is 5 % more."""
        return float(self.after / self.before - 1)


def changes_since(store: Store, since: datetime, supplier: str = "", most: int = 1000) -> list[PriceChange]:
    """Return up to `most` price changes after `since`: those of the newest list first, and within a list the greatest first.

    `supplier` selects suppliers whose name contains it, in any case.
    """
    price = price_history.c.price
    before = func.lag(price, type_=price.type).over(partition_by=price_history.c.offer_id, order_by=price_history.c.id).label("before")
    steps = select(price_history.c.offer_id, price_history.c.task_id, price_history.c.seen_at, price.label("after"), before).subquery()
    query = (
        select(products, offers.c.supplier, offers.c.currency, steps)
        .join(offers, offers.c.product_id == products.c.id)
        .join(steps, offers.c.id == steps.c.offer_id)
        .where(steps.c.seen_at >= since, steps.c.before.is_not(None))
    )
    with store.read() as connection:
        changes = [
            PriceChange(product_from_row(row), row.supplier, row.currency, row.before, row.after, row.seen_at, row.task_id)
            for row in connection.execute(query)
            if supplier.casefold() in row.supplier.casefold() and row.before != row.after
        ]
    return sorted(changes, key=lambda change: (-change.at.timestamp(), -abs(change.relative_change), change.product.label))[:most]
