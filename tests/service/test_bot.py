"""The bot as people meet it, with a real store and the testing server for Telegram.

Most tests share one bot, which runs in a thread and keeps to shorter intervals; each has people of its own. What is about times, kills and
stops is tested with a bot in a process of its own and the real intervals.
"""

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest
from bots import PEOPLE, QUICK, QUICK_INTERVAL_S, bot_process, bot_thread, first_seen, settings_for, until
from rows import RICE

from monito_ray.api import Monito
from monito_ray.catalog.lists import writing
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage
from monito_ray.store.database import open_store
from monito_ray.testing.telegram_chats import Flood, Message, TelegramFault, Update
from monito_ray.testing.telegram_server import TelegramServer
from monito_ray.wiring import utc_now

STRANGER = 999
LIST = b"name;price\nRice;10\n"


@dataclass(slots=True)
class Chats:
    """A Telegram with a bot, and the bot's home."""

    server: TelegramServer
    home: Path
    _people: Iterator[int] = field(default_factory=lambda: iter(PEOPLE))

    def person(self) -> "Person":
        """Return somebody whom the bot serves and who has not written before."""
        return Person(self, next(self._people))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a chat with the bot."""

    chats: Chats
    user_id: int

    @property
    def messages(self) -> list[Message]:
        """What the person sees."""
        return self.chats.server.chat(self.user_id)

    @property
    def tasks(self) -> list[Task]:
        """The person's tasks in the store, the newest first."""
        with open_store(settings_for(self.chats.server, self.chats.home).store_url) as store:
            return queue.newest_tasks(store, 1000, self.user_id)

    def send(self, name: str | None = "june.csv", **more: object) -> Update:
        """Send a list, and wait for an answer."""
        before = len(self.messages)
        update = self.chats.server.send_document(self.user_id, name, LIST, **more)  # type: ignore[arg-type]
        until(lambda: len(self.messages) > before, 20)
        return update

    def ask(self, text: str, language: str = "en") -> str:
        """Write, and return the answer."""
        before = len(self.messages)
        self.chats.server.send_text(self.user_id, text, language=language)
        until(lambda: len(self.messages) > before)
        return self.messages[-1].text


@pytest.fixture(scope="module")
def chats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chats]:
    """Give the Telegram and the bot that most tests share."""
    home = tmp_path_factory.mktemp("shared") / "home"
    with TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server, bot_thread(server, home, QUICK):
        yield Chats(server, home)


@pytest.fixture
def ann(chats: Chats) -> Person:
    """Give somebody whom the bot serves."""
    return chats.person()


@pytest.fixture
def bob(chats: Chats) -> Person:
    """Give somebody else."""
    return chats.person()


@pytest.fixture(autouse=True)
def _no_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with the shared bot, nothing goes wrong any more."""
    yield
    if "chats" in request.fixturenames:
        request.getfixturevalue("chats").server.recover()


@pytest.fixture(scope="module")
def real_chats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chats]:
    """Give a Telegram with the real limits whose answers take their time, and a bot in a process of its own."""
    home = tmp_path_factory.mktemp("real") / "home"
    with TelegramServer(latency_s=0.03) as server, bot_process(server, home):
        yield Chats(server, home)


@pytest.mark.parametrize(
    ("pause_s", "paused"),
    [(0.1, False), (0.0, False), (0.1, True), (0.0, True)],
    ids=["spread", "at once", "spread, paused", "at once, paused"],
)
def test_thirty_documents_of_six_people_are_acknowledged_within_a_second(pause_s: float, paused: bool, real_chats: Chats):
    """Each with its task's id, p99 at most 1 s from its arrival, also at once and with all queues paused; none lost, none twice."""
    people = [real_chats.person() for _ in range(6)]
    if paused:
        with Monito(settings_for(real_chats.server, real_chats.home)) as monito:
            for stage in Stage:
                monito.pause(stage)
    sent: dict[str, tuple[Person, Update]] = {}
    for number, person in zip(range(30), itertools.cycle(people), strict=False):
        name = f"list{number:02}.csv"
        sent[name] = person, real_chats.server.send_document(person.user_id, name, LIST)
        time.sleep(pause_s)
    until(lambda: all(first_seen(person.messages, name) for name, (person, _) in sent.items()))
    tasks = [task for person in people for task in person.tasks]
    assert Counter(task.file_name for task in tasks) == Counter(list(sent))
    waits = []
    for task in tasks:
        person, update = sent[task.file_name]
        seen_at = first_seen(person.messages, task.id)
        assert seen_at is not None, task.file_name
        waits.append(seen_at - update.arrived_at)
    assert max(waits) <= 1.0, sorted(waits)
    assert not real_chats.server.tally.errors


