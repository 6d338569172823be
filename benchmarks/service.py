"""`monito serve` in a process tree of its own against the three testing servers, for benchmarks that hurt it."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import func, select

from monito_ray.jobs import queue
from monito_ray.jobs.llm.ledger import RequestState
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import llm_requests
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.sheets_server import SheetsServer
from monito_ray.testing.sheets_values import RequestRefused
from monito_ray.testing.telegram_chats import Flood, Message
from monito_ray.testing.telegram_server import TOKEN, TelegramServer

BUYER = 1001
BOOK = "catalogue"
START_S = 120.0
TARGETS = ("nothing", "actor", "worker", "raylet", "steps", "driver", "bot", "tree")
_WORKERS = ("ray::monito.", "ray::MapBatches", "ray::judge", "ray::IDLE")
_SPREADS_S = 3.0
_SYLLABLES = "zor blax qwy jib vrum plet snor fen kra gul mip tosk wub drin".split()


class Lost(Exception):
    """Something that was promised did not happen in time."""


@dataclass
class Service:
    """The service, its servers and its home; `kill` ends parts of it without a word."""

    home: Path
    telegram: TelegramServer
    sheets: SheetsServer
    llm: LlmServer
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def database_url(self) -> str:
        """Where its store is."""
        return f"sqlite:///{self.home / 'monito.db'}"

    def start(self) -> None:
        """Start it and wait until its driver serves and its bot polls."""
        polled = self.telegram.tally.calls["getUpdates"]
        credentials = self.home / "service-account.json"
        credentials.write_text(json.dumps(self.sheets.credentials))
        variables = {
            "MONITO_HOME": str(self.home),
            "OPENAI_BASE_URL": self.llm.url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "MONITO_TELEGRAM_BASE_URL": self.telegram.url,
            "MONITO_ALLOWED_USERS": str(BUYER),
            "MONITO_CURRENCY": "IDR",
            "MONITO_SHEET_ID": BOOK,
            "MONITO_SHEETS_ENDPOINT": self.sheets.url,
            "GOOGLE_APPLICATION_CREDENTIALS": str(credentials),
            "RAY_AUTH_TOKEN_PATH": str(self.home / "ray-token"),
            **self.settings,
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}
        with (self.home / "serve.log").open("ab") as log:
            command = [sys.executable, "-m", "monito_ray", "serve"]
            self.process = subprocess.Popen(command, env=clean | variables, cwd=self.home, stdout=log, stderr=log)
        until(lambda: self.telegram.tally.calls["getUpdates"] > polled and self.driver() is not None, START_S, "the service does not start")

    def stop(self) -> None:
        """End it politely, and whatever is left of it not."""
        if self.process is None:
            return
        tree = self._tree()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        for process in tree:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def kill(self, target: str) -> int | None:
        """SIGKILL a part of it; the most LLM requests in flight while the death spreads, None when there is nothing to kill.

        In flight are those that the ledger has as reserved: from before they leave until their answer is kept. A raylet takes its workers
        along within a second, and the driver notices after two. The whole tree is started again, as systemd would.
        """
        if target == "nothing":
            return 0
        victims = self._victims(target)
        flying = self.flying
        for process in victims:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        flying = max(flying, self.flying)
        spread = time.monotonic() + (_SPREADS_S if target == "raylet" else 0.0)
        while time.monotonic() < spread:
            flying = max(flying, self.flying)
            time.sleep(0.05)
        if target == "tree" and self.process is not None:
            self.process.wait(10)
            self.start()
        return flying if victims else None

    @property
    def flying(self) -> int:
        """The LLM requests that are on their way, as the ledger has it."""
        reserved = select(func.count()).where(llm_requests.c.state == RequestState.RESERVED.value)
        with open_store(self.database_url) as store, store.read() as connection:
            return int(connection.execute(reserved).scalar_one())

    def driver(self) -> psutil.Process | None:
        """The driver's process, once it is heard of in the store."""
        from monito_ray.jobs import heartbeat  # noqa: PLC0415
        from monito_ray.wiring import utc_now  # noqa: PLC0415

        if not (self.home / "monito.db").exists():
            return None
        with open_store(self.database_url) as store:
            found = heartbeat.serving_drivers(store, utc_now())
        return psutil.Process(found[-1].pid) if found else None

    def driver_child(self) -> psutil.Process | None:
        """The driver's process from its first moment on."""
        return next(iter(self._victims("driver")), None)

    def send(self, name: str, text: str, caption: str) -> float:
        """A buyer sends a list; when it was acknowledged, by the monotonic clock."""
        said = len(self.telegram.chat(BUYER))
        self.telegram.send_document(BUYER, name, text.encode(), caption=caption)
        until(lambda: len(self.telegram.chat(BUYER)) > said or self.task(name) is not None, 60, f"{name} is not acknowledged")
        return time.monotonic()

    @contextmanager
    def another(self) -> Iterator[None]:
        """A second service on the same store for the block; the first one's parent is not told."""
        other = Service(self.home, self.telegram, self.sheets, self.llm, self.settings)
        other.start()
        try:
            yield
        finally:
            other.stop()

    def written(self, name: str) -> dict[str, object]:
        """What was written about the list of that name, everywhere: it changes only when somebody writes."""
        task = self.task(name)
        if task is None:
            return {}
        with open_store(self.database_url) as store:
            events = len(queue.events_of(store, task.id))
        messages = [(message.message_id, message.text) for message in self.telegram.chat(BUYER)]
        return {"task": task, "events": events, "writes": self.sheets.tally.writes, "messages": messages}

    def task(self, name: str) -> Task | None:
        """The newest task of a file of that name."""
        with open_store(self.database_url) as store:
            return next((task for task in queue.newest_tasks(store, 200) if task.file_name == name), None)

    def documents(self, stem: str) -> list[Message]:
        """The cleaned lists that came back of a list: the closing messages."""
        return [message for message in self.telegram.chat(BUYER) if message.file_name.startswith(f"{stem}-clean")]

    def sheet_names(self, title: str) -> list[str]:
        """The names that stand in a supplier's sheet; none where there is no such sheet."""
        try:
            rows = self.sheets.spreadsheet(BOOK).values(f"'{title}'").get("values", [])
        except RequestRefused:
            return []
        return [str(row[0]) for row in rows[1:] if row]

    def _tree(self) -> list[psutil.Process]:
        if self.process is None or self.process.poll() is not None:
            return []
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def _victims(self, target: str) -> list[psutil.Process]:
        tree = self._tree()
        named = {process: _title(process) for process in tree}
        match target:
            case "tree":
                return tree
            case "driver" | "bot":
                wanted = {"driver": " drive", "bot": " bot"}[target]
                return [process for process, title in named.items() if title.endswith(wanted)]
            case "raylet":
                return [process for process, title in named.items() if title.split(" ")[0].endswith("/raylet")]
            case "steps":  # the driver's own processes, which work on long and on many lists
                return [process for process, title in named.items() if "step_runner" in title]
            case "actor":
                return [process for process, title in named.items() if "ray::" in title and "LlmWorker" in title][:1]
        # Ray's own agents are no workers: with one of them the raylet ends.
        return [process for process, title in named.items() if title.startswith(_WORKERS)][:1]


