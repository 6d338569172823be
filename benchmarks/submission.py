"""How fast a submission is on disk, and that a kill loses none.

    python benchmarks/submission.py [--processes 20] [--each 10]

Twenty warm processes submit side by side, each timed around the call alone; each tells of its task on a pipe once the call has
returned. Then all are killed (SIGKILL) and the store is opened anew: every task that was told of is there, with its file. Beside the
99th percentile stands the floor: what writing and syncing one small file takes on this disk.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from monito_ray.api import Monito
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.settings import Settings
from monito_ray.store.database import open_store

MOST_MS = 50.0


def submitter(home: str, number: int, each: int, start: "multiprocessing.synchronize.Barrier", told: Connection) -> None:
    """Submit lists of one's own, tell of each, and wait to be killed."""
    settings = Settings(MONITO_HOME=home, MONITO_USER_FILES_PER_HOUR=100_000)  # type: ignore[call-arg]
    path = Path(home) / f"list{number}.csv"
    with Monito(settings) as monito:
        path.write_text("warm;1")
        monito.submit_file_processing(path, number)
        start.wait()
        for turn in range(each):
            path.write_text(f"name;price\nRice {number} {turn};{turn + 1}\n")
            began = time.perf_counter()
            task_id = monito.submit_file_processing(path, number)
            told.send((task_id, (time.perf_counter() - began) * 1000))
        signal.pause()


def synced_ms(folder: Path) -> float:
    """The median time of writing and syncing a small file."""
    took = []
    for turn in range(20):
        began = time.perf_counter()
        with (folder / f"probe{turn}").open("wb") as file:
            file.write(b"x" * 100)
            file.flush()
            os.fsync(file.fileno())
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[10]


def main() -> None:
    """Submit, kill, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--each", type=int, default=10)
    chosen = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as home:
        settings = Settings(MONITO_HOME=home)  # type: ignore[call-arg]
        open_store(settings.store_url).close()
        floor_ms = synced_ms(Path(home))
        start = context.Barrier(chosen.processes)
        pipes = [context.Pipe(duplex=False) for _ in range(chosen.processes)]
        people = [
            context.Process(target=submitter, args=(home, number, chosen.each, start, told)) for number, (_, told) in enumerate(pipes, 1)
        ]
        for person in people:
            person.start()
        found = [heard.recv() for heard, _ in pipes for _ in range(chosen.each)]
        for person in people:
            person.kill()
        for person in people:
            person.join()
        took = sorted(ms for _, ms in found)
        with open_store(settings.store_url) as store:
            kept = queue.load_all(store, [task_id for task_id, _ in found])
        files = Artifacts(settings.files)
        whole = sum(bool(files.read_upload(task.file_hash)) for task in kept)
        p99 = took[int(len(took) * 0.99) - 1]
        print(
            f"{len(found)} submissions of {chosen.processes} processes: median {took[len(took) // 2]:.1f} ms, p99 {p99:.1f} ms (at most {MOST_MS:.0f}), "
        )
        print(
            f"worst {took[-1]:.1f} ms; one synced file takes {floor_ms:.2f} ms here; after the kill {whole} of {len(found)} are there with their file"
        )
        sys.exit(int(p99 > MOST_MS or whole != len(found)))


if __name__ == "__main__":
    main()
