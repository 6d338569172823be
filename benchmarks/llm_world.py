"""What the parts of the LLM benchmark share: goods with their true answers, the server as a process, a table of verdicts."""

import json
import os
import platform
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from monito_ray.records import RawRow, Standard

LATENCY_S = 0.5
PER_ROW_S = 0.04
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


def rows_of(truth: dict[str, dict[str, Any]]) -> list[RawRow]:
    """A row for each name."""
    return [
        RawRow(source_file="b", source_sheet="b", source_row=n, original_name=name, price=Decimal(1000)) for n, name in enumerate(truth)
    ]


def is_right(standard: Standard, answer: dict[str, Any]) -> bool:
    """Whether every field is as the truth has it."""
    return all(getattr(standard, field) == value for field, value in answer.items())


@contextmanager
def server(answers: dict[str, dict[str, Any]], *options: str, latency_s: float = LATENCY_S, per_row_s: float = PER_ROW_S) -> Iterator[str]:
    """The chat-completions server as a process; its URL."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "answers.json"
        table.write_text(json.dumps(answers), "utf-8")
        latency = ["--latency-s", str(latency_s), "--per-row-s", str(per_row_s)]
        command = [sys.executable, "-m", "monito_ray.testing", "llm", "--answers", str(table), *latency, *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield process.stdout.readline().strip()
            finally:
                process.terminate()


def paid(url: str) -> dict[str, Any]:
    """Return the server's tally so far."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/paid") as response:  # noqa: S310
        tally: dict[str, Any] = json.load(response)
        return tally


def show(title: str, verdicts: Sequence[tuple[str, str, str, bool]]) -> bool:
    """A table of figure, limit and verdict, the machine in its title; whether all hold."""
    table = Table(
        title=f"{title}\n{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    for column in ("what", "figure", "limit", "holds"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, figure, limit, holds in verdicts:
        table.add_row(what, figure, limit, "yes" if holds else "NO")
    Console(width=180).print(table)
    return all(holds for *_, holds in verdicts)
