"""Counts, durations, prices and events as a person at a terminal reads them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from monito_ray import events
from monito_ray.cli.phrases import (
    LlmTotals,
    base_price_text,
    count_text,
    duration_text,
    event_line,
    llm_text,
    price_text,
    recorded_event_line,
)
from monito_ray.messages.local_numbers import numbers_of
from monito_ray.records import TaskEvent
from monito_ray.stages import Stage


@pytest.mark.parametrize(
    ("duration_ms", "text"), [(0, "0.00 s"), (240, "0.24 s"), (12_340, "12.3 s"), (125_000, "2 min 5 s"), (59_960, "60.0 s")]
)
def test_durations_have_the_precision_that_people_use(duration_ms: int, text: str):
    """Short times have hundredths, long ones minutes."""
    assert duration_text(duration_ms) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 rows"), (1, "1 row"), (1200, "1,200 rows")])
def test_counts_agree_with_their_noun(number: int, text: str):
    """One row is no plural, thousands are apart."""
    assert count_text(number, "row") == text


@pytest.mark.parametrize(("price", "text"), [("75000", "75,000"), ("75000.00", "75,000"), ("1234.5", "1,234.50")])
def test_prices_have_decimals_only_where_there_are_any(price: str, text: str):
    """Whole prices are written whole."""
    assert price_text(Decimal(price)) == text


@pytest.mark.parametrize("price", ["20757.58", "100", "12.347", "0.5", "0.012345"])
def test_a_price_for_a_kilogram_is_written_as_in_chats(price: str):
    """It has no digits that nobody read."""
    assert base_price_text(Decimal(price)) == numbers_of("en").base_amount(Decimal(price))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (events.StageStarted("t1", Stage.FILE_PROCESSING, 0), ""),
        (events.StageFinished("t1", Stage.FILE_PROCESSING, 0, 240), "reading done, 0.24 s"),
        (events.LlmSkipped("t1", "no LLM is set"), "by rules alone: no LLM is set"),
        (events.TaskRetried("t1", "LlmUnavailable", "no answer", 2.0), "no answer; again in 2 s"),
        (events.TaskFailed("t1", "FileEmpty", "empty"), ""),
    ],
)
def test_only_events_that_matter_to_a_person_are_lines(event: events.Event, line: str):
    """A stage that starts and a failure, which the command reports itself, are no lines of progress."""
    assert event_line(event) == line


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("task.submitted", {"file_name": "june.xlsx"}, "submitted: june.xlsx"),
        ("stage.finished", {"rows": 1, "duration_ms": 240}, "done, 1 row, 0.24 s"),
        ("task.succeeded", {"task_ms": 2000}, "succeeded, 2.0 s in all"),
        ("task.released", {"lost": "d1"}, "its driver d1 died; it waits for another"),
        ("task.released", {}, "put back: its driver stopped"),
        ("task.cancelled", {}, "cancelled"),
    ],
)
def test_a_task_history_reads_as_sentences(name: str, data: dict[str, Any], line: str):
    """What the store recorded of a task is told in the words of `monito status`."""
    assert recorded_event_line(TaskEvent(datetime(2026, 6, 1, tzinfo=UTC), name, data)) == line


TRAFFIC: list[tuple[list[events.LlmTraffic | events.LlmCalled], str]] = [
    ([events.LlmTraffic("t", 8)], "LLM: 8 in flight, 0 answers"),
    (
        [events.LlmTraffic("t", 8), events.LlmCalled("t", 40, 3000, 0, 900, 2000, cost_usd=0.002), events.LlmTraffic("t", 8, 1)],
        "LLM: 8 in flight, 1 answer, 1 repair, 3,900 tokens, $0.0020",
    ),
    (
        [events.LlmCalled("t", 40, 30_000, 0, 9000, 2000), events.LlmCalled("t", 0, 0, 0, 0, 120_000, "LlmTimedOut")],
        "LLM: 0 in flight, 1 answer, 1 failure, 39k tokens",
    ),
]


@pytest.mark.parametrize(("happened", "text"), TRAFFIC)
def test_waiting_for_the_llm_says_what_for(happened: list[events.LlmTraffic | events.LlmCalled], text: str):
    """Requests in flight and answers always, the rest once there is something."""
    totals = LlmTotals()
    for event in happened:
        totals = totals.after(event)
    assert llm_text(totals) == text
