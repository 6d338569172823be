"""What a command that waits for a service makes of the records in the store."""

from typing import Any

import pytest

from monito_ray.cli.follow import _events_of_record
from monito_ray.events import Event, LlmSkipped, StageFinished, TaskCancelled, TaskFailed, TaskRetried, TaskSucceeded
from monito_ray.stages import Stage

DONE = {"stage": "sheets_writing", "rows": 3, "duration_ms": 40}
WRITTEN = StageFinished("t1", Stage.SHEETS_WRITING, 3, 40)


@pytest.mark.parametrize(
    ("name", "data", "events"),
    [
        ("stage.finished", DONE, [WRITTEN]),
        ("task.succeeded", {**DONE, "task_ms": 900}, [WRITTEN, TaskSucceeded("t1", 900)]),
        ("task.failed", {"code": "FileEmpty", "message": "empty"}, [TaskFailed("t1", "FileEmpty", "empty")]),
        ("task.retried", {"code": "X", "message": "no answer", "wait_s": 2.0}, [TaskRetried("t1", "X", "no answer", 2.0)]),
        ("llm.skipped", {"reason": "no budget"}, [LlmSkipped("t1", "no budget", 0)]),
        ("task.cancelled", {}, [TaskCancelled("t1")]),
        ("task.submitted", {"file_name": "june.xlsx"}, []),
    ],
)
def test_a_record_is_the_events_that_the_driver_emitted(name: str, data: dict[str, Any], events: list[Event]):
    """So that progress looks the same whether a service or the command itself does the task."""
    assert list(_events_of_record("t1", name, data)) == events
