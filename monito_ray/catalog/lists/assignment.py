"""A person says whose list it is: the list goes there, and what it shows is that supplier's from then on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from monito_ray.catalog.lists import supplier_edits, undo
from monito_ray.catalog.suppliers.supplier_names import read_names
from monito_ray.errors import NothingToUndo, UsageWrong
from monito_ray.store.database import Store
from monito_ray.store.schema import LONGEST_SUPPLIER, supplier_lists, supplier_names, supplier_signs

#: How a supplier is recognized that a person named.
BY_PERSON = "a person said so"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose list it is now."""

    supplier: str
    #: The supplier that it had before.
    before: str
    #: The tasks whose lists went along: all of a supplier whom nobody had named.
    tasks: tuple[str, ...]


def assign_supplier(store: Store, task_id: str, name: str, now: datetime) -> Assignment:
    """Give the list of a task to the supplier that is called so, or to a new one of that name.

    All lists of a supplier go along where it was not sure of any of them whose it is; else this list alone.

    Raises:
        NothingToUndo: the catalogue has no list of the task.
        UsageWrong: the name is none.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_SUPPLIER:
        raise UsageWrong(f"a supplier's name has 1 to {LONGEST_SUPPLIER} characters")
    before, unsure = _present_supplier(store, task_id)
    with store.read() as connection:
        names = read_names(connection)
    target = names.supplier_of(name)
    if target == before:
        supplier = before
    elif not unsure:
        supplier = undo.move_list(store, task_id, name, now)
    elif target in names.suppliers:
        supplier = supplier_edits.merge_suppliers(store, before, target, now).supplier
    else:
        supplier = supplier_edits.rename_supplier(store, before, name, now).supplier
    tasks = unsure or (task_id,)
    _remember(store, tasks, before if unsure and supplier != before else "")
    return Assignment(supplier, before, tasks)


def _present_supplier(store: Store, task_id: str) -> tuple[str, tuple[str, ...]]:
    """Return the supplier of a list, and the tasks of all its lists where of none of them it is sure."""
    with store.read() as connection:
        of_task = select(supplier_lists.c.supplier).where(supplier_lists.c.task_id == task_id)
        supplier = connection.execute(of_task).scalars().first()
        if supplier is None:
            raise NothingToUndo(f"the catalogue has no list of the task {task_id}", "`monito status` lists the newest tasks.")
        source = supplier_lists.outerjoin(supplier_signs, supplier_signs.c.task_id == supplier_lists.c.task_id)
        query = select(supplier_lists.c.task_id, supplier_signs.c.is_sure).select_from(source).where(supplier_lists.c.supplier == supplier)
        lists = [(task, is_sure) for task, is_sure in connection.execute(query)]
    is_unsure = all(is_sure is False for _, is_sure in lists)
    return supplier, tuple(task for task, _ in lists) if is_unsure else ()


def _remember(store: Store, tasks: tuple[str, ...], unused_name: str) -> None:
    """Keep that it is sure whose these lists are, and forget a name that was nobody's: the next file of that name may be another's."""
    with store.write() as connection:
        is_one = supplier_signs.c.task_id.in_(tasks)
        connection.execute(update(supplier_signs).where(is_one).values(is_sure=True, how=BY_PERSON, candidates=[]))
        if unused_name:
            connection.execute(delete(supplier_names).where(supplier_names.c.name == unused_name))
