"""A list through a warm driver, from submission to the workbook: the LLM stage against its floor, right rows beside the time.

The goods have names that no rule knows, so that every row is asked; the server is that of `benchmarks/llm.py`.

    python benchmarks/driver.py              # 4,000 rows, batches of 40, 32 requests in flight: ideal 4 waves of 2.1 s
"""

import argparse
import math
import os
import platform
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from llm import LATENCY_S, LIMIT, PER_ROW_S, server
from rich.console import Console
from rich.table import Table

from monito_ray import Monito, wiring
from monito_ray.settings import Settings

PARTS = ("zor", "blax", "quim", "dref", "plon", "vust", "krim", "shal", "wurn", "jeft")


def goods(count: int) -> dict[str, dict[str, Any]]:
    """`count` invented names, all different, each with its right answer."""
    made = {}
    for number in range(count):
        syllables = [PARTS[int(digit)] for digit in f"{number:04d}"]
        name = " ".join(("".join(syllables[:2]) + "a", "".join(syllables[2:]) + "o")).title()
        made[f"{name} 330 ml"] = {
            "standardized_name": name.lower(),
            "brand": "",
            "size": 330,
            "unit": "ml",
            "pack_count": 1,
            "category": "beverages",
        }
    return made


def main() -> None:
    """Measure, print the table, and fail when the limit is missed or a row is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--batch-rows", type=int, default=40)
    parser.add_argument("--concurrency", type=int, default=32)
    chosen = parser.parse_args()
    truth = goods(chosen.rows)
    waves = math.ceil(math.ceil(chosen.rows / chosen.batch_rows) / chosen.concurrency)
    ideal_s = waves * (LATENCY_S + PER_ROW_S * chosen.batch_rows)
    with tempfile.TemporaryDirectory() as home, server(truth) as url:
        settings = Settings(
            MONITO_HOME=home,
            OPENAI_BASE_URL=url,
            MONITO_LLM_CONCURRENCY=chosen.concurrency,
            MONITO_LLM_BATCH_ROWS=chosen.batch_rows,
            MONITO_CURRENCY="IDR",
        )
        result, right = measure(settings, Path(home), truth)
    show(result, right, ideal_s, chosen)
    if right != chosen.rows or result["stages"]["llm_processing"] > LIMIT * ideal_s * 1000:
        sys.exit(1)


def measure(settings: Settings, home: Path, truth: dict[str, dict[str, Any]]) -> tuple[dict[str, Any], int]:
    """The result of the list in a driver that has done another before, and how many rows are right."""
    warm_up = "Nama;Harga\n" + "".join(f"Warmup{'abcdefgh'[number]} Xyq;{number + 1}.500\n" for number in range(8))
    rows = "Nama;Harga\n" + "".join(f"{name};{place % 90 + 1}.500\n" for place, name in enumerate(truth))
    with Monito(settings) as monito, wiring.local_driver(settings, lambda _event: None) as driver:
        for name, text in (("warm.csv", warm_up), ("list.csv", rows)):
            (home / name).write_text(text, encoding="utf-8")
            task_id = monito.submit_file_processing(home / name)
            driver.work([task_id], threading.Event())
        told = monito.get_task_result(task_id)
        assert told.result is not None, told.error
        products, _ = monito.tables(task_id)
        right = sum(all(row[field] == value for field, value in truth[row["original_name"]].items()) for row in products.to_pylist())
    return told.result, right


def show(result: dict[str, Any], right: int, ideal_s: float, chosen: argparse.Namespace) -> None:
    """One table, the machine in its title."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    table = Table(title=f"{chosen.rows} rows through a warm driver; {right} right\n{machine}")
    for title in ("stage", "seconds", "ideal", "ratio"):
        table.add_column(title, justify="right")
    for stage, took_ms in result["stages"].items():
        floor = (f"{ideal_s:.2f}", f"{took_ms / 1000 / ideal_s:.2f}") if stage == "llm_processing" else ("", "")
        table.add_row(stage, f"{took_ms / 1000:.2f}", *floor)
    Console(width=100).print(table, result["llm"])


if __name__ == "__main__":
    main()
