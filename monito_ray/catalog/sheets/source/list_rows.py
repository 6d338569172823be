"""The rows of suppliers' sheets: counted at once, and read when they are looked at."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, overload

from sqlalchemy import Connection, String, cast, func, select

from monito_ray.catalog.offers import offer_from_row
from monito_ray.catalog.sheets.workbook_plan import ListedRows, in_order, listed_rows
from monito_ray.sheet_model import Cell
from monito_ray.store.database import Store
from monito_ray.store.schema import corrections, offers, supplier_lists, supplier_names


class ListState(NamedTuple):
    """What is known of a supplier's rows before they are read."""

    #: Changes when the rows do.
    version: str
    #: Repeats too.
    row_count: int


def lists_of(store: Store, states: Mapping[str, ListState]) -> list[ListedRows]:
    """Return the rows of these suppliers, to be read when they are looked at."""
    return [
        ListedRows(name, _LazyRows(states[name].row_count, partial(_read_rows, store, name)), states[name].version)
        for name in in_order(states)
    ]


def _read_rows(store: Store, supplier: str) -> list[tuple[Cell, ...]]:
    query = select(offers).where(offers.c.supplier == supplier, ~offers.c.is_gone)
    query = query.order_by(offers.c.source_file, offers.c.source_sheet, offers.c.source_row, offers.c.currency, offers.c.id)
    with store.read() as connection:
        return listed_rows([offer_from_row(row) for row in connection.execute(query)])


def read_list_states(connection: Connection) -> dict[str, ListState]:
    """Return the state of the rows of each supplier that has any.

    Rows follow from the supplier's lists and from people's corrections, under any of its names; sums over the rows notice what else may
    change them.
    """
    parts: dict[str, list[object]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for supplier, task_id, count, repeats, *values in connection.execute(_SUMS):
        parts[supplier].append((task_id, count, *values))
        counts[supplier] += int(count) + int(repeats)
    lists = select(supplier_lists.c.supplier, supplier_lists.c.task_id, supplier_lists.c.written_at)
    for supplier, *values in connection.execute(lists.order_by(supplier_lists.c.task_id)):
        parts[supplier].append(values)
    name = func.coalesce(supplier_names.c.supplier, corrections.c.supplier)
    corrected = select(name, func.count(), func.max(corrections.c.corrected_at))
    corrected = corrected.outerjoin_from(corrections, supplier_names, corrections.c.supplier == supplier_names.c.name).group_by(name)
    for supplier, *values in connection.execute(corrected):
        parts[supplier].append(values)
    versions = {supplier: hashlib.blake2b(repr((supplier, own)).encode(), digest_size=16).hexdigest() for supplier, own in parts.items()}
    return {supplier: ListState(versions[supplier], count) for supplier, count in counts.items()}


_TEXTS = (
    offers.c.original_name,
    offers.c.standardized_name,
    offers.c.brand,
    offers.c.unit,
    offers.c.category,
    offers.c.price_unit,
    offers.c.doubt,
    offers.c.field_confidence,
)
_SUMS = (
    select(
        offers.c.supplier,
        offers.c.task_id,
        func.count(),
        func.sum(func.json_array_length(offers.c.others)),
        cast(func.max(offers.c.last_seen), String),
        func.sum(offers.c.source_row),
        func.sum(offers.c.pack_count),
        *(func.sum(func.length(column)) for column in _TEXTS),
    )
    .where(~offers.c.is_gone)
    .group_by(offers.c.supplier, offers.c.task_id)
    .order_by(offers.c.supplier, offers.c.task_id)
)


class _LazyRows(Sequence[tuple[Cell, ...]]):
    """Rows that are counted already, and read when one of them is looked at."""

    def __init__(self, count: int, read: Callable[[], Sequence[tuple[Cell, ...]]]) -> None:
        self._count, self._read = count, read

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self._read())

    @overload
    def __getitem__(self, index: int) -> tuple[Cell, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Cell, ...]]: ...

    def __getitem__(self, index: int | slice) -> tuple[Cell, ...] | Sequence[tuple[Cell, ...]]:
        return self._read()[index]
