"""Bots against the testing server: in a process of their own as people meet them, or in a thread of the test, which starts at once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from monito_ray.bot import run_bot
from monito_ray.bot.timing import BotTiming
from monito_ray.settings import Settings
from monito_ray.testing.telegram_chats import Message
from monito_ray.testing.telegram_server import TelegramServer

PEOPLE = tuple(range(101, 161))
#: For tests that are about what is said, not when: against a server whose flood limits are as short.
QUICK = BotTiming(first_retry_s=0.05, chat_interval_s=0.05)
QUICK_INTERVAL_S = 0.04
_BOT = """
import signal, threading
from monito_ray.bot import run_bot
from monito_ray.settings import load_settings
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run_bot(load_settings(), stop)
"""


def environment(server: TelegramServer, home: Path, people: tuple[int, ...] = PEOPLE, **more: str) -> dict[str, str]:
    """Return the settings of a bot that talks to `server`."""
    return {
        "MONITO_HOME": str(home),
        "TELEGRAM_BOT_TOKEN": server.token,
        "MONITO_TELEGRAM_BASE_URL": server.url,
        "MONITO_ALLOWED_USERS": ",".join(map(str, people)),
        "MONITO_CURRENCY": "IDR",
        **more,
    }


def settings_for(server: TelegramServer, home: Path, **more: str) -> Settings:
    """Return the same, for this process."""
    return Settings.model_validate(environment(server, home, **more))


class BotProcess:
    """One run of the bot."""

    def __init__(self, variables: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as file:
            own = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
            self._process = subprocess.Popen([sys.executable, "-c", _BOT], env=own | variables, cwd=log.parent, stderr=file, stdout=file)

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> float:
        """Ask it to end; the seconds it took."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=20) == 0, self.log.read_text()
        return time.monotonic() - began

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None


@contextmanager
def bot_process(server: TelegramServer, home: Path, **more: str) -> Iterator[BotProcess]:
    """Give a bot that polls `server` when the block begins."""
    home.mkdir(exist_ok=True)
    polls = server.tally.calls["getUpdates"]
    running = BotProcess(environment(server, home, **more), home / "bot.log")
    try:
        until(lambda: server.tally.calls["getUpdates"] > polls, 30, running.log)
        yield running
    finally:
        if running.is_alive:
            running.kill()


@contextmanager
def bot_thread(server: TelegramServer, home: Path, timing: BotTiming | None = None, **more: str) -> Iterator[None]:
    """Run a bot in a thread of this process, that polls `server` when the block begins and has ended after it."""
    home.mkdir(exist_ok=True)
    stop, polls = threading.Event(), server.tally.calls["getUpdates"]
    thread = threading.Thread(target=run_bot, args=(settings_for(server, home, **more), stop, timing), name="bot")
    thread.start()
    try:
        until(lambda: server.tally.calls["getUpdates"] > polls, 30)
        yield
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


def until(holds: Callable[[], bool], timeout_s: float = 10, log: Path | None = None) -> None:
    """Wait until `holds`."""
    end = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < end, log.read_text() if log else "waited in vain"
        time.sleep(0.02)


def first_seen(messages: list[Message], text: str) -> float | None:
    """Return when a person first saw `text` in a chat."""
    times = [at for message in messages for at, version in message.versions if text in version]
    return min(times) if times else None
