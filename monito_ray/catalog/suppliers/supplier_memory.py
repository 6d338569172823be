"""What lists showed of their suppliers, as the store keeps it: marks that belong to a list, which belongs to whom the catalogue says."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, insert, or_, select

from monito_ray.catalog.suppliers.recognition import Recognition, recognize
from monito_ray.catalog.suppliers.recognition_evidence import PossibleSupplier
from monito_ray.catalog.suppliers.supplier_names import SupplierNames, index_names, read_names
from monito_ray.catalog.suppliers.supplier_signs import EarlierList, SupplierMemory, SupplierSigns
from monito_ray.pipeline.rows.letterhead import supplier_of_file
from monito_ray.pipeline.rows.supplier.naming_texts import file_stem
from monito_ray.pipeline.rows.supplier.row_sketch import sketch_from_json
from monito_ray.pipeline.rows.supplier.supplier_marks import Mark, MarkKind
from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import LONGEST_SUPPLIER, catalog_writes, supplier_lists, supplier_marks, supplier_signs

#: Kinds of marks by which lists like the new one are looked for.
LAYOUT, STEM, ROW = "layout", "stem", "row"
#: Layouts of a list that are kept; lists of each kind that are looked at, the newest first; lists that are compared row by row, and of each supplier.
MOST_LAYOUTS, MOST_MATCHES, MOST_COMPARED, MOST_OF_SUPPLIER = 20, 500, 40, 3
_LONGEST_VALUE = 200

# A list is its present supplier's, also after a rename or a merge. One that is being written has the supplier that was settled for it; one that was
# taken back or deleted has been written and is no longer there.
_SUPPLIER = func.coalesce(supplier_lists.c.supplier, supplier_signs.c.supplier)
_PRESENT = supplier_signs.outerjoin(supplier_lists, supplier_lists.c.task_id == supplier_signs.c.task_id).outerjoin(
    catalog_writes, catalog_writes.c.task_id == supplier_signs.c.task_id
)
_IS_PRESENT = or_(supplier_lists.c.task_id.is_not(None), catalog_writes.c.task_id.is_(None))


class _SharedMark(NamedTuple):
    """A mark of the new list that an earlier one has."""

    mark: Mark
    task_id: str
    supplier: str
    is_sure: bool


def preview_supplier(store: Store, signs: SupplierSigns) -> Recognition:
    """Return whose list it is as things stand; nothing is kept."""
    with store.read() as connection:
        return recognize(signs, read_memory(connection, signs))


def settle_supplier(
    store: Store, task_id: str, signs: SupplierSigns, now: datetime, confirm: Callable[[Connection], None] = lambda _: None
) -> Recognition:
    """Decide whose list it is, and keep that with what the list shows; a second call for the task returns the same.

    Lists that are decided at the same time see each other. `confirm` is called in the transaction, and raises when the caller's lease is lost.
    """
    with store.write(alone="catalogue") as connection:
        confirm(connection)
        if (settled := _settled(connection, task_id)) is not None:
            return settled
        recognition = recognize(signs, read_memory(connection, signs))
        _save(connection, task_id, signs, recognition, now)
    return recognition


def settled_supplier(store: Store, task_id: str) -> Recognition | None:
    """Return what was decided about the list of a task, under the supplier's present name; None before that."""
    with store.read() as connection:
        return _settled(connection, task_id)


def read_memory(connection: Connection, signs: SupplierSigns) -> SupplierMemory:
    """Return what is stored that bears on a list."""
    names = _names_with_unwritten(connection)
    matches = _matches(connection, [*signs.own_marks, *_marks_to_find(signs)])
    owners: dict[Mark, set[str]] = defaultdict(set)
    for match in matches:
        if match.is_sure and match.mark.kind in set(MarkKind):
            owners[match.mark].add(names.supplier_of(match.supplier))
    lists = _lists(connection, names, _most_alike(matches))
    called = {names.supplier_of(name) for name in (signs.letterhead, supplier_of_file(signs.file_name)) if name}
    suppliers = called | {earlier.supplier for earlier in lists} | {owner for of_mark in owners.values() for owner in of_mark}
    return SupplierMemory(
        names,
        {mark: frozenset(of_mark) for mark, of_mark in owners.items()},
        _tax_numbers(connection, suppliers),
        lists,
        _seen(connection, suppliers),
    )


def _marks_to_find(signs: SupplierSigns) -> list[Mark]:
    """Return the marks of a list that belong to no supplier by themselves: columns, the file's name, rows."""
    stem = file_stem(signs.file_name)[:_LONGEST_VALUE]
    hashes = dict.fromkeys((*signs.sketch.names.least, *signs.sketch.codes.least))
    layouts = [Mark(LAYOUT, key) for key in signs.layouts[:MOST_LAYOUTS]]
    return [*layouts, *([Mark(STEM, stem)] if stem else []), *(Mark(ROW, digest) for digest in hashes)]


