"""A task: the way of a file, or of what else is to be done, through the stages, as it stands at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monito_ray.records import Status, TaskResult
from monito_ray.stages import Stage

FILE, LLM, NOTIFICATION = "file", "llm", "notification"

STAGES_BY_KIND: Mapping[str, tuple[Stage, ...]] = {FILE: tuple(Stage), LLM: (Stage.LLM_PROCESSING,), NOTIFICATION: (Stage.NOTIFICATIONS,)}
"""The stages that a task passes, by its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done and how far it is; fields are the columns of the table `tasks`.

    `kind` decides which stages it passes; `stage` is the one to run next or now, `owner` the driver that has it ("" = nobody), `attempts` how often the stage was begun
    without an end, `owner_deaths` how often its driver died in this stage, `claim_number` how often it was claimed in all: a number that tells one holding
    from the next. `stage_ms` is what each finished stage took. `dedup_key` is equal for files that come out the same (`intake`), `rows` how many rows a list has,
    0 until it was read. All times are aware UTC.
    """

    id: str
    created_at: datetime
    updated_at: datetime
    not_before: datetime
    user_id: int = 0
    kind: str = FILE
    stage: Stage = Stage.FILE_PROCESSING
    status: Status = Status.PENDING
    attempts: int = 0
    owner_deaths: int = 0
    claim_number: int = 0
    file_name: str = ""
    file_hash: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    stage_ms: dict[str, int] = field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: str = ""
    error_code: str = ""
    remedy: str = ""
    owner: str = ""
    program_version: str = ""
    dedup_key: str = ""
    rows: int = 0
    priority: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it of itself."""
        return self.status in (Status.SUCCESS, Status.FAILURE, Status.CANCELLED)

    @property
    def is_lenient(self) -> bool:
        """Whether its rows are rejected for want of a name or a price alone."""
        return self.options.get("validate") is False

    @property
    def next_stage(self) -> Stage | None:
        """The stage that follows on this task's way, None in the last."""
        route = STAGES_BY_KIND[self.kind]
        place = route.index(self.stage) + 1
        return route[place] if place < len(route) else None

    @property
    def duration_ms(self) -> int:
        """From the first start to the end, or to the last that was heard; 0 before it was started."""
        if self.started_at is None:
            return 0
        return round(((self.finished_at or self.updated_at) - self.started_at).total_seconds() * 1000)


def task_result(task: Task) -> TaskResult:
    """The task as other programs are told of it."""
    metadata = {
        "kind": task.kind,
        "file_name": task.file_name,
        "user_id": task.user_id,
        "stage": task.stage.value,
        "created_at": task.created_at.isoformat(),
        "error_code": task.error_code,
        "remedy": task.remedy,
    }
    if task.status is Status.RETRY:
        metadata["next_attempt_at"] = task.not_before.isoformat()
    return TaskResult(
        task_id=task.id,
        status=task.status,
        result=task.result,
        error=task.error or None,
        duration_ms=task.duration_ms,
        attempts=task.attempts,
        metadata=metadata,
    )
