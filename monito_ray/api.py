"""The Python interface for other programs. Every call only talks to the store; a driver does the work."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from monito_ray import log, wiring
from monito_ray.arguments.checked_values import (
    checked,
    read_count,
    read_id,
    read_output_path,
    read_path,
    read_period,
    read_positive,
    read_seconds,
    read_text,
    read_texts,
)
from monito_ray.driver.hooks import Hooks, OnError, OnSuccess
from monito_ray.driver.task_watcher import TaskWatcher
from monito_ray.errors import UsageWrong
from monito_ray.isolation.child_process import start_child
from monito_ray.isolation.file_reading import read_isolated
from monito_ray.jobs import admin, heartbeat, queue, statistics
from monito_ray.jobs.artifacts import PRODUCTS, REJECTS
from monito_ray.jobs.heartbeat import Heartbeat
from monito_ray.jobs.intake import submission
from monito_ray.jobs.intake.options import ESTIMATE_OPTIONS, read_options
from monito_ray.jobs.llm import ledger
from monito_ray.jobs.task import Task, task_result
from monito_ray.records import LlmUse, QueueStatus, TaskEvent, TaskResult, WorkerStats
from monito_ray.settings import Settings, load_settings
from monito_ray.store.source_files import read_source_file

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from monito_ray.catalog.basket.basket_plan import BasketPlan
    from monito_ray.catalog.edits.workbook_edits import AppliedEdits
    from monito_ray.catalog.grouping.linking import LinkOutcome
    from monito_ray.catalog.lists.assignment import Assignment
    from monito_ray.catalog.lists.supplier_edits import SupplierChange
    from monito_ray.catalog.lists.undo import Undone
    from monito_ray.catalog.prices.change_log import LoggedChange
    from monito_ray.catalog.prices.list_ages import ListAge
    from monito_ray.catalog.search.find import SearchResult
    from monito_ray.catalog.sheets.review import ReviewEntry
    from monito_ray.catalog.suppliers.supplier_list import Supplier
    from monito_ray.messages import Messages
    from monito_ray.plans.planned_report import PlannedReport
    from monito_ray.steps.estimation import Estimate

_LOOK_EVERY_S = 0.1


class Monito:
    """A connection to the store, open for the block of a `with`. Without `settings`, those of the environment are used."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or load_settings()
        self._files = wiring.open_files(self._settings)
        self._store = wiring.open_store(self._settings)
        self._hooks = Hooks()
        self._watcher: TaskWatcher | None = None

    def __repr__(self) -> str:
        return f"<Monito {self._store!r}, files in {self._settings.files}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Call the hooks for what has ended by now, and close the connection."""
        if self._watcher is not None:
            self._watcher.close()
        self._store.close()

    def on_success(self, hook: OnSuccess) -> OnSuccess:
        """Call `hook(result)` for each task of the store that succeeds, whoever sent it and whichever driver does it.

        Hooks are called from a thread of this object, once for each task, for what happens after the first of them is registered and
        before `close`. A hook that raises is logged and changes nothing. Hooks serve as decorators, too.

        Raises:
            StoreUnavailable: the hook is not registered.
        """
        self._watch()
        return self._hooks.on_success(hook)

    def on_failure(self, hook: OnError) -> OnError:
        """Call `hook(result, error)` for each task of the store that fails for good; otherwise as `on_success`."""
        self._watch()
        return self._hooks.on_failure(hook)

    def on_retry(self, hook: OnError) -> OnError:
        """Call `hook(result, error)` for each attempt that failed and will be repeated; otherwise as `on_success`."""
        self._watch()
        return self._hooks.on_retry(hook)

    def _watch(self) -> None:
        if self._watcher is None:
            self._watcher = TaskWatcher(self._store, self._hooks)

    def submit_file_processing(self, file_path: str | Path, user_id: int = 0, options: Mapping[str, Any] | None = None) -> str:
        """Stage the file, commit a task for it, and return the task's id before any processing.

        If the same file was submitted before with the same options, and that task waits, runs, or succeeded within a day and is what the
        catalogue has of the file, its id is returned.

        Args:
            file_path: a price list.
            user_id: the person that the task counts for; 0 is the command line.
            options: `chat_id` (a chat of the bot, to which the end and the cleaned list are sent), `supplier`, `currency`, `format`, `validate`, `use_llm`, `priority`, and `force` for a task of its own;
                `columns` ("name=B,price=F", or a mapping) and `sheet` (a name, or several) where the reader is not sure: the columns are
                kept for the next lists of that supplier with the same layout.

        Raises:
            UsageWrong: an option is unknown, or its value or `user_id` is of the wrong kind (a currency that is none); nothing was stored.
            FileMissing, FileEmpty, FileTooLarge, FileUnusable: nothing was stored.
            QuotaExceeded: the person has sent too many files lately.
            StoreUnavailable: nothing was committed.
        """
        policy = wiring.admission_policy(self._settings)
        return submission.submit_file(self._store, self._files, file_path, user_id, options, wiring.utc_now(), policy, self._settings.lang)

    def estimate(self, file_path: str | Path, options: Mapping[str, Any] | None = None) -> "Estimate":
        """Return what asking the LLM about the file would cost; nothing is asked or stored. `options`: `supplier`, `currency`.

        Raises:
            FileMissing, FileEmpty, FileTooLarge, FileUnusable: the message names file and cause.
            UsageWrong: an option is unknown, or its value is of the wrong kind.
            StoreUnavailable: the stored answers cannot be read.
        """
        from monito_ray.pipeline.rows.price_list import Hints  # noqa: PLC0415
        from monito_ray.steps import estimation  # noqa: PLC0415  it loads the reader

        path, choices = read_path("file_path", file_path), read_options(options, ESTIMATE_OPTIONS)
        hints = Hints(choices.get("supplier", ""), choices.get("currency", ""), self._settings.currency)
        data = read_source_file(path, self._settings.max_file_mb)
        return estimation.estimate(self._store, self._settings, data, path.name, hints, wiring.server_profile(self._settings))

    def submit_llm_processing(self, products: Sequence[Mapping[str, Any]], options: Mapping[str, Any] | None = None) -> str:
        """Commit a task that standardizes `products` by rules and LLM, and return its id.

        The result has the standardized products under `products`, in order; the catalogue is not touched.

        Args:
            products: dicts with at least `original_name`; also `price`, `price_tiers`, `currency`, `section`, `brand`, `category_text`,
                `unit_text`, `size_text`, `pack_text`, `cells`, `sku`, `supplier`, as in `RawRow`; `price_tiers` may
                be a dict, too.
            options: `supplier`, `use_llm`, `priority`, `user_id`.

        Raises:
            ProductsUnusable: the message names the first one without a name, or with an unreadable price or no currency that there is;
                nothing was stored.
            UsageWrong: an option is unknown, or its value is of the wrong kind; nothing was stored.
            StoreUnavailable: nothing was committed.
        """
        return submission.submit_products(self._store, self._files, products, options, wiring.utc_now())

    def submit_telegram_notification(self, user_id: int, message: str, options: Mapping[str, Any] | None = None) -> str:
        """Commit a task that sends `message` to the person, or to the chat `options["chat_id"]`, and return its id.

        `options`: `chat_id`, `priority`.

        Raises:
            UsageWrong: the message is empty or no text, an option is unknown, or its value or `user_id` is of the wrong kind.
            StoreUnavailable: nothing was committed.
        """
        return submission.submit_notification(self._store, user_id, message, options, wiring.utc_now())

    @checked(task_id=read_text, timeout=read_seconds)
    def get_task_result(self, task_id: str, timeout: float = 0) -> TaskResult:
        """Return the status and result of a task, after waiting up to `timeout` seconds for its end.

        Where nobody is alive to do an open task, `metadata["nobody_alive"]` is True and `metadata["waiting_for"]` says what to do. The wait
        goes on, since a driver may start, but it begins with a warning on stderr.

        Raises:
            TaskUnknown: there is no such task.
        """
        until = time.monotonic() + timeout
        task = queue.load(self._store, task_id)
        if timeout > 0 and not task.has_ended and (reason := self._outlook(task)["waiting_for"]):
            log.warning("task.waits", task_id=task_id, message=reason)
        while not task.has_ended and (left_s := until - time.monotonic()) > 0:
            time.sleep(min(_LOOK_EVERY_S, left_s))
            task = queue.load(self._store, task_id)
        result = task_result(task)
        return result if task.has_ended else replace(result, metadata={**result.metadata, **self._outlook(task)})

    def _outlook(self, task: Task) -> dict[str, Any]:
        return statistics.outlook(self._store, task, wiring.utc_now())

    @checked(most=read_count)
    def get_newest_results(self, most: int = 20) -> list[TaskResult]:
        """Return status and result of the last `most` tasks, newest first."""
        return [task_result(task) for task in queue.newest_tasks(self._store, most)]

    @checked(task_id=read_text)
    def get_task_events(self, task_id: str) -> list[TaskEvent]:
        """Return the history of a task, in order.

        Raises:
            TaskUnknown: there is no such task.
        """
        queue.load(self._store, task_id)
        return [TaskEvent(*event) for event in queue.events_of(self._store, task_id)]

    def get_queue_status(self) -> dict[str, QueueStatus]:
        """Return the counts of the five queues, in running order."""
        return statistics.queue_status(self._store, wiring.utc_now())

    def get_worker_stats(self) -> WorkerStats:
        """Return the counts of all tasks and workers together."""
        return statistics.worker_stats(self._store, wiring.utc_now())

    def get_llm_use(self) -> LlmUse:
        """Return the LLM use of all tasks together since midnight, UTC."""
        return ledger.use_of_day(self._store, wiring.utc_now())

    def get_drivers(self) -> list[Heartbeat]:
        """Return the drivers that are alive on this store, oldest first."""
        return heartbeat.live_drivers(self._store, wiring.utc_now())

    @checked(task_id=read_text)
    def cancel(self, task_id: str) -> TaskResult:
        """Cancel a task that waits or runs.

        Raises:
            TaskUnknown: there is no such task.
            TransitionRefused: it has ended.
        """
        return task_result(admin.cancel(self._store, task_id, wiring.utc_now()))

    @checked(task_id=read_text)
    def retry(self, task_id: str) -> TaskResult:
        """Queue a task that failed or was cancelled again, at the stage where it ended; a task that waits for its next attempt continues at once.

        Raises:
            TaskUnknown: there is no such task.
            TransitionRefused: it waits, runs or succeeded already.
        """
        return task_result(admin.requeue(self._store, task_id, wiring.utc_now()))

    @checked(queue=read_text)
    def purge_queue(self, queue: str) -> int:
        """Cancel the tasks that wait in this queue, and return how many there were.

        Raises:
            QueueUnknown: there is no such queue.
        """
        return admin.purge(self._store, admin.stage_named(queue), wiring.utc_now())

    @checked(queue=read_text)
    def pause(self, queue: str) -> None:
        """Start no task of this queue until it is resumed. A restart does not end the pause.

        Raises:
            QueueUnknown: there is no such queue.
        """
        admin.pause(self._store, admin.stage_named(queue), wiring.utc_now())

    @checked(queue=read_text)
    def resume(self, queue: str) -> None:
        """Start tasks of this queue again.

        Raises:
            QueueUnknown: there is no such queue.
        """
        admin.resume(self._store, admin.stage_named(queue))

    @checked(task_id=read_text)
    def tables(self, task_id: str) -> "tuple[pa.Table, pa.Table]":
        """Return the written rows (columns of `ProductRow`), and the rejects and duplicates (of `RejectedRow`), of a task that succeeded."""
        return self._files.read_table(task_id, PRODUCTS), self._files.read_table(task_id, REJECTS)

    def export(self) -> "pd.DataFrame":
        """Return the catalogue: a row for each row of the suppliers' lists that stand. A large one is better taken as `export_tables`."""
        from monito_ray.catalog import offers  # noqa: PLC0415  it loads pandas

        return offers.frame(self._store)

    def export_tables(self) -> "tuple[pa.Schema, Iterator[pa.Table]]":
        """Return the columns of `export` and its rows part by part, so that memory does not grow with the catalogue."""
        from monito_ray.catalog import offer_tables  # noqa: PLC0415  it loads pyarrow

        return offer_tables.SCHEMA, offer_tables.offer_tables(self._store)

    @checked(path=read_output_path)
    def backup(self, path: str | Path) -> int:
        """Write everything that cannot be computed again into an archive, and return how many tasks in it have not ended; see `jobs.backup`.

        Raises:
            OutputNotWritable: the message names the path; an earlier file with this name is unchanged.
            StoreUnavailable: the database cannot be copied.
        """
        from monito_ray.clients.output_paths import atomic_write  # noqa: PLC0415
        from monito_ray.jobs import backup  # noqa: PLC0415

        with atomic_write(Path(path), is_private=True) as temporary:  # it holds what the store holds
            return backup.write_archive(self._store, self._files, temporary)

    @checked(path=read_output_path, language=read_text)
    def report(self, path: str | Path, language: str = "") -> "PlannedReport":
        """Write the page that compares suppliers to `path`, and return what it shows; see docs/report.md.

        Args:
            path: where to, whole or not at all.
            language: "en", "ru" or "id"; that of the settings unless given.

        Raises:
            UsageWrong: there is no such language.
            OutputNotWritable: the message names the path; an earlier file with this name is unchanged.
        """
        from monito_ray.catalog.reporting import report_plan, report_source  # noqa: PLC0415
        from monito_ray.clients.report import report_page, report_words  # noqa: PLC0415
        from monito_ray.messages.review_texts import report_in_language  # noqa: PLC0415

        messages = self._messages(language)
        report = report_plan.plan_report(report_source.read_report_source(self._store), wiring.utc_now())
        words = report_words.report_words(messages.plain, messages.unit_names())
        report_page.write_page(report_in_language(messages, report), Path(path), messages.language, words, messages.numbers.texts)
        return report

    @checked(folder=read_output_path, query=read_text, language=read_text, most=read_count, product_ids=read_texts)
    def charts(self, folder: str | Path, query: str = "", language: str = "", most: int = 6, product_ids: Sequence[str] = ()) -> list[Path]:
        """Draw charts as PNG into `folder`, and return their paths; see `catalog.reporting.chart_plan`.

        Args:
            folder: made where it is missing.
            query: the products that match it have their prices over time and by supplier drawn, up to `most` of them; without one,
                what rose and fell most, and the products whose prices moved most.
            language: "en", "ru" or "id"; that of the settings unless given.
            most: products at most.
            product_ids: the products to draw, in place of a query.

        Raises:
            UsageWrong: there is no such language.
            OutputNotWritable: the message names the path.
        """
        from monito_ray.catalog.reporting import chart_plan, report_plan, report_source  # noqa: PLC0415
        from monito_ray.clients.pictures.chart_png import draw_chart  # noqa: PLC0415

        messages = self._messages(language)
        report = report_plan.plan_report(report_source.read_report_source(self._store), wiring.utc_now())
        if query or product_ids:
            ids = list(product_ids) or [match.product.product_id for match in self.get_prices(query, most)]
            planned = chart_plan.product_charts(report, chart_plan.comparisons_of(report, ids), messages.plain)
        else:
            planned = chart_plan.catalogue_charts(report, most, messages.plain)
        return [draw_chart(chart, Path(folder) / f"{chart.name}.png", messages.numbers.texts) for chart in planned]

    def _messages(self, language: str) -> "Messages":
        from monito_ray.messages import LANGUAGES, Messages  # noqa: PLC0415

        if language and language not in LANGUAGES:
            raise UsageWrong(f"{language!r} is no language of the report", f"Take one of {', '.join(LANGUAGES)}.")
        return Messages(language or self._settings.lang)

    @checked(query=read_text, most=read_count)
    def get_prices(self, query: str, most: int = 20) -> "list[SearchResult]":
        """Return the products that match `query`, the best match first, each with its offers, the best first; see `catalog.search.find`."""
        from monito_ray.catalog.search import find  # noqa: PLC0415

        return find.search_products(self._store, query, most)

    def basket(self, source: str | Path | Sequence[str], max_suppliers: int | None = None) -> "BasketPlan":
        """Plan where to buy a list of articles: the cheapest supplier for each, the best single supplier, the cheapest mix.

        Args:
            source: a file with the list (a table with titles over articles and amounts, or lines such as "10 kg bawang merah"), or the lines.
            max_suppliers: the mix has so many suppliers at most.

        Raises:
            UsageWrong: `max_suppliers` is no positive number, or the list has no articles.
            FileUnusable: the file is missing, or cannot be read.
        """
        from monito_ray.catalog.basket import shopping, shopping_list  # noqa: PLC0415

        if max_suppliers is not None:
            max_suppliers = read_positive("max_suppliers", max_suppliers)
        if isinstance(source, str | Path):
            from monito_ray.pipeline.files.open import open_sheets  # noqa: PLC0415

            path = read_path("source", source)
            data = read_source_file(path, self._settings.max_file_mb)
            lines = shopping_list.read_basket(read_isolated(open_sheets, data, path.name))
        else:
            lines = [line for text in read_texts("source", source) if (line := shopping_list.parse_basket_line(text))]
        if not lines:
            raise UsageWrong(
                "the list names no article", 'Write lines such as "10 kg bawang merah", or a table with titles over articles and amounts.'
            )
        return shopping.plan_purchase(self._store, lines, max_suppliers)

    @checked(task_id=read_text)
    def basket_of_task(self, task_id: str) -> "BasketPlan":
        """Plan where to buy the articles of a file that was sent as a price list and has no prices; see `basket`.

        Raises:
            TaskUnknown: there is no such task.
            UsageWrong: its list names no article.
            ArtifactGone, FileUnusable: the file is gone, or cannot be read.
        """
        from monito_ray.catalog.basket import shopping, shopping_list  # noqa: PLC0415
        from monito_ray.pipeline.files.open import open_sheets  # noqa: PLC0415

        task = queue.load(self._store, task_id)
        data = self._files.read_upload(task.file_hash) if task.file_hash else b""
        lines = shopping_list.read_basket(read_isolated(open_sheets, data, task.file_name)) if data else []
        if not lines:
            raise UsageWrong("the list names no article")
        return shopping.plan_purchase(self._store, lines)

    @checked(supplier=read_text)
    def get_review(self, supplier: str = "") -> "list[ReviewEntry]":
        """Return the rows of the catalogue that a person should check, those that cost the most money if they are wrong first.

        Only rows of suppliers whose name contains `supplier` are returned.
        """
        from monito_ray.catalog import offers  # noqa: PLC0415
        from monito_ray.catalog.sheets import review  # noqa: PLC0415

        part = supplier.casefold()
        return [entry for entry in review.review_entries(offers.snapshot(self._store)) if part in entry.row.supplier.casefold()]

    @checked(path=read_path, user_id=read_id)
    def correct(self, path: str | Path, user_id: int = 0) -> "AppliedEdits":
        """Take what a person changed in a copy of the workbook, or in a CSV file of its sheet Review.

        Product, Brand, Size, Unit, Pack and Category in the Master Table and in Review are corrections: they hold at once, and for their
        rows in every later list of the supplier, before rules and LLM. Answers in `Same?` are links. A price with "yes" in `Price Right?` is
        not suspected until it changes. What is not taken is told.

        Raises:
            FileMissing, FileUnusable: nothing was stored.
        """
        from monito_ray.catalog.edits import workbook_edits  # noqa: PLC0415
        from monito_ray.catalog.sheets import master_table, review_sheet, same_sheet  # noqa: PLC0415
        from monito_ray.catalog.sheets.reading import review_edits  # noqa: PLC0415
        from monito_ray.clients import review_import  # noqa: PLC0415

        rows = review_import.read_review_rows(Path(path), review_sheet.REVIEW, review_edits.COLUMNS, review_edits.OPTIONAL_COLUMNS)
        sheets = review_import.read_edited_sheets(Path(path), (master_table.MASTER, same_sheet.SAME))
        return workbook_edits.apply_edits(self._store, rows, sheets, wiring.utc_now(), user_id)

    @checked(task_id=read_text, user_id=read_id)
    def undo(self, task_id: str, user_id: int = 0) -> "Undone":
        """Take the list of a task back: the catalogue is as if it had never come; people's corrections and links stay.

        Raises:
            TaskUnknown: there is no such task.
            NothingToUndo: its list is not in the catalogue, or was taken back before.
        """
        from monito_ray.catalog.lists import undo  # noqa: PLC0415

        return undo.undo(self._store, task_id, user_id, wiring.utc_now())

    @checked(one=read_text, other=read_text, kind=read_text, user_id=read_id)
    def link(self, one: str, other: str, kind: str, user_id: int = 0) -> "LinkOutcome":
        """Keep that two offers are one product (`kind` "same") or two ("apart"), before all rules and for ever; "" takes back what was said.

        An offer is named by its id, by its product's, or as "supplier: name as written".

        Raises:
            OfferUnknown: there is no such offer.
            UsageWrong: both are one offer, `kind` is none, or there is nothing to take back.
        """
        from monito_ray.catalog.grouping import linking  # noqa: PLC0415
        from monito_ray.catalog.links import LinkKind  # noqa: PLC0415

        now = wiring.utc_now()
        if not kind:
            return linking.unlink(self._store, one, other, user_id, now)
        if kind not in tuple(LinkKind):
            raise UsageWrong(f"{kind!r} is no kind of link", f"There are: {', '.join(LinkKind)}.")
        return linking.link(self._store, one, other, LinkKind(kind), user_id, now)

    @checked(within=read_period, supplier=read_text, most=read_count, kinds=read_texts)
    def get_changes(self, within: timedelta, supplier: str = "", most: int = 1000, kinds: Collection[str] = ()) -> "list[LoggedChange]":
        """Return what changed with the lists that came in the last `within`; see `catalog.prices.change_log`.

        Raises:
            UsageWrong: one of `kinds` is no `ChangeKind`.
        """
        from monito_ray.catalog.prices import change_log, list_changes  # noqa: PLC0415

        return change_log.changes_since(self._store, wiring.utc_now() - within, supplier, list_changes.change_kinds(kinds), most)

    def get_list_ages(self) -> "list[ListAge]":
        """Return how old each supplier's newest list is by its own date, and whether it is stale, the oldest first."""
        from monito_ray.catalog.prices import list_ages  # noqa: PLC0415

        return list_ages.list_ages(self._store, wiring.utc_now().date())

    def suppliers(self) -> "list[Supplier]":
        """Return the suppliers that the catalogue has, in order of name."""
        from monito_ray.catalog.suppliers import supplier_list  # noqa: PLC0415

        return supplier_list.list_suppliers(self._store)

    @checked(name=read_text)
    def find_supplier(self, name: str) -> "Supplier":
        """Return the supplier that is called `name`, in any case and with any legal form.

        Raises:
            SupplierUnknown: the remedy names those that are near.
        """
        from monito_ray.catalog.suppliers import supplier_list  # noqa: PLC0415

        return supplier_list.find_supplier(self._store, name)

    @checked(old=read_text, new=read_text)
    def rename_supplier(self, old: str, new: str) -> "SupplierChange":
        """Give a supplier another name, under which its next lists go, too.

        Raises:
            SupplierUnknown: nobody is called `old`; the remedy names those that are near.
            SupplierExists: another supplier is called `new`.
            UsageWrong: `new` is no name.
        """
        from monito_ray.catalog.lists import supplier_edits  # noqa: PLC0415

        return supplier_edits.rename_supplier(self._store, old, new, wiring.utc_now())

    @checked(source=read_text, target=read_text)
    def merge_suppliers(self, source: str, target: str) -> "SupplierChange":
        """Make one supplier of two, called `target`; of each product the newest offer stands, with the prices of both in its history.

        Raises:
            SupplierUnknown: nobody has one of the names.
            UsageWrong: both are one supplier.
        """
        from monito_ray.catalog.lists import supplier_edits  # noqa: PLC0415

        return supplier_edits.merge_suppliers(self._store, source, target, wiring.utc_now())

    @checked(name=read_text, task_ids=read_texts)
    def split_supplier(self, name: str, task_ids: Sequence[str]) -> "SupplierChange":
        """Make another name of a supplier a supplier of its own again, with the lists of these tasks; `merge_suppliers` taken back.

        What people corrected, linked and chose stays with the supplier that had the name.

        Raises:
            SupplierUnknown: nobody is called `name`.
            NothingToUndo: one of the lists is not of the supplier that has the name.
            UsageWrong: `name` is the name that the catalogue shows, or there are no tasks.
        """
        from monito_ray.catalog.lists import assignment, supplier_edits  # noqa: PLC0415
        from monito_ray.steps.alarms import tell_supplier  # noqa: PLC0415

        now = wiring.utc_now()
        change = supplier_edits.split_supplier(self._store, name, task_ids, now)
        tell_supplier(self._store, self._settings, task_ids, change.supplier, assignment.BY_PERSON, now)
        return change

    @checked(task_id=read_text, name=read_text)
    def answer_supplier(self, task_id: str, name: str) -> "Assignment":
        """Say whose list a task's is: it goes to the supplier of that name, or to a new one, and what it shows is remembered for the next list.

        All lists of a supplier go along where it was not sure of any of them whose it is; else this list alone.

        Raises:
            NothingToUndo: the catalogue has no list of the task.
            UsageWrong: `name` is no name.
        """
        from monito_ray.catalog.lists import assignment  # noqa: PLC0415
        from monito_ray.steps.alarms import tell_supplier  # noqa: PLC0415

        now = wiring.utc_now()
        answer = assignment.assign_supplier(self._store, task_id, name, now)
        tell_supplier(self._store, self._settings, answer.tasks, answer.supplier, assignment.BY_PERSON, now)
        return answer

    @checked(name=read_text)
    def delete_supplier(self, name: str) -> "SupplierChange":
        """Delete a supplier with all that the catalogue has of it, and the products that nobody else sells.

        Raises:
            SupplierUnknown: nobody is called so.
        """
        from monito_ray.catalog.lists import supplier_edits  # noqa: PLC0415

        return supplier_edits.delete_supplier(self._store, name)


