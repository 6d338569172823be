"""Whether anything is lost, paid or said twice, whatever dies.

    python benchmarks/chaos.py kills [--target driver ...] [--kills 20] [--rows 2500]   # kill -9 at random instants
    python benchmarks/chaos.py pairs [--only driver,llm500 ...]                           # two faults at once
    python benchmarks/chaos.py resumes [--kills 5]                                        # how soon work goes on after an actor's death, a driver's start
    python benchmarks/chaos.py stopped [--seconds 60]                                     # SIGSTOP the driver while another takes over
    python benchmarks/chaos.py memory [--lists 300]                                       # private memory of the driver over many lists

A real `monito serve` (parent, driver, bot, Ray) works against servers that play Telegram, Google Sheets and the LLM, and count. Each mode
prints a line for each run and a table, and ends with 1 when a promise was broken. Everything is on loopback and bounded in time.
"""

import argparse
import itertools
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil
from faults import FAULTS, kill_soon
from service import TARGETS, Lost, Service, price_list, service, until

from monito_ray.store.file_lock_queue import LockTimeout, file_lock

LIST_S = 180.0
LISTS_A_HOME = 5
DISK_MB = 192
SETTLED_S = 15.0
RESUMED_S = {"actor": 5.0, "driver": 15.0}
MOST_GROWTH = 0.10
BATCH_ROWS = 40
"""Most rows of a request."""

UNCOUNTED = 10**6
"""Instead of the requests in flight where the price of a fault is not what is asked."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one list. `beyond` counts rows that were paid more than once, `flying` the requests in flight at the kill.

    `broken` says what the hurting itself found wrong: a promise broken while it lasted, or a fault that did not happen at all.
    """

    what: str
    is_done: bool
    rows_once: bool
    closings: int
    beyond: int
    flying: int
    recovery_s: float
    fault: str = ""
    broken: str = ""

    @property
    def is_good(self) -> bool:
        """Whether every promise was kept; a closing message that may have gone out when its driver was killed is not sent again."""
        closed = self.closings == 1 or (self.flying == UNCOUNTED and self.closings == 0)
        return not self.broken and self.is_done and self.rows_once and closed and self.beyond <= self.flying * BATCH_ROWS

    def __str__(self) -> str:
        said = f"{'ok  ' if self.is_good else 'LOST'} {self.what:<16} done {self.is_done}, rows once {self.rows_once}, "
        said += f"closing messages {self.closings}, {self.beyond} rows paid again, {self.flying} requests in flight, over after {self.recovery_s:.1f} s"
        return " ".join(filter(None, (said, self.broken, self.fault)))


def one_list(made: Service, name: str, rows: int, dice: random.Random, what: str, wound: "Wound") -> Run:
    """Send a list, hurt the service while it works, and look at what came of it."""
    text, names = price_list(rows, dice)
    supplier = f"Toko {name}"
    paid, paid_rows, fault, broken, flying = made.llm.paid.requests, made.llm.paid.rows, "", "", 0
    made.send(f"{name}.csv", text, supplier)
    hurt_at = time.monotonic()
    try:
        flying, hurt_at = wound(made, dice, lambda: made.llm.paid.requests - paid), time.monotonic()
    except Lost as error:
        broken = str(error)
    try:
        until(lambda: (task := made.task(f"{name}.csv")) is not None and task.has_ended, LIST_S, "the list does not end")
        until(lambda: made.documents(name), 40, "no closing message")
        time.sleep(0.5)
    except Lost as error:
        fault = str(error)
    task = made.task(f"{name}.csv")
    written = made.sheet_names(supplier)
    return Run(
        what,
        task is not None and task.status == "success",
        sorted(written) == sorted(names),
        len(made.documents(name)),
        made.llm.paid.rows - paid_rows - rows,
        flying,
        time.monotonic() - hurt_at,
        fault or (task.error if task is not None else ""),
        broken,
    )


