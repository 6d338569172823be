"""The LLM stage against its floor: rows through a warm pool, time beside the ideal and right rows beside the time.

The server is a process of its own (it shares no interpreter with the driver), answers after 500 ms + 40 ms a row, and knows the
truth from a table made here by hand-written rules; so `right` counts rows whose name, brand, size, unit, pack and category are exact.

    python benchmarks/llm.py                 # 4,000 rows, batches of 40, 32 requests in flight: ideal 4 waves of 2.1 s
"""

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from monito_ray.clients.llm import LlmAddress
from monito_ray.cluster import session
from monito_ray.cluster.llm_pool import LlmPool
from monito_ray.records import LlmUse, RawRow, Standard

LATENCY_S = 0.5
PER_ROW_S = 0.04
LIMIT = 1.3
KINDS = [
    ("Teh Melati", "jasmine tea", "beverages", "ml", (250, 330, 500)),
    ("Kecap Manis", "sweet soy sauce", "sauces & condiments", "ml", (135, 275, 600)),
    ("Beras Pandan", "pandan rice", "rice & grains", "kg", (1, 5, 25)),
    ("Sabun Cuci", "laundry soap", "cleaning", "g", (85, 250, 800)),
]
BRANDS = ["Nusa", "Kuntum", "Lesung", "Ladang"]


def goods(count: int) -> dict[str, dict[str, Any]]:
    """`count` names ("Teh Melati Nusa 0123 24x330ml"), all different, each with its right answer."""
    made = {}
    for number in range(count):
        name, english, category, unit, sizes = KINDS[number % len(KINDS)]
        brand = BRANDS[number // 7 % len(BRANDS)]
        size, pack = sizes[number // 3 % len(sizes)], (1, 6, 12, 24)[number // 5 % 4]
        quantity = f"{size}{unit}" if pack == 1 else f"{pack}x{size}{unit}"
        made[f"{name} {brand} {number:04d} {quantity}"] = {
            "standardized_name": f"{brand} {english} {number:04d}",
            "brand": brand,
            "size": size,
            "unit": unit,
            "pack_count": pack,
            "category": category,
        }
    return made


def main() -> None:
    """Measure, print the table, and fail when the limit is missed or a row is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--batch-rows", type=int, default=40)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    truth = goods(chosen.rows)
    rows = [
        RawRow(source_file="b", source_sheet="b", source_row=n, original_name=name, price=Decimal(1000)) for n, name in enumerate(truth)
    ]
    waves = math.ceil(math.ceil(chosen.rows / chosen.batch_rows) / chosen.concurrency)
    ideal_s = waves * (LATENCY_S + PER_ROW_S * chosen.batch_rows)
    with server(truth) as url, session.embedded():
        pool = LlmPool(LlmAddress(url, "", "gpt-6-luna"), chosen.concurrency, chosen.batch_rows)
        pool.warm()
        list(pool.ask("Benchmark", rows[: chosen.concurrency]))
        measured = [measure(pool, rows, truth) for _ in range(chosen.runs)]
        pool.close()
        with urllib.request.urlopen(url.removesuffix("/v1") + "/paid") as told:  # noqa: S310
            peak = json.load(told)["peak_in_flight"]
    show(measured, ideal_s, chosen, peak)
    if any(right != chosen.rows or took_s > LIMIT * ideal_s for took_s, right, _ in measured):
        sys.exit(1)


def measure(pool: LlmPool, rows: list[RawRow], truth: dict[str, dict[str, Any]]) -> tuple[float, int, LlmUse]:
    """Seconds, right rows, and what was paid."""
    started = time.monotonic()
    settled: dict[int, Standard] = {}
    use = LlmUse()
    for answered in pool.ask("Benchmark", rows):
        settled |= answered.standards
        use += answered.use
    took_s = time.monotonic() - started
    right = sum(is_right(standard, truth[rows[position].original_name]) for position, standard in settled.items())
    return took_s, right, use


def is_right(standard: Standard, answer: dict[str, Any]) -> bool:
    """Whether every field is as the truth has it."""
    return all(getattr(standard, field) == value for field, value in answer.items())


def show(measured: list[tuple[float, int, LlmUse]], ideal_s: float, chosen: argparse.Namespace, peak: int) -> None:
    """One table, the machine in its title."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    shape = f"{chosen.rows} rows, batches of {chosen.batch_rows}, {chosen.concurrency} in flight (peak {peak})"
    table = Table(title=f"LLM stage, warm: {shape}\n{machine}")
    for title in ("run", "seconds", "ideal", "ratio", "limit", "right rows", "requests", "tokens in", "cached", "out", "USD"):
        table.add_column(title, justify="right")
    for number, (took_s, right, use) in enumerate(measured, 1):
        ratio = took_s / ideal_s
        tokens = [f"{count:,}" for count in (use.prompt_tokens, use.cached_tokens, use.completion_tokens)]
        right_of_all = f"{right} of {chosen.rows}"
        table.add_row(
            str(number),
            f"{took_s:.2f}",
            f"{ideal_s:.2f}",
            f"{ratio:.2f}",
            f"{LIMIT}",
            right_of_all,
            str(use.requests),
            *tokens,
            f"{use.cost_usd:.4f}",
        )
    Console(width=140).print(table)


@contextmanager
def server(answers: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The chat-completions server as a process; its URL."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "answers.json"
        table.write_text(json.dumps(answers), "utf-8")
        latency = ["--latency-s", str(LATENCY_S), "--per-row-s", str(PER_ROW_S)]
        command = [sys.executable, "-m", "monito_ray.testing", "llm", "--answers", str(table), *latency]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield process.stdout.readline().strip()
            finally:
                process.terminate()


if __name__ == "__main__":
    main()
