"""A list's whole way as a person in a chat sees it: sent, acknowledged, followed, closed."""

import io
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from bots import bot_thread, until
from houses import ANN, BOB, House, driving
from lists import JULY, JUNE, bench
from sqlalchemy import update

from monito_ray import wiring
from monito_ray.bot.timing import BotTiming
from monito_ray.catalog.lists import undo
from monito_ray.clients.telegram.loop_thread import TelegramThread
from monito_ray.driver.driver import Driver
from monito_ray.jobs import admin, chat_messages, queue
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState
from monito_ray.jobs.intake.submission import submit_file, submit_notification
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.steps.background import chat_progress
from monito_ray.store.schema import tasks
from monito_ray.testing.telegram_chats import Flood, TelegramFault
from monito_ray.testing.telegram_server import TelegramServer


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a bot and a driver that work."""
    with ExitStack() as stack:
        made = stack.enter_context(bench(tmp_path, clock=wiring.utc_now))
        server = stack.enter_context(TelegramServer())
        stack.enter_context(bot_thread(server, tmp_path))
        stack.enter_context(driving(made, server))
        yield House(made, server)


def test_a_document_ends_as_a_summary_with_the_cleaned_list(house: House):
    """One message, edited to the numbers of the list; one file with its six rows; the supplier from the caption."""
    house.send(caption="Toko A")
    until(lambda: bool(house.files()), 20)
    told, cleaned = house.chat()
    assert [line for line in told.text.splitlines() if ":" in line] == [
        "Supplier: Toko A", "Currency: IDR", "Rows: 6 of 8, left out: 1 (no price 1), repeats: 1",
        "New products: 6, Changed prices: 0",
    ]  # fmt: skip
    (task,) = house.tasks()
    assert task.id in told.versions[0][1]
    assert (task.result or {})["supplier"] == "Toko A"
    assert cleaned.file_name == "june-clean.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(cleaned.data)).worksheets[0]
    assert sheet.max_row == 7


def test_a_bad_list_ends_with_cause_and_remedy_and_can_be_tried_again(house: House):
    """The message names file and cause, without a button that cannot help; `/retry` makes the task run again, which is told again."""
    house.send("notes.csv", "nothing to see here\n")
    message = house.wait("Could not process")
    assert message.text.startswith("Could not process notes.csv: ")
    assert "Check that this is the price list" in message.text
    (task,) = house.tasks()
    assert message.buttons == [("It is a shopping list", f"buy:{task.id}")]
    until(lambda: _closing(house) == ClosingState.SENT)
    house.server.send_text(ANN, f"/retry {task.id}")
    until(lambda: len(queue.events_of(house.made.store, task.id)) >= 4, 20)
    assert [name for _, name, _ in queue.events_of(house.made.store, task.id)].count("task.failed") == 2
    until(lambda: _closing(house) == ClosingState.SENT)
    assert house.chat()[-1].text == "notes.csv will be tried again."
    assert len(house.chat()) == 2


def test_another_persons_button_does_nothing(house: House):
    """A forwarded button of an earlier message, pressed by somebody else, answers that there is no such task."""
    house.send("notes.csv", "nothing to see here\n")
    message = house.wait("Could not process")
    (task,) = house.tasks()
    house.server.press(replace(message, buttons=[("Try again", f"retry:{task.id}")]), user_id=BOB)
    until(lambda: bool(house.server.answered))
    assert house.server.answered[0][1] == f"There is no task {task.id} of yours."
    assert house.tasks()[0].status is Status.FAILURE


def test_a_file_that_vanished_is_a_clear_failure(house: House):
    """What Telegram has no more cannot be read: the person is told to send it again."""
    admin.pause(house.made.store, Stage.FILE_PROCESSING, wiring.utc_now())
    house.send()
    house.wait("Accepted")
    house.server.lose_file(house.server.updates[-1])
    admin.resume(house.made.store, Stage.FILE_PROCESSING)
    message = house.wait("Could not process")
    assert message.text.splitlines()[:2] == ["Could not process june.csv: Telegram has this file no more.", "Send the file again."]


@pytest.mark.parametrize("method", ["getFile", "download"])
def test_a_download_that_breaks_is_tried_again(method: str, house: House):
    """The line fails once; the list is done."""
    house.server.fail(method, TelegramFault.RESET)
    house.send()
    until(lambda: bool(house.files()), 30)
    assert house.tasks()[0].status is Status.SUCCESS


def test_a_file_is_downloaded_once_and_kept_by_its_content(house: House):
    """The task knows the content's hash, and what is staged under it are the bytes that were sent."""
    house.send()
    until(lambda: bool(house.files()), 20)
    (task,) = house.tasks()
    assert house.made.services.files.read_upload(task.file_hash) == JUNE.encode()
    assert house.server.tally.calls["download"] == 1


