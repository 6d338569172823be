"""Random things that people and suppliers do to a catalogue, done to one, with a note of what remains of them."""

import atexit
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from catalogues import view
from hypothesis import strategies as st
from rows import RICE
from sqlalchemy import select

from monito_ray.catalog import offers as catalogue
from monito_ray.catalog.grouping import linking
from monito_ray.catalog.links import LinkKind
from monito_ray.catalog.lists import assignment, correcting, supplier_edits, undo, writing
from monito_ray.catalog.suppliers.supplier_names import read_names
from monito_ray.errors import LeaseLost, MonitoError
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import CERTAIN, Method, ProductRow, Standard
from monito_ray.store import schema
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)
#: "PT Zarvex" is Zarvex as long as one supplier alone is called so; the last one's lists name nobody.
SUPPLIERS = ("Toko A", "Qorbit", "Zarvex", "PT Zarvex", "")
#: Name as written and standardized: several words for one thing, and one name for several.
NAMES = (
    ("Shallot", "Shallot"),
    ("Bawang merah", "Shallot"),
    ("Red chili", "Red chili"),
    ("Chili red", "Chili red"),
    ("Cooking oil", "Cooking oil"),
    ("Cooking oill", "Cooking oil"),
    ("Palm oil", "Palm oil"),
)
#: So many goods have numbers that several suppliers may print.
NUMBERED = 7
PRICES = (100, 110, 250, 2000)
UNITS = ("", "kg", "carton")
SECTIONS = ("", "Promo")
#: Days before today that a list bears as its date; None for a list without one.
DATES = (None, None, None, 0, 20, 60)
KINDS = (
    *("list",) * 7,
    *("numbers",) * 2,
    *("again", "cut", "cut", "broken", "late", "undo", "undo"),
    *("correct", "same", "same", "same", "apart", "apart", "unlink", "flip"),
    *("rename", "merge", "delete", "move", "assign"),
)
#: Task, place in the file, name as written and price of a row.
Place = tuple[str, str, str, int, str, Decimal]
#: Name, size, price, number, section, unit, supplier beside the list's: indexes.
Choice = tuple[int, int, int, int, int, int, int]


@dataclass(frozen=True)
class Action:
    """One thing that somebody does."""

    kind: str
    supplier: int
    other: int
    number: int
    dated: int = 0
    rows: tuple[Choice, ...] = ()


ROWS = st.lists(
    st.tuples(
        st.integers(0, len(NAMES) - 1),
        st.sampled_from([0, 0, 1]),
        st.integers(0, len(PRICES) - 1),
        st.sampled_from([0, 0, 0, 1, 2]),
        st.sampled_from([0, 0, 0, 1]),
        st.sampled_from([0, 0, 0, 1, 2]),
        st.sampled_from([0, 0, 0, 0, 1, 2]),
    ),
    min_size=1,
    max_size=6,
).map(tuple)
ACTION = st.builds(
    Action,
    st.sampled_from(KINDS),
    st.integers(0, len(SUPPLIERS) - 1),
    st.integers(0, len(SUPPLIERS) - 1),
    st.integers(0, 60),
    st.integers(0, len(DATES) - 1),
    ROWS,
)
ACTIONS = st.lists(ACTION, min_size=2, max_size=14)


@dataclass
class KeptList:
    """A list that was not taken back: its rows by the suppliers that have them now."""

    at: datetime
    parts: dict[str, list[ProductRow]]


@dataclass
class Truth:
    """What remains of everything that was done."""

    lists: dict[str, KeptList] = field(default_factory=dict)
    #: Actions that took effect.
    done: Counter[str] = field(default_factory=Counter)
    #: The products that offers have, under all their ids, and where lists have the newest rows of the offers.
    seen: set[tuple[str, Place]] = field(default_factory=set)


