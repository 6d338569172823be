"""Changes of price lists as the log has them, for tests of what shows them."""

from datetime import date
from decimal import Decimal
from typing import Any

from rows import JULY

from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_changes import ChangeKind


def logged_change(kind: ChangeKind, before: int | None = 100, after: int | None = 110, **changes: Any) -> LoggedChange:
    """Return a change of one article from a price to another; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "kind": kind,
        "supplier": "Alpha",
        "offer_id": "o1",
        "original_name": "COLA 330ML",
        "name": "Cola",
        "brand": "Nusa",
        "size": Decimal(330),
        "unit": "ml",
        "pack_count": 1,
        "price_unit": "",
        "size_before": Decimal(330),
        "unit_before": "ml",
        "pack_count_before": 1,
        "currency": "IDR",
        "currency_before": "IDR" if before is not None else "",
        "price": None if after is None else Decimal(after),
        "price_before": None if before is None else Decimal(before),
        "base_price": None,
        "base_price_before": None,
        "base_unit": "",
        "list_date": date(2026, 7, 1),
        "list_date_before": date(2026, 6, 1) if before is not None else None,
        "at": JULY,
        "task_id": "t1",
    }
    return LoggedChange(**fields | changes)