def _matches(connection: Connection, marks: Sequence[Mark]) -> list[_SharedMark]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, value in marks:
        by_kind[kind].append(value)
    matches: list[_SharedMark] = []
    source = supplier_marks.join(_PRESENT, supplier_marks.c.task_id == supplier_signs.c.task_id)
    columns = supplier_marks.c.kind, supplier_marks.c.value, supplier_signs.c.task_id, _SUPPLIER, supplier_signs.c.is_sure
    for kind, values in by_kind.items():
        is_one = and_(supplier_marks.c.kind == kind, supplier_marks.c.value.in_(values), _IS_PRESENT)
        query = select(*columns).select_from(source).where(is_one).order_by(supplier_signs.c.created_at.desc()).limit(MOST_MATCHES)
        matches += [_SharedMark(Mark(str(of_kind), value), *others) for of_kind, value, *others in connection.execute(query)]
    return matches


def _most_alike(matches: Iterable[_SharedMark]) -> list[str]:
    """Return the tasks of the lists that share most with the new one, few of each supplier."""
    shared = Counter(match.task_id for match in matches if match.mark.kind in (LAYOUT, STEM, ROW))
    suppliers = {match.task_id: match.supplier for match in matches}
    of_supplier: Counter[str] = Counter()
    tasks = []
    for task_id, _ in shared.most_common():
        of_supplier[suppliers[task_id]] += 1
        if of_supplier[suppliers[task_id]] <= MOST_OF_SUPPLIER:
            tasks.append(task_id)
    return tasks[:MOST_COMPARED]


def _lists(connection: Connection, names: SupplierNames, task_ids: Sequence[str]) -> tuple[EarlierList, ...]:
    columns = (
        _SUPPLIER,
        supplier_signs.c.sender,
        supplier_signs.c.layouts,
        supplier_signs.c.stem,
        supplier_signs.c.sketch,
        supplier_signs.c.is_sure,
    )
    query = (
        select(*columns).select_from(_PRESENT).where(supplier_signs.c.task_id.in_(task_ids)).order_by(supplier_signs.c.created_at.desc())
    )
    return tuple(
        EarlierList(names.supplier_of(supplier), sender, frozenset(layouts), stem, sketch_from_json(sketch), is_sure)
        for supplier, sender, layouts, stem, sketch, is_sure in connection.execute(query)
    )


def _tax_numbers(connection: Connection, suppliers: Collection[str]) -> dict[str, frozenset[str]]:
    source = supplier_marks.join(_PRESENT, supplier_marks.c.task_id == supplier_signs.c.task_id)
    is_one = and_(supplier_marks.c.kind == MarkKind.TAX_NUMBER, _IS_PRESENT, supplier_signs.c.is_sure, _SUPPLIER.in_(suppliers))
    numbers: dict[str, set[str]] = defaultdict(set)
    for supplier, number in connection.execute(select(_SUPPLIER, supplier_marks.c.value).select_from(source).where(is_one)):
        numbers[supplier].add(number)
    return {supplier: frozenset(values) for supplier, values in numbers.items()}


def _seen(connection: Connection, suppliers: Collection[str]) -> frozenset[str]:
    query = select(_SUPPLIER).select_from(_PRESENT).where(_IS_PRESENT, _SUPPLIER.in_(suppliers)).distinct()
    return frozenset(connection.execute(query).scalars())


def _names_with_unwritten(connection: Connection) -> SupplierNames:
    """Return the names of all suppliers, and of those whose first list is being written."""
    names = read_names(connection)
    is_unwritten = and_(supplier_lists.c.task_id.is_(None), catalog_writes.c.task_id.is_(None))
    query = select(supplier_signs.c.supplier).select_from(_PRESENT).where(is_unwritten).distinct()
    new = [supplier for supplier in connection.execute(query).scalars() if names.supplier_of(supplier) not in names.suppliers]
    return index_names({**names.by_name, **{supplier: supplier for supplier in new}}) if new else names


def _settled(connection: Connection, task_id: str) -> Recognition | None:
    columns = _SUPPLIER, supplier_signs.c.how, supplier_signs.c.is_sure, supplier_signs.c.candidates
    row = connection.execute(select(*columns).select_from(_PRESENT).where(supplier_signs.c.task_id == task_id)).first()
    if row is None:
        return None
    supplier, how, is_sure, candidates = row
    return Recognition(read_names(connection).supplier_of(supplier), how, is_sure, tuple(PossibleSupplier(*one) for one in candidates))


def _save(connection: Connection, task_id: str, signs: SupplierSigns, recognition: Recognition, now: datetime) -> None:
    values: dict[str, Any] = {
        "task_id": task_id,
        "supplier": recognition.supplier[:LONGEST_SUPPLIER],
        "sender": signs.sender,
        "stem": file_stem(signs.file_name)[:_LONGEST_VALUE],
        "is_sure": recognition.is_sure,
        "how": recognition.how,
        "candidates": [[candidate.supplier, candidate.why] for candidate in recognition.candidates],
        "layouts": list(signs.layouts[:MOST_LAYOUTS]),
        "sketch": signs.sketch.as_json(),
        "created_at": now,
    }
    connection.execute(insert(supplier_signs).values(values))
    marks = dict.fromkeys([*signs.own_marks, *_marks_to_find(signs)])
    insert_missing(connection, supplier_marks, [{"kind": mark.kind, "value": mark.value, "task_id": task_id} for mark in marks])