def test_a_stranger_gets_one_line_with_their_id_and_nothing_else(tmp_path: Path):
    """Whatever they send or press, also after a restart of the bot; no task, no second message."""
    with TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server:
        chats = Chats(server, tmp_path / "home")
        admin, ann, stranger = chats.person(), chats.person(), Person(chats, STRANGER)
        for _ in range(2):
            with bot_thread(server, chats.home, QUICK):
                assert "/people" in admin.ask("/help")
                for text in ("/start", "/queue", "hello", "/status"):
                    server.send_text(STRANGER, text)
                server.send_document(STRANGER, "list.csv", LIST)
                assert "Task" not in ann.ask("/status")
        (line,) = stranger.messages
        assert line.text == f"This bot serves only people it knows. Your id is {STRANGER}; the owner can let you in."
        assert stranger.tasks == []
        requests = [message.text for message in admin.messages if "asks" in message.text]
        assert requests == [f"Person {STRANGER} (id {STRANGER}) asks to use the bot."]


def test_the_admin_lets_a_person_in_by_a_button_and_shuts_them_out(tmp_path: Path):
    """As one who may ask, and not send, undo or let others in; nobody but the admin can press that button."""
    with TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server, bot_thread(server, tmp_path / "home", QUICK):
        chats = Chats(server, tmp_path / "home")
        admin, ann, stranger = chats.person(), chats.person(), Person(chats, STRANGER)
        admin.ask("/help")
        server.send_text(STRANGER, "halo", language="id")
        until(lambda: len(admin.messages) == 2 and bool(stranger.messages))
        request = admin.messages[-1]
        server.press(request, "buyer", user_id=ann.user_id)
        until(lambda: bool(server.answered))
        assert "do not know this command" in server.answered[-1][1]
        server.press(request, "reader")
        until(lambda: "Sekarang Anda bisa memakai bot ini" in stranger.messages[-1].text)
        assert "Send a supplier's price list" not in stranger.ask("/help")
        until(lambda: request.text == f"Person {STRANGER}: may ask")
        assert "Nobody's list has beras" in stranger.ask("beras")
        assert "may ask for prices here, and not send lists" in stranger.ask("telur 62rb/tray\nbayam 5rb")
        assert "not change anything" in stranger.ask("/undo")
        assert "do not know this command" in stranger.ask("/people")
        assert f"Person {STRANGER}: may ask" in admin.ask("/people")
        server.press(admin.messages[-1], "Shut out")
        until(lambda: "not let in" in admin.messages[-1].text)
        server.send_text(STRANGER, "/help")
        until(lambda: "serves only people it knows" in stranger.messages[-1].text)


def test_who_is_known_is_answered_in_their_group_and_nobody_else_there(ann: Person):
    """Where the bot is named; a stranger of the group gets no answer, and the person none in their own chat."""
    server, group_id, before = ann.chats.server, -700, len(ann.messages)
    server.send_text(STRANGER, "@monito_test_bot durian", group_id=group_id)
    server.send_text(ann.user_id, "who has durian?", group_id=group_id)
    server.send_text(ann.user_id, "@Monito_Test_Bot durian", group_id=group_id)
    until(lambda: bool(server.chat(group_id)))
    assert [message.text for message in server.chat(group_id)] == ["Nobody's list has durian."]
    assert (len(ann.messages), server.chat(STRANGER)) == (before, [])


def test_lines_with_prices_are_a_list_and_those_that_follow_are_of_it(ann: Person):
    """Several messages within a minute are one task; a few words are a search."""
    assert "Nobody's list has" in ann.ask("durian")
    ann.chats.server.send_text(ann.user_id, "Telur ayam 62rb/tray\nGula pasir 1kg : Rp 17.000")
    until(lambda: len(ann.tasks) == 1)
    until(lambda: any(message.text.startswith("«Telur") for message in ann.messages))
    ann.chats.server.send_text(ann.user_id, "Minyak goreng 2L = 38.500\nBeras 5 kg Rp 75.000")
    until(lambda: ann.messages[-1].text == "Added to your list above.")
    (task,) = ann.tasks
    assert task.options["text"].splitlines()[-1] == "Beras 5 kg Rp 75.000"


def test_tasks_of_others_do_not_exist(ann: Person, bob: Person):
    """Asked about by id, cancelled, retried or by a button: no such task, and nothing happens to it."""
    ann.send("secret.csv")
    (task,) = ann.tasks
    for command in ("status", "cancel", "retry"):
        assert bob.ask(f"/{command} {task.id}") == f"There is no task {task.id} of yours."
        assert bob.ask(f"/{command} nobody") == "There is no task nobody of yours."
    assert "You have sent no lists yet." in bob.ask("/status")
    assert ann.tasks == [task]
    assert "secret" in ann.ask(f"/status {task.id}")


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
def test_a_strange_name_is_acknowledged_as_it_is(name: str | None, shown: str, ann: Person):
    """The message is intact and names file and task."""
    errors = ann.chats.server.tally.errors.copy()
    ann.send(name)
    (task,), (message,) = ann.tasks, ann.messages
    assert shown in message.text
    assert task.id in message.text
    assert ann.chats.server.tally.errors == errors


