"""The lists of suppliers with all their written rows: the truth that offers, prices and changes are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, delete, exists, select, update

from monito_ray import frames
from monito_ray.catalog.articles.fold import SupplierList
from monito_ray.catalog.corrections import with_corrections
from monito_ray.catalog.settled_prices import with_settled_prices
from monito_ray.records import ProductRow, Status
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import offers, supplier_lists, tasks


@dataclass(frozen=True, slots=True)
class ListOfFile:
    """A list that the catalogue has, by the file that it was read from."""

    task_id: str
    file_name: str
    supplier: str


def save_list(connection: Connection, task_id: str, supplier: str, rows: Sequence[ProductRow], now: datetime) -> None:
    """Keep the rows that a task's list has of one supplier; a list that is kept already stays as it is."""
    values = {
        "task_id": task_id,
        "supplier": supplier,
        "list_date": max((row.list_date for row in rows if row.list_date), default=None),
        "written_at": now,
        "rows": frames.to_parquet(rows, ProductRow),
        "row_count": len(rows),
    }
    insert_missing(connection, supplier_lists, [values])


def load_lists(connection: Connection, supplier: str) -> list[SupplierList]:
    """Return all lists of a supplier, the oldest first, under its present name and with people's corrections."""
    rows = connection.execute(select(supplier_lists).where(supplier_lists.c.supplier == supplier))
    return sorted((_loaded(connection, *row) for row in rows), key=lambda one: one.age)


def load_list(connection: Connection, task_id: str, supplier: str) -> SupplierList:
    """Return the list that a task brought of a supplier."""
    query = select(supplier_lists).where(supplier_lists.c.task_id == task_id, supplier_lists.c.supplier == supplier)
    return _loaded(connection, *connection.execute(query).one())


def newest_age(connection: Connection, supplier: str, besides: str) -> tuple[date, datetime] | None:
    """Return the age of the newest list of a supplier but that of the task `besides`; None without one. See `SupplierList.age`."""
    query = select(supplier_lists.c.list_date, supplier_lists.c.written_at).where(
        supplier_lists.c.supplier == supplier, supplier_lists.c.task_id != besides
    )
    return max(((day or written_at.date(), written_at) for day, written_at in connection.execute(query)), default=None)


def suppliers_of_task(connection: Connection, task_id: str) -> list[str]:
    """Return the suppliers of whom a task's list has rows, in order."""
    query = select(supplier_lists.c.supplier).where(supplier_lists.c.task_id == task_id).order_by(supplier_lists.c.supplier)
    return list(connection.execute(query).scalars())


def tasks_with_lists(store: Store, task_ids: Sequence[str]) -> set[str]:
    """Return those of the tasks whose lists the catalogue has: not those that were taken back."""
    with store.read() as connection:
        return set(connection.execute(select(supplier_lists.c.task_id).where(supplier_lists.c.task_id.in_(task_ids))).scalars())


def standing_list_of_day(store: Store, task_id: str, supplier: str) -> str:
    """Return the task of the newest other list of the same supplier and day of which offers stand beside those of this list; "" for none."""
    of_supplier = select(supplier_lists.c.task_id, supplier_lists.c.list_date, supplier_lists.c.written_at)
    with store.read() as connection:
        rows = connection.execute(
            of_supplier.where(supplier_lists.c.supplier == supplier).order_by(supplier_lists.c.written_at.desc())
        ).all()
        days = {row.task_id: row.list_date or row.written_at.date() for row in rows}
        others = [task for task in days if task != task_id and days[task] == days.get(task_id)]
        if not others:
            return ""
        standing = select(offers.c.task_id).where(offers.c.supplier == supplier, ~offers.c.is_gone, offers.c.task_id.in_(others)).distinct()
        present = set(connection.execute(standing).scalars())
    return next((task for task in others if task in present), "")


def list_of_same_file(store: Store, task_id: str, since: datetime) -> ListOfFile | None:
    """Return the newest list of another supplier that was read from the bytes of the task's file since then and of which offers stand."""
    own, other = tasks.alias("own"), tasks.alias("other")
    own_suppliers = select(supplier_lists.c.supplier).where(supplier_lists.c.task_id == task_id)
    standing = exists().where(offers.c.supplier == supplier_lists.c.supplier, offers.c.task_id == other.c.id, ~offers.c.is_gone)
    is_read = other.c.status == Status.SUCCESS.value, other.c.started_at > since
    query = (
        select(other.c.id, other.c.file_name, supplier_lists.c.supplier)
        .join(own, own.c.file_hash == other.c.file_hash)
        .join(supplier_lists, supplier_lists.c.task_id == other.c.id)
        .where(own.c.id == task_id, own.c.file_hash != "", *is_read, supplier_lists.c.supplier.not_in(own_suppliers), standing)
        .order_by(supplier_lists.c.written_at.desc())
        .limit(1)
    )
    with store.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else ListOfFile(*row)


def delete_lists(connection: Connection, *, task_id: str = "", supplier: str = "") -> int:
    """Forget the lists of a task, or of a supplier; return how many there were. The same files may be sent again at once."""
    condition = supplier_lists.c.task_id == task_id if task_id else supplier_lists.c.supplier == supplier
    forgotten = select(supplier_lists.c.task_id).where(condition)
    connection.execute(update(tasks).where(tasks.c.id.in_(forgotten)).values(dedup_key=""))
    return connection.execute(delete(supplier_lists).where(condition)).rowcount


def give_lists(connection: Connection, old: str, new: str, only: Iterable[str] = ()) -> None:
    """Put the lists of one supplier, or those of some tasks among them, under another; a task's list that both have becomes one."""
    moved = set(only)
    query = select(supplier_lists).where(supplier_lists.c.supplier == old)
    for row in connection.execute(query).all():
        if moved and row.task_id not in moved:
            continue
        is_it = (supplier_lists.c.task_id == row.task_id) & (supplier_lists.c.supplier == new)
        theirs = connection.execute(select(supplier_lists.c.rows).where(is_it)).scalar_one_or_none()
        own = (supplier_lists.c.task_id == row.task_id) & (supplier_lists.c.supplier == old)
        if theirs is None:
            connection.execute(update(supplier_lists).where(own).values(supplier=new))
            continue
        rows = frames.from_parquet(theirs, ProductRow) + frames.from_parquet(row.rows, ProductRow)
        connection.execute(update(supplier_lists).where(is_it).values(rows=frames.to_parquet(rows, ProductRow), row_count=len(rows)))
        connection.execute(delete(supplier_lists).where(own))


def _loaded(
    connection: Connection, task_id: str, supplier: str, list_date: date | None, written_at: datetime, content: bytes, _row_count: int
) -> SupplierList:
    rows = [_under(row, supplier) for row in frames.from_parquet(content, ProductRow)]
    settled = with_corrections(connection, with_settled_prices(connection, task_id, rows))
    return SupplierList(task_id=task_id, list_date=list_date, written_at=written_at, rows=settled)


def _under(row: ProductRow, supplier: str) -> ProductRow:
    return row if row.supplier == supplier else replace(row, supplier=supplier)
