"""What other programs call. Every call here only talks to the store; a driver does the work."""

import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from monito_ray import wiring
from monito_ray.jobs import queue, submission
from monito_ray.jobs.artifacts import PRODUCTS, REJECTS
from monito_ray.jobs.task import Task
from monito_ray.records import Status, TaskResult
from monito_ray.settings import Settings, load_settings

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_LOOK_EVERY_S = 0.1


class Monito:
    """A connection to the store, open for the block of a `with`. Settings are those of the environment unless given."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or load_settings()
        self._files = wiring.open_files(self._settings)
        self._store = wiring.open_store(self._settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the store back."""
        self._store.close()

    def submit_file_processing(self, file_path: str | Path, user_id: int = 0, options: Mapping[str, Any] | None = None) -> str:
        """Keep the file, commit a task for it, and return the task's id before any processing.

        `options`: `chat_id`, `supplier`, `currency`, `format`, `validate`, `use_llm`, `priority`, `force`.

        Raises:
            FileMissing, FileEmpty, FileTooLarge, FileUnusable: nothing was kept.
            StoreUnavailable: nothing was committed.
        """
        return submission.submit_file(self._store, self._files, file_path, user_id, options, wiring.utc_now())

    def get_task_result(self, task_id: str, timeout: float = 0) -> TaskResult:
        """How the task stands, after waiting up to `timeout` seconds for its end.

        Raises:
            TaskUnknown: there is no such task.
        """
        until = time.monotonic() + timeout
        task = queue.load(self._store, task_id)
        while not task.has_ended and (left_s := until - time.monotonic()) > 0:
            time.sleep(min(_LOOK_EVERY_S, left_s))
            task = queue.load(self._store, task_id)
        return _told(task)

    def get_newest_results(self, most: int = 20) -> list[TaskResult]:
        """How the last `most` tasks stand, newest first."""
        return [_told(task) for task in queue.newest(self._store, most)]

    def tables(self, task_id: str) -> "tuple[pa.Table, pa.Table]":
        """The written rows (columns of `ProductRow`) and the rejects and duplicates (of `RejectedRow`) of a task that succeeded."""
        return self._files.read(task_id, PRODUCTS), self._files.read(task_id, REJECTS)

    def export(self) -> "pd.DataFrame":
        """The catalogue: a row for each product, pack, supplier and currency."""
        from monito_ray.catalog import offers  # noqa: PLC0415  pandas, when it is wanted

        return offers.frame(self._store)


def submit_file_async(file_path: str | Path, user_id: int = 0, options: Mapping[str, Any] | None = None) -> str:
    """Commit a task for the file and return its id before any processing; see `Monito.submit_file_processing`."""
    with Monito() as monito:
        return monito.submit_file_processing(file_path, user_id, options)


def read_price_list(path: str | Path) -> "pd.DataFrame":
    """The rows of a price list, read, validated and standardized by rules in this process: no Ray, no store, no LLM.

    Raises:
        FileUnusable: the file is missing, or is no price list that can be read.
    """
    from monito_ray import frames  # noqa: PLC0415  the reader, when it is wanted
    from monito_ray.pipeline import products, reading, rules, validation  # noqa: PLC0415
    from monito_ray.records import RawRow  # noqa: PLC0415

    settings = load_settings()
    data = submission.content(Path(path), settings.max_file_mb)
    found = reading.read(data, Path(path).name, reading.Hints(fallback_currency=settings.currency))
    good, _ = validation.split(validation.judge(found.rows))
    rows = frames.from_table(good, RawRow)
    return products.to_frame(products.build(rows, rules.standardize(rows)))


def _told(task: Task) -> TaskResult:
    metadata = {
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
