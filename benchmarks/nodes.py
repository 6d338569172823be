"""A cluster whose nodes and drivers come and go: `python benchmarks/nodes.py [--events kill cut add driver]`.

Lists of rows that are all new, three nodes. A node with LLM workers is killed, one is cut off for 30 s and comes back, one is added,
the driver is killed, all in one run. Good: every list done, every row written once, none paid twice, and after each event the rate is back at
80 % within 20 s.
"""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import namespaces
import psutil
from aiohttp import web
from service import Lost, price_list, until
from sqlalchemy import func, select

from monito_ray.jobs import heartbeat, queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.records import Status
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import llm_requests, offers
from monito_ray.testing.llm_server import LlmServer

#: How far and how soon the rate has to be back.
SHARE, BACK_S = 0.8, 20.0
#: The rate before an event is that of so many seconds, the rate after it of so many.
BEFORE_S, WINDOW_S = 10.0, 4.0
LIMIT_S = 1500.0
#: A request that the ledger has reserved reaches the server within this.
LEAVES_WITHIN_S = 5.0
EVENTS = ("kill", "cut", "add", "driver")


@dataclass(frozen=True)
class Answered:
    """A request that the server has answered, and so been paid for."""

    received: datetime
    answered: datetime
    #: The host that asked.
    host: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"from {self.host}, {self.received:%H:%M:%S.%f} to {self.answered:%H:%M:%S.%f}, {len(self.names)} rows"


class OpenLlmServer(LlmServer):
    """The testing server where nodes reach it; it knows which requests it has answered."""

    def __init__(self, host: str, latency_s: float, per_row_s: float) -> None:
        super().__init__(latency_s=latency_s, per_row_s=per_row_s)
        self.answered: list[Answered] = []
        self._socket.close()
        self._socket = socket.create_server((host, 0))
        self._host, self._port = self._socket.getsockname()

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        return f"http://{self._host}:{self._port}/v1"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        received = datetime.now(UTC)
        reply = await super()._answer(request)
        if reply.status == HTTPStatus.OK:
            question = json.loads(json.loads(await request.read())["messages"][-1]["content"].rpartition("\n\n")[2])
            names = tuple(row["name"] for row in question.get("rows", []))
            self.answered.append(Answered(received, datetime.now(UTC), request.remote or "", names))
        return reply

    def repeats(self) -> list[tuple[Answered, list[Answered]]]:
        """Return each answer about names that were answered before, with those earlier ones."""
        by_name: dict[str, list[Answered]] = {}
        found = []
        for one in self.answered:
            earlier = {id(before): before for name in one.names for before in by_name.get(name, ())}
            if earlier:
                found.append((one, list(earlier.values())))
            for name in one.names:
                by_name.setdefault(name, []).append(one)
        return found


class Rate:
    """How many rows were answered by when."""

    def __init__(self, llm: LlmServer) -> None:
        self._llm = llm
        self._seen: list[tuple[float, int]] = []
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            self._seen.append((time.monotonic(), self._llm.paid.rows))
            time.sleep(0.1)

    def between(self, start: float, end: float) -> float:
        """Return rows a second."""
        counts = [count for at, count in self._seen if start <= at <= end]
        return (counts[-1] - counts[0]) / (end - start) if len(counts) > 1 else 0.0

    def back_after(self, event: float, wanted: float, next_event: float) -> float:
        """Return how long after `event` a window begins whose rate is as wanted, after the first one in which it was not; 0 without one.

        A window that reaches into the next event says nothing of this one.
        """
        ends = [at for at, _ in self._seen if at >= event + WINDOW_S]
        rates = [(at - WINDOW_S - event, self.between(at - WINDOW_S, at)) for at in ends]
        last_s = min(BACK_S, next_event - WINDOW_S - event)
        dip_s = next((after_s for after_s, rate in rates if rate < wanted and after_s <= last_s), None)
        if dip_s is None:
            return 0.0
        return next((after_s for after_s, rate in rates if after_s > dip_s and rate >= wanted), float("inf"))


@dataclass
class Event:
    """Something that befell the cluster."""

    what: str
    at: float
    rate: float
    back_s: float = float("inf")

    def __str__(self) -> str:
        return f"{self.what}: {self.rate:.0f} rows/s before, {SHARE:.0%} of it after {self.back_s:.1f} s"