def submit_file_async(file_path: str | Path, user_id: int = 0, options: Mapping[str, Any] | None = None) -> str:
    """Commit a task for the file and return its id before any processing; see `Monito.submit_file_processing`."""
    with Monito() as monito:
        return monito.submit_file_processing(file_path, user_id, options)


@checked(path=read_path)
def read_price_list(path: str | Path, columns: str | Mapping[str, str] = "", sheet: str | Sequence[str] = ()) -> "pd.DataFrame":
    """Return the rows of a price list, read, validated and standardized by rules: no Ray, no store, no LLM.

    The file is read in a child process, which is held to the limits of `limits`: whatever the file does, this process lives.
    `columns` ("name=B,price=F", or a mapping) says what columns hold, `sheet` which sheets are read. `frame.attrs` has `doubts` and
    `unread_amounts` as the result of a task has them.

    Raises:
        UsageWrong: `columns` or `sheet` cannot be understood.
        FileUnusable: the file is missing, or is no price list that can be read.
    """
    settings = load_settings()
    data = read_source_file(Path(path), settings.max_file_mb)
    start_child()  # what follows loads the reader here while the child starts
    from monito_ray.pipeline import short_list  # noqa: PLC0415
    from monito_ray.pipeline.rows import chosen_columns, price_list  # noqa: PLC0415

    chosen = chosen_columns.parse_columns(columns) if columns else {}
    hints = price_list.Hints(fallback_currency=settings.currency, columns=chosen, sheets=chosen_columns.sheet_names(sheet))
    frame, certainty = read_isolated(short_list.read_frame, data, Path(path).name, hints)
    frame.attrs.update(certainty.as_result())
    return frame
