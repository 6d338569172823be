"""Lists, corrections, links, undos and changes of suppliers in any order: the catalogue is what a replay of what remains makes it."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import search_measure
from catalogues import view
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import RICE

from monito_ray.catalog.grouping import linking
from monito_ray.catalog.links import LinkKind
from monito_ray.catalog.lists import correcting, supplier_edits, undo, writing
from monito_ray.errors import MonitoError
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import CERTAIN, Method, ProductRow, Standard
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)
#: More of them with MONITO_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("MONITO_EXAMPLES", "25"))
SUPPLIERS = ("Toko A", "Qorbit", "Zarvex", "Sari Sayur")
NAMES = ("Shallot", "Garlic", "Red chili", "Chili red", "Cooking oil", "Cooking oill", "Palm oil")


@dataclass(frozen=True)
class Action:
    """One thing that somebody does."""

    kind: str
    supplier: int
    other: int
    number: int
    rows: tuple[tuple[int, int, int], ...] = ()


@dataclass
class Truth:
    """What remains of everything that was done."""

    lists: dict[str, tuple[str, datetime, Sequence[ProductRow]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    corrections: list[tuple[ProductRow, Standard]] = field(default_factory=list)
    links: list[tuple[str, str, LinkKind]] = field(default_factory=list)

    def named(self, supplier: str) -> str:
        """Return what the supplier is called by now that a list names so."""
        return self.names.get(supplier, supplier)


def _rows(supplier: str, choices: Sequence[tuple[int, int, int]]) -> list[ProductRow]:
    return [
        replace(
            RICE, original_name=NAMES[name], standardized_name=NAMES[name], brand="", sku="", supplier=supplier, list_date=None,
            size=Decimal((500, 1000)[size]), unit="g", price=Decimal(price), base_price=Decimal(price), source_row=number, doubt="",
        )
        for number, (name, size, price) in enumerate(choices)
    ]  # fmt: skip


ROWS = st.lists(
    st.tuples(st.integers(0, len(NAMES) - 1), st.integers(0, 1), st.sampled_from([100, 110, 250, 2000])), min_size=1, max_size=4
)
ACTIONS = st.lists(
    st.builds(
        Action,
        st.sampled_from(
            ["list", "list", "list", "again", "late", "undo", "correct", "same", "apart", "unlink", "rename", "merge", "delete"]
        ),
        st.integers(0, len(SUPPLIERS) - 1),
        st.integers(0, len(SUPPLIERS) - 1),
        st.integers(0, 7),
        ROWS.map(tuple),
    ),
    min_size=2,
    max_size=12,
)


@contextmanager
def _empty_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'monito.db'}") as store:
        yield store


def _write(store: Store, task_id: str, rows: Sequence[ProductRow], at: datetime) -> None:
    queue.submit(store, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
    writing.write_list(store, task_id, rows, at)


def _do(store: Store, truth: Truth, action: Action, number: int) -> None:
    """Do one action on the catalogue and note what remains; what cannot be done changes neither."""
    supplier, other = SUPPLIERS[action.supplier], SUPPLIERS[action.other]
    at = NOW + timedelta(days=number)
    newest = list(truth.lists)[action.number % len(truth.lists)] if truth.lists else ""
    if action.kind in ("list", "late"):
        at -= timedelta(days=100) if action.kind == "late" else timedelta()
        _add_list(store, truth, f"t{number}", _rows(supplier, action.rows), at)
    elif action.kind == "again" and newest:
        _add_list(store, truth, f"t{number}", truth.lists[newest][2], at)
    elif action.kind == "undo" and newest:
        undo.undo(store, newest, 0, at)
        del truth.lists[newest]
    elif action.kind == "correct":
        row = _rows(truth.named(supplier), action.rows)[0]
        standard = Standard(
            standardized_name=f"Corrected {row.original_name}", size=Decimal(2), unit="kg", category="vegetables",
            field_confidence=CERTAIN, method=Method.MANUAL,
        )  # fmt: skip
        correcting.correct_rows(store, [(row, standard)], at)
        truth.corrections.append((row, standard))
    elif action.kind in ("same", "apart", "unlink"):
        _link(store, truth, action, at)
    elif action.kind == "rename":
        truth_name = truth.named(supplier)
        supplier_edits.rename_supplier(store, truth_name, f"New {truth_name}"[:60], at)
        _call(truth, truth_name, f"New {truth_name}"[:60])
    elif action.kind == "merge":
        ours, theirs = truth.named(supplier), truth.named(other)
        supplier_edits.merge_suppliers(store, ours, theirs, at)
        _call(truth, ours, theirs)
    elif action.kind == "delete":
        gone = truth.named(supplier)
        supplier_edits.delete_supplier(store, gone)
        truth.lists = {task: one for task, one in truth.lists.items() if truth.named(one[0]) != gone}
        truth.corrections = [pair for pair in truth.corrections if truth.named(pair[0].supplier) != gone]
        truth.names = {name: current for name, current in truth.names.items() if current != gone}


def _add_list(store: Store, truth: Truth, task_id: str, rows: Sequence[ProductRow], at: datetime) -> None:
    _write(store, task_id, rows, at)
    truth.lists[task_id] = rows[0].supplier, at, rows


def _link(store: Store, truth: Truth, action: Action, at: datetime) -> None:
    ours, theirs = (
        f"{truth.named(SUPPLIERS[index])}: {NAMES[name]}" for index, name in ((action.supplier, action.number % 7), (action.other, 3))
    )
    if action.kind == "unlink":
        linking.unlink(store, ours, theirs, 0, at)
    else:
        linking.link(store, ours, theirs, LinkKind(action.kind), 0, at)


def _call(truth: Truth, old: str, new: str) -> None:
    truth.names = {name: new if current == old else current for name, current in truth.names.items()} | {old: new}


def _replayed(store: Store, truth: Truth, links: Mapping[str, object]) -> None:
    """Write what remains into an empty catalogue: the lists by age, under the names of now, then people's word."""
    for task_id, (supplier, at, rows) in sorted(truth.lists.items(), key=lambda item: item[1][1]):
        _write(store, task_id, [replace(row, supplier=truth.named(supplier)) for row in rows], at)
    _copy_people(store, links)


