"""One job of the service, whole, in a process that may be killed at any point: a file from a chat, read, priced, kept, published, answered.

The process runs the real bot and then the real driver, as `monito serve` does, against servers that play Telegram, Google Sheets and the
LLM over real sockets in another process. Two things are otherwise: what Ray does in processes of its own is done in this one, and waits of
seconds between two edits of a message are a tenth of one.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from monito_ray import wiring
from monito_ray.bot import receiving
from monito_ray.bot.polling import run_bot
from monito_ray.bot.timing import BotTiming
from monito_ray.catalog.lists.replay import replay_outdated
from monito_ray.clients.llm.profile_store import ProfileStore
from monito_ray.cluster.llm.in_process import InProcessLlm
from monito_ray.driver.driver import SERVING_SLOTS, Driver
from monito_ray.jobs import chat_messages, heartbeat, queue
from monito_ray.jobs.chat_messages import ClosingState
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger
from monito_ray.settings import Settings
from monito_ray.steps.background import chat_progress
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.store.database import Store, new_id
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.sheets_server import SheetsServer
from monito_ray.testing.telegram_chats import Flood
from monito_ray.testing.telegram_server import TOKEN, TelegramServer

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from crash_tracing import Point, Tracer
from lists import Inline, map_inline

BUYER = 1001
BOOK = "catalogue"
POLL = "telegram POST getUpdates"
_LOOK_S = 0.03


@dataclass(frozen=True, slots=True)
class SentList:
    """A file that a person sends to the bot; `task_id` is what its task is called, so that two runs can be compared."""

    name: str
    text: str
    supplier: str
    task_id: str


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the servers listen; a home remembers what it found at an address, so they stay the same."""

    telegram: int = 0
    sheets: int = 0
    llm: int = 0


class _AllPrompts(set[str]):
    """A provider's cache of prompts that has all of them, so that a request costs the same whoever made it first."""

    def __contains__(self, _: object) -> bool:
        return True


def play(commands: Connection, key: rsa.RSAPrivateKey, answers: dict[str, Any]) -> None:
    """Be the servers, in a process of its own, until the other end is closed.

    Commands: `("start", lists)` starts them afresh, with the spreadsheet as it was kept last and these lists sent, and gives their ports and the account's file;
    `("keep",)` keeps the spreadsheet; `("look",)` gives what people see, and what was paid.
    """
    ports, books = Ports(), None
    while True:
        _, sent = commands.recv()
        flood = Flood(chat_interval_s=0.0, a_second=10_000)
        with (
            TelegramServer(flood=flood, port=ports.telegram) as telegram,
            SheetsServer(reads=10_000, writes=10_000, key=key, port=ports.sheets) as sheets,
            LlmServer(answers=answers, port=ports.llm) as llm,
        ):
            ports = Ports(*(int(server.url.split(":")[2].partition("/")[0]) for server in (telegram, sheets, llm)))
            llm._seen_system_messages = _AllPrompts()  # noqa: SLF001
            sheets.spreadsheet(BOOK).sheets = [sheet.copy() for sheet in books] if books else sheets.spreadsheet(BOOK).sheets
            for one in sent:  # those of earlier jobs are confirmed by the first poll
                telegram.send_document(BUYER, one.name, one.text.encode(), caption=one.supplier)
            commands.send((telegram.url, sheets.url, llm.url, sheets.credentials))
            while True:
                try:
                    what = commands.recv()[0]
                except EOFError:
                    return
                if what == "stop":
                    break
                if what == "keep":
                    books = [sheet.copy() for sheet in sheets.spreadsheet(BOOK).sheets]
                commands.send(_seen(telegram, sheets, llm) if what == "look" else None)


def _seen(telegram: TelegramServer, sheets: SheetsServer, llm: LlmServer) -> dict[str, Any]:
    book = sheets.spreadsheet(BOOK)
    return {
        "chat": [(message.text, message.markup, message.buttons, message.file_name, message.data) for message in telegram.chat(BUYER)],
        "sheets": {sheet.title: (sheet.resource(0), sheet.rows, sheet.column_properties, sheet.formats) for sheet in book.sheets},
        "paid": {"requests": llm.paid.requests, "rows": llm.paid.rows, "names": dict(llm.paid.names)},
        "unconfirmed": [update.update_id for update in telegram.updates if update.confirmed_at is None],
    }


