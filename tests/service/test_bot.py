"""The bot as people meet it: a process of its own, a real store, the testing server for Telegram."""

import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from bots import PEOPLE, bot, first_said, settings_for, until
from rows import RICE

from monito_ray.api import Monito
from monito_ray.catalog import offers
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import open_store
from monito_ray.testing.telegram_chats import Flood, Trouble, Update
from monito_ray.testing.telegram_server import TelegramServer
from monito_ray.wiring import utc_now

ANN, BOB = PEOPLE[:2]
STRANGER = 999
LIST = b"name;price\nRice;10\n"


def _tasks(server: TelegramServer, home: Path) -> list[Task]:
    with open_store(settings_for(server, home).store_url) as store:
        return queue.newest_tasks(store, 1000)


def _wait_for_answer(server: TelegramServer, user_id: int, text: str, **more: str) -> str:
    before = len(server.chat(user_id))
    server.send_text(user_id, text, **more)
    until(lambda: len(server.chat(user_id)) > before)
    return server.chat(user_id)[-1].text


def _acknowledgement_s(server: TelegramServer, sent: dict[str, tuple[int, Update]], tasks: list[Task]) -> list[float]:
    ids = {task.file_name: task.id for task in tasks}
    waits = []
    for name, (user_id, update) in sent.items():
        seen = first_said(server.chat(user_id), ids[name])
        assert seen is not None, name
        waits.append(seen - update.arrived_at)
    return sorted(waits)


def _send(server: TelegramServer, pause_s: float) -> dict[str, tuple[int, Update]]:
    sent = {}
    for number in range(30):
        user_id, name = PEOPLE[number % 6], f"list{number:02}.csv"
        sent[name] = (user_id, server.send_document(user_id, name, LIST))
        time.sleep(pause_s)
    return sent


@pytest.mark.parametrize(
    ("pause_s", "paused"),
    [(0.3, False), (0.0, False), (0.3, True), (0.0, True)],
    ids=["spread", "at once", "spread, paused", "at once, paused"],
)
def test_thirty_documents_of_six_people_are_acknowledged_within_a_second(pause_s: float, paused: bool, tmp_path: Path):
    """Each with its task's id, p99 at most 1 s from its arrival, also at once and with all queues paused; none lost, none twice."""
    with TelegramServer(latency_s=0.03) as server, bot(server, tmp_path / "home"):
        if paused:
            with Monito(settings_for(server, tmp_path / "home")) as monito:
                for stage in Stage:
                    monito.pause(stage)
        sent = _send(server, pause_s)
        until(lambda: all(first_said(server.chat(user_id), name) for name, (user_id, _) in sent.items()))
        tasks = _tasks(server, tmp_path / "home")
        assert Counter(task.file_name for task in tasks) == Counter(list(sent))
        waits = _acknowledgement_s(server, sent, tasks)
        print(f"p50 {waits[15]:.3f} s, slowest {waits[-1]:.3f} s, {server.account.errors}")  # noqa: T201
        assert waits[-1] <= 1.0
        assert not server.account.errors


def test_a_stranger_gets_one_line_with_their_id_and_nothing_else(tmp_path: Path):
    """Whatever they send or press, also after a restart of the bot; no task, no second message."""
    home = tmp_path / "home"
    with TelegramServer() as server:
        for _ in range(2):
            with bot(server, home):
                for text in ("/start", "/queue", "hello", "/status"):
                    server.send_text(STRANGER, text)
                server.send_document(STRANGER, "list.csv", LIST)
                assert "Task" not in _wait_for_answer(server, ANN, "/status")
        (line,) = server.chat(STRANGER)
        assert line.text == f"This bot serves only people it knows. Your id is {STRANGER}; the owner can let you in."
        assert _tasks(server, home) == []


def test_tasks_of_others_are_not_found(tmp_path: Path):
    """Asked about by id, cancelled, retried or by a button: no such task, and nothing happens to it."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        server.send_document(ANN, "secret.csv", LIST)
        until(lambda: bool(server.chat(ANN)))
        (task,) = _tasks(server, tmp_path / "home")
        for command in ("status", "cancel", "retry"):
            assert _wait_for_answer(server, BOB, f"/{command} {task.id}") == f"There is no task {task.id} of yours."
            assert _wait_for_answer(server, BOB, f"/{command} nobody") == "There is no task nobody of yours."
        server.send_text(BOB, "/status")
        until(lambda: "You have sent no lists yet." in server.chat(BOB)[-1].text)
        assert _tasks(server, tmp_path / "home") == [task]
        assert "secret" in _wait_for_answer(server, ANN, f"/status {task.id}")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("n" * 255, "n" * 30),
        ("🍎🍏.xlsx", "🍎🍏.xlsx"),
        (None, "document"),
        ("<b>_x_[y](http://z)&.csv", "<b>_x_[y](http://z)&.csv"),
    ],
    ids=["path", "long", "emoji", "none", "markup"],
)
def test_a_strange_name_is_acknowledged_as_it_is(name: str | None, shown: str, tmp_path: Path):
    """The message is intact and names file and task; nothing is written outside the home."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        server.send_document(ANN, name, LIST)
        until(lambda: bool(server.chat(ANN)))
        (task,) = _tasks(server, tmp_path / "home")
        (message,) = server.chat(ANN)
        assert shown in message.text
        assert task.id in message.text
        assert not server.account.errors


