"""Whether anything is lost, paid or said twice, whatever dies.

    python benchmarks/chaos.py kills [--target driver ...] [--kills 20] [--rows 2000]   # kill -9 at random instants
    python benchmarks/chaos.py pairs [--only driver,llm500 ...]                           # two faults at once
    python benchmarks/chaos.py stopped [--seconds 60]                                     # SIGSTOP the driver while another takes over
    python benchmarks/chaos.py memory [--lists 300]                                       # private memory of the driver over many lists

A real `monito serve` (parent, driver, bot, Ray) works against servers that play Telegram, Google Sheets and the LLM, and count. Each mode
prints a line for each run and a table, and ends with 1 when a promise was broken. Everything is on loopback and bounded in time.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service import TARGETS, Lost, Service, price_list, service, until

LIST_S = 180.0
LISTS_A_HOME = 5


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one list. `beyond` counts paid requests beyond one for each full batch, `flying` those in flight at the kill."""

    what: str
    is_done: bool
    rows_once: bool
    closings: int
    beyond: int
    flying: int
    recovery_s: float
    fault: str = ""

    @property
    def is_good(self) -> bool:
        """Whether every promise was kept."""
        return self.is_done and self.rows_once and self.closings == 1 and self.beyond <= self.flying

    def __str__(self) -> str:
        said = f"{'ok  ' if self.is_good else 'LOST'} {self.what:<16} done {self.is_done}, rows once {self.rows_once}, "
        said += (
            f"closing messages {self.closings}, paid beyond {self.beyond} of {self.flying} in flight, over after {self.recovery_s:.1f} s"
        )
        return f"{said}{' ' if self.fault else ''}{self.fault}"


def one_list(made: Service, name: str, rows: int, dice: random.Random, what: str, wound: "Wound") -> Run:
    """Send a list, hurt the service while it works, and look at what came of it."""
    text, names = price_list(rows, dice)
    supplier = f"Toko {name}"
    paid, fault, flying = made.llm.paid.requests, "", 0
    made.send(f"{name}.csv", text, supplier)
    hurt_at = time.monotonic()
    try:
        flying, hurt_at = wound(made, dice, lambda: made.llm.paid.requests - paid), time.monotonic()
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
        made.llm.paid.requests - paid - -(-rows // 40),
        flying,
        time.monotonic() - hurt_at,
        fault or (task.error if task is not None else ""),
    )


class Wound:
    """Kill `target` at a random instant of the list's way: after a random time, or a random share of its requests."""

    def __init__(self, target: str, rows: int) -> None:
        self._target = target
        self._requests = -(-rows // 40)

    def __call__(self, made: Service, dice: random.Random, paid: Callable[[], int]) -> int:
        """Do it; the requests in flight at that moment."""
        if dice.random() < 0.3:
            time.sleep(dice.uniform(0, 3))
        else:
            wanted = dice.randrange(self._requests)
            until(lambda: paid() >= wanted, LIST_S, "the LLM is not asked")
            time.sleep(dice.uniform(0, 0.3))
        deadline = time.monotonic() + 30
        while (flying := made.kill(self._target)) is None:
            if time.monotonic() > deadline:
                raise Lost(f"there is no {self._target} to kill")
            time.sleep(0.02)
        return flying


def kills(targets: Sequence[str], count: int, rows: int, seed: int) -> Iterator[Run]:
    """`count` lists for each target, a fresh home for every few."""
    for target in targets:
        dice = random.Random(f"{seed} {target}")
        for start in range(0, count, LISTS_A_HOME):
            with service() as made:
                for number in range(start, min(start + LISTS_A_HOME, count)):
                    yield one_list(made, f"{target}{number:02}", rows, dice, f"{target} {number + 1}", Wound(target, rows))


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
    parser.add_argument("mode", choices=["kills"])
    parser.add_argument("--target", nargs="+", choices=TARGETS, default=list(TARGETS))
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    runs = []
    for run in kills(chosen.target, chosen.kills, chosen.rows, chosen.seed):
        print(run, flush=True)
        runs.append(run)
    sys.exit(table(runs))


if __name__ == "__main__":
    main()
