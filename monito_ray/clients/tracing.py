"""Traces for OpenTelemetry: a span for each attempt at a task, each of its stages, and each request to the LLM, over OTLP/HTTP.

They are made of events, when something has ended. All attempts at a task are in one trace, also those of other drivers, since its id follows
from the task's. No span tells what is in a list, or whose it is.
"""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monito_ray.errors import SettingsInvalid
from monito_ray.events import (
    Event,
    LlmCalled,
    LlmSkipped,
    Sink,
    StageFinished,
    StageStarted,
    TaskCancelled,
    TaskFailed,
    TaskRetried,
    TaskSucceeded,
)

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

_SERVICE = "monito"
_TRACES_PATH = "/v1/traces"
_NS_PER_MS = 1_000_000
#: A task that was released here and goes on elsewhere ends no span here: so many open ones are kept, the oldest go first.
_MOST_OPEN = 1_000
_RELEASED = "released"


@dataclass(slots=True)
class _OpenTask:
    """The spans of a task that have not ended."""

    task: "Span"
    stage: "Span | None" = None


@contextmanager
def exporting(endpoint: str, model: str) -> Iterator[Sink]:
    """Give a sink whose spans go to the collector at `endpoint`, in the background; the last ones when the block ends.

    A collector that is away costs spans and nothing else. Headers, timeouts and the like are the exporter's own variables (`OTEL_…`).

    Raises:
        SettingsInvalid: the exporter is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    except ImportError as error:
        raise SettingsInvalid(
            f"wrong setting: OTEL_EXPORTER_OTLP_ENDPOINT is set, and its exporter is not installed: {error}",
            "Install it, `pip install 'monito-ray[otel]'`, or unset the variable.",
        ) from None
    with tracing(OTLPSpanExporter(endpoint=endpoint.rstrip("/") + _TRACES_PATH), model) as sink:
        yield sink


@contextmanager
def tracing(exporter: "SpanExporter", model: str) -> Iterator[Sink]:
    """Give a sink whose spans go to `exporter`; any thread may call it. `model` is asked by the requests to the LLM."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    ids = _trace_ids()
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: _SERVICE}), id_generator=ids, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    spans = _Spans(provider.get_tracer("monito_ray"), ids, model)
    try:
        yield spans.take
    finally:
        spans.release_all()
        provider.shutdown()


def trace_id_of(task_id: str) -> int:
    """Return the id of a task's trace: 128 bits that follow from the task's id."""
    return int.from_bytes(hashlib.sha256(task_id.encode()).digest()[:16], "big")


def _trace_ids() -> Any:
    """Return a generator of ids whose next trace has the id that was chosen in this thread."""
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class TraceIds(RandomIdGenerator):
        def __init__(self) -> None:
            self.chosen = threading.local()

        def generate_trace_id(self) -> int:
            return int(self.chosen.trace_id)

    return TraceIds()


@dataclass(slots=True)
class _Spans:
    """The open spans of the tasks of this driver."""

    tracer: "Tracer"
    ids: Any
    model: str
    _open: dict[str, _OpenTask] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, event: Event) -> None:
        """Begin or end what the event tells of."""
        with self._lock:
            match event:
                case StageStarted():
                    self._begin_stage(event)
                case StageFinished():
                    self._end_stage(event.task_id, {"monito.rows": event.rows})
                case LlmCalled():
                    self._request(event)
                case LlmSkipped(task_id=task_id, rows_left=rows_left):
                    if (open_task := self._open.get(task_id)) is not None:
                        open_task.task.add_event(event.name, {"monito.rows": rows_left})
                case TaskSucceeded():
                    self._end(event.task_id)
                case TaskFailed() | TaskRetried():
                    self._end(event.task_id, event.code)
                case TaskCancelled():
                    self._end(event.task_id, "cancelled")

    def release_all(self) -> None:
        """End the spans of tasks that were put back and go on elsewhere."""
        with self._lock:
            for task_id in list(self._open):
                self._end(task_id, _RELEASED)

    def _begin_stage(self, event: StageStarted) -> None:
        open_task = self._open.get(event.task_id)
        if open_task is None:
            if len(self._open) >= _MOST_OPEN:
                self._end(next(iter(self._open)), _RELEASED)
            self.ids.chosen.trace_id = trace_id_of(event.task_id)
            open_task = self._open[event.task_id] = _OpenTask(self.tracer.start_span("task", attributes={"monito.task": event.task_id}))
        elif open_task.stage is not None:  # the task was released in this stage, and is here again
            open_task.stage.end()
        open_task.stage = self._child(open_task, event.stage.value)

    def _child(self, open_task: _OpenTask, name: str, began_ns: int | None = None) -> "Span":
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415

        parent = open_task.task if began_ns is None or open_task.stage is None else open_task.stage
        return self.tracer.start_span(name, context=set_span_in_context(parent), start_time=began_ns)

    def _end_stage(self, task_id: str, attributes: dict[str, int], error: str = "") -> None:
        open_task = self._open.get(task_id)
        if open_task is None or open_task.stage is None:
            return
        open_task.stage.set_attributes(attributes)
        _mark(open_task.stage, error)
        open_task.stage.end()
        open_task.stage = None

    def _request(self, event: LlmCalled) -> None:
        open_task = self._open.get(event.task_id)
        if open_task is None or not event.requests:
            return
        span = self._child(open_task, f"chat {self.model}", time.time_ns() - event.duration_ms * _NS_PER_MS)
        span.set_attributes(
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": self.model,
                "gen_ai.usage.input_tokens": event.prompt_tokens,
                "gen_ai.usage.output_tokens": event.completion_tokens,
                "monito.rows": event.rows,
                "monito.cost_usd": event.cost_usd,
            }
        )
        _mark(span, event.error)
        span.end()

    def _end(self, task_id: str, error: str = "") -> None:
        self._end_stage(task_id, {}, error)
        open_task = self._open.pop(task_id, None)
        if open_task is not None:
            _mark(open_task.task, error)
            open_task.task.end()


def _mark(span: "Span", error: str) -> None:
    """Say that what the span is about failed, by the code of the error."""
    if not error:
        return
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415

    span.set_attribute("error.type", error)
    span.set_status(Status(StatusCode.ERROR, error))
