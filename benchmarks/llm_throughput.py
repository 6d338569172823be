"""Rows a second against what the latency allows."""

import argparse
import math
import tempfile
import threading
import time
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from llm_world import LATENCY_S, PER_ROW_S, goods, is_right, paid, rows_of, server, show

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster import session
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.pipeline.llm.answer_checks import answer_key
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import RawRow, Standard
from monito_ray.store.database import Store, open_store
from monito_ray.wiring import utc_now

MODEL = "gpt-6-luna"
STAGE_LIMIT, LISTS_LIMIT = 1.3, 0.85


def add_to(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommands `stage` and `throughput`."""
    stage = parts.add_parser("stage", help="one list through a warm pool")
    stage.add_argument("--rows", type=int, default=4000)
    stage.add_argument("--lists", type=int, default=1)
    stage.add_argument("--concurrency", type=int, default=32)
    lists = parts.add_parser("throughput", help="20 lists of 1,000 rows side by side")
    lists.add_argument("--rows", type=int, default=1000)
    lists.add_argument("--lists", type=int, default=20)
    lists.add_argument("--concurrency", type=int, default=64)
    for parser, judge in ((stage, _stage), (lists, _lists)):
        parser.add_argument("--batch-rows", type=int, default=40)
        parser.add_argument("--runs", type=int, default=3)
        parser.add_argument(
            "--budget-usd", type=Decimal, default=Decimal(0), help="for each list; keeping one needs bounds instead of guesses"
        )
        parser.set_defaults(run=run, judge=judge)


def run(chosen: argparse.Namespace) -> bool:
    """Measure each run: answers are stored and every request is in the ledger, as in a driver."""
    truth = goods(chosen.rows)
    requests = math.ceil(chosen.rows / chosen.batch_rows) * chosen.lists
    ideal_s = max(math.ceil(requests / chosen.concurrency), requests / chosen.concurrency) * (LATENCY_S + PER_ROW_S * chosen.batch_rows)
    allowed_s = requests / chosen.concurrency * (LATENCY_S + PER_ROW_S * chosen.batch_rows)
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        url = open_.enter_context(server(truth))
        store = open_.enter_context(open_store(f"sqlite:///{folder}/monito.db"))
        open_.enter_context(session.embedded())
        book = LlmLedger(store, "benchmark", MODEL, "", Budgets(task_usd=chosen.budget_usd), utc_now)
        pool = LlmPool(LlmAddress(url, "", MODEL), chosen.concurrency, chosen.batch_rows, ledger=book)
        pool.warm()
        task_ids = [_task(store, folder, number) for number in range(chosen.lists)]
        list(pool.ask_rows("Benchmark", list(map(RowItem, rows_of(truth)[: chosen.concurrency])), task_id=task_ids[0]))
        measured = [measure(pool, truth, task_ids, number) for number in range(chosen.runs)]
        pool.close()
        use = [ledger.use_of_task(store, task_id) for task_id in task_ids]
        tally = paid(url)
    agree = sum(one.requests for one in use) == tally["received"] and sum(one.prompt_tokens for one in use) == tally["prompt_tokens"]
    verdicts = [verdict for result in measured for verdict in chosen.judge(chosen, ideal_s, allowed_s, *result)]
    verdicts.append(("ledger and server agree on requests and tokens", f"{tally['received']:,} requests", "equal", agree))
    verdicts.append(
        ("most in flight at once", str(tally["peak_in_flight"]), str(chosen.concurrency), tally["peak_in_flight"] <= chosen.concurrency)
    )
    shape = f"{chosen.lists} x {chosen.rows} rows, batches of {chosen.batch_rows}, {chosen.concurrency} in flight"
    return show(f"Throughput, warm: {shape}; the latency allows {allowed_s:.2f} s, in whole waves {ideal_s:.2f} s", verdicts)


def _task(store: Store, folder: Path, number: int) -> str:
    path = folder / f"list{number}.csv"
    path.write_text(f"Nama;Harga\nBeras {number} kg;1000\n", "utf-8")
    return submit_file(store, Artifacts(str(folder / "files"), 20.0), path, number, {}, utc_now())


def measure(pool: LlmPool, truth: dict[str, dict[str, Any]], task_ids: list[str], run_number: int) -> tuple[float, int]:
    """Seconds for all lists side by side, and how many of their rows came back right."""
    settled_by_list: list[dict[int, Standard]] = [{} for _ in task_ids]
    rows = rows_of(truth)
    keys = [answer_key(RowItem(row), f"{MODEL} {run_number}") for row in rows]

    def ask(number: int) -> None:
        own = [f"{key[:56]}{number}" for key in keys]
        for outcome in pool.ask_rows("Benchmark", list(map(RowItem, rows)), own, user_id=number % 4, task_id=task_ids[number]):
            settled_by_list[number] |= outcome.standards

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(task_ids))]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - started, sum(_right(settled, rows, truth) for settled in settled_by_list)


def _right(settled: dict[int, Standard], rows: list[RawRow], truth: dict[str, dict[str, Any]]) -> int:
    return sum(is_right(standard, truth[rows[position].original_name]) for position, standard in settled.items())


def _stage(chosen: argparse.Namespace, ideal_s: float, _allowed_s: float, took_s: float, right: int) -> list[tuple[str, str, str, bool]]:
    return [
        ("seconds for whole waves, times", f"{took_s / ideal_s:.2f}", f"<= {STAGE_LIMIT}", took_s <= STAGE_LIMIT * ideal_s),
        _rows(chosen, right),
    ]


def _lists(chosen: argparse.Namespace, _ideal_s: float, allowed_s: float, took_s: float, right: int) -> list[tuple[str, str, str, bool]]:
    share = allowed_s / took_s
    return [
        (f"of what the latency allows ({took_s:.2f} s)", f"{share:.1%}", f">= {LISTS_LIMIT:.0%}", share >= LISTS_LIMIT),
        _rows(chosen, right),
    ]


def _rows(chosen: argparse.Namespace, right: int) -> tuple[str, str, str, bool]:
    rows = chosen.rows * chosen.lists
    return ("rows right", f"{right:,}", f"{rows:,}", right == rows)
