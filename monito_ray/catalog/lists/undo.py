"""Lists taken back, or given to another supplier: the catalogue is as the lists that remain make it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from monito_ray.catalog.lists import stored_lists
from monito_ray.catalog.lists.locks import writing_suppliers
from monito_ray.catalog.lists.replay import replay
from monito_ray.catalog.suppliers.supplier_names import read_names
from monito_ray.errors import NothingToUndo, TaskUnknown
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import catalog_writes, supplier_lists, supplier_names, task_events, tasks

#: The event that the history of a task has for it.
UNDONE = "list.undone"


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    task_id: str
    file_name: str
    #: The suppliers whose list it was.
    suppliers: tuple[str, ...]
    #: Written rows that it had.
    rows: int


def undo(store: Store, task_id: str, user_id: int, now: datetime) -> Undone:
    """Take a list back: offers, prices, changes and products are as if it had never come; people's corrections and links stay.

    The same file can be sent again at once. The task stays, with who took it back and when in its history.

    Raises:
        TaskUnknown: there is no such task.
        NothingToUndo: its list is not in the catalogue, or was taken back before.
    """
    with writing_suppliers(store, lambda connection: stored_lists.suppliers_of_task(connection, task_id)) as connection:
        suppliers = stored_lists.suppliers_of_task(connection, task_id)
        task = connection.execute(select(tasks.c.file_name).where(tasks.c.id == task_id)).one_or_none()
        if task is None:
            raise TaskUnknown(f"there is no task {task_id!r}", "`monito status` lists the newest.")
        rows = sum(connection.execute(select(supplier_lists.c.row_count).where(supplier_lists.c.task_id == task_id)).scalars())
        if not stored_lists.delete_lists(connection, task_id=task_id):
            raise NothingToUndo(f"the catalogue has no list of the task {task_id}", "`monito status` lists the newest tasks.")
        replay(connection, suppliers)
        for supplier in suppliers:
            _forget_if_new(connection, supplier)
        connection.execute(
            update(catalog_writes).where(catalog_writes.c.task_id == task_id).values(products_new=0, prices_changed=0, slices_left=0)
        )
        connection.execute(insert(task_events).values(task_id=task_id, at=now, name=UNDONE, data={"user_id": user_id}))
    return Undone(task_id, task.file_name, tuple(suppliers), rows)


def move_list(store: Store, task_id: str, supplier: str, now: datetime) -> str:
    """Give the list of a task to the supplier that is called so, or to a new one of that name; return the supplier's name.

    Its offers keep their ids, but for articles that the former supplier has in other lists, too: there the offer stays with that one.

    Raises:
        NothingToUndo: the catalogue has no list of the task.
    """
    name = " ".join(supplier.split())

    def involved(connection: Connection) -> list[str]:
        return [read_names(connection).supplier_of(name), *stored_lists.suppliers_of_task(connection, task_id)]

    with writing_suppliers(store, involved) as connection:
        target, *former = involved(connection)
        if not former:
            raise NothingToUndo(f"the catalogue has no list of the task {task_id}", "`monito status` lists the newest tasks.")
        insert_missing(connection, supplier_names, [{"name": target, "supplier": target, "added_at": now}])
        others = [other for other in former if other != target]
        for other in others:
            stored_lists.give_lists(connection, other, target, only=[task_id])
        replay(connection, [*others, target])
        for other in others:
            _forget_if_new(connection, other)
    return target


def _forget_if_new(connection: Connection, supplier: str) -> None:
    """Forget the name of a supplier of whom no list is left, unless a person gave or merged names of it."""
    has_list = connection.execute(select(supplier_lists.c.task_id).where(supplier_lists.c.supplier == supplier).limit(1)).first()
    names = connection.execute(select(supplier_names.c.name).where(supplier_names.c.supplier == supplier)).scalars().all()
    if has_list is None and names == [supplier]:
        connection.execute(delete(supplier_names).where(supplier_names.c.supplier == supplier))