def _people(store: Store) -> dict[str, list[dict[str, object]]]:
    from monito_ray.store import schema  # noqa: PLC0415

    with store.read() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(table.select())]
            for table in (schema.corrections, schema.links, schema.supplier_names)
        }


def _copy_people(store: Store, people: Mapping[str, object]) -> None:
    """Give a catalogue the corrections, links and names of another, and have it follow them."""
    from monito_ray.catalog.lists.replay import replay  # noqa: PLC0415
    from monito_ray.store import schema  # noqa: PLC0415

    with store.write() as connection:
        for table in (schema.corrections, schema.links, schema.supplier_names):
            connection.execute(table.delete())
            if people[table.name]:
                connection.execute(table.insert(), people[table.name])
        for supplier in list(
            connection.execute(schema.supplier_lists.select().with_only_columns(schema.supplier_lists.c.supplier)).scalars()
        ):
            replay(connection, supplier)
        from monito_ray.catalog.grouping.grouping import regroup  # noqa: PLC0415

        regroup(connection, list(connection.execute(schema.offers.select().with_only_columns(schema.offers.c.id)).scalars()))


@settings(max_examples=EXAMPLES)
@given(ACTIONS)
def test_the_catalogue_is_a_replay_of_what_remains(actions: list[Action]):
    """Products, offers, histories and changes, whatever lists came, came late or were taken back, and whatever people said meanwhile.

    The index of the search is as if it was made of the whole catalogue.
    """
    with _empty_store() as store, _empty_store() as anew:
        truth = Truth()
        for number, action in enumerate(actions):
            try:
                _do(store, truth, action, number)
            except MonitoError:
                continue
        _replayed(anew, truth, _people(store))
        assert view(store) == view(anew)
        assert search_measure.entries(store) == search_measure.rebuilt_entries(store)


@settings(max_examples=EXAMPLES)
@given(st.lists(ROWS, min_size=2, max_size=4), st.integers(0, 10**6))
def test_the_order_of_arrival_makes_no_difference(lists: list[list[tuple[int, int, int]]], seed: int):
    """Lists of one month, and of two suppliers one twice, give the same products whichever comes first."""
    arriving = [(f"t{number}", _rows(SUPPLIERS[number % 3], rows), NOW + timedelta(days=number)) for number, rows in enumerate(lists)]
    with _empty_store() as store, _empty_store() as other:
        for one in arriving:
            _write(store, *one)
        for one in Random(seed).sample(arriving, len(arriving)):  # noqa: S311
            _write(other, *one)
        assert view(store) == view(other)
