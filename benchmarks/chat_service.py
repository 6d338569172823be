"""`monito serve` as people meet it in Telegram, on a clock that can be moved, with a way to kill its parts."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from service import START_S, Lost, until
from sqlalchemy import func, select

from monito_ray.jobs import heartbeat, queue
from monito_ray.jobs.chat_messages import ClosingState
from monito_ray.jobs.task import FILE, Task
from monito_ray.records import Status
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import chat_messages, tasks
from monito_ray.testing.telegram_chats import Flood, Message
from monito_ray.testing.telegram_server import TOKEN, TelegramServer

_SCRIPT = Path(__file__).with_name("moved_clock.py")
_OPEN = (Status.PENDING.value, Status.RUNNING.value, Status.RETRY.value)


@dataclass
class ChatService:
    """The service, the Telegram that it serves, and its clock."""

    home: Path
    telegram: TelegramServer
    settings: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    store: Store = field(init=False)

    def start(self) -> None:
        """Start it and wait until its driver serves and its bot polls."""
        self.set_clock(timedelta())
        polled = self.telegram.tally.calls["getUpdates"]
        variables = {
            "MONITO_HOME": str(self.home),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "MONITO_TELEGRAM_BASE_URL": self.telegram.url,
            "MONITO_CURRENCY": "IDR",
            "RAY_AUTH_TOKEN_PATH": str(self.home / "ray-token"),
            "CLOCK_AHEAD": str(self._clock),
            **self.settings,
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MONITO_", "OPENAI_", "RAY_", "TELEGRAM_"))}
        with (self.home / "serve.log").open("ab") as log:
            command = [sys.executable, str(_SCRIPT), "serve"]
            self.process = subprocess.Popen(command, env=clean | variables, cwd=self.home, stdout=log, stderr=log)
        until(lambda: self.telegram.tally.calls["getUpdates"] > polled, START_S, "the bot does not poll")
        self.store = open_store(f"sqlite:///{self.home / 'monito.db'}")
        until(lambda: heartbeat.serving_drivers(self.store, self.now()), START_S, "the driver does not serve")

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
        if hasattr(self, "store"):
            self.store.close()

    def now(self) -> datetime:
        """Return the time on the service's clock."""
        return datetime.now(UTC) + timedelta(seconds=float(self._clock.read_text()))

    def set_clock(self, ahead: timedelta) -> None:
        """Set how far the service's clock is ahead of the true one."""
        new = self._clock.with_suffix(".new")
        new.write_text(str(ahead.total_seconds()))
        new.replace(self._clock)

    @property
    def _clock(self) -> Path:
        return self.home / "clock-ahead"

    def kill(self, part: str) -> bool:
        """SIGKILL the bot or the driver; whether there was one to kill."""
        wanted = {"driver": "drive", "bot": "bot"}[part]
        victims = [process for process in self._tree() if _is_child(process, wanted)]
        for process in victims:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return bool(victims)

    def is_settled(self) -> bool:
        """Whether every update was taken, every task that is due has ended, and every end was told."""
        if any(update.confirmed_at is None for update in self.telegram.updates):
            return False
        # A list that is written in several messages waits for the next one.
        due = select(func.count()).where(tasks.c.status.in_(_OPEN), (tasks.c.kind == FILE) | (tasks.c.not_before <= self.now()))
        # `SENDING` stays where a driver was killed while it sent: the message may have come or not.
        told = (ClosingState.SENT.value, ClosingState.UNKNOWN.value, ClosingState.SENDING.value)
        untold = select(func.count()).select_from(chat_messages.join(tasks, tasks.c.id == chat_messages.c.task_id))
        untold = untold.where(tasks.c.kind == FILE, chat_messages.c.closing_state.not_in(told))
        with self.store.read() as connection:
            return not connection.execute(due).scalar_one() and not connection.execute(untold).scalar_one()

    def unsettled(self) -> str:
        """Return what is not settled, in words, with the end of the service's log."""
        updates = [update.update_id for update in self.telegram.updates if update.confirmed_at is None]
        open_ones = [
            f"{task.id} {task.file_name or task.kind} {task.status} {task.stage} {task.owner} {task.error}"
            for task in queue.newest_tasks(self.store, 500)
            if not task.has_ended
        ]
        with self.store.read() as connection:
            rows = connection.execute(select(chat_messages).where(chat_messages.c.closing_state.in_(["none", "sending"]))).all()
        untold = [f"{row.task_id} in {row.chat_id} message {row.message_id}: {row.closing_state}" for row in rows]
        log = "\n".join((self.home / "serve.log").read_text(errors="replace").splitlines()[-25:])
        return f"now {self.now()}\nupdates {updates}\nopen {open_ones}\nuntold {untold}\n{log}"

    def lists(self) -> list[Task]:
        """Return the tasks of all lists, the newest first."""
        return queue.newest_tasks(self.store, 2_000, kind=FILE)

    def message_of(self, task_id: str) -> Message | None:
        """Return the message that shows a task."""
        query = select(chat_messages.c.chat_id, chat_messages.c.message_id).where(chat_messages.c.task_id == task_id)
        with self.store.read() as connection:
            row = connection.execute(query).first()
        if row is None or row.message_id is None:
            return None
        return next((message for message in self.telegram.chat(row.chat_id) if message.message_id == row.message_id), None)

    def _tree(self) -> list[psutil.Process]:
        if self.process is None or self.process.poll() is not None:
            return []
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def chat_service(flood: Flood | None = None, **settings: str) -> Iterator[ChatService]:
    """Give a running service with an empty home."""
    with tempfile.TemporaryDirectory(prefix="chat-", ignore_cleanup_errors=True) as folder, TelegramServer(flood=flood) as telegram:
        made = ChatService(Path(folder), telegram, settings)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def settle(service: ChatService, limit_s: float, what: str) -> None:
    """Wait until everything is done and told.

    Raises:
        Lost: it takes longer than `limit_s`.
    """
    if not holds_within(service.is_settled, limit_s):
        raise Lost(f"{what} is not done and told\n{service.unsettled()}")


def holds_within(holds: Callable[[], object], limit_s: float) -> bool:
    """Return whether something comes true in time."""
    deadline = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _is_child(process: psutil.Process, command: str) -> bool:
    try:
        line = process.cmdline()
    except psutil.Error:
        return False
    return line[-1:] == [command] and any(str(part).endswith(_SCRIPT.name) for part in line)


__all__ = ["ChatService", "Lost", "chat_service", "holds_within", "settle"]
