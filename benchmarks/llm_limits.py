"""Limits of the provider: used and not passed, where they are announced and where they are not, and followed where they change."""

import argparse
import json
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from llm_world import goods, paid, rows_of, server, show

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster import session
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.errors import ClusterUnavailable
from monito_ray.pipeline.llm.row_items import RowItem

ACTORS, CONCURRENCY = 8, 64
RPM, TPM = 600, 2_000_000
WARM_S, RUN_S = 30.0, 180.0
CUT_AT_S, RESTORED_AT_S, END_S = 60.0, 165.0, 285.0
Sample = tuple[float, dict[str, Any]]
Verdict = tuple[str, str, str, bool]


@dataclass(frozen=True)
class Run:
    """One run: the server's options, rows in a request, when limits change to how many requests a minute."""

    options: tuple[str, ...]
    batch_rows: int
    length_s: float
    judge: Callable[[str, list[Sample]], list[Verdict]]
    changes: tuple[tuple[float, int], ...] = ()
    silent: bool = False


def add_to(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand `limits`."""
    parser = parts.add_parser("limits", help="runs of three to five minutes against limits")
    parser.add_argument("--together", type=int, default=2, help="runs side by side; each starts 8 actors")
    parser.add_argument("--only", nargs="*", choices=list(RUNS), default=list(RUNS))
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> bool:
    """Some runs side by side: each has a server, a pool of 8 actors and lists of its own."""
    truth = goods(2000)
    with session.embedded(), ThreadPoolExecutor(chosen.together) as threads:
        by_run = list(threads.map(lambda name: measure(name, RUNS[name], truth), chosen.only))
    return show(
        f"Limits of the provider, {ACTORS} actors, {CONCURRENCY} in flight at most",
        [verdict for verdicts in by_run for verdict in verdicts],
    )


def measure(name: str, chosen: Run, truth: dict[str, dict[str, Any]]) -> list[Verdict]:
    """Ask without end for as long as the run lasts, and look at the server's account every second."""
    silent = ("--silent",) if chosen.silent else ()
    with server(truth, *chosen.options, *silent) as url:
        pool = LlmPool(LlmAddress(url, "", "gpt-6-luna"), CONCURRENCY, chosen.batch_rows, workers=ACTORS)
        _warm(pool)
        stop = threading.Event()
        askers = [threading.Thread(target=_ask, args=(pool, truth, stop, user_id)) for user_id in range(4)]
        began = time.monotonic()
        for asker in askers:
            asker.start()
        samples, changes = [], list(chosen.changes)
        while (now := time.monotonic() - began) < chosen.length_s:
            if changes and now >= changes[0][0]:
                _limit(url, changes.pop(0)[1], chosen)
            samples.append((now, paid(url)))
            time.sleep(max(0.0, began + len(samples) - time.monotonic()))
        stop.set()
        for asker in askers:
            asker.join()
        pool.close()
    verdicts = chosen.judge(name, samples)
    print(name, [verdict[1] for verdict in verdicts], flush=True)
    return verdicts


def _warm(pool: LlmPool) -> None:
    """Eight actors need their time on a machine that others use, too."""
    for _ in range(3):
        with suppress(ClusterUnavailable):
            pool.warm()
            return
    pool.warm()


def _ask(pool: LlmPool, truth: dict[str, dict[str, Any]], stop: threading.Event, user_id: int) -> None:
    rows = rows_of(truth)
    while not stop.is_set():
        for _ in pool.ask_rows("Benchmark", list(map(RowItem, rows)), stop=stop, user_id=user_id):
            pass


def _limit(url: str, requests: int, chosen: Run) -> None:
    limits = {"requests": requests, "headers": not chosen.silent, "retry_after": not chosen.silent, "burst_s": _burst_s(chosen)}
    body = json.dumps(limits).encode()
    request = urllib.request.Request(url.removesuffix("/v1") + "/limits", body, {"content-type": "application/json"})  # noqa: S310
    urllib.request.urlopen(request).close()  # noqa: S310


def _burst_s(chosen: Run) -> float:
    return float(chosen.options[chosen.options.index("--burst-s") + 1]) if "--burst-s" in chosen.options else 60.0


def _between(samples: list[Sample], start_s: float, end_s: float) -> tuple[float, float, float]:
    """Answers and tokens a minute, and the share of 429 among all answers, between two times."""
    first = next(account for at, account in samples if at >= start_s)
    last = [account for at, account in samples if at <= end_s][-1]
    minutes = (end_s - start_s) / 60
    answered, refused = last["requests"] - first["requests"], last["over_limit"] - first["over_limit"]
    tokens = sum(last[kind] - first[kind] for kind in ("prompt_tokens", "completion_tokens"))
    return answered / minutes, tokens / minutes, refused / max(1, answered + refused)


def _steady(name: str, samples: list[Sample]) -> list[Verdict]:
    requests, tokens, refused = _between(samples, WARM_S, RUN_S - 1)
    used, limit = (tokens, TPM) if name == "tokens" else (requests, RPM)
    return [
        (f"{name}: used of {limit:,} a minute", f"{used / limit:.1%}", ">= 90%", used >= 0.9 * limit),
        (f"{name}: answers 429 after {WARM_S:.0f} s", f"{refused:.2%}", "<= 1%", refused <= 0.01),
    ]


def _changing(name: str, samples: list[Sample]) -> list[Verdict]:
    *_, refused = _between(samples, CUT_AT_S + 15, RESTORED_AT_S)
    requests, *_ = _between(samples, RESTORED_AT_S + 60, END_S - 1)
    return [
        (f"{name}: answers 429 from 15 s after the cut", f"{refused:.2%}", "<= 1%", refused <= 0.01),
        (f"{name}: used from 60 s after it was restored", f"{requests / RPM:.1%}", ">= 90%", requests >= 0.9 * RPM),
    ]


_REQUESTS = ("--rpm", str(RPM))
_CHANGES = ((CUT_AT_S, RPM // 4), (RESTORED_AT_S, RPM))
RUNS = {
    "requests": Run(_REQUESTS, 10, RUN_S, _steady),
    "tokens": Run(("--tpm", str(TPM)), 40, RUN_S, _steady),
    "silent": Run((*_REQUESTS, "--burst-s", "6"), 10, RUN_S, _steady, silent=True),
    "window": Run((*_REQUESTS, "--kind", "window"), 10, RUN_S, _steady),
    "changing": Run(_REQUESTS, 10, END_S, _changing, _CHANGES),
    "changing, silent": Run((*_REQUESTS, "--burst-s", "6"), 10, END_S, _changing, _CHANGES, silent=True),
}