def test_a_file_beyond_the_limit_is_refused_at_once(ann: Person):
    """Telegram gives bots no more than 20 MB: the person is told, and there is no task."""
    ann.send("large.xlsx", size=21 * 2**20)
    assert ann.messages[0].text.startswith("large.xlsx has 21 MB, and files of at most 20 MB can be taken here.")
    assert ann.tasks == []


def test_what_was_committed_is_acknowledged_after_a_kill(tmp_path: Path):
    """A bot killed between commit and acknowledgement leaves that to the next; one task, one acknowledgement."""
    with TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server:
        chats = Chats(server, tmp_path / "home")
        ann = chats.person()
        server.fail("sendMessage", TelegramFault.FAILED, 1000)
        with bot_process(server, chats.home) as first:
            server.send_document(ann.user_id, "june.csv", LIST)
            until(lambda: len(ann.tasks) == 1)
            until(lambda: server.tally.calls["sendMessage"] > 0)
            first.kill()
        server.recover()
        with bot_thread(server, chats.home, QUICK):
            until(lambda: bool(ann.messages))
            (task,), (message,) = ann.tasks, ann.messages
            assert task.id in message.text


def test_updates_delivered_again_make_no_second_task(tmp_path: Path):
    """Telegram may deliver what was confirmed; it was committed, so it is passed over."""
    with TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server, bot_thread(server, tmp_path / "home", QUICK):
        ann = Chats(server, tmp_path / "home").person()
        update = ann.send()
        server.redeliver()
        until(lambda: update.delivered >= 2)
        assert "june.csv" in ann.ask("/status")
        assert len(ann.tasks) == 1
        assert len(ann.messages) == 2


def test_an_update_is_confirmed_only_when_its_task_is_committed(ann: Person):
    """While the database is locked nothing is confirmed; then the document is taken."""
    with open_store(settings_for(ann.chats.server, ann.chats.home).store_url) as store, store.write():
        update = ann.chats.server.send_document(ann.user_id, "june.csv", LIST)
        until(lambda: update.delivered > 0)
        time.sleep(0.5)
        assert update.confirmed_at is None
        assert ann.messages == []
    until(lambda: update.confirmed_at is not None)
    until(lambda: bool(ann.messages))
    assert len(ann.tasks) == 1


def test_the_bot_waits_for_telegram_to_come_back_and_ends_when_stopped(tmp_path: Path):
    """Lost connections are no end: what came meanwhile is taken. A stop is obeyed within 5 s, also with Telegram away; no token is logged."""
    with TelegramServer() as server:
        ann = Chats(server, tmp_path / "home").person()
        with bot_process(server, tmp_path / "home") as running:
            server.go_down()
            server.send_document(ann.user_id, "june.csv", LIST)
            time.sleep(1.0)
            server.come_back()
            until(lambda: bool(ann.messages))
            server.go_down()
            time.sleep(0.5)
            assert running.stop() < 5.0
        log = running.log.read_text()
        assert "bot.waits" in log
        assert server.token not in log
        assert "Traceback" not in log


@pytest.mark.parametrize("fault", [TelegramFault.LOST_ANSWER, TelegramFault.RESET, TelegramFault.FAILED, TelegramFault.GARBLED])
@pytest.mark.parametrize("method", ["getUpdates", "sendMessage"])
def test_no_fault_of_the_line_loses_or_doubles_a_task(method: str, fault: TelegramFault, ann: Person):
    """Two calls go wrong; the document is one task all the same, and the person has its id."""
    ann.chats.server.fail(method, fault, 2)
    ann.send()
    (task,) = ann.tasks
    assert first_seen(ann.messages, task.id)


_GREETINGS = {"en": "Send a supplier's price list", "ru": "Пришлите прайс-лист", "id": "Kirim daftar harga"}


