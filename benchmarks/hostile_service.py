"""Files made to hurt through a running `monito serve`, with a healthy list beside them.

    python benchmarks/hostile_service.py [--count 12] [--seed 2] [--part 1/4] [--rows 1500]
    python benchmarks/hostile_service.py cancels                                    # the last part alone

A healthy list is submitted again and again, first alone, then while another person's hostile files are read, two at a time; its time from
submission to success may at most double (medians); this part is without an LLM, chats and spreadsheets. Then lists that take long are sent into a
chat, more than are read at once, and cancelled there by `/cancel` while they are read: each reader has to be idle or gone within two seconds of
the message. Services have homes of their own, and end with this.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import bombs
import psutil
from reading import goods
from service import BUYER as PERSON
from service import Lost, service, until

from monito_ray import Monito
from monito_ray.errors import FileUnusable
from monito_ray.records import Status
from monito_ray.settings import Settings

MOST_SLOWED, MOST_CANCEL_S = 2.0, 2.0
BUYER, ATTACKER = 8, 7
_START_S, _END_S = 120.0, 300.0
_ALONE, _CANCELLED = 7, 10
#: After so many hostile files it is told how it goes.
_TOLD_EVERY = 50
_ENDED = (Status.SUCCESS, Status.FAILURE, Status.CANCELLED)
#: A reader that has computed for longer than its start takes works on a file.
_LOADED_CPU_S = 3.0
#: How often, and after a cancel for how long, readers are looked at.
_LOOK_S, _WATCHED_S = 0.05, 4.0


@contextmanager
def serving(home: Path) -> Iterator[Monito]:
    """Run the service in `home` and give a way to it."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}
    variables |= {"MONITO_HOME": str(home), "MONITO_METRICS_PORT": "0", "MONITO_CURRENCY": "IDR", "MONITO_USER_FILES_PER_HOUR": "100000"}
    with (home / "serve.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "monito_ray", "serve"], env=variables, cwd=home, stdout=log, stderr=log)
    settings = Settings(MONITO_HOME=home, MONITO_CURRENCY="IDR", MONITO_USER_FILES_PER_HOUR=100_000)  # type: ignore[call-arg]
    try:
        with Monito(settings) as monito:
            until = time.monotonic() + _START_S
            while not monito.get_drivers() and time.monotonic() < until:
                time.sleep(0.2)
            yield monito
    finally:
        tree = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        for one in tree:
            with suppress(psutil.NoSuchProcess):
                one.kill()


def ended(monito: Monito, task_id: str) -> float:
    """Wait until a task ended; how long this took."""
    began = time.monotonic()
    while monito.get_task_result(task_id).status not in _ENDED:
        if time.monotonic() - began > _END_S:
            raise TimeoutError(task_id)
        time.sleep(0.02)
    return time.monotonic() - began


def healthy(monito: Monito, folder: Path, rows: int, number: int) -> float:
    """Submit a list of the same goods at other prices, and return how long it takes: a catalogue that grows would slow later lists by itself."""
    path, dice = folder / f"healthy-{number}.csv", random.Random(number)
    lines = [f"{name};pcs;{price + dice.randrange(-8, 9) * 250}" for name, price in goods(rows, seed=1000)]
    path.write_text("\n".join(["Nama Barang;Satuan;Harga", *lines]) + "\n")
    task = monito.submit_file_processing(path, BUYER, {"use_llm": False, "supplier": "Sound Foods"})
    took = ended(monito, task)
    if monito.get_task_result(task).status is not Status.SUCCESS:
        raise RuntimeError(monito.get_task_result(task))
    return took


def beside_bombs(
    monito: Monito, folder: Path, files: Sequence[bombs.Bomb], rows: int, minutes: float
) -> tuple[list[float], dict[str, int]]:
    """Submit hostile files, two at a time, and healthy lists meanwhile; times of the healthy ones, and what became of the others."""
    waiting, open_tasks, times = list(files), set[str](), []
    outcomes = Counter[str]()
    until = time.monotonic() + minutes * 60
    while waiting or open_tasks:
        if time.monotonic() > until:
            waiting.clear()
        while waiting and len(open_tasks) < 2:
            bomb = waiting.pop(0)
            path = folder / bomb.file_name
            path.write_bytes(bomb.make())
            try:
                open_tasks.add(monito.submit_file_processing(path, ATTACKER, {"use_llm": False, "supplier": "Unsound Foods"}))
            except FileUnusable as error:  # refused at the door
                outcomes[type(error).__name__] += 1
        times.append(healthy(monito, folder, rows, _ALONE + len(times)))
        for task in [*open_tasks]:
            result = monito.get_task_result(task)
            if result.status in _ENDED:
                open_tasks.discard(task)
                what = "read" if result.status is Status.SUCCESS else str(result.error).partition(": ")[2][:60]
                outcomes[what] += 1
                if not outcomes.total() % _TOLD_EVERY:
                    print(f"{outcomes.total()} hostile files; a healthy list {_spread(times)}", flush=True)
    return times, outcomes


def cancelled() -> list[float]:
    """Send lists that take long into a chat and `/cancel` each; for each reader that worked on one how long it goes on after the messages.

    More are sent than are read at once, so some of them are cancelled while they wait.
    """
    times = []
    with service(MONITO_USER_FILES_PER_HOUR="100000") as made:
        for number in range(_CANCELLED):
            had, names = _readers(), [f"long-{number}-{place}.pdf" for place in range(4)]
            for place, name in enumerate(names):
                made.telegram.send_document(
                    PERSON, name, bombs.pdf_pages(45, lines=400) + b"%% %d %d" % (number, place), caption="Toko Lama"
                )
            until(lambda names=names: all(made.task(name) for name in names), _START_S, "a list is not acknowledged")
            tasks = [task.id for name in names if (task := made.task(name))]
            until(lambda had=had: any(_is_at_work(*one, had) for one in _readers().items()), _START_S, "no list is read")
            began = time.monotonic()
            for task_id in tasks:
                made.telegram.send_text(PERSON, f"/cancel {task_id}")
            times += _stops({pid: cpu_s for pid, cpu_s in _readers().items() if pid not in had or cpu_s > had[pid]}, began)
            ends = [task.status for name in names if (task := made.task(name))]
            if ends != [Status.CANCELLED] * len(names):
                raise Lost(f"lists that were cancelled: {ends}")
    return times


def _stops(computed: dict[int, float], began: float) -> list[float]:
    """Return for each of these readers when it computed last, in seconds since `began`, looked at for `_WATCHED_S`."""
    last = dict.fromkeys(computed, 0.0)
    while time.monotonic() < began + _WATCHED_S:
        time.sleep(_LOOK_S)
        for pid, cpu_s in _readers().items():
            if pid in computed and cpu_s > computed[pid]:
                computed[pid], last[pid] = cpu_s, time.monotonic() - began
    return [*last.values()]


def _is_at_work(pid: int, cpu_s: float, had: dict[int, float]) -> bool:
    return cpu_s > had[pid] + 1.0 if pid in had else cpu_s > _LOADED_CPU_S


def _readers() -> dict[int, float]:
    """Return the processor time of each child that reads."""
    return {one.pid: _cpu_s(one) for one in psutil.Process().children(recursive=True) if _is_reader(one)}


def _is_reader(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any("isolation.child_main" in part for part in process.cmdline())
    return False


def _cpu_s(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def main() -> None:
    """Measure, and fail where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("all", "cancels"), default="all")
    parser.add_argument("--count", type=int, default=12, help="hostile files beside the known ones")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--part", default="1/1", metavar="N/M", help="every M-th file alone, from the N-th on")
    parser.add_argument("--minutes", type=float, default=5.0, help="no hostile file is submitted later")
    parser.add_argument("--rows", type=int, default=1500, help="rows of a healthy list")
    chosen = parser.parse_args()
    part, parts = map(int, chosen.part.split("/"))
    files = [*bombs.known(), *bombs.grown(chosen.count, chosen.seed)][part - 1 :: parts]
    slowed = 0.0
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        home = folder / "home"
        home.mkdir()
        if chosen.what == "all":
            with serving(home) as monito:
                healthy(monito, folder, chosen.rows, 10_000)
                alone = [healthy(monito, folder, chosen.rows, number) for number in range(_ALONE)]
                beside, outcomes = beside_bombs(monito, folder, files, chosen.rows, chosen.minutes)
                slowed = statistics.median(beside) / statistics.median(alone)
                print(f"{sum(outcomes.values())} of {len(files)} hostile files: {outcomes}")
                print(f"a healthy list of {chosen.rows:,} rows: alone {_spread(alone)}, beside them {_spread(beside)}: {slowed:.2f} times")
    stops = cancelled()
    print(f"{len(stops)} readers go on after a cancel for {_spread(stops)} (load {os.getloadavg()[0]:.1f})")
    sys.exit(slowed > MOST_SLOWED or max(stops) > MOST_CANCEL_S)


def _spread(times: Sequence[float]) -> str:
    return f"{min(times):.2f} / {statistics.median(times):.2f} / {max(times):.2f} s (least, median, most of {len(times)})"


if __name__ == "__main__":
    main()