def settings_of(home: Path, telegram: str, sheets: str, llm: str, credentials: dict[str, Any]) -> Settings:
    """Return the settings of a service in `home` that talks to these servers."""
    account = home.parent / "account.json"
    if not account.exists():
        account.write_text(json.dumps(credentials))
    return Settings(
        MONITO_HOME=str(home),
        MONITO_CURRENCY="IDR",
        OPENAI_BASE_URL=llm,
        MONITO_LLM_MODEL="home-grown",
        MONITO_LLM_PRICE="1/0.5/2",
        MONITO_LLM_BATCH_ROWS=3,
        MONITO_LLM_CONCURRENCY=1,
        MONITO_LLM_BUDGET_USD=Decimal(5),
        TELEGRAM_BOT_TOKEN=TOKEN,
        MONITO_TELEGRAM_BASE_URL=telegram,
        MONITO_ALLOWED_USERS=str(BUYER),
        MONITO_SHEET_ID=BOOK,
        MONITO_SHEETS_ENDPOINT=sheets,
        GOOGLE_APPLICATION_CREDENTIALS=str(account),
    )


def do_job(settings: Settings, task_id: str, kill_at: Point | None, points_path: Path) -> None:
    """Take the list in and do all that it needs; write the points that were reached, where the process lives to see the end."""
    tracer = Tracer(kill_at)
    tracer.install()
    receiving.new_id = lambda: task_id
    chat_progress.EDIT_EVERY_S = 0.1
    _receive(settings, task_id, tracer)
    _work(settings, task_id)
    points_path.write_text(json.dumps([(point.what, point.number, point.moment) for point in tracer.points]))


def _receive(settings: Settings, task_id: str, tracer: Tracer) -> None:
    """Run the bot until it has taken in and acknowledged what was sent, and asked for more."""
    stop = threading.Event()

    def is_done() -> bool:
        is_acknowledged = chat_messages.messages_of(store, [task_id]) and not chat_messages.unacknowledged(store)
        return bool(is_acknowledged) and tracer.count(POLL) > is_new

    with wiring.open_store(settings) as store:
        is_new = not chat_messages.messages_of(store, [task_id])  # then one poll brings it, and the next one confirms it
        with _stopped_when(stop, is_done):
            run_bot(settings, stop, BotTiming(poll_s=1, chat_interval_s=0.0))


def _work(settings: Settings, task_id: str) -> None:
    """Run the driver until the list has ended, everywhere and for everybody."""
    stop = threading.Event()
    with wiring.open_store(settings) as store:
        (before,) = chat_messages.messages_of(store, [task_id])
        may_end = {ClosingState.SENT, ClosingState.UNKNOWN} | ({before.closing_state} - {ClosingState.NONE})

        def is_done() -> bool:
            (message,) = chat_messages.messages_of(store, [task_id])
            has_ended = queue.load(store, task_id).has_ended and message.closing_state in may_end
            drivers = [beat.pid for beat in heartbeat.registered_drivers(store)]
            if not has_ended or drivers != [os.getpid()]:  # one that died was not seen yet
                return False
            driver._services.workbook.finish()  # noqa: SLF001  a driver that stops waits three seconds for it: the next one draws it
            return True

        with _llm(settings, store) as llm, _driver(settings, store, llm) as driver, _stopped_when(stop, is_done):
            replay_outdated(store)
            driver.serve(stop)


@contextmanager
def _stopped_when(stop: threading.Event, holds: Callable[[], bool]) -> Iterator[None]:
    """Set an event soon after a condition holds, while the block runs."""

    def watch() -> None:
        while not stop.is_set() and not holds():
            time.sleep(_LOOK_S)
        stop.set()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield
    thread.join()


def _llm(settings: Settings, store: Store) -> InProcessLlm:
    """Return what `wiring` makes for these settings, with its worker in this process."""
    address = wiring.llm_address(settings)
    budgets = Budgets(settings.llm_budget_usd, settings.llm_daily_usd)
    ledger = LlmLedger(store, new_id(), settings.llm_model, str(address.price or ""), budgets, wiring.utc_now, settings.request_timeout_s)
    return InProcessLlm(
        address,
        settings.llm_concurrency,
        settings.llm_batch_rows,
        settings.request_timeout_s,
        ledger=ledger,
        profile=wiring.server_profile(settings),
        on_profile=partial(ProfileStore(wiring.profiles_path(settings)).save, address),
    )


@contextmanager
def _driver(settings: Settings, store: Store, llm: InProcessLlm) -> Iterator[Driver]:
    """Give a driver of the real services but for Ray, while the block runs."""
    with wiring.chat_progress(settings, store, wiring.open_files(settings), wiring.utc_now, lambda _: None) as (telegram, emit):
        services = wiring._services(settings, store, llm, emit, telegram)  # noqa: SLF001
        yield Driver(replace(services, workers=Inline(), row_batches=RowBatches(map_inline, lambda: 1)), SERVING_SLOTS)
