"""Metrics of the system on Ray's metrics port, where Prometheus reads them: counts from events, queue depths from the store.

Each is exported as `ray_` and its name here, counters with `_total` at the end. No label tells whose list it is or what is in it.
"""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from monito_ray.events import Event, LlmCalled, RowsRejected, Sink, StageFinished, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.records import DUPLICATE, QueueStatus, Status, WorkerStats
from monito_ray.stages import Stage

_STAGE_BOUNDARIES_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900]
_REQUEST_BOUNDARIES_S = [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120]


#: How long the page of the figures may take to come, and how much of it is looked at for ours, which stand among Ray's.
_PAGE_TIMEOUT_S, _PAGE_BYTES = 2.0, 2_000_000


@dataclass(frozen=True, slots=True)
class _Meters:
    """Ray's counters, histograms and gauges."""

    stage_s: Any
    rows: Any
    tasks_ended: Any
    retries: Any
    llm_requests: Any
    llm_request_s: Any
    llm_rows: Any
    llm_tokens: Any
    llm_cost_usd: Any
    queue_tasks: Any
    queue_oldest_s: Any
    queue_paused: Any
    tasks: Any
    workers: Any


def sink() -> Sink:
    """Return a sink that counts events in the process that is connected to Ray; any thread may call it.

    Where Ray runs with metrics off (`session.embedded`) it has no effect.
    """
    meters = _meters()

    def count(event: Event) -> None:
        if counter := _COUNTERS.get(type(event)):
            counter(meters, event)

    return count


def figures_url(port: int) -> str:
    """Return the address of the page on this machine that Prometheus reads; "" where nobody gives our figures at this port."""
    url = f"http://127.0.0.1:{port}/metrics"
    try:
        with urllib.request.urlopen(url, timeout=_PAGE_TIMEOUT_S) as page:
            return url if b"ray_monito_" in page.read(_PAGE_BYTES) else ""
    except (urllib.error.URLError, OSError, ValueError):
        return ""


def sample(queues: Mapping[str, QueueStatus], workers: WorkerStats | None = None) -> None:
    """Set the gauges to the present state of the queues and the workers."""
    meters = _meters()
    for name, queue in queues.items():
        for state in ("waiting", "running", "done", "failed"):
            meters.queue_tasks.set(getattr(queue, state), {"queue": name, "state": state})
        meters.queue_oldest_s.set(queue.oldest_waiting_s, {"queue": name})
        meters.queue_paused.set(int(queue.paused), {"queue": name})
    if workers is not None:
        meters.tasks.set(workers.pending_tasks, {"status": Status.PENDING.value})
        meters.tasks.set(workers.successful_tasks, {"status": Status.SUCCESS.value})
        meters.tasks.set(workers.failed_tasks, {"status": Status.FAILURE.value})
        meters.workers.set(workers.active_workers)


@cache
def _meters() -> _Meters:
    from ray.util.metrics import Counter, Gauge, Histogram  # noqa: PLC0415

    return _Meters(
        stage_s=Histogram("monito_stage_seconds", "Time a list spent in a stage", _STAGE_BOUNDARIES_S, ("stage",)),
        rows=Counter("monito_rows", "Rows by what became of them", ("outcome", "reason")),
        tasks_ended=Counter("monito_tasks_ended", "Tasks that ended since the driver started", ("status",)),
        retries=Counter("monito_retries", "Stages put off for another try", ("error",)),
        llm_requests=Counter("monito_llm_requests", "Requests to the LLM by their outcome", ("outcome",)),
        llm_request_s=Histogram("monito_llm_request_seconds", "Time a request to the LLM took", _REQUEST_BOUNDARIES_S),
        llm_rows=Counter("monito_llm_rows", "Rows that the LLM was asked about"),
        llm_tokens=Counter("monito_llm_tokens", "Tokens; cached ones are part of the prompt's", ("kind",)),
        llm_cost_usd=Counter("monito_llm_cost_usd", "What the LLM's answers cost by its price list"),
        queue_tasks=Gauge("monito_queue_tasks", "Tasks in a queue by state", ("queue", "state")),
        queue_oldest_s=Gauge("monito_queue_oldest_waiting_seconds", "Age of the task that waits longest", ("queue",)),
        queue_paused=Gauge("monito_queue_paused", "1 for a queue that is paused", ("queue",)),
        tasks=Gauge("monito_tasks", "All tasks in the store by status", ("status",)),
        workers=Gauge("monito_active_workers", "LLM workers that live"),
    )


def _stage_finished(meters: _Meters, event: StageFinished) -> None:
    meters.stage_s.observe(event.duration_ms / 1000, {"stage": event.stage.value})
    # The rows of this stage are products, and all of them are written.
    if event.stage is Stage.SHEETS_WRITING:
        _add(meters.rows, event.rows, {"outcome": "written", "reason": ""})


def _rows_rejected(meters: _Meters, event: RowsRejected) -> None:
    is_duplicate = event.reason == DUPLICATE
    _add(meters.rows, event.count, {"outcome": DUPLICATE if is_duplicate else "rejected", "reason": "" if is_duplicate else event.reason})


def _llm_called(meters: _Meters, event: LlmCalled) -> None:
    if not event.requests:
        return
    _add(meters.llm_requests, event.requests, {"outcome": event.error or "answered"})
    meters.llm_request_s.observe(event.duration_ms / 1000)
    _add(meters.llm_rows, event.rows)
    _add(meters.llm_cost_usd, event.cost_usd)
    for kind in ("prompt", "cached", "completion"):
        _add(meters.llm_tokens, getattr(event, f"{kind}_tokens"), {"kind": kind})


def _task_succeeded(meters: _Meters, _event: TaskSucceeded) -> None:
    meters.tasks_ended.inc(1, {"status": Status.SUCCESS.value})


def _task_failed(meters: _Meters, _event: TaskFailed) -> None:
    meters.tasks_ended.inc(1, {"status": Status.FAILURE.value})


def _task_retried(meters: _Meters, event: TaskRetried) -> None:
    meters.retries.inc(1, {"error": event.code})


def _add(counter: Any, amount: float, labels: Mapping[str, str] | None = None) -> None:
    # Ray's counters refuse an increment of 0.
    if amount > 0:
        counter.inc(amount, dict(labels or {}))


_COUNTERS: dict[type[Event], Callable[[_Meters, Any], None]] = {
    StageFinished: _stage_finished,
    RowsRejected: _rows_rejected,
    LlmCalled: _llm_called,
    TaskSucceeded: _task_succeeded,
    TaskFailed: _task_failed,
    TaskRetried: _task_retried,
}
