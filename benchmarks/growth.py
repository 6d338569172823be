"""Long lists through a warm driver of a service, without an LLM: time by stage, CPU and memory of the driver and of its process of long lists.

    python benchmarks/growth.py [--rows 10000 30000 100000] [--lists 1] [--package PATH]

Each length is a process of its own with a Ray of its own and an empty store. The time of a row is to be the same for every length within a
fifth, 100,000 rows are to take 30 s on two idle cores, and the driver 0.12 s of CPU for 1,000 rows. With `--lists 64 --rows 3000` so many come at once, which
are to take 400 MB in the driver; stages are those of the last one. `--package` takes another version.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from validation import csv, machine

LIMIT_S = 30.0
LIMIT_ROWS = 100_000
DRIVER_CPU_S = 0.12
DRIVER_MB = 500
MB_OF_MANY = 400
WITHIN = 1.2
CHILD = """
import json, resource, sys, threading, time
import psutil
from contextlib import suppress
from pathlib import Path
from monito_ray import Monito, wiring
from monito_ray.settings import Settings

warm, *paths = map(Path, sys.argv[1:])
settings = Settings()
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
def clear_peak():
    Path("/proc/self/clear_refs").write_text("5")
def peak_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
class Beside:
    # What the process of long lists takes, looked at twice a second: it ends after a list that made it grow.
    def __init__(self):
        self.cpu, self.mb, self.others, self.done = {}, 0.0, set(), threading.Event()
        self.thread = threading.Thread(target=self.keep_looking, daemon=True)
        self.thread.start()
    def keep_looking(self):
        while not self.done.wait(0.5):
            self.look()
    def look(self):
        for one in psutil.Process().children():
            with suppress(psutil.Error):
                if one.pid in self.others or not any("step_runner" in word for word in one.cmdline()):
                    self.others.add(one.pid)
                    continue
                used = one.cpu_times()
                self.cpu[one.pid] = used.user + used.system
                self.mb = max(self.mb, one.memory_info().rss / 2**20)
    def end(self):
        self.done.set()
        self.thread.join()
        self.look()
        return self
with Monito(settings) as monito, wiring.serving_driver(settings, lambda event: None) as driver:
    driver.work([monito.submit_file_processing(warm)], threading.Event())
    before = Beside().end().cpu
    task_ids = [monito.submit_file_processing(path) for path in paths]
    clear_peak()
    beside = Beside()
    began, used = time.monotonic(), cpu()
    driver._drive(set(task_ids), threading.Event())
    took, used = time.monotonic() - began, cpu() - used
    beside.end()
    used_beside = sum(spent - before.get(pid, 0.0) for pid, spent in beside.cpu.items())
    rows = 0
    for task_id in task_ids:
        told = monito.get_task_result(task_id)
        assert told.result is not None, told.error
        assert told.result["rows_found"] == sum(told.result[name] for name in ("rows_written", "rows_rejected", "rows_duplicate"))
        rows += told.result["rows_found"]
    print(json.dumps({"s": took, "cpu": used, "mb": peak_mb(), "beside_cpu": used_beside, "beside_mb": beside.mb, "rows": rows, **told.result["stages"]}))
"""
STAGES = ("file_processing", "data_validation", "llm_processing", "sheets_writing", "notifications")


def measure(package: Path, folder: Path, rows: int, lists: int = 1) -> dict[str, float]:
    """Take lists of so many rows through the driver of a version."""
    files = [
        csv(folder / f"warm{rows}.csv", 3_000, rows),
        *(csv(folder / f"list{rows}-{one}.csv", rows, rows + one) for one in range(lists)),
    ]
    # By the environment, since the process that draws the workbook of a service has its settings from there.
    of_driver = {"MONITO_HOME": str(folder / f"home{rows}"), "MONITO_CURRENCY": "IDR", "MONITO_MAX_FILE_MB": "200"}
    environment = os.environ | of_driver | {"PYTHONPATH": str(package)}
    command = [sys.executable, "-c", CHILD, *map(str, files)]
    # Elsewhere, since Python looks for the package in the working folder first.
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    result: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return result


def main() -> int:
    """Measure; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--lists", type=int, default=1)
    parser.add_argument("--package", type=Path, default=Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    table = Table(title=f"one list, no LLM\n{machine()}")
    for title in (
        "rows",
        "s",
        "ms a row",
        *STAGES,
        "driver CPU s / 1,000",
        "driver peak MB",
        "long lists' CPU s / 1,000",
        "long lists' peak MB",
    ):
        table.add_column(title, justify="right")
    results = []
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        for rows in arguments.rows:
            one = measure(arguments.package.resolve(), Path(folder), rows, arguments.lists)
            results.append(one)
            whole = rows * arguments.lists
            table.add_row(
                f"{arguments.lists} x {rows:,}",
                f"{one['s']:.1f}",
                f"{one['s'] * 1000 / whole:.3f}",
                *(f"{one[stage] / 1000:.1f}" for stage in STAGES),
                f"{one['cpu'] * 1000 / whole:.3f}",
                f"{one['mb']:.0f}",
                f"{one['beside_cpu'] * 1000 / whole:.3f}",
                f"{one['beside_mb']:.0f}",
            )
    Console(width=160).print(table)
    a_row = [one["s"] / one["rows"] for one in results]
    is_straight = max(a_row) <= WITHIN * min(a_row)
    is_quick = all(one["s"] <= LIMIT_S * one["rows"] / LIMIT_ROWS for one in results if one["rows"] >= LIMIT_ROWS)
    most_mb = DRIVER_MB if arguments.lists == 1 else MB_OF_MANY
    is_light = all(one["cpu"] * 1000 / one["rows"] <= DRIVER_CPU_S and one["mb"] <= most_mb for one in results)
    Console().print(
        f"one line within a fifth: {is_straight}; {LIMIT_S:.0f} s for {LIMIT_ROWS:,}: {is_quick}; the driver's limits: {is_light}"
    )
    return int(not (is_straight and is_quick and is_light))


if __name__ == "__main__":
    sys.exit(main())
