"""Validation and rules: the road of short lists against that of long ones, and this version against an earlier one.

    python benchmarks/validation.py roads [--rows 10 100 1000 ...] [--times 3]
    python benchmarks/validation.py before --package PATH [--rows 100000] [--times 3]

`roads` takes lists of each length through one Ray task, as the reading task does with short lists, and through Ray Data in parallel slices; both
in turn in one run, each time with names that no process has seen. The tables that come out must be equal to the byte.

`before` takes a list through a warm driver of this version and of the one at PATH, in turn, each in a process of its own, without an LLM. Its
limit is for validation and rules together: the stage `data_validation`, and `llm_processing` up to when corrections are looked up, which is when
every row has a standard by the rules. The written rows must be equal.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from monito_ray import frames
from monito_ray.cluster import batches, session, tasks
from monito_ray.pipeline import short_list
from monito_ray.pipeline.short_list import StandardizedRows
from monito_ray.records import RawRow
from monito_ray.steps.apply_rules import standardize_rows
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.validate import validate_rows

CORES = 2
FASTER = 1.6
MAKERS = ["Indomie", "ABC", "Bango", "Sasa", "Nestle", "Kapal Api", "Zorbex", "Frisian Flag", "Selera Nusa", "Tropika", "Bimoli", "", ""]
GOODS = [
    "Mie Goreng", "Kecap Manis", "Minyak Goreng", "Gula Pasir", "Teh Celup", "Kopi Bubuk", "Beras Premium", "Susu UHT", "Sabun Mandi",
    "Biskuit Kelapa", "Сок яблочный", "Молоко сгущенное", "Orange Juice", "Olive Oil", "Pasta Penne", "Aceite de oliva", "Saus Tomat",
]  # fmt: skip
KINDS = ["Original", "Pedas", "Rendang", "Ayam Bawang", "Coklat", "Vanila", "Strawberry", "Jeruk", "Melati", "Extra", "Spesial", "Keju", ""]
SIZES = ["85 g", "250 gr", "1 kg", "600 ml", "24x330ml", "2 L", "500 g x 12", "1,5 L", "100 ml", "isi 10", "5 kg", "12 pcs"]
TITLES = ["Makanan", "Minuman", "Bumbu dapur", "INDOMIE", "Perawatan", "Susu & olahan"]

CHILD = """
import json, sys, threading, time
from pathlib import Path
import pyarrow.parquet as pq
from monito_ray import Monito, wiring
from monito_ray.catalog import corrections
from monito_ray.settings import Settings

marks = {}
looked_up = "find_corrections" if hasattr(corrections, "find_corrections") else "known"
look_up = getattr(corrections, looked_up)

def mark_and_look_up(*args):
    marks["ruled"] = time.monotonic()
    return look_up(*args)

def hear(event):
    if event.name == "stage.started":
        marks[event.stage.value] = time.monotonic()

setattr(corrections, looked_up, mark_and_look_up)
home, warm, path = map(Path, sys.argv[1:])
settings = Settings(MONITO_HOME=str(home), MONITO_CURRENCY="IDR", MONITO_MAX_FILE_MB="200")
with Monito(settings) as monito, wiring.local_driver(settings, hear) as driver:
    for name in (warm, path):
        task_id = monito.submit_file_processing(name)
        driver.work([task_id], threading.Event())
    told = monito.get_task_result(task_id)
    assert told.result is not None, told.error
    pq.write_table(monito.tables(task_id)[0], home / "products.parquet")
rules_ms = round((marks["ruled"] - marks["llm_processing"]) * 1000)
print(json.dumps(told.result["stages"] | {"rules (in llm_processing)": rules_ms, "validation and rules": told.result["stages"]["data_validation"] + rules_ms}))
"""


def names(count: int, seed: int) -> list[str]:
    """Names of goods in three languages, most of them different."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        code = f"{chr(65 + number % 26)}{dice.randrange(10**6)}" if dice.random() < 0.5 else ""
        made.append(" ".join(filter(None, [*map(dice.choice, (MAKERS, GOODS, KINDS, KINDS)), code, dice.choice(SIZES)])))
    return made


