"""Long lists on Ray Data, from a driver: their blocks run side by side, and lists that share executions stay apart."""

import os
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from catalogue_tables import catalogue_tables, write_task
from lists import Bench, bench

from monito_ray import frames
from monito_ray.catalog.articles.list_articles import list_articles
from monito_ray.catalog.lists.derived_rows import derive_here
from monito_ray.cluster import batches, tasks
from monito_ray.cluster.batches import RowSlice, TableFunction
from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import BY_RULES, GOOD, PRODUCTS, RAW, REJECTS
from monito_ray.pipeline import short_list
from monito_ray.records import ProductRow, Status
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.store.database import open_store

pytestmark = pytest.mark.ray


@dataclass(frozen=True)
class Logged:
    """A function that leaves a file for each block: which process had it, from when to when, and how many rows."""

    function: TableFunction
    folder: Path

    def __call__(self, block: pa.Table) -> pa.Table:
        """Call the function."""
        began = time.time()
        result = self.function(block)
        name = getattr(self.function, "__name__", None) or self.function.func.__name__
        (self.folder / f"{name} {os.getpid()} {began} {time.time()} {block.num_rows} {secrets.token_hex(4)}").touch()
        return result


def _on_ray(folder: Path) -> RowBatches:
    """Ray Data as a driver has it, with a note of each block."""

    def map_logged(slices: Sequence[RowSlice]) -> list[pa.Table]:
        return batches.map_slices([replace(piece, function=Logged(piece.function, folder)) for piece in slices])

    return RowBatches(map_logged, tasks.cores)


def _list(rows: int, title: str) -> str:
    sizes = ("85 g", "250 gr", "24x330ml", "1 kg")
    lines = (f"{title} {chr(97 + n % 26)}{n} {sizes[n % 4]};{n % 700 + 10}.500" for n in range(rows))
    return "\n".join(["Nama;Harga", *lines, "TOTAL;9.900.500"]) + "\n"


def _equal_on_the_short_road(made: Bench, task_id: str, *, lenient: bool) -> bool:
    files = made.services.files
    short = short_list.validate_and_standardize(files.read_table(task_id, RAW), lenient=lenient)
    pairs = ((GOOD, short.good), (REJECTS, short.rejects), (BY_RULES, short.by_rules))
    return all(files.read_table(task_id, name).equals(table) for name, table in pairs)


def test_long_lists_go_through_ray_data_block_beside_block(tmp_path: Path):
    """Validation and both passes of the rules have several blocks of a list, on two processes at once; what comes out is what one process makes."""
    (notes := tmp_path / "notes").mkdir()
    tasks.warm()
    with bench(tmp_path, workers=tasks, row_batches=_on_ray(notes)) as made:
        ids = [made.submit(_list(6_000, "Zarvex Popcorn"), "a.csv"), made.submit(_list(3_000, "Teh Qubo"), "b.csv", validate=False)]
        Driver(made.services).work(ids, threading.Event())
        done = [queue.load(made.store, task_id) for task_id in ids]
        assert [task.status for task in done] == [Status.SUCCESS] * 2
        assert [(task.result or {})["rows_written"] for task in done] == [6_000, 3_001]
        assert [_equal_on_the_short_road(made, task_id, lenient=lenient) for task_id, lenient in zip(ids, (False, True), strict=True)] == [
            True
        ] * 2
    blocks = [note.name.split() for note in notes.iterdir()]
    for name, rows in (("validate", 9_002), ("measure", 9_001), ("standardize", 9_001)):
        own = [(pid, float(began), float(ended), int(count)) for function, pid, began, ended, count, _ in blocks if function == name]
        assert sum(block[3] for block in own) == rows
        assert len(own) >= 3
    measured = [(pid, float(began), float(ended)) for function, pid, began, ended, *_ in blocks if function == "measure"]
    assert any(one[0] != other[0] and one[1] < other[2] and other[1] < one[2] for one, other in combinations(measured, 2))


def _scattered_list(rows: int) -> str:
    """A list whose rows mean something by others far away: exact repeats, twins at other prices, a brand that few rows have, one language at each end."""
    lines = [f"Zarvex Popcorn {chr(97 + n % 26)}{n} {('85 g', '250 gr', '24x330ml')[n % 3]};{n % 700 + 10}.500" for n in range(rows)]
    for place in range(0, rows, rows // 40):
        lines[place] = f"Kecap Manis Bango {place % 4} 600 ml;21.{place % 3}00"
    lines[rows - 1] = lines[1]
    lines[3] = lines[rows - 2]
    lines[5 : rows : rows // 9] = [f"Lumora Tomatoes {number} kg;9.500" for number, _ in enumerate(lines[5 : rows : rows // 9])]
    return "\n".join(["Nama;Harga", *lines]) + "\n"


def test_evidence_spread_over_slices_counts_as_in_one_process(tmp_path: Path):
    """Duplicates, brands, languages and marks of alike rows; and the catalogue is that of rows which are all derived in the driver."""
    (notes := tmp_path / "notes").mkdir()
    tasks.warm()
    with bench(tmp_path, workers=tasks, row_batches=_on_ray(notes)) as made, open_store(f"sqlite:///{tmp_path / 'alone.db'}") as alone:
        task_id = made.submit(_scattered_list(12_000), "scattered.csv")
        Driver(made.services).work([task_id], threading.Event())
        result = queue.load(made.store, task_id).result or {}
        assert (result["rows_found"], result["rows_duplicate"]) == (12_000, result["rows_found"] - result["rows_written"])
        assert result["rows_duplicate"] >= 2
        assert _equal_on_the_short_road(made, task_id, lenient=False)
        rows = frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)
        write_task(alone, task_id, rows, derive_here)
        assert _without_times(catalogue_tables(made.store)) == _without_times(catalogue_tables(alone))
    derived = [note.name.split() for note in notes.iterdir() if note.name.startswith("derive_table ")]
    assert sum(int(count) for *_, count, _ in derived) == len(list_articles(rows))
    assert len(derived) >= 10


def _without_times(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [tuple(value for value in row if not isinstance(value, datetime)) for row in rows] for name, rows in tables.items()}
