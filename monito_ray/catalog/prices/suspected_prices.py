"""The prices of a list that may be wrong, as the result of its task says them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, func, select

from monito_ray.store.database import Store
from monito_ray.store.schema import offers

#: Suspected prices that a result names; it says how many there are.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class SuspectedPrices:
    """Which prices of a list may be wrong."""

    count: int
    #: How many of these rows are in doubt for nothing else.
    otherwise_clear: int
    #: The first of them in the order of the list's rows: name and reason.
    named: tuple[tuple[str, str], ...]

    def as_result(self) -> dict[str, Any]:
        """Return the fields of a task's result."""
        return {"suspected_count": self.count, "suspected_prices": [{"name": name, "why": why} for name, why in self.named]}


def suspected_prices(store: Store, supplier: str, task_id: str) -> SuspectedPrices:
    """Return the suspected prices among the offers of a list that stand."""
    is_suspected = (offers.c.supplier == supplier) & (offers.c.task_id == task_id) & ~offers.c.is_gone & (offers.c.suspicion != "")
    counts = select(func.count(), func.sum((offers.c.doubt == "").cast(Integer))).where(is_suspected)
    names = select(offers.c.original_name, offers.c.suspicion).where(is_suspected)
    with store.read() as connection:
        count, clear = connection.execute(counts).one()
        ordered = names.order_by(offers.c.source_sheet, offers.c.source_row, offers.c.id).limit(MOST_NAMED)
        named = tuple((name, why) for name, why in connection.execute(ordered)) if count else ()
    return SuspectedPrices(count, int(clear or 0), named)
