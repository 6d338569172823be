"""Whether a job that is killed at any of its points ends as one that is left alone.

    python benchmarks/crash_points.py list                    # the points of a main job, in order
    python benchmarks/crash_points.py sweep [--every 1]       # killed at each, taken up again by another process, compared to the byte
    python benchmarks/crash_points.py pairs [--pairs 200]     # killed at one point, and again at another
    python benchmarks/crash_points.py one "after telegram POST sendMessage #1" ...   # killed at these, one after the other
    python benchmarks/crash_points.py sample                  # killed six times in one job, in a home without earlier lists: for the suite

A main job: a list comes from a chat to a catalogue that has lists of this supplier and of another; some rows go to the LLM, and pairs of
offers; it ends in the catalogue, the workbook, a Google spreadsheet, and a message with the cleaned list. See `crash_job.py` for what is real,
`crash_outcome.py` for what is compared. Each line tells the point and what was found; ends with 1 where a run is not as it should be.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import crash_job
from crash_job import SentList
from crash_outcome import Outcome, Wounds, allowed, differences, outcome, wounds
from crash_tracing import Point

from monito_ray.pipeline import short_list
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.settings import Settings
from monito_ray.testing.sheets_server import new_key

LIMIT_S = 90.0
MOST_TRIES = 3
_JUNE = """Nama Barang;Satuan;Harga
Beras Ramos 5 kg;sak;75.000
Minyak Goreng 2 L;pcs;38.500
Gula Pasir 1 kg;pcs;17.500
Gula Pasir 1 kg;pcs;17.500
Kecap Manis 600 ml;botol;
Zorblax Qwyjibo;pcs;12.000
Vrumplet Snorf;pcs;9.900
Teh Celup 25 x 2 g;box;6.500
"""
_OTHER = """Product;Unit;Price
Ramos rice 5 kg;bag;74.000
Cooking oil 2 L;pcs;39.000
White sugar 1 kg;pcs;17.000
Zorblax Qwyjibo Royal;pcs;11.500
Sweet soy sauce 600 ml;bottle;21.000
"""
_JULY = (
    _JUNE.replace("75.000", "78.000").replace("Vrumplet Snorf;pcs;9.900\n", "").replace("botol;", "botol;22.000")
    + """Kopi Bubuk 200 g;pcs;24.000
Quastnik Plimf;pcs;8.000
Drosquel Marn;pcs;7.500
Fribbo Wend;pcs;1.500
Knarvel Obst;pcs;3.500
Snibbet Orl;pcs;5.500
Wuldrin Caft;pcs;6.100
Yorvik Semble;pcs;4.300
"""
)
EARLIER = [SentList("june.csv", _JUNE, "Toko A", "task000001"), SentList("other.csv", _OTHER, "Toko B", "task000002")]
MAIN = SentList("july.csv", _JULY, "Toko A", "task000003")
#: How the points of `sample` begin.
SAMPLE = (
    "after telegram POST sendMessage",
    "before rename to by_rules.parquet",
    "after llm POST completion",
    "after commit (insert catalog_writes",
    "after sheets POST :batchUpdate",
    "before telegram POST sendDocument",
)
#: The names that are not here come back as they are, which is an answer, too, to a name that no language has.
ANSWERS = {
    "Kecap Manis 600 ml": {"standardized_name": "Sweet soy sauce", "size": 600, "unit": "ml", "category": "sauces & condiments"},
    "Zorblax Qwyjibo": {"standardized_name": "Zorblax Qwyjibo", "category": "snacks"},
    "Quastnik Plimf": {"standardized_name": "Quastnik", "brand": "Plimf", "category": "snacks"},
}


@dataclass(frozen=True, slots=True)
class Run:
    """A job that was killed: where, whether it got there, and what was otherwise in the end."""

    kills: Sequence[Point]
    reached: int
    took_s: float
    wrong: list[str] = field(default_factory=list)
    #: What the kills changed of what they may change.
    allowed: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether it was killed where it should be, and ended as it should."""
        return not self.wrong

    def __str__(self) -> str:
        mark = "LOST" if self.wrong else "ok  " if self.reached == len(self.kills) else "ok -"
        return "\n".join(
            [f"{mark} {', then '.join(map(str, self.kills))} ({', '.join([f'{self.took_s:.1f} s', *self.allowed])})", *self.wrong]
        )


