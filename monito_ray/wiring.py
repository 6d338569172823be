"""Build from settings what the program runs: the only module that chooses implementations.

Heavy parts (Ray, the reader, pandas) are imported only when they are needed, so a command that only reads the store starts at once.
"""

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from monito_ray import log
from monito_ray.errors import ClusterUnavailable, StoreUnavailable
from monito_ray.events import Event, Sink
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.dedup import AdmissionPolicy
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.pipeline import versions
from monito_ray.pipeline.gc_pause import collect_rarely
from monito_ray.settings import Settings
from monito_ray.store import private_files
from monito_ray.store.clock import DatabaseClock
from monito_ray.store.database import Store, new_id
from monito_ray.store.database import open_store as open_database
from monito_ray.store.file_lock_queue import LockTimeout, file_lock
from monito_ray.store.machine_identity import this_machine

_MEASURE_EVERY_S = 5.0
#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.1
#: How long a lock is waited for that a driver of this home holds for as long as it lives.
_LOCK_S = 0.2
#: How often it is looked how many cores the files that wait would keep busy.
_DEMAND_EVERY_S = 2.0
#: A thread that works on a long list keeps the interpreter for this long each time another thread wants it. With Python's default of 5 ms a
#: short list, which waits some hundred times, takes a second longer.
_SWITCH_S = 0.0005

if TYPE_CHECKING:
    from monito_ray.clients.llm.chat_completions import LlmAddress
    from monito_ray.clients.sheets.spreadsheet import Spreadsheet
    from monito_ray.clients.telegram.loop_thread import TelegramThread
    from monito_ray.cluster.llm.pool import LlmPool
    from monito_ray.driver.driver import Driver
    from monito_ray.pipeline.llm.server.server_profile import ServerProfile
    from monito_ray.steps.context import Services
    from monito_ray.steps.long_lists.long_list_process import LongLists


_clock = DatabaseClock()


def utc_now() -> datetime:
    """Return the time now, in UTC: the database's, where one that several machines share was opened, else this machine's."""
    return _clock()


def open_store(settings: Settings) -> Store:
    """Open the database of these settings, and create it if it does not exist; see `store.database.open_store` for the errors.

    What others could read of the home of an earlier version is narrowed to its owner first, which is told.
    """
    if wide := private_files.narrow(settings.home):
        log.warning("home.narrowed", message="others could read it", home=str(settings.home.resolve()), entries=len(wide))
    store = open_database(settings.store_url)
    _clock.follow(store)
    return store


def open_files(settings: Settings) -> Artifacts:
    """Return the store of staged files and artifacts."""
    return Artifacts(settings.files, settings.max_file_mb)


def admission_policy(settings: Settings) -> AdmissionPolicy:
    """Return the policy by which files are admitted."""
    return AdmissionPolicy(settings.user_files_per_hour, settings.llm_model if settings.has_llm else "")


@contextmanager
def local_driver(settings: Settings, sink: Sink, stop: threading.Event | None = None) -> Iterator["Driver"]:
    """Give a driver with a Ray of its own, which ends with the block and when the catalogue is up to date, or once `stop` is set.

    Raises:
        ClusterUnavailable: Ray does not start.
        StoreUnavailable, StoreTooNew: as opening the database.
    """
    from monito_ray.cluster import session  # noqa: PLC0415

    with ExitStack() as closing, ThreadPoolExecutor(1) as helper:
        sink = closing.enter_context(_tracing(settings, sink))
        opening = helper.submit(_open_ahead, settings, closing)  # opening and importing fit in the seconds that Ray needs to start
        with (
            session.embedded(),
            _pool(settings, opening.result(), sink) as pool,
            _step_process(settings) as long_lists,
        ):
            services = _services(settings, opening.result(), pool, sink, long_lists=long_lists)
            stop = stop or threading.Event()
            with _bringing_up_to_date(services.store, services.workbook.request, finished_unless=stop):
                yield _command_driver(services)
            if not stop.is_set():
                services.workbook.finish()