def test_the_cleaned_list_goes_out_once_when_the_answer_is_lost(house: House):
    """It may have arrived, so it is not sent again, and the store says that nobody knows."""
    house.server.fail("sendDocument", TelegramFault.LOST_ANSWER)
    house.send()
    until(lambda: _closing(house) == ClosingState.UNKNOWN, 20)
    time.sleep(6)
    assert len(house.files()) == 1


def test_the_cleaned_list_is_sent_later_when_it_surely_was_not(house: House):
    """A flood warning is no loss: the file comes when its time has come, once."""
    house.server.flood = Flood(chat_interval_s=3.0)
    house.send()
    until(lambda: bool(house.files()), 20)
    assert house.server.tally.errors[429] >= 1
    assert len(house.files()) == 1


def test_a_message_is_edited_at_most_once_in_two_seconds(house: House):
    """Ten lists in a row: however fast their stages pass, no message changes more often."""
    for number in range(10):
        house.send(f"list{number}.csv", (JUNE if number % 2 else JULY) + f"Sapu Ijuk {number};pcs;{number + 11}.000\n")
    until(lambda: len(house.files()) == 10, 60)
    until(lambda: all(task.status is Status.SUCCESS for task in house.tasks()))
    for message in house.chat():
        # The bot adds documents to a message that was just sent; what the driver edits keeps its distance.
        edits = [at for at, text in message.versions[1:] if "Accepted" not in text]
        assert all(later - earlier >= 1.9 for earlier, later in itertools.pairwise(edits)), edits
    assert sorted(message.file_name for message in house.files()) == [f"list{number}-clean.xlsx" for number in range(10)]
    assert not house.server.tally.errors


def test_a_message_edited_by_the_driver_while_the_bot_adds_a_list_shows_the_newest_text(tmp_path: Path):
    """Nobody knows which of the two edits came last: the bot makes its own again, from what the store has then."""
    timing = BotTiming(chat_interval_s=30)  # so that the second list is added to the message of the first one
    with bench(tmp_path, clock=wiring.utc_now) as made, TelegramServer() as server, bot_thread(server, tmp_path, timing):
        server.send_document(ANN, "june.csv", JUNE.encode())
        until(lambda: bool(server.chat(ANN)) and chat_messages.open_messages(made.store)[0].message_id is not None)
        server.latency_s = 1.0
        server.send_document(ANN, "july.csv", JULY.encode())
        until(lambda: server.tally.applied["editMessageText"] == 1)
        seen = chat_messages.open_messages(made.store)
        server.latency_s = 0.0
        admin.cancel(made.store, seen[0].task_id, wiring.utc_now())
        (message,) = server.chat(ANN)
        mark = chat_messages.begin_edit(made.store, seen)
        assert mark is not None
        assert chat_messages.end_edit(made.store, ANN, message.message_id, mark, chat_messages.text_hash_of("of the driver", []))
        until(lambda: "Cancelled." in message.text)
        assert "july.csv" in message.text
        assert chat_messages.begin_edit(made.store, seen) is None  # with a text that was made before
        until(lambda: all(len(place.last_text_hash) == 64 for place in chat_messages.open_messages(made.store)))
        shown = chat_messages.open_messages(made.store)
        marks = [chat_messages.begin_edit(made.store, shown)]
        assert chat_messages.begin_edit(made.store, shown) is None
        marks.append(chat_messages.add_to_message(made.store, ANN, message.message_id, []))
        assert [chat_messages.end_edit(made.store, ANN, message.message_id, str(mark), "") for mark in marks] == [False, True]


def test_products_with_markup_in_their_names_come_back_as_they_were(house: House):
    """Names that look like markup, or like formulas, harm neither message nor list."""
    names = ["<b>Beras</b> 5 kg", "Gula_Pasir_ 1 kg", "[Kecap](http://evil.example) 600 ml", "=HYPERLINK(1)"]
    house.send(
        "<i>list</i>.csv", "Nama Barang;Satuan;Harga\n" + "".join(f"{name};pcs;{price}.000\n" for price, name in enumerate(names, 11))
    )
    until(lambda: bool(house.files()), 20)
    assert "Rows: 4 of 4" in house.chat()[0].text
    assert house.chat()[0].text.startswith("<i>list</i>.csv")
    assert house.files()[0].file_name == "i-clean.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(house.files()[0].data)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == names


