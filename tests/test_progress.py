"""A list's whole way as a person in a chat sees it: sent, acknowledged, followed, closed."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from bots import PEOPLE, bot, settings_for, until
from lists import JULY, JUNE, Bench, bench

from monito_ray import wiring
from monito_ray.driver import Driver
from monito_ray.jobs import chats, control, queue
from monito_ray.jobs.chats import Closing
from monito_ray.jobs.submission import submit_notification
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.steps.world import World
from monito_ray.testing.telegram_chats import Message, Trouble
from monito_ray.testing.telegram_server import TelegramServer

ANN, BOB = PEOPLE[:2]


@contextmanager
def _driving(made: Bench, server: TelegramServer) -> Iterator[World]:
    """A serving driver without Ray, for the block."""
    stop = threading.Event()
    with wiring.telling(replace(made.world, settings=settings_for(server, made.home))) as world:
        thread = threading.Thread(target=Driver(world).serve, args=(stop,))
        thread.start()
        try:
            yield world
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

    def chat(self) -> list[Message]:
        """What Ann sees."""
        return self.server.chat(ANN)

    def files(self) -> list[Message]:
        """The files Ann got."""
        return [message for message in self.chat() if message.file_name]

    def tasks(self) -> list[Task]:
        """The newest first."""
        return queue.newest(self.made.store, 100)

    def wait(self, text: str) -> Message:
        """Wait until Ann reads `text`; the message."""
        until(lambda: any(text in message.text for message in self.chat()), 20)
        return next(message for message in self.chat() if text in message.text)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a bot and a driver that work."""
    with ExitStack() as stack:
        made = stack.enter_context(bench(tmp_path, clock=wiring.utc_now))
        server = stack.enter_context(TelegramServer())
        stack.enter_context(bot(server, tmp_path))
        stack.enter_context(_driving(made, server))
        yield House(made, server)


def test_a_document_ends_as_a_summary_with_the_cleaned_list(house: House):
    """One message, edited to the numbers of the list; one file with its six rows; the supplier from the caption."""
    house.send(caption="Toko A")
    until(lambda: bool(house.files()), 20)
    told, cleaned = house.chat()
    assert [line for line in told.text.splitlines() if ":" in line] == [
        "Rows found: 8", "Written: 6", "Rejected: 1 (no price 1)", "Duplicates: 1", "New products: 6", "Changed prices: 0",
    ]  # fmt: skip
    (task,) = house.tasks()
    assert task.id in told.ever_said[0][1]
    assert (task.result or {})["supplier"] == "Toko A"
    assert cleaned.file_name == "june-clean.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(cleaned.data)).worksheets[0]
    assert sheet.max_row == 7
