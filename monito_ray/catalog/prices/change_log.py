"""The changes of all suppliers' lists in the store: written when a list is, and read by time, supplier and kind.

The table is derived from the lists: when those of a supplier are gone through again, its changes are deleted and written again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from monito_ray.catalog.prices.list_changes import ChangeKind, ListChange
from monito_ray.catalog.prices.price_history import HistoricPrice, histories, prices_in
from monito_ray.catalog.prices.suspicions import price_jump
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers, price_changes, supplier_names

_ADD_CHANGE = insert(price_changes)
#: How much a change of the currency weighs among relative changes: as much as a price that doubled, since what it became nobody can say.
_CURRENCY_WEIGHT = 1.0
_NUMBERS = ("size", "size_before", "price", "price_before", "base_price", "base_price_before")
_DATES = ("list_date", "list_date_before")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedChange:
    """A change of one supplier's article; fields with `before` are None or empty for a new article, prices for one that is gone."""

    kind: ChangeKind
    supplier: str
    #: Of an article in another pack, that of the new pack.
    offer_id: str
    #: As the supplier's newest list with it wrote it.
    original_name: str
    name: str
    brand: str
    size: Decimal | None
    unit: str
    pack_count: int
    price_unit: str
    size_before: Decimal | None
    unit_before: str
    pack_count_before: int
    currency: str
    currency_before: str
    price: Decimal | None
    price_before: Decimal | None
    #: For one `base_unit`; both only where both are for the same unit.
    base_price: Decimal | None
    base_price_before: Decimal | None
    base_unit: str
    #: The date of the list that made the change, and of the one before; None where a list has none.
    list_date: date | None
    list_date_before: date | None
    #: When the list came.
    at: datetime
    #: The task of that list.
    task_id: str
    #: Why the price may be wrong beside the earlier ones, "" for no reason.
    suspicion: str = ""

    @property
    def label(self) -> str:
        """The article in one line: name, brand, size and pack: "Cola, Teratai, 330 ml × 24"."""
        return ", ".join(part for part in (self.name, self.brand, self.pack) if part)

    @property
    def pack(self) -> str:
        """Size and pack: "330 ml × 24"."""
        return _pack_text(self.size, self.unit, self.pack_count)

    @property
    def pack_before(self) -> str:
        """Size and pack in the list before."""
        return _pack_text(self.size_before, self.unit_before, self.pack_count_before)

    @property
    def listed_on(self) -> date:
        """The date of the list that shows the change, or the day it came."""
        return self.list_date or self.at.date()

    @property
    def has_other_currency(self) -> bool:
        """Whether both prices are in currencies that their lists say, and these are two."""
        return bool(self.currency and self.currency_before) and self.currency != self.currency_before

    @property
    def relative_change(self) -> float | None:
        """The change relative to the price before: 0.05 is 5 % more. None where two prices of one currency are missing."""
        comparable = self.currency == self.currency_before
        return _relative(self.price_before, self.price) if comparable else None

    @property
    def relative_base_change(self) -> float | None:
        """The change of the base price: of a smaller pack for the same price what it became dearer by."""
        comparable = self.currency == self.currency_before
        return _relative(self.base_price_before, self.base_price) if comparable else None


def write_changes(
    connection: Connection, supplier: str, task_id: str, changes: Iterable[ListChange], at: datetime, list_date: date | None
) -> None:
    """Add the changes that the list of `task_id` made; it came `at` and is of `list_date`, if it says so."""
    of_list = {"supplier": supplier, "task_id": task_id, "at": at, "list_date": list_date}
    values = [_columns(change) | of_list for change in changes]
    if values:
        connection.execute(_ADD_CHANGE, values)


def delete_changes_of(connection: Connection, supplier: str) -> None:
    """Delete the changes of all lists of a supplier."""
    connection.execute(delete(price_changes).where(price_changes.c.supplier == supplier))


def changes_since(
    store: Store, since: datetime, supplier: str = "", kinds: Collection[ChangeKind] = (), most: int = 1000
) -> list[LoggedChange]:
    """Return up to `most` changes of lists that came after `since`: those of the newest list first, in it the greatest first.

    `supplier` selects suppliers whose name contains it, in any case; `kinds` selects kinds, without any it is all of them.
    """
    query = select(price_changes).where(price_changes.c.at >= since)
    query = query.order_by(price_changes.c.at.desc(), price_changes.c.weight.desc(), price_changes.c.id).limit(most)
    if kinds:
        query = query.where(price_changes.c.kind.in_(sorted(kinds)))
    with store.read() as connection:
        if supplier:
            query = query.where(price_changes.c.supplier.in_(_suppliers_with(connection, supplier)))
        return _with_suspicions(connection, [_from_row(row) for row in connection.execute(query)])


def changes_of_list(store: Store, supplier: str, task_id: str, kinds: Collection[ChangeKind] = (), most: int = 1000) -> list[LoggedChange]:
    """Return up to `most` changes that the list of a task made, the greatest first; of `kinds`, without any of all kinds."""
    query = select(price_changes).where(price_changes.c.supplier == supplier, price_changes.c.task_id == task_id)
    query = query.order_by(price_changes.c.weight.desc(), price_changes.c.id)
    if kinds:
        query = query.where(price_changes.c.kind.in_(sorted(kinds)))
    with store.read() as connection:
        return _with_suspicions(connection, [_from_row(row) for row in connection.execute(query.limit(most))])