@contextmanager
def serving_driver(settings: Settings, sink: Sink) -> Iterator["Driver"]:
    """Give a driver for the tasks of all users, on the cluster of `RAY_ADDRESS` or a Ray of its own, with metrics.

    Its workers start in parallel with the block, because lists of a driver that was killed may wait already.

    Raises:
        ClusterUnavailable: Ray does not start, or the cluster cannot be reached.
        StoreUnavailable, StoreTooNew: as opening the database.
    """
    from monito_ray.cluster import metrics, node_watch, session  # noqa: PLC0415
    from monito_ray.driver.driver import SERVING_SLOTS, Driver  # noqa: PLC0415

    sys.setswitchinterval(_SWITCH_S)
    with ExitStack() as closing, ThreadPoolExecutor(1) as helper:
        sink = closing.enter_context(_tracing(settings, sink))
        opening = helper.submit(_open_ahead, settings, closing)
        with (
            session.serving(settings.ray_address, settings.metrics_port) as ray,
            _watching_nodes(settings),
            _lasting_name(settings) as name,
            _pool(settings, opening.result(), sink, name) as pool,
            _step_process(settings) as long_lists,
            _step_process(settings) as short_lists,
        ):
            store = opening.result()
            with (
                chat_progress(settings, store, open_files(settings), utc_now, _both(sink, metrics.sink())) as (telegram, emit),
                _measuring(store),
                _asking_for_cores(settings, store),
                _warming(pool),
            ):
                services = _services(
                    settings, store, pool, emit, telegram, long_lists=long_lists, short_lists=short_lists, is_long_lived=True
                )
                collect_rarely()
                with _bringing_up_to_date(store, services.workbook.request):
                    yield Driver(
                        services,
                        SERVING_SLOTS,
                        workers=lambda: pool.size if pool else 0,
                        dashboard=ray.dashboard,
                        metrics=ray.metrics,
                        nodes=lambda: node_watch.watch().summary(),
                    )


@contextmanager
def _tracing(settings: Settings, sink: Sink) -> Iterator[Sink]:
    """Give a sink that also sends traces to the collector of these settings; without one, `sink` itself.

    Raises:
        SettingsInvalid: the exporter is not installed.
    """
    if not settings.otel_endpoint:
        yield sink
        return
    from monito_ray.clients import tracing  # noqa: PLC0415

    with tracing.exporting(settings.otel_endpoint, settings.llm_model) as spans:
        yield _both(sink, spans)


@contextmanager
def _watching_nodes(settings: Settings) -> Iterator[None]:
    """Watch the nodes of a cluster, and start workers on new ones while the block runs; a Ray of one's own has one node."""
    if not settings.ray_address:
        yield
        return
    from monito_ray.cluster import node_watch, tasks  # noqa: PLC0415

    def warm(node: node_watch.ClusterNode) -> None:
        try:
            tasks.warm_node(node)
        except ClusterUnavailable as error:
            log.warning("workers.late", code=error.code, message=str(error))

    with node_watch.watching(lambda node: threading.Thread(target=warm, args=(node,), name="warming", daemon=True).start()):
        yield


