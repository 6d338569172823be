"""Whole tasks on servers of every kind: none fails, no row is lost, every request is in the ledger, and what is left to the rules is said with what to do."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Event as Stop
from typing import Any

import pytest
from lists import bench

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm import question_queue
from monito_ray.cluster.llm.in_process import InProcessLlm
from monito_ray.driver.driver import Driver
from monito_ray.events import LlmSkipped
from monito_ray.jobs import queue
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.records import Status
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.llm_traits import LlmTraits

SYLLABLES = ["zor", "blax", "quim", "dref", "plon"]
NAMES = [f"{first}{second}{third}".title() for first in SYLLABLES for second in SYLLABLES for third in SYLLABLES[:1]]
LIST = "Nama;Harga\n" + "".join(f"{name};{price}.500\n" for price, name in enumerate(NAMES, start=10))

#: How long a request may take: of servers that never answer, and of those that do, however busy the machine is.
SHORT_TIMEOUT_S, TIMEOUT_S = 1.0, 30.0

SERVERS: dict[str, dict[str, Any]] = {
    **{f"always {fault}": {"faults": {fault: 1.0}} for fault in LlmFault if fault is not LlmFault.RATE_LIMITED},
    "takes no form": {"traits": LlmTraits(("response_format", "max_completion_tokens"))},
    "refuses without a word": {"traits": LlmTraits(("response_format", "max_completion_tokens"), is_silent=True)},
    "cut above three": {"traits": LlmTraits(cut_above=3)},
    "slow above ten": {"traits": LlmTraits(slow_above=10)},
    "short context": {"traits": LlmTraits(context_tokens=4000)},
    "no context": {"traits": LlmTraits(context_tokens=500)},
    "filters a row": {"traits": LlmTraits(filtered=(NAMES[7],))},
    "thinks": {"traits": LlmTraits(thinking_tokens=5000)},
}

#: The servers that some requests wait for in vain.
SILENT = {f"always {LlmFault.HANG}", "slow above ten"}


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(question_queue, "REQUEST_RETRIES", replace(question_queue.REQUEST_RETRIES, first_wait_s=0.001))


@pytest.mark.parametrize("kind", SERVERS)
def test_no_task_fails_and_no_row_is_lost(kind: str, tmp_path: Path):
    """Two dozen rows: all are written, settled by the LLM or by the rules, and nothing was asked again in vain."""
    with LlmServer(**SERVERS[kind]) as server, bench(tmp_path) as made:
        book = LlmLedger(made.store, "d", "home-grown", "", Budgets(task_usd=Decimal(5)), made.services.clock)
        address = LlmAddress(server.url, "", "home-grown", prices=(Decimal(1), Decimal(1), Decimal(2)))
        with InProcessLlm(address, 32, 40, SHORT_TIMEOUT_S if kind in SILENT else TIMEOUT_S, ledger=book) as llm:
            Driver(replace(made.services, pool=llm)).work([task_id := made.submit(LIST)], Stop())
        task = queue.load(made.store, task_id)
        use = ledger.use_of_task(made.store, task_id)
        reasons = [event.reason for event in made.events if isinstance(event, LlmSkipped)]
    result: Mapping[str, Any] = task.result or {}
    assert task.status is Status.SUCCESS
    assert result["rows_found"] == result["rows_written"] == len(NAMES)
    assert server.paid.repeated == 0
    assert use.requests == server.paid.received
    assert [reason for reason in reasons if "are left to the rules" not in reason] == []
