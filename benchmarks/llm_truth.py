"""Faults of every kind, and budgets with many callers: nothing wrong gets through, nobody passes."""

import argparse
import multiprocessing
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from typing import Any

from llm_world import goods, is_right, rows_of, show

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster import session
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.products import rules
from monito_ray.records import LlmUse, RawRow, Standard
from monito_ray.spending import Decision, LlmReservation, LlmSettlement
from monito_ray.store.database import new_id, open_store
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer

FAULTS = dict.fromkeys(
    (
        LlmFault.STATUS_500,
        LlmFault.STATUS_503,
        LlmFault.RESET,
        LlmFault.HANG,
        LlmFault.BROKEN_JSON,
        LlmFault.MISSING_ROWS,
        LlmFault.REPEATED_IDS,
        LlmFault.SWAPPED_IDS,
        LlmFault.TRUNCATED,
        LlmFault.REFUSAL,
    ),
    0.1,
)
CALLERS = 32
START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def add_to(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommands `faults` and `budgets`."""
    faults = parts.add_parser("faults", help="ten kinds of fault, 10 %% each, together: about 65 %% of all requests go wrong")
    faults.add_argument("--seeds", type=int, default=20)
    faults.add_argument("--rows", type=int, default=200)
    faults.set_defaults(run=run_faults)
    budgets = parts.add_parser("budgets", help="32 callers in two processes against budgets of tasks and days")
    budgets.add_argument("--runs", type=int, default=1000)
    budgets.set_defaults(run=run_budgets)


def run_faults(chosen: argparse.Namespace) -> bool:
    """Every row of every seed is right: as the truth has it where the LLM settled it, with the right size and pack where the rules did."""
    truth = goods(chosen.rows)
    rows, counts = rows_of(truth), Counter[str]()
    with LlmServer(latency_s=0.02, answers=truth) as server, session.embedded():
        pool = LlmPool(LlmAddress(server.url, "", "gpt-6-luna"), concurrency=32, batch_rows=10, timeout_s=0.5)
        pool.warm()
        for seed in range(chosen.seeds):
            server.fail(FAULTS, seed=seed)
            settled: dict[int, Standard] = {}
            for outcome in pool.ask_rows("Benchmark", list(map(RowItem, rows))):
                settled |= outcome.standards
            counts.update(_count_right(rows, truth, settled))
            counts["requests"] += server.paid.received
            counts["faults"] += server.paid.faults.total()
        pool.close()
    rows_sent = chosen.seeds * chosen.rows
    return show(
        f"Ten kinds of fault, 10 % each, {chosen.seeds} seeds of {chosen.rows} rows; {counts['faults']:,} of {counts['requests']:,} requests went wrong",
        [
            ("rows settled by the LLM, right", f"{counts['llm right'] / rows_sent:.1%}", "", True),
            ("rows left to the rules after two repairs, right in size and pack", f"{counts['rules right'] / rows_sent:.1%}", "", True),
            ("rows wrong, or under another's id", str(counts["wrong"]), "0", counts["wrong"] == 0),
            (
                "rows in all",
                f"{counts['llm right'] + counts['rules right']:,}",
                f"{rows_sent:,}",
                counts["llm right"] + counts["rules right"] == rows_sent,
            ),
        ],
    )


def _count_right(rows: list[RawRow], truth: dict[str, dict[str, Any]], settled: dict[int, Standard]) -> Counter[str]:
    counts = Counter[str]()
    for position, (row, by_rules) in enumerate(zip(rows, rules.standardize(rows), strict=True)):
        answer = truth[row.original_name]
        if position in settled:
            counts["llm right" if is_right(settled[position], answer) else "wrong"] += 1
        else:
            sizes = {field: answer[field] for field in ("size", "unit", "pack_count")}
            counts["rules right" if is_right(by_rules, sizes) else "wrong"] += 1
    return counts


def run_budgets(chosen: argparse.Namespace) -> bool:
    """What was paid, and what may have been, stays within the budget of every run; every second run's is the day's, for three tasks."""
    quick = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  disks are measured elsewhere
    with tempfile.TemporaryDirectory(dir=quick) as folder:
        url = f"sqlite:///{folder}/monito.db"
        task_ids = _tasks(url, Path(folder), 3 * chosen.runs)
        context = multiprocessing.get_context("spawn")
        barrier, results = context.Barrier(2), context.Queue()
        processes = [context.Process(target=_call, args=(url, task_ids, chosen.runs, which, barrier, results)) for which in range(2)]
        for process in processes:
            process.start()
        halves = [results.get() for _ in processes]
        for process in processes:
            process.join()
        paid = [one + two for one, two in zip(*halves, strict=True)]
        over, spent = _over(url, task_ids, paid)
    return show(
        f"Budgets: {chosen.runs:,} runs, {CALLERS} callers in two processes, costs at random, every fifth answer lost",
        [
            ("runs over their budget", str(over), "0", over == 0),
            ("of the budgets that was spent, on average", f"{spent:.0%}", "", True),
        ],
    )


def _tasks(url: str, folder: Path, count: int) -> list[str]:
    with open_store(url) as store:
        files, path = Artifacts(str(folder / "files"), 20.0), folder / "list.csv"
        path.write_text("Nama;Harga\nBeras;1000\n", "utf-8")
        return [submit_file(store, files, path, number, {"force": True}, START) for number in range(count)]


def _plan(number: int) -> tuple[Budgets, Random]:
    chance = Random(number)
    usd = Decimal(chance.randint(1, 60)) / 100
    return (Budgets(day_usd=usd) if number % 2 else Budgets(task_usd=usd)), chance


def _call(url: str, task_ids: list[str], runs: int, which: int, barrier: Barrier, results: "Queue[list[Decimal]]") -> None:
    """One process's half of the callers, run after run at the same time as the other's."""
    with open_store(url) as store, ThreadPoolExecutor(CALLERS // 2) as callers:
        paid = []
        for number in range(runs):
            budgets, _ = _plan(number)
            at = START + timedelta(days=number)
            book = LlmLedger(store, f"driver {which}", "gpt-6-luna", "", budgets, lambda at=at: at)
            own = task_ids[3 * number : 3 * number + 3] if number % 2 else [task_ids[3 * number]]
            barrier.wait()
            paid.append(
                sum(
                    callers.map(
                        lambda caller, book=book, own=own, number=number: _one(book, own, (number, which, caller)), range(CALLERS // 2)
                    ),
                    Decimal(0),
                )
            )
        results.put(paid)


def _one(book: LlmLedger, task_ids: list[str], seed: tuple[int, ...]) -> Decimal:
    """What one caller paid for its requests."""
    chance, paid = Random(str(seed)), Decimal(0)
    for _ in range(2):
        reservation = LlmReservation(new_id(), chance.choice(task_ids), 7, 1000, Decimal(chance.randint(1, 400)) / 10_000)
        if book.record([], [reservation]) == [Decision.GO]:
            cost = reservation.cost_usd * chance.randint(0, 4) / 4
            paid += cost
            book.record([LlmSettlement(reservation.id, LlmUse(1, 1, 1, 0, 1, cost), is_certain=chance.random() < 0.8)], [])
    return paid


def _over(url: str, task_ids: list[str], paid: list[Decimal]) -> tuple[int, float]:
    over, shares = 0, Decimal(0)
    with open_store(url) as store:
        for number, cost in enumerate(paid):
            budgets, _ = _plan(number)
            limit = budgets.day_usd or budgets.task_usd
            booked = sum(
                (
                    ledger.use_of_task(store, one).cost_usd + ledger.uncertain_cost_usd(store, one)
                    for one in task_ids[3 * number : 3 * number + 3]
                ),
                Decimal(0),
            )
            over += not cost <= booked <= limit
            shares += booked / limit
    return over, float(shares / len(paid))