def raw_rows(count: int, seed: int) -> pa.Table:
    """A list as it was read: under six titles, every thirtieth row without a price."""
    dice = random.Random(seed)
    rows = []
    for number, name in enumerate(names(count, seed)):
        price = Decimal(dice.randrange(10, 900) * 250) if number % 30 else None
        rows.append(
            RawRow(
                source_file="list.xlsx",
                source_sheet="Harga",
                source_row=number + 2,
                original_name=name,
                price=price,
                price_text=str(price or ""),
                currency="IDR",
                section=TITLES[number * len(TITLES) // count],
                unit_text=dice.choice(["pcs", "dus", "kg", "botol", ""]),
                sku=f"{number:06d}",
                supplier="Toko",
                cells=json.dumps([str(number), name, str(price or "")]),
                fingerprint=f"{name}{price}",
            )
        )
    return frames.to_table(rows, RawRow)


def in_one_task(raw: pa.Table) -> StandardizedRows:
    """The road of short lists."""

    def work(_data: bytes, _name: str, rows: pa.Table) -> StandardizedRows:
        return short_list.validate_and_standardize(rows, lenient=False)

    return tasks.read_file(b"", "list.xlsx", work, raw)


def on_ray_data(raw: pa.Table) -> StandardizedRows:
    """The road of long lists."""
    shared = RowBatches(batches.map_slices, tasks.cores)
    good, rejects = validate_rows(shared, raw, lambda: None, lenient=False)
    return StandardizedRows(good, rejects, standardize_rows(shared, good, lambda: None))


def roads(lengths: Sequence[int], times: int) -> int:
    """Both roads with lists of each length, in turn; 1 where their tables differ."""
    table = Table(title=f"validation and rules, median of {times}\n{machine()}")
    for title in ("rows", "one task s", "Ray Data s", "one task / Ray Data", "equal"):
        table.add_column(title, justify="right")
    seed, all_equal = 0, True
    with session.embedded(num_cpus=CORES):
        tasks.warm()
        for warm_up in (in_one_task, on_ray_data) * 2:
            warm_up(raw_rows(3_000, seed := seed + 1))
        for length in lengths:
            took: dict[Callable[[pa.Table], StandardizedRows], list[float]] = {in_one_task: [], on_ray_data: []}
            equal = True
            for _ in range(times):
                for timed, other in ((in_one_task, on_ray_data), (on_ray_data, in_one_task)):
                    raw = raw_rows(length, seed := seed + 1)
                    began = time.perf_counter()
                    result = timed(raw)
                    took[timed].append(time.perf_counter() - began)
                    equal = equal and are_equal(result, other(raw))
            one, many = statistics.median(took[in_one_task]), statistics.median(took[on_ray_data])
            table.add_row(f"{length:,}", f"{one:.3f}", f"{many:.3f}", f"{one / many:.2f}", "yes" if equal else "NO")
            all_equal = all_equal and equal
    Console(width=120).print(table)
    return int(not all_equal)


def are_equal(one: StandardizedRows, other: StandardizedRows) -> bool:
    """Whether all three tables are, to the byte."""
    return all(
        as_bytes(first) == as_bytes(second)
        for first, second in ((one.good, other.good), (one.rejects, other.rejects), (one.by_rules, other.by_rules))
    )


def as_bytes(table: pa.Table) -> bytes:
    """A table as Arrow writes it, whatever chunks it is in."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())


def before(package: Path, rows: int, times: int) -> int:
    """This version against that of `package`; 1 where it is not `FASTER` times as fast in both together, or the written rows differ."""
    here = Path(__file__).resolve().parent.parent
    took: dict[Path, list[dict[str, int]]] = {package.resolve(): [], here: []}
    equal, ratio = True, 0.0
    with tempfile.TemporaryDirectory(prefix="validation-") as folder:
        for turn in range(times):
            files = [csv(Path(folder) / f"{name}{turn}.csv", count, turn) for name, count in (("warm", 3_000), ("list", rows))]
            products = []
            for version, results in took.items():
                stages, written = through_driver(version, Path(folder) / f"{turn}{len(products)}", files)
                results.append(stages)
                products.append(written)
            equal = equal and products[0].equals(products[1])
    table = Table(
        title=f"{rows:,} rows through a warm driver, median of {times}; written rows {'equal' if equal else 'DIFFER'}\n{machine()}"
    )
    for title in ("stage", "before s", "now s", "before / now"):
        table.add_column(title, justify="right")
    for stage in took[here][0]:  # the last is that of both together
        ratio = add_row(table, stage, *([run[stage] for run in runs] for runs in took.values()))
    Console(width=120).print(table, f"at least {FASTER}")
    return int(ratio < FASTER or not equal)


def add_row(table: Table, title: str, old_ms: Sequence[int], new_ms: Sequence[int]) -> float:
    """A line of the table; how many times as fast it is now."""
    old, new = statistics.median(old_ms) / 1000, statistics.median(new_ms) / 1000
    table.add_row(title, f"{old:.2f}", f"{new:.2f}", f"{old / max(new, 0.001):.2f}")
    return old / max(new, 0.001)


def csv(path: Path, count: int, seed: int) -> Path:
    """A list as a file."""
    lines = (f"{name};{number % 890 + 10}.500" for number, name in enumerate(names(count, seed)))
    path.write_text("\n".join(["Nama Barang;Harga", *lines]) + "\n", encoding="utf-8")
    return path


def through_driver(version: Path, home: Path, files: Sequence[Path]) -> tuple[dict[str, int], pa.Table]:
    """What each stage of the last file took in a driver of `version`, and what it wrote."""
    command = ["taskset", "-c", ",".join(map(str, range(CORES))), sys.executable, "-c", CHILD, str(home), *map(str, files)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_"))}
    ended = subprocess.run(
        command, cwd=home.parent, env=environment | {"PYTHONPATH": str(version)}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        sys.exit(f"{version}: {ended.stderr}")
    return json.loads(ended.stdout.splitlines()[-1]), pq.read_table(home / "products.parquet")


def machine() -> str:
    """On what."""
    return f"{CORES} of {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    """Run the part that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    both = parts.add_parser("roads")
    both.add_argument("--rows", type=int, nargs="+", default=[10, 100, 1_000, 2_000, 3_000, 5_000, 10_000, 100_000])
    both.add_argument("--times", type=int, default=3)
    earlier = parts.add_parser("before")
    earlier.add_argument("--package", type=Path, required=True, help="a checkout of the earlier version")
    earlier.add_argument("--rows", type=int, default=100_000)
    earlier.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    sys.exit(roads(chosen.rows, chosen.times) if chosen.part == "roads" else before(chosen.package, chosen.rows, chosen.times))


if __name__ == "__main__":
    main()