def test_a_file_beyond_the_limit_is_refused_at_once(tmp_path: Path):
    """Telegram gives bots no more than 20 MB: the person is told, and there is no task."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        server.send_document(ANN, "large.xlsx", LIST, size=21 * 2**20)
        until(lambda: bool(server.chat(ANN)))
        assert server.chat(ANN)[0].text.startswith("large.xlsx has 21.0 MB, and files of at most 20 MB can be taken here.")
        assert _tasks(server, tmp_path / "home") == []


def test_what_was_committed_is_acknowledged_after_a_kill(tmp_path: Path):
    """A bot killed between commit and acknowledgement leaves that to the next; one task, one acknowledgement."""
    home = tmp_path / "home"
    with TelegramServer() as server:
        server.trouble("sendMessage", Trouble.FAILED, 1000)
        with bot(server, home) as first:
            server.send_document(ANN, "june.csv", LIST)
            until(lambda: len(_tasks(server, home)) == 1)
            until(lambda: server.account.calls["sendMessage"] > 0)
            first.kill()
        server.forgive()
        with bot(server, home):
            until(lambda: bool(server.chat(ANN)))
            (task,) = _tasks(server, home)
            (message,) = server.chat(ANN)
            assert task.id in message.text


def test_updates_delivered_again_make_no_second_task(tmp_path: Path):
    """Telegram may deliver what was confirmed; it was committed, so it is passed over."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        server.send_document(ANN, "june.csv", LIST)
        until(lambda: bool(server.chat(ANN)))
        server.redeliver()
        until(lambda: server.updates[0].delivered >= 2)
        assert "june.csv" in _wait_for_answer(server, ANN, "/status")
        assert len(_tasks(server, tmp_path / "home")) == 1
        assert len(server.chat(ANN)) == 2


def test_an_update_is_confirmed_only_when_its_task_is_committed(tmp_path: Path):
    """While the database is locked nothing is confirmed; then the document is taken."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        with open_store(settings_for(server, tmp_path / "home").store_url) as store, store.write():
            update = server.send_document(ANN, "june.csv", LIST)
            until(lambda: update.delivered > 0)
            time.sleep(0.5)
            assert update.confirmed_at is None
            assert server.chat(ANN) == []
        until(lambda: update.confirmed_at is not None)
        until(lambda: bool(server.chat(ANN)))
        assert len(_tasks(server, tmp_path / "home")) == 1


def test_the_bot_waits_for_telegram_to_come_back_and_ends_when_told(tmp_path: Path):
    """Lost connections are no end: what came meanwhile is taken. A stop is obeyed within 5 s, also with Telegram away; no token is logged."""
    with TelegramServer() as server:
        with bot(server, tmp_path / "home") as running:
            server.go_down()
            server.send_document(ANN, "june.csv", LIST)
            time.sleep(1.5)
            server.come_back()
            until(lambda: bool(server.chat(ANN)))
            server.go_down()
            time.sleep(0.5)
            assert running.stop() < 5.0
        said = running.log.read_text()
        assert "bot.waits" in said
        assert server.token not in said
        assert "Traceback" not in said


@pytest.mark.parametrize("trouble", [Trouble.LOST_ANSWER, Trouble.RESET, Trouble.FAILED, Trouble.GARBLED])
@pytest.mark.parametrize("method", ["getUpdates", "sendMessage"])
def test_no_fault_of_the_line_loses_or_doubles_a_task(method: str, trouble: Trouble, tmp_path: Path):
    """Two calls go wrong; the document is one task all the same, and the person has its id."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        server.trouble(method, trouble, 2)
        server.send_document(ANN, "june.csv", LIST)
        until(lambda: bool(server.chat(ANN)), 20)
        (task,) = _tasks(server, tmp_path / "home")
        assert first_said(server.chat(ANN), task.id)