@contextmanager
def _warming(pool: "LlmPool | None") -> Iterator[None]:
    """Start the workers while the block runs, so that the first list need not wait for each in turn."""
    from monito_ray.cluster import tasks  # noqa: PLC0415

    def warm() -> None:
        try:
            if pool is not None:
                pool.warm()
            tasks.warm()
        except ClusterUnavailable as error:
            log.warning("workers.late", code=error.code, message=str(error))

    thread = threading.Thread(target=warm, name="warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@contextmanager
def _measuring(store: Store) -> Iterator[None]:
    """Pass the statistics of the store to Ray's metrics every few seconds."""
    from monito_ray.cluster import metrics  # noqa: PLC0415
    from monito_ray.jobs.statistics import queue_status, worker_stats  # noqa: PLC0415

    done = threading.Event()

    def measure() -> None:
        while not done.wait(_MEASURE_EVERY_S):
            with suppress(StoreUnavailable):
                _clock.follow(store)
                metrics.sample(queue_status(store, utc_now()), worker_stats(store, utc_now()))

    thread = threading.Thread(target=measure, name="figures", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def _asking_for_cores(settings: Settings, store: Store) -> Iterator[None]:
    """Tell the autoscaler of a cluster while the block runs how many cores the files that wait would keep busy; at its end, none."""
    if not settings.ray_address or not settings.autoscale_cores:
        yield
        return
    from monito_ray.cluster.autoscaler import Demand  # noqa: PLC0415
    from monito_ray.jobs.statistics import files_for_cores  # noqa: PLC0415

    done, demand = threading.Event(), Demand(settings.autoscale_cores)

    def ask() -> None:
        while not done.wait(_DEMAND_EVERY_S):
            try:
                demand.tell(files_for_cores(store, utc_now()))
            except StoreUnavailable:
                continue
            except Exception as error:  # noqa: BLE001  whatever Ray raises: files are read with the nodes that there are
                log.warning("cores.not_asked_for", code=type(error).__name__, message=str(error).partition("\n")[0])
        with suppress(Exception):
            demand.close()

    thread = threading.Thread(target=ask, name="autoscaler", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(_MEASURE_EVERY_S)


@contextmanager
def _bringing_up_to_date(store: Store, redraw: Callable[[], object], *, finished_unless: threading.Event | None = None) -> Iterator[None]:
    """Match offers anew, and index products for the search, while the block runs, where an earlier version of the program has written them.

    `redraw` is called when offers were matched anew. What is not done at the end of the block is left to the next one; with `finished_unless` it is
    waited for until that is set.
    """
    from monito_ray.catalog.lists.replay import replay_outdated, suppliers_to_replay  # noqa: PLC0415
    from monito_ray.catalog.search import index  # noqa: PLC0415

    stop = threading.Event()

    def replay() -> None:
        try:
            if count := len(suppliers_to_replay(store)):
                log.warning("catalogue.matched_anew", suppliers=count, message="their offers were written by an earlier version")
                replay_outdated(store, stop.is_set)
                redraw()
            if not stop.is_set():
                index.bring_up_to_date(store)
        except StoreUnavailable as error:
            log.warning("catalogue.unmatched", code=error.code, message=str(error))

    thread = threading.Thread(target=replay, name="matching", daemon=True)
    thread.start()
    try:
        yield
        while finished_unless is not None and thread.is_alive() and not finished_unless.is_set():
            thread.join(_LOOK_EVERY_S)
    finally:
        stop.set()
        thread.join()


@contextmanager
def chat_progress(
    settings: Settings, store: Store, files: Artifacts, clock: Callable[[], datetime], sink: Sink
) -> "Iterator[tuple[TelegramThread | None, Sink]]":
    """Give the connection to Telegram, and a sink that also shows people the progress of their tasks; without a bot, None and `sink`."""
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        yield None, sink
        return
    from monito_ray.clients.telegram.loop_thread import TelegramThread  # noqa: PLC0415
    from monito_ray.steps.background.chat_progress import ChatProgress  # noqa: PLC0415

    with (
        TelegramThread(token, settings.telegram_base_url, is_local=settings.telegram_is_local) as telegram,
        ChatProgress(telegram, store, files, clock, settings.sheet_link) as progress,
    ):
        yield telegram, _both(sink, progress.sink)


def _both(first: Sink, second: Sink) -> Sink:
    def sink(event: Event) -> None:
        first(event)
        second(event)

    return sink


@contextmanager
def _lasting_name(settings: Settings) -> Iterator[str]:
    """Give the name under which LLM workers outlive a driver that is killed, for the next one of this home and these settings.

    "" where they end with it: with a Ray of its own, and for a second driver of one home.
    """
    from importlib.metadata import version  # noqa: PLC0415  loads half of the email package

    with ExitStack() as held:
        name = ""
        if settings.ray_address and settings.has_llm:
            private_files.make_folder(settings.home)
            settled = repr(
                (
                    llm_address(settings),
                    settings.llm_concurrency,
                    version("monito-ray"),
                    versions.PIPELINE,
                    str(settings.home.resolve()),
                    this_machine(),
                )
            )
            with suppress(LockTimeout):
                held.enter_context(file_lock(settings.home / "llm-workers.lock", _LOCK_S))
                name = hashlib.sha256(settled.encode()).hexdigest()[:12]
        yield name


@contextmanager
def _pool(settings: Settings, store: Store, sink: Sink, name: str = "") -> Iterator["LlmPool | None"]:
    """Give the pool for the LLM of these settings, None without an LLM; its actors start with the first question. `name`: see `LlmPool`."""
    if not settings.has_llm:
        yield None
        return
    from monito_ray.clients.llm.profile_store import ProfileStore  # noqa: PLC0415
    from monito_ray.cluster.llm.limiter import Limiter  # noqa: PLC0415
    from monito_ray.cluster.llm.pool import LlmPool  # noqa: PLC0415

    address = llm_address(settings)
    limiter = Limiter(settings.llm_rpm, settings.llm_tpm)
    budgets = Budgets(settings.llm_budget_usd, settings.llm_daily_usd)
    timeout_s = settings.request_timeout_s
    ledger = LlmLedger(store, new_id(), settings.llm_model, str(address.price or ""), budgets, utc_now, timeout_s)
    pool = LlmPool(
        address,
        settings.llm_concurrency,
        settings.llm_batch_rows,
        workers=settings.llm_workers,
        timeout_s=timeout_s,
        name=name,
        rests=bool(settings.ray_address and settings.autoscale_cores),
        limiter=limiter,
        ledger=ledger,
        profile=server_profile(settings),
        on_profile=partial(ProfileStore(profiles_path(settings)).save, address),
        sink=sink,
    )
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def _step_process(settings: Settings) -> "Iterator[LongLists]":
    """Give what runs steps in a process of its own, which starts with the first of them and ends with the block."""
    from monito_ray.steps.long_lists.long_list_process import LongLists  # noqa: PLC0415

    process = LongLists(settings)
    try:
        yield process
    finally:
        process.close()


def profiles_path(settings: Settings) -> Path:
    """Return where it is kept what servers of LLMs take."""
    return settings.home / "llm-servers.json"


def server_profile(settings: Settings) -> "ServerProfile | None":
    """Return what is known of the server of the LLM, from earlier requests; None without any."""
    from monito_ray.clients.llm.profile_store import ProfileStore  # noqa: PLC0415

    return ProfileStore(profiles_path(settings)).load(llm_address(settings))


def llm_address(settings: Settings) -> "LlmAddress":
    """Return which model is asked, where, and how."""
    from monito_ray.clients.llm.chat_completions import LlmAddress  # noqa: PLC0415

    return LlmAddress(
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key.get_secret_value(),
        model=settings.llm_model,
        reasoning_effort=settings.llm_reasoning_effort,
        service_tier=settings.llm_service_tier,
        extra_body=settings.llm_extra_body,
        prices=settings.llm_price,
    )


def _open_ahead(settings: Settings, closing: ExitStack) -> Store:
    """Open the database, and import what `_services` needs: both take seconds."""
    from monito_ray.cluster import batches, tasks  # noqa: F401, PLC0415
    from monito_ray.driver import driver  # noqa: F401, PLC0415

    return closing.enter_context(open_store(settings))


def _services(
    settings: Settings,
    store: Store,
    pool: "LlmPool | None",
    sink: Sink,
    telegram: "TelegramThread | None" = None,
    *,
    long_lists: "LongLists | None" = None,
    short_lists: "LongLists | None" = None,
    is_long_lived: bool = False,
) -> "Services":
    """Return the services of the steps. A long-lived process does work that takes much time or memory in subprocesses."""
    from monito_ray.cluster import batches, tasks  # noqa: PLC0415
    from monito_ray.steps import publish  # noqa: PLC0415
    from monito_ray.steps.background import workbook_drawing  # noqa: PLC0415
    from monito_ray.steps.background.coalescing import Coalescer  # noqa: PLC0415
    from monito_ray.steps.background.row_batches import RowBatches  # noqa: PLC0415
    from monito_ray.steps.background.workbook_refresh import WorkbookRefresher  # noqa: PLC0415
    from monito_ray.steps.context import Services  # noqa: PLC0415
    from monito_ray.steps.long_lists.many_lists import ManyLists  # noqa: PLC0415

    draw_here = partial(workbook_drawing.draw_workbook, store, workbook_drawing.workbook_path(settings))
    publish_here = partial(publish.publish, store, cache(partial(open_spreadsheet, settings)))
    return Services(
        settings=settings,
        store=store,
        files=open_files(settings),
        workers=tasks,
        pool=pool,
        sink=sink,
        clock=utc_now,
        row_batches=RowBatches(batches.map_slices, tasks.cores),
        workbook=WorkbookRefresher(workbook_drawing.draw_workbook_in_subprocess if is_long_lived else draw_here),
        spreadsheet=Coalescer(publish.publish_in_subprocess if is_long_lived else publish_here) if settings.sheet_id else None,
        telegram=telegram,
        long_lists=long_lists,
        many_lists=None if short_lists is None else ManyLists(short_lists),
    )


def open_spreadsheet(settings: Settings, *, only_try: bool = False) -> "Spreadsheet":
    """Return the client of the spreadsheet. Call it when the first list is written: until then Google's libraries are not needed.

    With `only_try` it tries at most twice and waits seconds for an answer, not minutes.
    """
    from monito_ray.clients.sheets.spreadsheet import SheetsAddress, Spreadsheet  # noqa: PLC0415

    credentials = Path(settings.google_credentials) if settings.google_credentials else None
    pace = settings.home.resolve() / "sheets-pace.json"
    address = SheetsAddress(sheet_id=settings.sheet_id, credentials=credentials, endpoint=settings.sheets_endpoint, pace_path=pace)
    return Spreadsheet(replace(address, waits_s=(1.0,), timeout_s=10.0) if only_try else address)


def _command_driver(services: "Services") -> "Driver":
    from monito_ray.cluster import tasks  # noqa: PLC0415
    from monito_ray.driver.driver import Driver, slots_of_command  # noqa: PLC0415

    return Driver(services, slots_of_command(tasks.cores(), has_llm=services.pool is not None))
