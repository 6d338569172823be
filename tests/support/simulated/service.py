"""The service in the simulated world: drivers, a bot and commands, put together of the product's own parts as `wiring` does."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from monito_ray.bot import polling
from monito_ray.bot.timing import BotTiming
from monito_ray.clients.telegram.loop_thread import TelegramThread
from monito_ray.cluster.batches import RowSlice
from monito_ray.cluster.llm.limiter import Limiter
from monito_ray.driver.driver import Driver
from monito_ray.events import Sink
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.settings import Settings
from monito_ray.steps.background.chat_progress import ChatProgress
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.background.workbook_refresh import WorkbookRefresher
from monito_ray.steps.context import Services
from monito_ray.store.database import Store, new_id
from simulated import llm
from simulated.chats import TOKEN
from simulated.loop import SimulatedLoop
from simulated.threads import Event, here
from simulated.world import Process

if TYPE_CHECKING:
    from simulated.run import Run

T = TypeVar("T")
_READ_S, _DRAW_S, _SLICE_S = 0.4, 0.3, 0.2
_read: dict[Any, Any] = {}


def settings_of(run: "Run") -> Settings:
    """Return the settings of the service."""
    setup = run.plan.setup
    return Settings(
        MONITO_HOME=str(run.folder),
        MONITO_CURRENCY="IDR",
        MONITO_USER_CONCURRENT=setup.user_concurrent,
        MONITO_LLM_MODEL=llm.MODEL,
        MONITO_LLM_PRICE=(Decimal(1), Decimal("0.5"), Decimal(4)),
        MONITO_LLM_BUDGET_USD=setup.task_usd,
        MONITO_LLM_DAILY_USD=setup.day_usd,
        OPENAI_API_KEY="key" if setup.has_llm else "",
        TELEGRAM_BOT_TOKEN=TOKEN,
        MONITO_ALLOWED_USERS="1,2",
    )


def drive(run: "Run", process: Process, stop: Event) -> None:
    """Be a serving driver."""
    store, setup, settings = run.machine.open(process), run.plan.setup, run.settings
    here().sleep(run.dice.uniform(0.2, 1.5))
    pool = _pool(run, store)
    files = Artifacts(str(run.folder / "files"))
    clock = here().wall_time
    try:
        with _telegram(run, store, files) as (telegram, sink):
            services = Services(
                settings=settings,
                store=store,
                files=files,
                workers=_Workers(takes_long_road=setup.takes_long_road),
                pool=pool,
                sink=sink,
                clock=clock,
                row_batches=RowBatches(_map_slices, lambda: 1),
                workbook=WorkbookRefresher(partial(_draw, run, store)),
                telegram=telegram,
            )
            driver = Driver(services, setup.slots)
            run.driver_names[driver.id] = process.name
            driver.serve(stop)
    finally:
        if pool is not None:
            pool.close()


@contextmanager
def _telegram(run: "Run", store: Store, files: Artifacts) -> Iterator[tuple[TelegramThread | None, Sink]]:
    if not run.has_chats:
        yield None, lambda _: None
        return
    with (
        TelegramThread(TOKEN, "http://simulated") as telegram,
        ChatProgress(telegram, store, files, here().wall_time) as progress,
    ):
        yield telegram, progress.sink


def be_bot(run: "Run", process: Process, stop: Event) -> None:
    """Be the bot."""
    run.bot_store = run.machine.open(process)
    loop = SimulatedLoop()
    bot = polling.Bot(run.settings, None, BotTiming(poll_s=5))  # type: ignore[arg-type]
    loop.run_until_complete(polling._run_until(stop, bot))


def _pool(run: "Run", store: Store) -> llm.SimulatedLlm | None:
    setup = run.plan.setup
    if not setup.has_llm:
        return None
    budgets = Budgets(Decimal(setup.task_usd), Decimal(setup.day_usd))
    ledger = LlmLedger(store, new_id(), llm.MODEL, str(llm.PRICE), budgets, here().wall_time, 20.0)
    limiter = Limiter(setup.requests_a_minute)
    address = llm.Address(run.provider)
    return llm.SimulatedLlm(
        address, setup.concurrency, setup.batch_rows, run.laws, timeout_s=20.0, limiter=limiter, ledger=ledger,
        sink=lambda _: None,
    )  # fmt: skip


class _Workers:
    """Reads files in this very strand; what was read before is not read again, but takes as long."""

    def __init__(self, *, takes_long_road: bool) -> None:
        self._takes_long_road = takes_long_road

    def read_file(
        self,
        data: bytes,
        file_name: str,
        read: Callable[..., T],
        *args: Any,
        ahead: Callable[..., T] | None = None,
        check_stop: Callable[[], None] = lambda: None,
        **_others: Any,
    ) -> T:
        """Call it."""
        here().sleep(_READ_S)
        check_stop()
        function = read if self._takes_long_road or ahead is None else ahead
        key = (data, file_name, pickle.dumps(args), pickle.dumps(function))
        if key not in _read:
            _read[key] = function(data, file_name, *args)
        result: T = _read[key]
        return result

    def cancel(self) -> None:
        """Nothing runs elsewhere."""


def _map_slices(slices: Sequence[RowSlice]) -> list[pa.Table]:
    here().sleep(_SLICE_S)
    return [piece.function(piece.rows) for piece in slices]


def _draw(run: "Run", store: Store) -> None:
    with store.read() as connection:
        written = connection.exec_driver_sql("SELECT count(*) FROM catalog_writes WHERE slices_left = 0").scalar()
    here().sleep(_DRAW_S)
    run.drawn = max(run.drawn, int(written or 0))


@cache
def list_text(supplier: int, number: int) -> bytes:
    """Return a list: the articles of a supplier are the same in each, the prices are not. Five rows found, one rejected, one a duplicate."""
    price = 11 + number
    lines = [
        "Nama Barang;Satuan;Harga",
        f"Beras Ramos {supplier + 2} kg;sak;{price}.500",
        f"Zorblax Qwyjibo Ma{'b' * (supplier + 1)};pcs;{price}.000",
        f"Vrumplet Snorf Ti{'k' * (supplier + 1)};pcs;{price}.250",
        f"Vrumplet Snorf Ti{'k' * (supplier + 1)};pcs;{price}.250",
        "Kecap Manis 600 ml;botol;",
        f"Quandle Pexx Ro{'m' * (supplier + 1)};pcs;{price}.750",
    ]
    return ("\n".join(lines) + "\n").encode()