class Bench:
    """Servers in a process of their own, a home with the earlier lists, and what the main job leaves when nobody kills it, `alone` times."""

    def __init__(self, folder: Path, earlier: Sequence[SentList] = EARLIER, alone: int = 2) -> None:
        fork = multiprocessing.get_context("fork")
        self._folder = folder
        self._servers, theirs = fork.Pipe()
        self._process = fork.Process(target=crash_job.play, args=(theirs, new_key(), ANSWERS), daemon=True)
        self._process.start()
        theirs.close()
        self._before: Path | None = None
        self.points: list[Point] = []
        self._sent: list[SentList] = []
        for sent in earlier:
            self._before = self._keep(sent)
        self.expected = self._alone(alone)

    def close(self) -> None:
        """End the servers."""
        self._servers.close()
        self._process.join(10)

    def run(self, kills: Sequence[Point]) -> Run:
        """Do the main job, killed at each of these points in turn, and compare.

        A driver that gets no CPU for eight seconds gives its task back, as it should, and is no driver that was killed: then once more.
        """
        for _ in range(MOST_TRIES):
            run, releases = self._run_once(kills)
            if releases <= run.reached:
                break
        return run

    def _run_once(self, kills: Sequence[Point]) -> tuple[Run, int]:
        """Return the run, and how often its task was taken from a driver."""
        began, hurt, reached = time.monotonic(), Wounds(), 0
        with self._world(MAIN) as (home, settings):
            for kill_at in (*kills, None):
                code = self._attempt(settings, MAIN, kill_at)
                if code == -signal.SIGKILL:
                    reached += 1
                    hurt += wounds(home)
                elif code:
                    return Run(kills, reached, time.monotonic() - began, [f"the job ended with {code}: {self._log()}"]), reached
                else:
                    break
            left = outcome(home, self._look(), MAIN.task_id)
        took_s = time.monotonic() - began
        run = Run(kills, reached, took_s, differences(self.expected, left, hurt), allowed(self.expected, left))
        return run, left.releases - self.expected.releases

    def _alone(self, times: int) -> Outcome:
        """Return what the main job leaves when nobody kills it, after so many runs that agree; note its points."""
        outcomes = []
        for _ in range(times):
            with self._world(MAIN) as (home, settings):
                code = self._attempt(settings, MAIN, None)
                if code:
                    raise RuntimeError(f"the job ended with {code}: {self._log()}")
                outcomes.append(outcome(home, self._look(), MAIN.task_id))
                self.points = [Point(*parts) for parts in json.loads((self._folder / "points.json").read_text())]
        if wrong := [line for other in outcomes for line in differences(outcomes[0], other, Wounds())]:
            raise RuntimeError("two runs that nobody killed differ:\n" + "\n".join(wrong))
        return outcomes[0]

    def _keep(self, sent: SentList) -> Path:
        kept = self._folder / f"kept-{sent.name}"
        with self._world(sent) as (home, settings):
            code = self._attempt(settings, sent, None)
            if code:
                raise RuntimeError(f"the job ended with {code}: {self._log()}")
            self._ask("keep")
            shutil.copytree(home, kept)
        self._sent.append(sent)
        return kept

    @contextmanager
    def _world(self, sent: SentList) -> Iterator[tuple[Path, Settings]]:
        """Give a home as the earlier lists left it, and settings for servers to which `sent` was sent."""
        home = self._folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        if self._before is not None:
            shutil.copytree(self._before, home)
        self._servers.send(("start", [*self._sent, sent]))
        try:
            yield home, crash_job.settings_of(home, *self._servers.recv())
        finally:
            self._servers.send(("stop",))

    def _attempt(self, settings: Settings, sent: SentList, kill_at: Point | None) -> int:
        """Do the job in a process of its own; return how it ended, -9 where it was killed."""
        child = os.fork()
        if not child:
            self._be_the_job(settings, sent, kill_at)
        until = time.monotonic() + LIMIT_S
        while True:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > until:
                os.kill(child, signal.SIGABRT)
                os.waitpid(child, 0)
                return -signal.SIGABRT
            time.sleep(0.01)

    def _be_the_job(self, settings: Settings, sent: SentList, kill_at: Point | None) -> None:
        code = 1
        try:
            log = os.open(self._folder / "job.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            import faulthandler  # noqa: PLC0415

            faulthandler.enable()
            os.environ["TMPDIR"] = str(self._folder / "scratch")
            (self._folder / "scratch").mkdir(exist_ok=True)
            crash_job.do_job(settings, sent.task_id, kill_at, self._folder / "points.json")
            code = 0
        except BaseException:  # noqa: BLE001  this process ends here, whatever happens
            import traceback  # noqa: PLC0415

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _look(self) -> dict[str, Any]:
        seen: dict[str, Any] = self._ask("look")
        return seen

    def _ask(self, what: str) -> Any:
        self._servers.send((what,))
        return self._servers.recv()

    def _log(self) -> str:
        return (self._folder / "job.log").read_text()[-3000:]


@contextmanager
def bench(earlier: Sequence[SentList] = EARLIER, alone: int = 2) -> Iterator[Bench]:
    """Give a bench whose folder is removed in the end."""
    warm()
    with tempfile.TemporaryDirectory(prefix="crash-points-") as folder:
        made = Bench(Path(folder), earlier, alone)
        try:
            yield made
        finally:
            made.close()


def warm() -> None:
    """Load what the job needs, so that no run does it again; no thread may be started by it."""
    import filelock  # noqa: F401, PLC0415
    import gspread  # noqa: F401, PLC0415
    import matplotlib.figure  # noqa: F401, PLC0415
    import openai  # noqa: F401, PLC0415
    import pandas as pd  # noqa: F401, PLC0415
    import telegram.ext  # noqa: F401, PLC0415

    import monito_ray.clients.pictures.chart_png  # noqa: PLC0415
    import monito_ray.clients.sheets.spreadsheet  # noqa: PLC0415
    import monito_ray.clients.workbook.drawing  # noqa: PLC0415
    import monito_ray.steps.publish  # noqa: PLC0415
    import monito_ray.steps.stage_table  # noqa: F401, PLC0415

    for sent in (*EARLIER, MAIN):
        short_list.read_and_standardize(sent.text.encode(), sent.name, Hints(sent.supplier, "", "IDR"), lenient=False)


def sample(made: Bench) -> Iterator[Run]:
    """Kill one job at points of all its stages, one after the other."""
    starts = [start.partition(" ") for start in SAMPLE]
    yield made.run(
        [next(point for point in made.points if (point.moment, point.what[: len(what)]) == (moment, what)) for moment, _, what in starts]
    )


def sweep(made: Bench, points: Sequence[Point]) -> Iterator[Run]:
    """Kill the job at each point."""
    for point in points:
        yield made.run([point])


def pairs(made: Bench, numbers: range, first: int, seed: int) -> Iterator[Run]:
    """Kill the job at pairs of its first points: each point once first, before any is so again, and the second drawn."""
    points = made.points[:first]
    for number in numbers:
        yield made.run([points[number % len(points)], random.Random(f"{seed} {number}").choice(points)])


def report(runs: Iterator[Run]) -> int:
    """Print each run, and how many were good; 1 where one was not."""
    counts = Counter[str]()
    began = time.monotonic()
    for run in runs:
        counts["runs"] += 1
        counts["good"] += run.is_good
        counts["killed at every point"] += run.reached == len(run.kills)
        counts.update(run.allowed)
        print(run, flush=True)
    print(f"\n{dict(counts)} in {time.monotonic() - began:.0f} s")
    return int(counts["good"] < counts["runs"])


def main() -> None:
    """Run the mode that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["list", "sweep", "pairs", "one", "sample"])
    parser.add_argument("points", nargs="*", help="of `one`")
    parser.add_argument("--every", type=int, default=1, help="of `sweep`: each n-th point")
    parser.add_argument("--start", type=int, default=0, help="the number of the first point, or pair")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--first", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with bench(*([(), 1] if chosen.mode == "sample" else [])) as made:
        if chosen.mode == "list":
            print(*made.points, sep="\n")
            sys.exit(0)
        runs = {
            "sweep": lambda: sweep(made, made.points[chosen.start :: chosen.every]),
            "pairs": lambda: pairs(made, range(chosen.start, chosen.pairs), chosen.first, chosen.seed),
            "sample": lambda: sample(made),
            "one": lambda: iter([made.run([point_of(text) for text in chosen.points])]),
        }
        sys.exit(report(runs[chosen.mode]()))


def point_of(text: str) -> Point:
    """Return the point of a line that `list` printed."""
    match = re.fullmatch(r"(\w+) (.*) #(\d+)", text)
    if match is None:
        raise ValueError(f"no point: {text}")
    return Point(match[2], int(match[3]), match[1])


if __name__ == "__main__":
    main()
