"""A Telegram, a bot, a driver without Ray and their store, as one house in which a person writes and reads."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from bots import PEOPLE, QUICK, QUICK_INTERVAL_S, bot_thread, settings_for, until
from lists import JUNE, Bench, bench

from monito_ray import wiring
from monito_ray.bot import acknowledging, receiving
from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.steps.background import chat_progress
from monito_ray.steps.context import Services
from monito_ray.testing.telegram_chats import Flood, Message
from monito_ray.testing.telegram_server import TelegramServer

ADMIN, ANN, BOB = PEOPLE[:3]


@contextmanager
def driving(made: Bench, server: TelegramServer, **more: str) -> Iterator[Services]:
    """A serving driver without Ray, for the block."""
    stop = threading.Event()
    before = made.services
    settings = settings_for(server, made.home, **more)
    with wiring.chat_progress(settings, before.store, before.files, before.clock, before.sink) as (telegram, sink):
        services = replace(before, settings=settings, telegram=telegram, sink=sink)
        thread = threading.Thread(target=Driver(services).serve, args=(stop,))
        thread.start()
        try:
            yield services
        finally:
            stop.set()
            thread.join(timeout=20)
            assert not thread.is_alive()


class House:
    """A Telegram, a bot, a driver and their store."""

    def __init__(self, made: Bench, server: TelegramServer) -> None:
        self.made = made
        self.server = server

    def send(self, name: str | None = "june.csv", text: str = JUNE, **more: str) -> None:
        """Ann sends a list."""
        self.server.send_document(ANN, name, text.encode(), **more)

    def chat(self, user_id: int = ANN) -> list[Message]:
        """What Ann sees, or another person."""
        return self.server.chat(user_id)

    def ask(self, text: str, user_id: int = ANN, language: str = "en") -> str:
        """Let a person write, and return the answer."""
        seen = len(self.chat(user_id))
        self.server.send_text(user_id, text, language=language)
        # A cleaned list may come between.
        until(lambda: any(not message.file_name for message in self.chat(user_id)[seen:]), 20)
        return next(message for message in self.chat(user_id)[seen:] if not message.file_name).text

    def files(self) -> list[Message]:
        """The files Ann got."""
        return [message for message in self.chat() if message.file_name]

    def tasks(self) -> list[Task]:
        """The newest first."""
        return queue.newest_tasks(self.made.store, 100)

    def wait(self, text: str) -> Message:
        """Wait until Ann reads `text`; the message."""
        until(lambda: any(text in message.text for message in self.chat()), 20)
        return next(message for message in self.chat() if text in message.text)


@contextmanager
def quick_house(tmp_path: Path, **more: str) -> Iterator[House]:
    """Give a bot and a driver that work, against a Telegram whose limits on sending are short; `more` are settings."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(chat_progress, "EDIT_EVERY_S", 0.1))
        stack.enter_context(patch.object(acknowledging, "_EXTEND_WITHIN_S", 0.0))  # each list has a message of its own
        stack.enter_context(patch.object(receiving, "JOINING_PAUSE", timedelta(seconds=0.5)))
        made = stack.enter_context(bench(tmp_path, clock=wiring.utc_now))
        server = stack.enter_context(TelegramServer(flood=Flood(QUICK_INTERVAL_S)))
        stack.enter_context(bot_thread(server, tmp_path, QUICK, **more))
        stack.enter_context(driving(made, server, **more))
        yield House(made, server)