def test_a_csv_is_sent_back_where_it_was_asked_for(house: House):
    """`format` decides what the cleaned list is."""
    admin.pause(house.made.store, Stage.FILE_PROCESSING, wiring.utc_now())
    house.send()
    house.wait("Accepted")
    (task,) = house.tasks()
    _set_format(house, task, "csv")
    admin.resume(house.made.store, Stage.FILE_PROCESSING)
    until(lambda: bool(house.files()), 20)
    assert house.files()[0].file_name == "june-clean.csv"
    assert b"standardized_name" in house.files()[0].data


def test_a_list_of_another_program_is_sent_to_its_chat(house: House, monkeypatch: pytest.MonkeyPatch):
    """`chat_id` names the chat; the text is in the language that the person chose there."""
    monkeypatch.setattr(chat_progress, "_ACKNOWLEDGED_WITHIN", timedelta(0))
    house.server.send_text(ANN, "/lang ru")
    house.wait("Теперь я говорю по-русски.")
    path = house.made.home / "other.csv"
    path.write_text(JUNE, encoding="utf-8")
    submit_file(house.made.store, house.made.services.files, path, 7, {"chat_id": ANN, "format": "csv"}, wiring.utc_now())
    until(lambda: bool(house.files()), 20)
    assert house.files()[0].file_name == "other-clean.csv"
    assert any("Строк: 6 из 8" in message.text for message in house.chat())


def test_a_cancelled_task_is_told_as_cancelled(house: House):
    """Cancelled elsewhere, it says so in the chat, too."""
    admin.pause(house.made.store, Stage.FILE_PROCESSING, wiring.utc_now())
    house.send()
    house.wait("Accepted")
    admin.cancel(house.made.store, house.tasks()[0].id, wiring.utc_now())
    house.wait("Cancelled.")


def test_who_blocks_the_bot_loses_only_the_message(house: House):
    """The list is done all the same, and its end is not tried for ever."""
    admin.pause(house.made.store, Stage.DATA_VALIDATION, wiring.utc_now())
    house.send()
    house.wait("Step")
    house.server.blocked.add(ANN)
    admin.resume(house.made.store, Stage.DATA_VALIDATION)
    until(lambda: house.tasks()[0].status is Status.SUCCESS, 20)
    until(lambda: _closing(house) == ClosingState.UNKNOWN, 20)


def test_a_notification_is_sent_once(house: House):
    """Also when it holds markup; the task succeeds and names the message."""
    house.server.send_text(ANN, "/start")
    house.wait("Send a supplier")
    task_id = submit_notification(house.made.store, ANN, "Prices <b>up</b> & away", None, wiring.utc_now())
    house.wait("Prices <b>up</b> & away")
    until(lambda: queue.load(house.made.store, task_id).has_ended)
    assert (queue.load(house.made.store, task_id).result or {})["message_id"] == house.chat()[-1].message_id


def test_a_notification_whose_answer_is_lost_is_not_sent_again(house: House):
    """Sent or not: the task fails and says that nobody knows; only when a person tries it again it is sent again."""
    house.server.send_text(ANN, "/start")
    house.wait("Send a supplier")
    house.server.fail("sendMessage", TelegramFault.LOST_ANSWER)
    task_id = submit_notification(house.made.store, ANN, "Only once", None, wiring.utc_now())
    until(lambda: queue.load(house.made.store, task_id).has_ended, 20)
    assert "may have arrived or not" in queue.load(house.made.store, task_id).error
    assert [message.text for message in house.chat()].count("Only once") == 1
    admin.requeue(house.made.store, task_id, wiring.utc_now())
    until(lambda: queue.load(house.made.store, task_id).status is Status.SUCCESS, 20)
    assert [message.text for message in house.chat()].count("Only once") == 2


@pytest.mark.parametrize("left", [ClosingState.SENDING, ClosingState.UNKNOWN])
def test_a_notification_in_flight_at_a_kill_is_not_sent_again(house: House, left: ClosingState):
    """It may have arrived: the task fails and says so, also where the driver was killed after it had noted that and before the task had failed."""
    admin.pause(house.made.store, Stage.NOTIFICATIONS, wiring.utc_now())
    task_id = submit_notification(house.made.store, ANN, "Only once", None, wiring.utc_now())
    chat_messages.add_message(house.made.store, ChatMessage(task_id, ANN, "en"))
    chat_messages.set_closing(house.made.store, task_id, left)
    admin.resume(house.made.store, Stage.NOTIFICATIONS)
    until(lambda: queue.load(house.made.store, task_id).status is Status.FAILURE, 20)
    assert house.chat() == []


