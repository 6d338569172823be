"""Servers of every kind with 400 rows each: how many requests they get, how many of them in vain, and what becomes of the rows.

No Ray: the same scheduler, queues and checks in this process, over real sockets. A request that is equal to the byte to one that was refused as wrong,
or that took too long, counts as repeated.
"""

import argparse
import time
from dataclasses import dataclass, field
from typing import Any

from llm_world import goods, is_right, rows_of, show

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm.in_process import InProcessLlm
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import Standard
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.llm_traits import LlmTraits

BATCH_ROWS, IN_FLIGHT = 40, 32
Verdict = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of server, and what it may cost."""

    name: str
    options: dict[str, Any]
    #: Most requests in all, and before the first row is settled.
    most: int
    most_before: int = 20
    #: Rows that are settled at least.
    settled: int = 400
    timeout_s: float = 5.0
    address: dict[str, Any] = field(default_factory=dict)


def _of(name: str, most: int, *, faults: dict[LlmFault, float] | None = None, settled: int = 400, **traits: Any) -> Kind:
    timeout_s = traits.pop("timeout_s", 5.0)
    return Kind(name, {"faults": faults or {}, "traits": LlmTraits(**traits)}, most, settled=settled, timeout_s=timeout_s)


EVERYTHING = ("response_format", "reasoning_effort", "service_tier", "max_completion_tokens", "temperature")
OPTIONS = {"reasoning_effort": "low", "service_tier": "flex", "extra_body": {"temperature": 0}}
KINDS = [
    _of("takes everything", 30),
    _of("takes no pattern", 30, refused=("pattern",)),
    _of("takes JSON without a schema alone", 30, refused=("json_schema",)),
    _of("takes no response_format", 35, refused=("response_format",)),
    Kind("takes none of five options", {"traits": LlmTraits(EVERYTHING)}, 40, address=OPTIONS),
    Kind("takes none of five options, silently", {"traits": LlmTraits(EVERYTHING[:4], is_silent=True)}, 40, address=OPTIONS),
    *(
        _of(f"answers as {dress}", 30, faults={dress: 1.0})
        for dress in (LlmFault.FENCED, LlmFault.PROSE, LlmFault.THINKING, LlmFault.BARE_ARRAY, LlmFault.PARTS, LlmFault.NO_USAGE)
    ),
    _of("cut above 10 rows", 60, cut_above=10),
    _of("cut above 3 rows", 180, cut_above=3),
    _of("too slow above 20 rows", 60, slow_above=20, timeout_s=1.0),
    _of("too slow above 10 rows", 100, slow_above=10, timeout_s=1.0),
    _of("too slow above 1 row", 420, slow_above=1, timeout_s=1.0),
    _of("context of 8,000 tokens", 60, context_tokens=8_000),
    _of("context of 4,000 tokens", 100, context_tokens=4_000),
    _of("thinks 9,000 tokens first", 60, thinking_tokens=9_000),
    _of("filters two rows", 60, settled=398, filtered=(" 0007 ", " 0233 ")),
    _of("filters everything", 60, settled=0, filtered=(" ",)),
    _of("hangs", 10, faults={LlmFault.HANG: 1.0}, settled=0, timeout_s=0.5),
    _of("runs away", 60, faults={LlmFault.RUN_AWAY: 1.0}),
    _of("no credit", 8, faults={LlmFault.NO_CREDIT: 1.0}, settled=0),
    _of("no such model (400)", 8, faults={LlmFault.NO_MODEL: 1.0}, settled=0),
    _of("refuses all without a word", 15, faults={LlmFault.BAD_REQUEST: 1.0}, settled=0),
]


def add_to(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand `servers`."""
    servers = parts.add_parser("servers", help="400 rows on servers of every kind: requests, requests in vain, rows settled")
    servers.set_defaults(run=run_servers)


def run_servers(_chosen: argparse.Namespace) -> bool:
    """Ask each kind about the same rows."""
    return show(
        "Servers of every kind, 400 rows, 40 in a request; refused or without an answer in vain", [_measure(kind) for kind in KINDS]
    )


def _measure(kind: Kind) -> Verdict:
    truth = goods(400)
    rows, settled, before = rows_of(truth), dict[int, Standard](), 0
    started = time.monotonic()
    with LlmServer(answers=truth, latency_s=0.02, **kind.options) as server:
        address = LlmAddress(server.url, "", "home-grown", **kind.address)
        with InProcessLlm(address, IN_FLIGHT, BATCH_ROWS, kind.timeout_s) as llm:
            for outcome in llm.ask_rows("Benchmark", list(map(RowItem, rows))):
                settled |= outcome.standards
                before += not settled
            profile = llm.profile
    paid = server.paid
    wrong = sum(not is_right(standard, truth[rows[position].original_name]) for position, standard in settled.items())
    in_vain = paid.statuses.total() - paid.statuses[200]
    figure = f"{paid.received} requests, {in_vain} in vain, {before} before the first row; {len(settled)} settled, {wrong} wrong, {paid.repeated} repeated"
    holds = (
        paid.received <= kind.most
        and (before <= kind.most_before or not kind.settled)
        and len(settled) >= kind.settled
        and not wrong
        and not paid.repeated
    )
    what = f"{kind.name} ({profile.form}, {time.monotonic() - started:.1f} s)"
    return what, figure, f"<= {kind.most}, {kind.settled} settled", holds
