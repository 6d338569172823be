"""How well the search finds and orders: a catalogue of invented lists, queries with what must be found and what must come behind it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import delete, select, text

from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.search.find import search_products
from monito_ray.catalog.search.index import rebuild
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.pipeline.products.build import build_products
from monito_ray.pipeline.products.rules import standardize
from monito_ray.records import ProductRow, RawRow
from monito_ray.store.database import Store
from monito_ray.store.schema import search_entries

DATA = Path(__file__).resolve().parents[1] / "data" / "search"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
#: What must be found has to be among so many results.
MOST = 20


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """What a query found."""

    query: str
    names: tuple[str, ...]
    #: What must be found and is not.
    lost: tuple[str, ...]
    #: What comes before something that must be found, and should not.
    too_early: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether all that must be found is found, and nothing comes too early."""
        return not self.lost and not self.too_early


def written_lists() -> list[list[ProductRow]]:
    """The rows of the catalogue's lists, standardized by the rules."""
    lists = []
    for written in json.loads((DATA / "catalogue.json").read_text("utf-8"))["lists"]:
        rows = [
            RawRow(
                source_file="list.xlsx",
                source_sheet="Sheet1",
                source_row=number,
                original_name=name,
                price=Decimal(str(price)),
                currency=written["currency"],
                unit_text=unit,
                supplier=written["supplier"],
            )
            for number, (name, price, unit) in enumerate(written["rows"], 2)
        ]
        lists.append(build_products(rows, standardize(rows)))
    return lists


def fill(store: Store, lists: Iterable[list[ProductRow]], start: int = 0) -> None:
    """Write lists into the catalogue, as the lists of tasks that are numbered from `start`."""
    for number, rows in enumerate(lists, start):
        queue.submit(store, Task(id=f"t{number}", created_at=NOW, updated_at=NOW, not_before=NOW))
        write_list(store, f"t{number}", rows, NOW)


def outcomes(store: Store, file_name: str) -> list[SearchOutcome]:
    """Ask all queries of a file of `tests/data/search`."""
    return [_ask(store, **entry) for entry in json.loads((DATA / file_name).read_text("utf-8"))]


def entries(store: Store) -> set[tuple[object, ...]]:
    """The entries of the index, without their own ids; the full-text index has to have their terms."""
    columns = [column for column in search_entries.c if column.name != "id"]
    with store.write() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("INSERT INTO search_terms (search_terms, rank) VALUES ('integrity-check', 1)"))
        return {tuple(row) for row in connection.execute(select(*columns))}


def rebuilt_entries(store: Store) -> set[tuple[object, ...]]:
    """The entries of the index after it was made again of the whole catalogue."""
    with store.write() as connection:
        connection.execute(delete(search_entries))
        rebuild(connection)
    return entries(store)


def _ask(store: Store, query: str, want: list[str], behind: list[str]) -> SearchOutcome:
    results = search_products(store, query, MOST)
    names = [{offer.row.original_name for offer in result.offers} for result in results]
    places = {name: place for place, group in reversed(list(enumerate(names))) for name in group}
    last = max((places[name] for name in want if name in places), default=0)
    return SearchOutcome(
        query,
        tuple(" / ".join(sorted(group)) for group in names),
        tuple(name for name in want if name not in places),
        tuple(name for name in behind if places.get(name, MOST) < last),
    )