@contextmanager
def service(latency_s: float = 0.3, per_row_s: float = 0.005, disk_mb: int = 0, **settings: str) -> Iterator[Service]:
    """A running service with an empty home, on a disk of its own of `disk_mb` where that is asked for."""
    flood = Flood(chat_interval_s=0.2)
    with (
        tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder,
        _small_disk(Path(folder), disk_mb),
        TelegramServer(flood=flood) as telegram,
        SheetsServer(reads=600, writes=600) as sheets,
        LlmServer(latency_s=latency_s, per_row_s=per_row_s) as llm,
    ):
        sheets.spreadsheet(BOOK)
        made = Service(Path(folder), telegram, sheets, llm, settings)
        try:
            made.start()
            yield made
        finally:
            made.stop()


@contextmanager
def _small_disk(folder: Path, size_mb: int) -> Iterator[None]:
    """Mount a small disk at `folder`, as root.

    Raises:
        subprocess.CalledProcessError: this machine does not allow it.
    """
    if not size_mb:
        yield
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def price_list(rows: int, dice: random.Random) -> tuple[str, list[str]]:
    """A CSV of products that no rule knows, so that the LLM is asked for each, and their names."""
    names: dict[str, None] = {}
    while len(names) < rows:
        names[" ".join("".join(dice.choices(_SYLLABLES, k=2)).title() for _ in range(3)) + f" {len(names)}"] = None
    lines = [f"{name};pcs;{dice.randrange(20, 900) * 250}" for name in names]
    return "\n".join(["Nama Barang;Satuan;Harga", *lines]) + "\n", list(names)


def until(holds: Callable[[], object], limit_s: float, says: str) -> None:
    """Wait until `holds`.

    Raises:
        Lost: saying `says`, after `limit_s`.
    """
    deadline = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > deadline:
            raise Lost(says)
        time.sleep(0.05)


def open_home(home: Path) -> Store:
    """The store of a home."""
    return open_store(f"sqlite:///{home / 'monito.db'}")


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()).strip()
    except psutil.Error:
        return ""
