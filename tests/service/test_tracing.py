"""Traces reach a collector of OpenTelemetry over OTLP/HTTP."""

import sys
import threading
from pathlib import Path

import pytest
from lists import bench

from monito_ray import wiring
from monito_ray.clients import tracing
from monito_ray.driver.driver import Driver
from monito_ray.events import LlmCalled, LlmSkipped, StageFinished, StageStarted, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.jobs import queue
from monito_ray.records import Status
from monito_ray.settings import Settings
from monito_ray.stages import Stage
from monito_ray.testing.otlp_receiver import OtlpReceiver, ReceivedSpan


def _by_name(receiver: OtlpReceiver) -> dict[str, ReceivedSpan]:
    return {span.name: span for span in receiver.spans}


def test_a_list_is_one_trace_with_a_span_for_each_stage(tmp_path: Path):
    """The stages are children of the task, in its time, and no span tells of whom or what the list is."""
    with OtlpReceiver() as receiver, tracing.exporting(receiver.url, "some-model") as sink, bench(tmp_path, sink=sink) as made:
        task_id = made.submit()
        Driver(made.services).work([task_id], threading.Event())
        assert queue.load(made.store, task_id).status is Status.SUCCESS
    spans = _by_name(receiver)
    assert set(spans) == {"task", *(stage.value for stage in Stage)}
    task = spans.pop("task")
    assert task.parent_id == ""
    assert task.trace_id == f"{tracing.trace_id_of(task_id):032x}"
    assert task.service == "monito"
    for span in spans.values():
        assert (span.parent_id, span.trace_id) == (task.span_id, task.trace_id)
        assert task.started_ns <= span.started_ns <= span.ended_ns <= task.ended_ns
    assert "Toko" not in repr(receiver.spans)
    assert "june" not in repr(receiver.spans)


def test_requests_failures_and_later_attempts_are_told():
    """A request is a child of its stage and as long as it took; a failed attempt says why; the next attempt joins the trace."""
    stage = Stage.LLM_PROCESSING
    with OtlpReceiver() as receiver:
        with tracing.exporting(receiver.url + "/", "some-model") as sink:
            sink(StageStarted("t1", stage, 40))
            sink(LlmCalled("t1", 40, 1500, 1024, 900, 250))
            sink(LlmCalled("t1", 0, 0, 0, 0, 0, "LlmTimedOut", requests=0))
            sink(LlmSkipped("t1", "the LLM does not answer", 3))
            sink(TaskRetried("t1", "FilesUnavailable", "s3://bucket cannot be reached", 4.0))
        first = list(receiver.spans)
        receiver.spans.clear()
        with tracing.exporting(receiver.url, "some-model") as sink:
            sink(StageStarted("t1", stage, 40))
            sink(StageFinished("t1", stage, 40, 100))
            sink(TaskSucceeded("t1", 100))
            sink(StageStarted("t2", stage, 1))
            sink(TaskFailed("t2", "RowsLost", "rows"))
            sink(StageStarted("t3", stage, 1))
    request, stage_span, attempt = first
    assert request.name == "chat some-model"
    assert request.parent_id == stage_span.span_id
    assert request.ended_ns - request.started_ns == pytest.approx(250e6, rel=0.5)
    assert request.attributes["gen_ai.usage.input_tokens"] == 1500
    assert attempt.is_error
    assert attempt.attributes["error.type"] == "FilesUnavailable"
    assert {span.trace_id for span in first} == {span.trace_id for span in receiver.spans if span.trace_id == attempt.trace_id}
    errors = [span.attributes.get("error.type", "") for span in receiver.spans if span.name == "task"]
    assert errors == ["", "RowsLost", "released"]


def test_without_a_collector_nothing_is_made(tmp_path: Path):
    """The sink of the caller is used as it is, and the exporter is not loaded."""
    loaded = {name for name in sys.modules if name.startswith("opentelemetry.exporter")}
    events: list[object] = []
    with wiring._tracing(Settings(MONITO_HOME=str(tmp_path)), events.append) as sink:
        assert sink == events.append
    assert {name for name in sys.modules if name.startswith("opentelemetry.exporter")} == loaded


def test_a_collector_that_is_away_costs_spans_alone(monkeypatch: pytest.MonkeyPatch):
    """No event raises, and the end waits no longer than a moment."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "1")
    with tracing.exporting("http://127.0.0.1:9", "some-model") as sink:
        sink(StageStarted("t1", Stage.LLM_PROCESSING, 40))
        sink(TaskSucceeded("t1", 100))
