"""What other programs call. Every call here only talks to the store; a driver does the work."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from monito_ray import wiring
from monito_ray.jobs import admin, heartbeat, queue, statistics, submission
from monito_ray.jobs.artifacts import PRODUCTS, REJECTS
from monito_ray.jobs.heartbeat import Heartbeat
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.task import task_result
from monito_ray.records import LlmUse, QueueStatus, TaskEvent, TaskResult, WorkerStats
from monito_ray.settings import Settings, load_settings

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from monito_ray.catalog.price_changes import PriceChange
    from monito_ray.catalog.review import ReviewEntry
    from monito_ray.catalog.review_edits import ReviewEdits
    from monito_ray.catalog.search import SearchResult
    from monito_ray.steps.estimation import Estimate

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

        The same file with the same options, while it waits, runs, or was done within a day, is its earlier task; `force` makes a new one.
        `options`: `chat_id`, `supplier`, `currency`, `format`, `validate`, `use_llm`, `priority`, `force`.

        Raises:
            FileMissing, FileEmpty, FileTooLarge, FileUnusable: nothing was kept.
            QuotaExceeded: the person has sent too many files lately.
            StoreUnavailable: nothing was committed.
        """
        terms = wiring.admission_policy(self._settings)
        return submission.submit_file(self._store, self._files, file_path, user_id, options, wiring.utc_now(), terms)

    def estimate(self, file_path: str | Path, options: Mapping[str, Any] | None = None) -> "Estimate":
        """What asking the LLM about the file would cost; nothing is asked and nothing kept. `options`: `supplier`, `currency`.

        Raises:
            FileMissing, FileEmpty, FileTooLarge, FileUnusable: naming file and cause.
            StoreUnavailable: what is known from before is not to be had.
        """
        from monito_ray.pipeline.rows.price_list import Hints  # noqa: PLC0415
        from monito_ray.steps import estimation  # noqa: PLC0415  the reader, when it is wanted

        path, told = Path(file_path), dict(options or {})
        hints = Hints(str(told.get("supplier") or ""), str(told.get("currency") or ""), self._settings.currency)
        data = submission.read_source_file(path, self._settings.max_file_mb)
        return estimation.estimate(self._store, self._settings, data, path.name, hints)

    def submit_llm_processing(self, products: Sequence[Mapping[str, Any]], options: Mapping[str, Any] | None = None) -> str:
        """Commit a task that standardizes `products` (dicts with at least `original_name`) by rules and LLM; its id.

        The result has them under `products`, in order; the catalogue is not touched.
        `options`: `supplier`, `use_llm`, `priority`, `user_id`.

        Raises:
            ProductsUnusable: naming the first that has no name; nothing was kept.
            StoreUnavailable: nothing was committed.
        """
        return submission.submit_products(self._store, self._files, products, options, wiring.utc_now())

    def submit_telegram_notification(self, user_id: int, message: str, options: Mapping[str, Any] | None = None) -> str:
        """Commit a task that sends `message` to the person, or to the chat `options["chat_id"]`; its id.

        Raises:
            UsageWrong: the message is empty.
            StoreUnavailable: nothing was committed.
        """
        return submission.submit_notification(self._store, user_id, message, options, wiring.utc_now())

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
        return task_result(task)

    def get_newest_results(self, most: int = 20) -> list[TaskResult]:
        """How the last `most` tasks stand, newest first."""
        return [task_result(task) for task in queue.newest_tasks(self._store, most)]

    def get_task_events(self, task_id: str) -> list[TaskEvent]:
        """What happened to the task, in order.

        Raises:
            TaskUnknown: there is no such task.
        """
        queue.load(self._store, task_id)
        return [TaskEvent(*event) for event in queue.events_of(self._store, task_id)]

    def get_queue_status(self) -> dict[str, QueueStatus]:
        """How each of the five queues stands, in running order."""
        return statistics.queue_status(self._store, wiring.utc_now())

    def get_worker_stats(self) -> WorkerStats:
        """All tasks and workers together."""
        return statistics.worker_stats(self._store, wiring.utc_now())

    def get_llm_use(self) -> LlmUse:
        """What everybody asked of the LLM since midnight, UTC."""
        return ledger.use_of_day(self._store, wiring.utc_now())

    def get_drivers(self) -> list[Heartbeat]:
        """The drivers alive on this store, oldest first."""
        return heartbeat.alive(self._store, wiring.utc_now())

    def cancel(self, task_id: str) -> TaskResult:
        """Give up a task that waits or runs.

        Raises:
            TaskUnknown, TransitionRefused: there is none of this id, or it has ended.
        """
        return task_result(admin.cancel(self._store, task_id, wiring.utc_now()))

    def retry(self, task_id: str) -> TaskResult:
        """Let a task that failed or was cancelled go on where it stood; one that waits out a failure goes on at once.

        Raises:
            TaskUnknown, TransitionRefused: there is none of this id, or it waits, runs or succeeded already.
        """
        return task_result(admin.requeue(self._store, task_id, wiring.utc_now()))

    def purge_queue(self, queue: str) -> int:
        """Cancel the tasks that wait in this queue; how many there were.

        Raises:
            QueueUnknown: there is no such queue.
        """
        return admin.purge(self._store, admin.stage_named(queue), wiring.utc_now())

    def pause(self, queue: str) -> None:
        """Let no task of this queue begin until it is resumed, also over a restart of everything.

        Raises:
            QueueUnknown: there is no such queue.
        """
        admin.pause(self._store, admin.stage_named(queue), wiring.utc_now())

    def resume(self, queue: str) -> None:
        """Let tasks of this queue begin again.

        Raises:
            QueueUnknown: there is no such queue.
        """
        admin.resume(self._store, admin.stage_named(queue))

    def tables(self, task_id: str) -> "tuple[pa.Table, pa.Table]":
        """The written rows (columns of `ProductRow`) and the rejects and duplicates (of `RejectedRow`) of a task that succeeded."""
        return self._files.read_table(task_id, PRODUCTS), self._files.read_table(task_id, REJECTS)

    def export(self) -> "pd.DataFrame":
        """The catalogue: a row for each product, pack, supplier and currency."""
        from monito_ray.catalog import offers  # noqa: PLC0415  pandas, when it is wanted

        return offers.frame(self._store)

    def backup(self, path: str | Path) -> int:
        """Write everything that cannot be made anew into an archive; how many tasks in it have not ended. See `jobs.backup`.

        Raises:
            OutputNotWritable: naming the path; a file of that name is then as it was.
            StoreUnavailable: the database cannot be copied.
        """
        from monito_ray.clients.output_paths import atomic_write  # noqa: PLC0415
        from monito_ray.jobs import backup  # noqa: PLC0415

        with atomic_write(Path(path)) as made:
            count = backup.write_archive(self._store, self._files, made)
        Path(path).chmod(0o600)  # it holds what the store holds
        return count

    def get_prices(self, query: str, most: int = 20) -> "list[SearchResult]":
        """The products that `query` means, the best match first, each with its offers, the best first; see `catalog.search`."""
        from monito_ray.catalog import search  # noqa: PLC0415

        return search.search_products(self._store, query, most)

    def get_review(self, supplier: str = "") -> "list[ReviewEntry]":
        """The rows of the catalogue that need a person, the least sure first; of suppliers whose name has `supplier` in it."""
        from monito_ray.catalog import offers, review  # noqa: PLC0415

        wanted = supplier.casefold()
        return [entry for entry in review.review_entries(offers.snapshot(self._store)) if wanted in entry.row.supplier.casefold()]

    def correct(self, path: str | Path) -> "ReviewEdits":
        """Keep what a person changed in the sheet Review of a workbook, or in a CSV of it; see `catalog.review_edits`.

        It holds for these rows in every list of their supplier's from now on, before rules and LLM.

        Raises:
            FileMissing, FileUnusable: nothing was kept.
        """
        from monito_ray.catalog import corrections, offers, review_edits, workbook_plan  # noqa: PLC0415
        from monito_ray.clients import review_import  # noqa: PLC0415

        found = review_edits.read_edits(
            offers.snapshot(self._store), review_import.read_review_rows(Path(path), workbook_plan.REVIEW, review_edits.COLUMNS)
        )
        corrections.save_corrections(self._store, found.corrections, wiring.utc_now())
        return found

    def get_changes(self, within: timedelta, supplier: str = "", most: int = 1000) -> "list[PriceChange]":
        """The prices that changed `within` that time of now; see `catalog.price_changes`."""
        from monito_ray.catalog import price_changes  # noqa: PLC0415

        return price_changes.changes_since(self._store, wiring.utc_now() - within, supplier, most)


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
    from monito_ray.pipeline.products import build, rules  # noqa: PLC0415
    from monito_ray.pipeline.rows import price_list, validation  # noqa: PLC0415
    from monito_ray.records import RawRow  # noqa: PLC0415

    settings = load_settings()
    data = submission.read_source_file(Path(path), settings.max_file_mb)
    found = price_list.read_price_list(data, Path(path).name, price_list.Hints(fallback_currency=settings.currency))
    good, _ = validation.partition(validation.validate(found.rows))
    rows = frames.from_table(good, RawRow)
    return build.to_frame(build.build_products(rows, rules.standardize(rows)))
