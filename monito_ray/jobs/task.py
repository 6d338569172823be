"""A task: one file's way through the stages, as it stands at one moment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monito_ray.records import Status
from monito_ray.stages import Stage

FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done with a file and how far it is; fields are the columns of the table `tasks`.

    `stage` is the one to run next or now, `owner` the driver that has it ("" = nobody), `attempts` how often the stage was begun
    without an end, `stage_ms` what each finished stage took. All times are aware UTC.
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
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it of itself."""
        return self.status in (Status.SUCCESS, Status.FAILURE, Status.CANCELLED)

    @property
    def duration_ms(self) -> int:
        """From the first start to the end, or to the last that was heard; 0 before it was started."""
        if self.started_at is None:
            return 0
        return round(((self.finished_at or self.updated_at) - self.started_at).total_seconds() * 1000)