@contextmanager
def empty_store() -> Iterator[Store]:
    """Open an empty catalogue in a file that goes at the end; in memory where the system has a folder for that."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        path = Path(folder) / "monito.db"
        shutil.copy(_template(), path)
        with open_store(f"sqlite:///{path}") as store:
            yield store


@cache
def _template() -> Path:
    """Return an empty catalogue to copy, in a folder that goes with this process."""
    folder = tempfile.TemporaryDirectory(prefix="monito-template-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "monito.db"
    with open_store(f"sqlite:///{path}"):
        pass
    return path


def do_all(store: Store, actions: Sequence[Action]) -> Truth:
    """Do what can be done of the actions, in order, and return what remains."""
    truth = Truth()
    for number, action in enumerate(actions):
        try:
            is_done = _do(store, truth, action, number)
        except MonitoError:
            is_done = False
        truth.done[f"{action.kind}{'' if is_done else ' not'}"] += 1
        check_whole(store, truth)
    return truth


def check_whole(store: Store, truth: Truth) -> None:
    """Try what holds at every moment: one offer of a supplier in a product, no empty product, and no id leads nowhere of which a row remains."""
    with store.read() as connection:
        rows = connection.execute(select(schema.offers)).all()
        known = set(connection.execute(select(schema.products.c.id)).scalars())
        aliases = dict(map(tuple, connection.execute(select(schema.product_aliases.c.alias, schema.product_aliases.c.product_id))))
    standing = {row.id: row for row in rows if not row.is_gone}
    twice = Counter((row.product_id, row.supplier) for row in standing.values())
    assert all(count == 1 for count in twice.values())
    assert known == {row.product_id for row in rows}
    assert not aliases.keys() & known
    assert set(aliases.values()) <= known
    remaining = {_place(task_id, row) for task_id, kept in truth.lists.items() for own in kept.parts.values() for row in own}
    assert {product for product, place in truth.seen if place in remaining} <= known | aliases.keys()
    former: dict[str, list[str]] = {}
    for alias, product in aliases.items():
        former.setdefault(product, []).append(alias)
    truth.seen = {
        (product, _place(row.task_id, row)) for row in standing.values() for product in (row.product_id, *former.get(row.product_id, ()))
    }


def _place(task_id: str, row: Any) -> Place:
    return task_id, row.source_file, row.source_sheet, row.source_row, row.original_name, row.price


def write(store: Store, task_id: str, rows: Sequence[ProductRow], at: datetime) -> None:
    """Write a list with a task of its own."""
    queue.submit(store, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
    writing.write_list(store, task_id, rows, at)


def rows_of(action: Action, at: datetime) -> list[ProductRow]:
    """Return the rows of the list that an action brings."""
    days = DATES[action.dated]
    day = None if days is None else (at - timedelta(days=days)).date()
    if action.kind == "numbers":
        return _numbered(SUPPLIERS[action.supplier], action, day)
    rows = []
    for number, (name, size, price, sku, section, unit, other) in enumerate(action.rows):
        supplier = action.supplier if other == 0 else (action.supplier + other) % len(SUPPLIERS)
        rows.append(
            replace(
                RICE, original_name=NAMES[name][0], standardized_name=NAMES[name][1], brand="", sku=("", "4711001", "4711002")[sku],
                supplier=SUPPLIERS[supplier], list_date=day, size=Decimal((500, 1000)[size]), unit="g", section=SECTIONS[section],
                price_unit=UNITS[unit], price=Decimal(PRICES[price]), base_price=Decimal(PRICES[price]), source_row=number, doubt="",
            )
        )  # fmt: skip
    return rows


def _numbered(supplier: str, action: Action, day: date | None) -> list[ProductRow]:
    """Return rows with numbers that other suppliers print, too; one may have them for something else."""
    rows = []
    for number in range(NUMBERED - action.number % 4):
        name = (
            "Fishing rod" if number == 0 and action.number % 5 == 0 else f"Lamp kind{'abcdefg'[number]} {'big' if action.other % 2 else ''}"
        )
        rows.append(
            replace(
                RICE, original_name=name.strip(), standardized_name=name.strip(), brand="", sku=f"88010{number}", supplier=supplier,
                list_date=day, size=None, unit="", price=Decimal(100 + number), base_price=None, base_unit="", source_row=number, doubt="",
            )
        )  # fmt: skip
    return rows


def _do(store: Store, truth: Truth, action: Action, number: int) -> bool:
    """Do one action on the catalogue and note what remains; what cannot be done changes neither, and is False."""
    at = NOW + timedelta(days=number)
    if action.kind in ("list", "late", "numbers", "again", "cut", "broken"):
        return _bring(store, truth, action, number, at)
    if action.kind in ("same", "apart", "unlink", "flip"):
        return _link(store, action, at)
    if action.kind == "correct":
        return _correct(store, action, at)
    if action.kind in ("rename", "merge", "delete"):
        return _change_supplier(store, truth, action, at)
    if not truth.lists:
        return False
    task_id = list(truth.lists)[action.number % len(truth.lists)]
    if action.kind == "undo":
        undo.undo(store, task_id, 0, at)
        del truth.lists[task_id]
        return True
    if action.kind == "move":
        _moved(truth, task_id, undo.move_list(store, task_id, SUPPLIERS[action.supplier] or "Dewata", at))
    else:
        assigned = assignment.assign_supplier(store, task_id, SUPPLIERS[action.supplier] or "Dewata", at)
        if assigned.supplier != assigned.before:  # else the rows of the list's other suppliers stay theirs
            _moved(truth, task_id, assigned.supplier)
    return True


def _bring(store: Store, truth: Truth, action: Action, number: int, at: datetime) -> bool:
    task_id = f"t{number}"
    if action.kind == "late":
        at -= timedelta(days=100)
    rows = rows_of(action, at)
    if action.kind in ("again", "cut") and truth.lists:
        kept = truth.lists[list(truth.lists)[action.number % len(truth.lists)]]
        rows = [replace(row, list_date=None, supplier=supplier) for supplier, own in kept.parts.items() for row in own]
        if action.kind == "cut":
            dearer = Decimal((1, 2, 5)[action.number % 3])
            rows = [replace(row, price=row.price * dearer) for row in rows[: -(len(rows) // 3) or None]]
    with store.read() as connection:
        names = read_names(connection)
    parts: dict[str, list[ProductRow]] = {}
    for row in rows:
        parts.setdefault(_settled(names, parts, row.supplier), []).append(row)
    if action.kind == "broken":
        _write_broken(store, task_id, rows, at, action.number % 4)
    else:
        write(store, task_id, rows, at)
    truth.lists[task_id] = KeptList(at, parts)
    return True


def _settled(names: Any, parts: dict[str, list[ProductRow]], name: str) -> str:
    """Return whose rows these are; a name that stands in the list for the first time counts for the rows that follow."""
    from monito_ray.catalog.suppliers.supplier_names import index_names  # noqa: PLC0415

    return index_names({**names.by_name, **{supplier: supplier for supplier in parts if supplier}}).supplier_of(name) if name else ""


def _write_broken(store: Store, task_id: str, rows: Sequence[ProductRow], at: datetime, calls: int) -> None:
    """Write a list in slices of two rows, lose the lease after some, and write it again."""
    left = [calls]

    def confirm(_connection: object) -> None:
        if left[0] == 0:
            raise LeaseLost("somebody else has it")
        left[0] -= 1

    queue.submit(store, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
    slice_rows, writing.SLICE_ROWS = writing.SLICE_ROWS, 2
    try:
        writing.write_list(store, task_id, rows, at, confirm)
    except LeaseLost:
        writing.write_list(store, task_id, rows, at)
    finally:
        writing.SLICE_ROWS = slice_rows


def _standing(store: Store) -> list[catalogue.Offer]:
    def place(offer: catalogue.Offer) -> tuple[object, ...]:
        return offer.supplier, offer.row.original_name, offer.row.section, offer.price, offer.offer_id

    return sorted(catalogue.snapshot(store).offers, key=place)


def _link(store: Store, action: Action, at: datetime) -> bool:
    if action.kind in ("unlink", "flip"):
        with store.read() as connection:
            links = connection.execute(select(schema.links).where(schema.links.c.undone_at.is_(None)).order_by(schema.links.c.id)).all()
        if not links:
            return False
        link = links[action.number % len(links)]
        ours, theirs = f"{link.one_supplier}: {link.one_name}", f"{link.other_supplier}: {link.other_name}"
        if action.kind == "unlink":
            linking.unlink(store, ours, theirs, 0, at)
            return True
        linking.link(store, theirs, ours, LinkKind.APART if link.kind == LinkKind.SAME else LinkKind.SAME, 0, at)
        return True
    standing = _standing(store)
    if len(standing) < 2:
        return False
    one, other = standing[action.number % len(standing)], standing[(action.number + 1 + action.supplier * 3 + action.other) % len(standing)]
    by_product = action.other == 0
    ours, theirs = (one.product_id, other.product_id) if by_product else (one.offer_id, other.offer_id)
    linking.link(store, ours, theirs, LinkKind(action.kind), 0, at)
    return True


def _correct(store: Store, action: Action, at: datetime) -> bool:
    standing = _standing(store)
    if not standing:
        return False
    row = standing[action.number % len(standing)].row
    standard = Standard(
        standardized_name=("Corrected", "Shallot")[action.other % 2], size=Decimal((2, 500)[action.supplier % 2]),
        unit=("kg", "g")[action.supplier % 2], category="vegetables", field_confidence=CERTAIN, method=Method.MANUAL,
    )  # fmt: skip
    correcting.correct_rows(store, [(row, standard)], at)
    return True


def _change_supplier(store: Store, truth: Truth, action: Action, at: datetime) -> bool:
    with store.read() as connection:
        names = read_names(connection)
    present = sorted(names.suppliers)
    if not present:
        return False
    supplier = present[action.supplier % len(present)]
    if action.kind == "rename":
        new = supplier_edits.rename_supplier(store, supplier, ("Amber", f"New {supplier}")[action.other % 2][:60], at).supplier
        _given(truth, supplier, new)
    elif action.kind == "merge":
        change = supplier_edits.merge_suppliers(store, supplier, present[action.other % len(present)], at)
        _given(truth, supplier, change.supplier)
    else:
        supplier_edits.delete_supplier(store, supplier)
        for task_id, kept in list(truth.lists.items()):
            kept.parts.pop(supplier, None)
            if not kept.parts:
                del truth.lists[task_id]
    return True


def _given(truth: Truth, old: str, new: str) -> None:
    for kept in truth.lists.values():
        if old != new and old in kept.parts:
            kept.parts[new] = kept.parts.get(new, []) + kept.parts.pop(old)


def _moved(truth: Truth, task_id: str, target: str) -> None:
    kept = truth.lists[task_id]
    for old in sorted(kept.parts):
        if old != target:
            kept.parts[target] = kept.parts.get(target, []) + kept.parts.pop(old)


def written_anew(store: Store, anew: Store, truth: Truth) -> None:
    """Write what remains into an empty catalogue: people's word first, then the lists by age, under the names of now."""
    with store.read() as connection:
        people = {
            table: [dict(row._mapping) for row in connection.execute(table.select())]
            for table in (schema.corrections, schema.links, schema.supplier_names)
        }
    with anew.write() as connection:
        for table, rows in people.items():
            if rows:
                connection.execute(table.insert(), rows)
    for task_id, kept in sorted(truth.lists.items(), key=lambda item: _age(item[1])):
        write(anew, task_id, [replace(row, supplier=supplier) for supplier, rows in kept.parts.items() for row in rows], kept.at)


def _age(kept: KeptList) -> tuple[date, datetime]:
    days = [row.list_date for rows in kept.parts.values() for row in rows if row.list_date]
    return max(days, default=None) or kept.at.date(), kept.at


def assert_equal(store: Store, anew: Store) -> None:
    """Try that two catalogues are one, part by part, so that a difference can be read."""
    ours, theirs = view(store), view(anew)
    assert ours.offers == theirs.offers
    assert ours.history == theirs.history
    assert ours.changes == theirs.changes
    assert ours.products == theirs.products