class Wound:
    """Kill `target` at a random instant of the list's way: after a random time, or a random share of its requests."""

    def __init__(self, target: str, rows: int) -> None:
        self._target = target
        self._requests = -(-rows // BATCH_ROWS)

    def __call__(self, made: Service, dice: random.Random, paid: Callable[[], int]) -> int:
        """Do it; the requests in flight at that moment."""
        if dice.random() < 0.3:
            time.sleep(dice.uniform(0, 3))
        else:
            wanted = dice.randrange(self._requests)
            until(lambda: paid() >= wanted, LIST_S, "the LLM is not asked")
            time.sleep(dice.uniform(0, 0.3))
        return kill_soon(made, self._target)


def kills(targets: Sequence[str], count: int, rows: int, seed: int) -> Iterator[Run]:
    """`count` lists for each target, a fresh home for every few."""
    for target in targets:
        dice = random.Random(f"{seed} {target}")
        for start in range(0, count, LISTS_A_HOME):
            with service() as made:
                for number in range(start, min(start + LISTS_A_HOME, count)):
                    yield one_list(made, f"{target}{number:02}", rows, dice, f"{target} {number + 1}", Wound(target, rows))


def pairs(only: Sequence[str], rows: int, seed: int) -> Iterator[Run]:
    """A list for each two faults that befall it at random instants of its way."""
    wanted = [tuple(pair.split(",")) for pair in only] or list(itertools.combinations(FAULTS, 2))
    for part in (wanted[start : start + LISTS_A_HOME] for start in range(0, len(wanted), LISTS_A_HOME)):
        with service(disk_mb=DISK_MB) as made:
            for first, second in part:
                name = f"{first}-{second}"
                yield one_list(made, name, rows, random.Random(f"{seed} {name}"), f"pair {name}", Both(first, second))


class Both:
    """Two faults, each begun within the first seconds of a list's way; over when both are."""

    def __init__(self, first: str, second: str) -> None:
        self._faults = first, second

    def __call__(self, made: Service, dice: random.Random, _paid: Callable[[], int]) -> int:
        """Let both happen; what they cost is not counted."""
        with ThreadPoolExecutor(len(self._faults)) as threads:
            running = [threads.submit(_befall, made, name, dice.uniform(0, 5)) for name in self._faults]
        for one in running:
            one.result()
        return UNCOUNTED


def _befall(made: Service, name: str, after_s: float) -> None:
    time.sleep(after_s)
    try:
        FAULTS[name](made)
    except (OSError, sqlite3.Error) as error:
        raise Lost(f"the fault {name} did not happen: {error}") from error


def stopped(seconds: float, rows: int, seed: int) -> Iterator[Run]:
    """A driver that is away with SIGSTOP while another takes its list over: back again, it writes nothing about it."""
    dice = random.Random(seed)
    with service(latency_s=1.0) as made:
        yield one_list(made, "stopped", rows, dice, "stopped 1", Away(seconds))


class Away:
    """SIGSTOP the driver in the middle of a list, let a second service end the list, and see that SIGCONT changes nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __call__(self, made: Service, _dice: random.Random, paid: Callable[[], int]) -> int:
        """Stop, wait for the other to end the list, go on, and compare what was written before and after."""
        until(lambda: paid() >= 5, LIST_S, "the LLM is not asked")
        old = made.driver()
        if old is None:
            raise Lost("there is no driver")
        until(lambda: _stopped_outside_a_write(made, old), LIST_S, "the driver writes without a pause")
        began = time.monotonic()
        with made.another():
            until(lambda: (task := made.task("stopped.csv")) is not None and task.has_ended, LIST_S, "nobody took the list over")
            time.sleep(max(0.0, self._seconds - (time.monotonic() - began)))
            before = made.written("stopped.csv")
            old.send_signal(signal.SIGCONT)
            time.sleep(SETTLED_S)
            after = made.written("stopped.csv")
        if before != after:
            raise Lost(f"the old driver wrote: {before} became {after}")
        return UNCOUNTED


def _stopped_outside_a_write(made: Service, driver: psutil.Process) -> bool:
    """Stop the driver, unless it has SQLite's lock just now: then nobody else could write until it goes on, and nothing would be shown."""
    driver.send_signal(signal.SIGSTOP)
    try:
        with file_lock(made.home / "monito.db.lock", 0.0):
            return True
    except LockTimeout:
        driver.send_signal(signal.SIGCONT)
        return False


def resumes(count: int, rows: int, seed: int) -> int:
    """Seconds from an actor's death, and from a driver's start, to the next request that reaches the LLM; 1 when one takes too long."""
    dice, worst = random.Random(seed), {"actor": 0.0, "driver": 0.0}
    with service(latency_s=1.0) as made:
        for number in range(count):
            for target, limit_s in RESUMED_S.items():
                text, _ = price_list(rows, dice)
                before = made.llm.paid.received
                made.send(f"{target}{number}.csv", text, "Toko")
                until(lambda before=before: made.llm.paid.received > before + 8, LIST_S, "the LLM is not asked")
                old = made.driver()
                kill_soon(made, target)
                began = time.time()
                if target == "driver":
                    until(lambda old=old: (new := made.driver_child()) is not None and new != old, LIST_S, "no driver starts")
                    began = made.driver_child().create_time()
                seen = made.llm.paid.received
                until(lambda seen=seen: made.llm.paid.received > seen, LIST_S, "the LLM is not asked again")
                took_s = time.time() - began
                worst[target] = max(worst[target], took_s)
                print(f"{target} {number + 1}: {took_s:.1f} s (at most {limit_s:.0f})", flush=True)
                name = f"{target}{number}.csv"
                until(lambda name=name: (task := made.task(name)) is not None and task.has_ended, LIST_S, "the list does not end")
    return int(any(worst[target] > limit_s for target, limit_s in RESUMED_S.items()))


def memory(lists: int, seed: int) -> int:
    """Private memory of the driver after many lists, each of products of its own, against that after the first 50.

    1 when it grew by more than a tenth.
    """
    sizes: dict[int, int] = {}
    with service(latency_s=0.05, per_row_s=0.0, MONITO_USER_FILES_PER_HOUR="100000") as made:
        for number in range(1, lists + 1):
            text, _ = price_list(100, random.Random(f"{seed} {number}"))
            made.send(f"m{number}.csv", text, "Toko m")
            until(lambda name=f"m{number}.csv": (task := made.task(name)) is not None and task.has_ended, LIST_S, "a list does not end")
            driver = made.driver()
            if number % 50 == 0 and driver is not None:
                sizes[number] = driver.memory_full_info().uss
                print(f"after {number} lists: {sizes[number] / 2**20:.1f} MB private", flush=True)
    grown = sizes[max(sizes)] / sizes[min(sizes)] - 1
    print(f"grown by {grown:.1%} (at most {MOST_GROWTH:.0%})")
    return int(grown > MOST_GROWTH)


def table(runs: Sequence[Run]) -> int:
    """Print what came of the runs, by their first word; 1 when one was not good."""
    print(
        f"\n{'what':<10}{'runs':>6}{'good':>6}{'done':>6}{'once':>6}{'closed':>8}{'beyond':>8}{'flying':>8}{'median s':>10}{'worst s':>9}"
    )
    for what in dict.fromkeys(run.what.split()[0] for run in runs):
        own = [run for run in runs if run.what.split()[0] == what]
        times = sorted(run.recovery_s for run in own)
        print(
            f"{what:<10}{len(own):>6}{sum(run.is_good for run in own):>6}{sum(run.is_done for run in own):>6}"
            f"{sum(run.rows_once for run in own):>6}{sum(run.closings == 1 for run in own):>8}{sum(run.beyond for run in own):>8}"
            f"{sum(run.flying for run in own):>8}{times[len(times) // 2]:>10.1f}{times[-1]:>9.1f}"
        )
    return 0 if all(run.is_good for run in runs) else 1


def main() -> None:
    """Run the mode that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["kills", "pairs", "resumes", "stopped", "memory"])
    parser.add_argument("--only", nargs="+", default=[], metavar="FAULT,FAULT", help=f"of {', '.join(FAULTS)}")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--lists", type=int, default=300)
    parser.add_argument("--target", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    if chosen.mode == "memory":
        sys.exit(memory(chosen.lists, chosen.seed))
    if chosen.mode == "resumes":
        sys.exit(resumes(min(chosen.kills, 5), chosen.rows, chosen.seed))
    modes = {
        "kills": lambda: kills(chosen.target, chosen.kills, chosen.rows, chosen.seed),
        "pairs": lambda: pairs(chosen.only, chosen.rows, chosen.seed),
        "stopped": lambda: stopped(chosen.seconds, chosen.rows, chosen.seed),
    }
    runs = []
    for run in modes[chosen.mode]():
        print(run, flush=True)
        runs.append(run)
    sys.exit(table(runs))


if __name__ == "__main__":
    main()