@pytest.mark.parametrize("language", _GREETINGS)
def test_people_are_answered_in_their_language(language: str, tmp_path: Path):
    """Every command has an answer, and answers are in the language of the person's Telegram."""
    with TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server, bot_thread(server, tmp_path / "home", QUICK):
        chats = Chats(server, tmp_path / "home")
        admin, ann = chats.person(), chats.person()
        for command in ("start", "help"):
            assert ann.ask(f"/{command}", language).startswith(_GREETINGS[language])
        english = {
            "status": "You have",
            "undo": "There is no list",
            "suppliers": "The catalogue has no",
            "report": "The catalogue is empty",
            "basket": "What do you want to buy",
            "sheet": "No spreadsheet",
            "prices": "What are you",
            "prices kopi": "Nobody's list has kopi",
            "changes": "No price has",
            "export": "The catalogue is empty",
            "nonsense": "I do not",
        }
        for command, begin in english.items():
            answer = ann.ask(f"/{command}", language)
            assert answer.startswith(begin) is (language == "en"), answer
        assert admin.ask("/queue", language).startswith("reading the file: 0 waiting") is (language == "en")
        assert admin.ask("/stats", language).startswith("Tasks: 0") is (language == "en")
        assert ann.ask("/queue", language) == ann.ask("/nonsense", language)
        assert [command["command"] for command in server.commands[language]] == [
            "start", "help", "prices", "basket", "changes", "follow", "suppliers", "report", "sheet", "export", "status", "review", "undo",
            "cancel", "retry", "lang",
        ]  # fmt: skip


def test_a_chosen_language_stays(tmp_path: Path):
    """Chosen by button or by word, it counts after a restart, too, and for what is told of tasks."""
    with TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server:
        chats = Chats(server, tmp_path / "home")
        ann = chats.person()
        with bot_thread(server, chats.home, QUICK):
            ann.ask("/lang")
            server.press(ann.messages[-1], "lang:ru")
            until(lambda: ann.messages[-1].text == "Теперь я говорю по-русски.")
        with bot_thread(server, chats.home, QUICK):
            ann.send()
            assert "Принято" in ann.messages[-1].text
            assert ann.ask("/lang id") == "Sekarang saya berbahasa Indonesia."


def test_a_task_is_cancelled_and_taken_up_again_by_its_owner(ann: Person):
    """The store has what the person was told."""
    ann.send()
    (task,) = ann.tasks
    assert ann.ask(f"/cancel {task.id}") == "june.csv is cancelled."
    assert ann.tasks[0].status is Status.CANCELLED
    assert ann.ask(f"/cancel {task.id}") == "june.csv has ended already."
    assert ann.ask(f"/retry {task.id}") == "june.csv will be tried again."
    assert ann.tasks[0].status is Status.PENDING
    assert ann.ask("/cancel") == "Which task? Write /cancel and the task's id; /status lists your tasks."


def test_the_catalogue_is_searched_from_a_chat(ann: Person):
    """Prices, their changes and the whole catalogue, with numbers written as in the person's language."""
    with open_store(settings_for(ann.chats.server, ann.chats.home).store_url) as store:
        for number, price in enumerate((75_000, 78_500)):
            task_id = f"t{number}"
            queue.submit(store, Task(id=task_id, created_at=utc_now(), updated_at=utc_now(), not_before=utc_now()))
            writing.write_list(store, task_id, [replace(RICE, price=Decimal(price), list_date=None)], utc_now())
    assert ann.ask("/prices rice", "id").startswith("Rice, Sawah, 5 kg\nRp78.500 (15.000/kg) · Toko A · ")
    assert ann.messages[-1].text.endswith(", +4,7%")
    ann.chats.server.press(ann.messages[-1], "Riwayat harga")
    until(lambda: ann.messages[-1].file_name == "photo.png", 30)
    assert ann.messages[-1].data.startswith(b"\x89PNG")
    ann.chats.server.ask_inline(ann.user_id, "rice")
    ann.chats.server.ask_inline(STRANGER, "rice")
    until(lambda: bool(ann.chats.server.inline_answers))
    ((_, (result,)),) = ann.chats.server.inline_answers
    assert (result["title"], result["description"]) == ("Rice, Sawah, 5 kg", "78,500 IDR (15,000/kg) · Toko A")
    title, line = ann.ask("/changes").split("\n")
    assert title.startswith("Toko A, list of ")
    assert line == "Rice, Sawah, 5 kg: 75,000 → 78,500 IDR (+4.7%)"
    assert ann.ask("/export") == "Offers in the catalogue: 1"
    assert ann.messages[-1].file_name == "catalogue.xlsx"


def test_a_flood_warning_is_obeyed(tmp_path: Path):
    """Where Telegram is stricter than thought, each message still comes, and none is asked for before the time that was named."""
    with TelegramServer(flood=Flood(chat_interval_s=0.5)) as server, bot_thread(server, tmp_path / "home", QUICK):
        ann = Chats(server, tmp_path / "home").person()
        for _ in range(3):
            server.send_text(ann.user_id, "/sheet")
        until(lambda: len(ann.messages) == 3, 15)
        assert 1 <= server.tally.errors[429] <= 2