_GREETINGS = {"en": "Send a supplier's price list", "ru": "Пришлите прайс-лист", "id": "Kirim daftar harga"}


@pytest.mark.parametrize("language", _GREETINGS)
def test_people_are_answered_in_their_language(language: str, tmp_path: Path):
    """Every command has an answer, and answers are in the language of the person's Telegram."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        for command in ("start", "help"):
            assert _wait_for_answer(server, ANN, f"/{command}", language=language).startswith(_GREETINGS[language])
        english = {
            "status": "You have",
            "queue": "reading the file: 0 waiting",
            "stats": "Tasks: 0",
            "sheet": "No spreadsheet",
            "prices": "What are you",
            "prices kopi": "Nobody's list has kopi",
            "changes": "No price has",
            "export": "The catalogue is empty",
            "nonsense": "I do not",
        }
        asked = english if language == "en" else {"status": english["status"], "prices": english["prices"]}
        for command, begin in asked.items():
            said = _wait_for_answer(server, ANN, f"/{command}", language=language)
            assert said.startswith(begin) is (language == "en"), said
        assert [command["command"] for command in server.commands[language]] == [
            "start", "help", "status", "queue", "stats", "sheet", "prices", "changes", "export", "cancel", "retry", "lang",
        ]  # fmt: skip


def test_a_chosen_language_stays(tmp_path: Path):
    """Chosen by button or by word, it counts after a restart, too, and for what is told of tasks."""
    home = tmp_path / "home"
    with TelegramServer() as server:
        with bot(server, home):
            _wait_for_answer(server, ANN, "/lang")
            server.press(server.chat(ANN)[-1], "lang:ru")
            until(lambda: server.chat(ANN)[-1].text == "Теперь я говорю по-русски.")
        with bot(server, home):
            server.send_document(ANN, "june.csv", LIST)
            until(lambda: "Принято" in server.chat(ANN)[-1].text)
            assert _wait_for_answer(server, ANN, "/lang id") == "Sekarang saya berbahasa Indonesia."


def test_a_task_is_cancelled_and_taken_up_again_by_its_owner(tmp_path: Path):
    """The store has what the person was told."""
    with TelegramServer() as server, bot(server, tmp_path / "home"):
        server.send_document(ANN, "june.csv", LIST)
        until(lambda: bool(server.chat(ANN)))
        (task,) = _tasks(server, tmp_path / "home")
        assert _wait_for_answer(server, ANN, f"/cancel {task.id}") == "june.csv is cancelled."
        assert _tasks(server, tmp_path / "home")[0].status is Status.CANCELLED
        assert _wait_for_answer(server, ANN, f"/cancel {task.id}") == "june.csv has ended already."
        assert _wait_for_answer(server, ANN, f"/retry {task.id}") == "june.csv will be tried again."
        assert _tasks(server, tmp_path / "home")[0].status is Status.PENDING
        assert _wait_for_answer(server, ANN, "/cancel") == "Which task? Write /cancel and the task's id; /status lists your tasks."


def test_the_catalogue_is_asked_from_a_chat(tmp_path: Path):
    """Prices, their changes and the whole catalogue, with numbers written as in the person's language."""
    home = tmp_path / "home"
    with TelegramServer() as server, open_store(settings_for(server, home).store_url) as store, bot(server, home):
        for number, price in enumerate((75_000, 78_500)):
            task_id = f"t{number}"
            queue.submit(store, Task(id=task_id, created_at=utc_now(), updated_at=utc_now(), not_before=utc_now()))
            offers.upsert(store, task_id, [replace(RICE, price=Decimal(price), list_date=None)], utc_now())
        assert _wait_for_answer(server, ANN, "/prices rice", language="id").startswith(
            "Rice, Sawah, 5 kg\n78.500 IDR (15.000,10/kg) · Toko A"
        )
        assert _wait_for_answer(server, ANN, "/changes") == "Rice, Sawah, 5 kg: 75,000 → 78,500 IDR (+4.7%) · Toko A"
        assert _wait_for_answer(server, ANN, "/export") == "Offers in the catalogue: 1"
        assert server.chat(ANN)[-1].file_name == "catalogue.xlsx"


def test_a_flood_warning_is_obeyed(tmp_path: Path):
    """Where Telegram is stricter than thought, each message still comes, and none is asked for before the time that was named."""
    with TelegramServer(flood=Flood(chat_interval_s=2.0)) as server, bot(server, tmp_path / "home"):
        for _ in range(3):
            server.send_text(ANN, "/sheet")
        until(lambda: len(server.chat(ANN)) == 3, 15)
        assert 1 <= server.account.errors[429] <= 2
