"""A task: one file, product list or message on its way through the stages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monito_ray.records import OPEN_STATUSES, Status, TaskResult
from monito_ray.stages import Stage

FILE, LLM, NOTIFICATION = "file", "llm", "notification"

#: The stages that a task passes, in order, by its kind.
STAGES_BY_KIND: Mapping[str, tuple[Stage, ...]] = {FILE: tuple(Stage), LLM: (Stage.LLM_PROCESSING,), NOTIFICATION: (Stage.NOTIFICATIONS,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task at one moment. Fields are the columns of the table `tasks`; times are aware UTC."""

    #: Ten characters of base32, see `new_id`.
    id: str
    #: When the task was committed.
    created_at: datetime
    #: When the task last changed.
    updated_at: datetime
    #: No driver claims the task before this time.
    not_before: datetime
    #: The Telegram user who sent it; 0 for the command line.
    user_id: int = 0
    #: `FILE`, `LLM` or `NOTIFICATION`: decides which stages the task passes.
    kind: str = FILE
    #: The stage that runs now or next, or in which the task ended.
    stage: Stage = Stage.FILE_PROCESSING
    status: Status = Status.PENDING
    #: Attempts at this stage, counting the one that runs; attempts that were broken off by a stop or a crash do not count.
    attempts: int = 0
    #: Drivers that died while they ran this stage.
    owner_deaths: int = 0
    #: How often the task was claimed; with `owner` it names one lease (a fencing token).
    claim_number: int = 0
    #: The file's name as its sender has it.
    file_name: str = ""
    #: SHA-256 of the upload, "" while it is not staged.
    file_hash: str = ""
    #: Options of the submission, as they were given.
    options: dict[str, Any] = field(default_factory=dict)
    #: Milliseconds by stage, of the stages that are done.
    stage_ms: dict[str, int] = field(default_factory=dict)
    #: The result of a task that succeeded.
    result: dict[str, Any] | None = None
    #: The message of the latest failure; "" once a stage is done after it.
    error: str = ""
    #: Class name of that failure, see `errors`.
    error_code: str = ""
    #: What a person can do about that failure.
    remedy: str = ""
    #: The driver that holds the task, "" for none.
    owner: str = ""
    #: The version of this program that took the task in.
    program_version: str = ""
    #: Equal for files that would give the same result, see `dedup`.
    dedup_key: str = ""
    #: Rows of the list; 0 until it was read.
    rows: int = 0
    #: Tasks of higher priority go before the other tasks of the same user.
    priority: int = 0
    #: When the task was claimed first.
    started_at: datetime | None = None
    #: When the task ended.
    finished_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the task succeeded, failed or was cancelled; only a person can requeue it."""
        return self.status not in OPEN_STATUSES

    @property
    def is_lenient(self) -> bool:
        """Whether rows are rejected only when they lack a name or a price."""
        return self.options.get("validate") is False

    @property
    def next_stage(self) -> Stage | None:
        """The stage after this one, None in the last."""
        route = STAGES_BY_KIND[self.kind]
        index = route.index(self.stage) + 1
        return route[index] if index < len(route) else None

    @property
    def duration_ms(self) -> int:
        """Milliseconds from the first claim to the end, or to the last change; 0 before the first claim."""
        if self.started_at is None:
            return 0
        return round(((self.finished_at or self.updated_at) - self.started_at).total_seconds() * 1000)


def task_result(task: Task) -> TaskResult:
    """Return the published view of a task."""
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