class Run:
    """A service on a cluster, and lists that it works on."""

    def __init__(self, made: namespaces.Cluster, llm: OpenLlmServer, home: Path, concurrency: int) -> None:
        self.made, self.llm, self.home = made, llm, home
        self.files = home / "files"
        #: The task of each name.
        self.tasks: dict[str, str] = {}
        self.database = f"sqlite:///{home / 'monito.db'}"
        settings = {
            "MONITO_HOME": str(home),
            "OPENAI_BASE_URL": llm.url,
            "MONITO_LLM_CONCURRENCY": str(concurrency),
            "MONITO_CURRENCY": "IDR",
            "MONITO_USER_CONCURRENT": "1000",
            "RAY_ADDRESS": made.address,
        }
        self.log = (home / "serve.log").open("ab")
        command = [sys.executable, "-m", "monito_ray", "serve"]
        self.process = subprocess.Popen(command, env=made.environment | settings, cwd=home, stdout=self.log, stderr=self.log)
        until(self.driver, 120, "the service does not start")

    def store(self) -> Store:
        """Open its database."""
        return open_store(self.database)

    def driver(self) -> int:
        """Return the number of the driver's process, 0 while there is none."""
        if not (self.home / "monito.db").exists():
            return 0
        with self.store() as store:
            found = heartbeat.serving_drivers(store, datetime.now(UTC))
        return found[-1].pid if found else 0

    def submit(self, count: int, rows: int) -> list[str]:
        """Submit lists, each of another person."""
        made = []
        with self.store() as store:
            for number in range(count):
                path = self.home / f"list{number}.csv"
                text, names = price_list(rows, random.Random(f"nodes {number}"))
                path.write_text(text, encoding="utf-8")
                files = Artifacts(str(self.files), 20.0)
                made.append(submit_file(store, files, path, number + 1, {"supplier": f"Toko {number}"}, datetime.now(UTC)))
                self.tasks |= dict.fromkeys(names, made[-1])
        return made

    def is_done(self, ids: list[str]) -> bool:
        """Whether all lists have ended."""
        with self.store() as store:
            return all(task.has_ended for task in queue.load_all(store, ids))

    def stop(self) -> None:
        """End the service."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            for process in [*parent.children(recursive=True), parent]:
                process.kill()
        self.log.close()


def _workers_on(node: namespaces.Node) -> int:
    listed = subprocess.run(["ip", "netns", "pids", node.name], capture_output=True, text=True, check=False).stdout.split()
    titles = []
    for number in listed:
        with suppress(psutil.Error, OSError):
            titles.append(Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode())
    return sum(title.startswith("ray::LLM worker") or "LlmWorker" in title for title in titles)


def _died_with_its_worker(answered: Answered, tasks: dict[str, str], unsettled: Sequence[Any]) -> bool:
    """Return whether the ledger has the request as one that nobody can know the answer of."""
    task = tasks[answered.names[0]]
    took_s = [(answered.received - one.at.replace(tzinfo=UTC)).total_seconds() for one in unsettled if one.task_id == task]
    return any(0 <= seconds < LEAVES_WITHIN_S for seconds in took_s)


def chaos(lists: int, rows: int, concurrency: int, what: Sequence[str], keep: Path | None) -> int:
    """Let everything happen in one run; database and log of the service are kept in a folder `keep`."""
    with namespaces.cluster(1) as made, OpenLlmServer(made.host, 2.0, 0.02) as llm:
        home = made.logs.parent / "home"
        home.mkdir(mode=0o700)
        first, second = made.add(1), made.add(1)
        time.sleep(12)
        run = Run(made, llm, home, concurrency)
        try:
            return _chaos(made, run, Rate(llm), (first, second), lists, rows, what)
        finally:
            run.stop()
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                for name in ("serve.log", "monito.db", "monito.db-wal"):
                    with suppress(FileNotFoundError):
                        shutil.copy(home / name, keep)
            notes = [line for line in (home / "serve.log").read_text().splitlines() if line.strip() and "[info" not in line]
            print("\n".join(f"    {line[:200]}" for line in notes[-40:]))


def _chaos(
    made: namespaces.Cluster,
    run: Run,
    rate: Rate,
    pair: tuple[namespaces.Node, namespaces.Node],
    lists: int,
    rows: int,
    what: Sequence[str],
) -> int:
    first, second = pair
    until(lambda: _workers_on(first) and _workers_on(second), 90, "no LLM worker on every node")
    ids = run.submit(lists, rows)
    began = time.monotonic()
    until(lambda: rate.between(time.monotonic() - 5, time.monotonic()) > 0, 120, "nothing is asked")
    time.sleep(BEFORE_S + 5)
    events: list[Event] = []

    def befall(event: str, do: Callable[[], None]) -> None:
        now = time.monotonic()
        events.append(Event(event, now, rate.between(now - BEFORE_S, now)))
        print(f"{now - began:5.0f} s  {datetime.now(UTC):%H:%M:%S}  {event}, at {events[-1].rate:.0f} rows/s", flush=True)
        do()

    if "kill" in what:
        until(lambda: _workers_on(first), 60, "no LLM worker on the node that is to be killed")
        befall(f"a node with {_workers_on(first)} LLM workers killed", first.kill)
        time.sleep(BACK_S + 8)
    if "cut" in what:
        befall("a node cut off", second.cut)
        time.sleep(30)
        befall("that node back", second.mend)
        time.sleep(BACK_S)
    if "add" in what:
        befall("a node added", lambda: made.add(1) and None)
        time.sleep(BACK_S)
    if "driver" in what:
        befall("the driver killed", lambda: os.kill(run.driver(), signal.SIGKILL))
    until(lambda: run.is_done(ids), LIMIT_S - (time.monotonic() - began), "not all lists are done")
    print(f"{lists} lists of {rows} rows in {time.monotonic() - began:.0f} s")
    for event, next_at in zip(events, [*(one.at for one in events[1:]), float("inf")], strict=True):
        event.back_s = rate.back_after(event.at, SHARE * event.rate, next_at)
        print(event)
    rates = [event.back_s for event in events]
    is_good = _is_whole(run, ids, lists * rows) and max(rates) <= BACK_S
    print(f"{'good' if is_good else 'NOT GOOD'}: back after {statistics.median(rates):.1f} s in the median, {max(rates):.1f} s at the most")
    return int(not is_good)


def _is_whole(run: Run, ids: list[str], rows: int) -> bool:
    """Whether all lists are done, and every row was written and paid once."""
    with run.store() as store:
        tasks = queue.load_all(store, ids)
        with store.read() as connection:
            written = int(connection.execute(select(func.count()).select_from(offers)).scalar_one())
            bad = select(llm_requests).where(llm_requests.c.state != "settled").order_by(llm_requests.c.at)
            unsettled = connection.execute(bad).all()
            states = dict(map(tuple, connection.execute(select(llm_requests.c.state, func.count()).group_by(llm_requests.c.state))))
    done = sum(task.status is Status.SUCCESS for task in tasks)
    for one in unsettled:
        print(f"    {one.state} request of {one.at:%H:%M:%S}, ended {one.ended_at or 'never'} {one.error}, driver {one.driver}")
    twice = Counter[bool]()
    for again, earlier in run.llm.repeats():
        is_dead = all(_died_with_its_worker(before, run.tasks, unsettled) for before in earlier)
        twice[is_dead] += sum(len(set(again.names) & set(before.names)) for before in earlier)
        print(f"    paid twice{', its worker died' * is_dead}: {again}, names such as {again.names[0]!r}")
        print(*(f"        before: {before}" for before in earlier), sep="\n")
    asked = len(run.tasks.keys() & run.llm.paid.names.keys())
    print(f"{done} done, {written} offers, {asked} names asked, {twice[False]} paid twice; requests in the ledger: {states}")
    print(f"    {twice[True]} more twice, whose answers came to a worker in the moment of its death: the ledger has them as unknown")
    return done == len(ids) and written == rows and not twice[False]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", nargs="*", choices=EVENTS, default=EVENTS, help="what befalls it")
    parser.add_argument("--lists", type=int, default=24)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=12)
    parser.add_argument("--keep", type=Path, help="a folder for the service's log and database")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # what was started is ended all the same
    if why := namespaces.missing_right():
        print(why)
        return
    try:
        sys.exit(chaos(chosen.lists, chosen.rows, chosen.concurrency, chosen.events, chosen.keep))
    except Lost as error:
        sys.exit(f"NOT GOOD: {error}")


if __name__ == "__main__":
    main()