def test_a_list_whose_bot_was_killed_before_it_was_shown_is_shown(tmp_path: Path):
    """The bot linked it to the message of another list and died before the edit: the driver makes it, though neither task moves."""
    with bench(tmp_path, clock=wiring.utc_now) as made, TelegramServer() as server:
        admin.pause(made.store, Stage.FILE_PROCESSING, wiring.utc_now())
        with bot_thread(server, tmp_path):
            server.send_document(ANN, "june.csv", JUNE.encode())
            until(lambda: bool(server.chat(ANN)) and chat_messages.open_messages(made.store)[0].message_id is not None)
        (message,) = server.chat(ANN)
        with driving(made, server):
            (tmp_path / "july.csv").write_text(JULY, "utf-8")
            added = submit_file(made.store, made.services.files, tmp_path / "july.csv", ANN, {"chat_id": ANN}, wiring.utc_now())
            chat_messages.add_to_message(made.store, ANN, message.message_id, [added])
            until(lambda: "july.csv" in message.text, 20)
            assert "june.csv" in message.text
            until(lambda: not chat_messages.edits_under_way(made.store))
            edits = len(message.versions)
            time.sleep(2 * chat_progress._SWEEP_EVERY_S + 0.5)
            assert len(message.versions) == edits
            calls = server.tally.calls["editMessageText"]
            chat_messages.add_to_message(made.store, ANN, message.message_id + 1_000, [added])  # one that its person has deleted
            until(lambda: server.tally.calls["editMessageText"] > calls, 20)
            time.sleep(2 * chat_progress._SWEEP_EVERY_S + 0.5)
            assert server.tally.calls["editMessageText"] == calls + 1  # what is refused is not tried again and again


def test_a_driver_killed_while_closing_does_not_send_twice(tmp_path: Path):
    """A task found in the state `sending` may have been told: the next driver leaves it."""
    with bench(tmp_path, clock=wiring.utc_now) as made, TelegramServer() as server, bot_thread(server, tmp_path):
        server.send_document(ANN, "june.csv", JUNE.encode())
        until(lambda: bool(server.chat(ANN)))
        (task,) = queue.newest_tasks(made.store, 1)
        with TelegramThread(server.token, server.url) as line:
            Driver(replace(made.services, telegram=line)).work([task.id], threading.Event())
        assert queue.load(made.store, task.id).status is Status.SUCCESS
        assert chat_messages.claim_closing(made.store, task.id) is ClosingState.NONE
        with driving(made, server):
            time.sleep(3)
        assert [message.file_name for message in server.chat(ANN)] == [""]


def _closing(house: House) -> ClosingState:
    return chat_messages.closing_state_of(house.made.store, house.tasks()[0].id) if house.tasks() else ClosingState.NONE


def _set_format(house: House, task: Task, form: str) -> None:
    with house.made.store.write() as connection:
        connection.execute(update(tasks).where(tasks.c.id == task.id).values(options={**task.options, "format": form}))


def test_the_same_bytes_sent_again_are_said_to_be_read_and_read_again_by_a_tap(house: House):
    """Whatever the file is called: nothing is read, nothing is sent back, and the button reads it, once; a list that was taken back is read anew."""
    house.send("june.csv")
    until(lambda: len(house.files()) == 1, 20)
    first = house.tasks()[0]
    house.send("june (2).csv")
    message = house.wait("This file was read already")
    repeat = house.tasks()[0]
    assert (repeat.status, len(house.files())) == (Status.SUCCESS, 1)
    assert (repeat.result or {})["same_as"] == first.id
    assert (repeat.result or {})["rows_found"] == (first.result or {})["rows_found"]
    assert [title for title, _ in message.buttons] == ["Read it again"]
    for _ in range(2):
        house.server.press(message, "Read it again")
    until(lambda: len(house.files()) == 2, 20)
    assert message.text.startswith("june (2).csv")
    assert "Rows: " in message.text
    for task in (house.tasks()[0], first):
        undo.undo(house.made.store, task.id, ANN, wiring.utc_now())
    house.send("june (3).csv")
    until(lambda: len(house.files()) == 3, 20)
    assert [task.file_name for task in house.tasks()] == ["june (3).csv", "june (2).csv", "june (2).csv", "june.csv"]
