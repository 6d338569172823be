"""Whether the laws hold, whatever goes wrong in whichever order: the service over simulated time, each seed a run.

    python benchmarks/simulation.py seeds [--first 0] [--count 20000] [--cores 2] [--minutes M]   # runs, and what broke
    python benchmarks/simulation.py replay SEED [--keep 3,17] [--bug NAME] [--trace]              # one run again, to the byte
    python benchmarks/simulation.py shrink SEED [--bug NAME]                                      # its least steps
    python benchmarks/simulation.py bugs [--first 0] [--count 1000] [--only NAME ...] [--cores 2] # how many of the planted bugs are found

The real driver, bot, steps, queues, scheduler and SQLite run in one thread, over a simulated clock; LLM, Telegram and disk are simulated. `seeds`
and `bugs` end with 1 when a law was broken, or more than `MOST_MISSED` bugs were not found.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from simulated.bugs import BUGS, Bug, planted
from simulated.plan import plan_of
from simulated.run import Result, carry_out
from simulated.shrink import shrink

MOST_MISSED = 5
#: Seeds that a process carries out before it is asked again whether the time is over.
_SHARE = 25


def main() -> None:
    """Run the mode that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["seeds", "replay", "shrink", "bugs"])
    parser.add_argument("seed", type=int, nargs="?", default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--keep", default="")
    parser.add_argument("--bug", default="")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--trace", action="store_true")
    chosen = parser.parse_args()
    _hash_alike()
    if chosen.mode == "seeds":
        sys.exit(_seeds(chosen.first, chosen.count or 20_000, chosen.cores, chosen.minutes))
    if chosen.mode == "bugs":
        sys.exit(_bugs(range(chosen.first, chosen.first + (chosen.count or 1000)), chosen.only, chosen.cores))
    with _with_bug(chosen.bug):
        sys.exit(
            _replay(chosen.seed, chosen.keep, shows_trace=chosen.trace) if chosen.mode == "replay" else _shrink(chosen.seed, chosen.bug)
        )


def _hash_alike() -> None:
    """Start anew with the hashes of texts that all runs have: the order of sets depends on them."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606


def _seeds(first: int, count: int, cores: int, minutes: float) -> int:
    """Carry seeds out and tell what broke; 1 when something did."""
    began, done, points, simulated_s, broken = time.monotonic(), 0, 0, 0.0, 0
    with ProcessPoolExecutor(cores) as processes:
        shares = [range(start, min(start + _SHARE, first + count)) for start in range(first, first + count, _SHARE)]
        until = time.time() + 60 * minutes
        for results in processes.map(partial(_share, until=until), shares):
            for result in results:
                done, points, simulated_s = done + 1, points + result.points, simulated_s + result.simulated_s
                if result.broken:
                    broken += 1
                    _tell(result)
    took_s = time.monotonic() - began
    print(f"{done} seeds, {broken} with a violation; {points:,} points, {simulated_s / 3600:,.1f} simulated hours")
    print(f"{took_s:.0f} s on {cores} cores (load {os.getloadavg()[0]:.1f}): {3600 * done / took_s:,.0f} seeds an hour")
    return int(broken > 0)


def _share(seeds: Sequence[int], until: float) -> list[Result]:
    return [carry_out(plan_of(seed)) for seed in seeds if time.time() < until]


def _tell(result: Result, bug: str = "") -> None:
    said = f" --bug {bug!r}" if bug else ""
    print(f"seed {result.plan.seed}: {'; '.join(result.broken[:3])}")
    print(f"    python benchmarks/simulation.py shrink {result.plan.seed}{said}", flush=True)


def _replay(seed: int, keep: str, *, shows_trace: bool) -> int:
    plan = plan_of(seed)
    if keep:
        plan = plan.keeping(tuple(map(int, keep.split(","))))
    result = carry_out(plan, keeps_trace=shows_trace)
    for line in result.trace:
        print(line)
    print(plan.setup)
    print(f"seed {seed}: {result.points} points, {result.simulated_s:.1f} simulated seconds, digest {result.digest}")
    for what in result.broken:
        print(f"BROKEN {what}")
    return int(bool(result.broken))


def _shrink(seed: int, bug: str) -> int:
    plan = plan_of(seed)
    result = carry_out(plan)
    if not result.broken:
        print(f"seed {seed} breaks no law")
        return 0
    kept = shrink(plan, result.law)
    print(f"seed {seed} breaks the law {result.law!r} by {len(kept)} of {len(plan.steps)} steps:")
    for index in kept:
        print(f"    {index}: {plan.steps[index]}")
    said = f" --bug {bug!r}" if bug else ""
    print(f"    python benchmarks/simulation.py replay {seed} --keep {','.join(map(str, kept))}{said} --trace")
    return 1


def _bugs(seeds: range, only: Sequence[str], cores: int) -> int:
    """Plant each bug and count those that a seed finds; 1 when too many are missed."""
    wanted = [bug for bug in BUGS if not only or bug.name in only]
    began, found, counts = time.monotonic(), 0, []
    with ProcessPoolExecutor(cores) as processes:
        for bug, result in zip(wanted, processes.map(partial(_find, seeds=seeds), wanted), strict=True):
            if result is None:
                print(f"MISSED  {bug.name}", flush=True)
                continue
            found += 1
            counts.append(result.plan.seed - seeds.start + 1)
            print(f"{counts[-1]:>6}  {bug.name}: {result.broken[0][:100]}", flush=True)
    middle = sorted(counts)[len(counts) // 2] if counts else 0
    print(
        f"{found} of {len(wanted)} planted bugs found within {len(seeds)} seeds, half of them by the first {middle}; {time.monotonic() - began:.0f} s"
    )
    return int(len(wanted) - found > MOST_MISSED)


def _find(bug: Bug, seeds: range) -> Result | None:
    """Return the first run that a bug breaks."""
    with planted(bug):
        return next(_broken_runs(seeds), None)


def _broken_runs(seeds: range) -> Iterator[Result]:
    for seed in seeds:
        result = carry_out(plan_of(seed))
        if result.broken:
            yield result


def _with_bug(name: str) -> AbstractContextManager[None]:
    return planted(next(bug for bug in BUGS if bug.name == name)) if name else nullcontext()


if __name__ == "__main__":
    main()
