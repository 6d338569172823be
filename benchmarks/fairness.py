"""Whether people share the work by rows, whoever sends more.

    python benchmarks/fairness.py behind [--long 50000]    # a list of 20 rows behind another person's long list, against the same list alone
    python benchmarks/fairness.py shares [--rows 20000]    # two people with as many rows each: how their answers grow side by side

A driver with Ray and the LLM's pool warm works against the testing server (latency scaled down). `behind` prints both times and their ratio
(at most 3); `shares` the largest distance from equal parts between the first quarter and the end (at most 10 %): answers come in waves of
`MONITO_LLM_CONCURRENCY` requests of 40 rows, so less than some waves says nothing.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from llm_world import server
from service import price_list, until

from monito_ray import wiring
from monito_ray.driver.driver import Driver
from monito_ray.events import Event, StageAdvanced
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.settings import Settings
from monito_ray.store.database import Store, open_store

ANN, BOB = 1, 2
MOST_TIMES, MOST_APART = 3.0, 0.10
LIMIT_S = 540.0


class Bench:
    """A serving driver, its store, and how far each task's LLM stage is."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.answered: dict[str, int] = {}
        self.driver: Driver | None = None

    def hear(self, event: Event) -> None:
        """Note the rows that are settled."""
        if isinstance(event, StageAdvanced):
            self.answered[event.task_id] = event.rows_done

    def submit(self, user_id: int, rows: int, name: str) -> str:
        """A person sends a list that no rule knows."""
        path = Path(self.settings.home) / f"{name}.csv"
        path.write_text(price_list(rows, random.Random(name))[0], encoding="utf-8")
        files = Artifacts(self.settings.files, self.settings.max_file_mb)
        return submit_file(self.store, files, path, user_id, {"supplier": f"Toko {name}"}, datetime.now(UTC))

    def is_over(self, task_id: str) -> bool:
        """Whether it has ended."""
        return queue.load(self.store, task_id).has_ended


@contextmanager
def serving() -> Iterator[Bench]:
    """A warm driver that serves."""
    with (
        tempfile.TemporaryDirectory(prefix="fairness-", ignore_cleanup_errors=True) as home,
        server({}, latency_s=0.1, per_row_s=0.008) as url,
    ):
        # The workbook is drawn by another process, which has its settings from the environment.
        os.environ |= {"MONITO_HOME": home, "OPENAI_BASE_URL": url, "MONITO_CURRENCY": "IDR"}
        settings = Settings()
        with open_store(settings.store_url) as store:
            made, stop = Bench(settings, store), threading.Event()
            with wiring.serving_driver(settings, made.hear) as driver:
                thread = threading.Thread(target=driver.serve, args=(stop,))
                thread.start()
                warm = made.submit(ANN, 20, "warm")
                until(lambda: made.is_over(warm), LIMIT_S, "the driver does not get warm")
                try:
                    yield made
                finally:
                    stop.set()
                    thread.join(60)


def took_s(made: Bench, name: str) -> float:
    """From sending a list of 20 rows to its end."""
    began = time.monotonic()
    task_id = made.submit(BOB, 20, name)
    until(lambda: made.is_over(task_id), LIMIT_S, f"{name} does not end")
    return time.monotonic() - began


def behind(rows: int) -> int:
    """A short list behind a long one, at several moments of the long one's way."""
    with serving() as made:
        alone = sorted(took_s(made, f"alone{turn}") for turn in range(3))[1]
        long = made.submit(ANN, rows, "long")
        times = []
        while not made.is_over(long) or len(times) < 8:
            times.append(took_s(made, f"behind{len(times)}"))
            at = queue.load(made.store, long).stage
            print(f"behind {rows} rows ({at}, {made.answered.get(long, 0)} answered): {times[-1]:.2f} s", flush=True)
            time.sleep(1)
    worst = max(times) / alone
    print(
        f"alone {alone:.2f} s; behind: median {sorted(times)[len(times) // 2]:.2f} s, worst {max(times):.2f} s: {worst:.1f} times (at most {MOST_TIMES:.0f})"
    )
    return int(worst > MOST_TIMES)


def shares(rows: int) -> int:
    """Two long lists of two people."""
    with serving() as made:
        ids = made.submit(ANN, rows, "ann"), made.submit(BOB, rows, "bob")
        until(lambda: all(made.answered.get(task_id, 0) >= rows // 10 for task_id in ids), LIMIT_S, "nothing is answered")
        start, worst = [made.answered[task_id] for task_id in ids], 0.0
        while not any(made.is_over(task_id) for task_id in ids) and max(made.answered.values()) < rows * 0.98:
            done = [made.answered[task_id] - first for task_id, first in zip(ids, start, strict=True)]
            if sum(done) > rows // 2:
                worst = max(worst, abs(done[0] - done[1]) / sum(done))
            time.sleep(0.1)
    print(f"two lists of {rows} rows: at most {worst:.1%} from equal parts (at most {MOST_APART:.0%})")
    return int(worst > MOST_APART)


def main() -> None:
    """Run the part that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["behind", "shares"])
    parser.add_argument("--long", type=int, default=50_000)
    parser.add_argument("--rows", type=int, default=20_000)
    chosen = parser.parse_args()
    sys.exit(behind(chosen.long) if chosen.part == "behind" else shares(chosen.rows))


if __name__ == "__main__":
    main()