def _with_suspicions(connection: Connection, changes: Sequence[LoggedChange]) -> list[LoggedChange]:
    jumped = [change.offer_id for change in changes if _jump(change)]
    points = histories(connection, jumped) if jumped else {}
    believed = _believed_prices(connection, jumped) if jumped else {}
    return [
        change
        if believed.get(change.offer_id) == change.price
        else replace(change, suspicion=_jump(change, points.get(change.offer_id, ())))
        for change in changes
    ]


def _believed_prices(connection: Connection, offer_ids: Sequence[str]) -> dict[str, Decimal]:
    """Return the prices of offers that stand and are not suspected: others ask as much, or a person called them right."""
    is_believed = ~offers.c.is_gone & (offers.c.suspicion == "")
    query = select(offers.c.id, offers.c.price).where(is_believed, has_one_of(connection, offers.c.id, sorted(set(offer_ids))))
    return {row.id: row.price for row in connection.execute(query)}


def _jump(change: LoggedChange, points: Sequence[HistoricPrice] = ()) -> str:
    """Return why the price of a change may be wrong; `points` are those of the offer, of which the ones before the change count."""
    if change.price is None or change.price_before is None or change.currency != change.currency_before:
        return ""
    earlier = takewhile(lambda point: point.task_id != change.task_id, points)
    before = [point.price for point in prices_in(change.currency, earlier)]
    return price_jump([*before, change.price_before], change.price, [change])


def latest_changes(store: Store) -> list[LoggedChange]:
    """Return what the newest list of each supplier changed, of those lists that changed anything."""
    newest = select(price_changes.c.supplier, func.max(price_changes.c.at).label("at")).group_by(price_changes.c.supplier).subquery()
    query = select(price_changes).join(newest, (price_changes.c.supplier == newest.c.supplier) & (price_changes.c.at == newest.c.at))
    with store.read() as connection:
        return _with_suspicions(connection, [_from_row(row) for row in connection.execute(query.order_by(price_changes.c.id))])


def _suppliers_with(connection: Connection, part: str) -> list[str]:
    names = connection.execute(select(supplier_names.c.supplier).distinct()).scalars()
    return [name for name in names if part.casefold() in name.casefold()]


def _columns(change: ListChange) -> dict[str, Any]:
    row, after = change.row, change.after.row if change.after else None
    before = change.before.row if change.before else None
    base_prices = _comparable_base_prices(before, after)
    return {
        "kind": change.kind,
        "offer_id": change.offer_id,
        "original_name": row.original_name,
        "name": row.standardized_name,
        "brand": row.brand,
        "size": row.size,
        "unit": row.unit,
        "pack_count": row.pack_count,
        "price_unit": row.price_unit,
        "size_before": before.size if before else None,
        "unit_before": before.unit if before else "",
        "pack_count_before": before.pack_count if before else 1,
        "currency": row.currency,
        "currency_before": before.currency if before else "",
        "price": after.price if after else None,
        "price_before": before.price if before else None,
        "base_price": base_prices[1],
        "base_price_before": base_prices[0],
        "base_unit": row.base_unit,
        "list_date_before": before.list_date if before else None,
        "weight": _weight(change, *base_prices),
    }


def _weight(change: ListChange, base_price_before: Decimal | None, base_price: Decimal | None) -> float:
    """Return how great a change is, for the order in which people read: relative to the price before."""
    if change.before and change.after and change.before.row.currency != change.after.row.currency:
        return _CURRENCY_WEIGHT if change.kind is ChangeKind.CURRENCY else 0.0
    shares = change.relative_change, _relative(base_price_before, base_price)
    return max((abs(share) for share in shares if share is not None), default=0.0)


def _comparable_base_prices(before: ProductRow | None, after: ProductRow | None) -> tuple[Decimal | None, Decimal | None]:
    if before is None or after is None:
        return before.base_price if before else None, after.base_price if after else None
    return (before.base_price, after.base_price) if before.base_unit == after.base_unit else (None, after.base_price)


def _from_row(row: Row[Any]) -> LoggedChange:
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for it
    stored = {name: values[name] for name in LoggedChange.__slots__ if name in values}
    return LoggedChange(**stored | {"kind": ChangeKind(row.kind)})


def change_as_json(change: LoggedChange) -> dict[str, Any]:
    """Return a change as JSON takes it: exact numbers and times as texts."""
    return {name: _plain_value(getattr(change, name)) for name in LoggedChange.__slots__}


def change_from_json(values: Mapping[str, Any]) -> LoggedChange:
    """Return a change from its JSON."""
    numbers = {name: Decimal(values[name]) for name in _NUMBERS if values[name] is not None}
    dates = {name: date.fromisoformat(values[name]) for name in _DATES if values[name] is not None}
    return LoggedChange(**dict(values) | numbers | dates | {"kind": ChangeKind(values["kind"]), "at": datetime.fromisoformat(values["at"])})


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | ChangeKind) else value


def _relative(before: Decimal | None, after: Decimal | None) -> float | None:
    return float(after / before - 1) if before and after is not None else None


def _pack_text(size: Decimal | None, unit: str, pack_count: int) -> str:
    content = f"{size.normalize():f} {unit}" if size is not None else ""
    return f"{content} × {pack_count}".lstrip() if pack_count != 1 else content
