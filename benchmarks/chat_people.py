"""Six people who do in the chat what buyers do: send lists, answer questions by taps, ask, follow, take back; each within one thread."""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chat_market import Form, Good, Names, SentList
from chat_service import ChatService, holds_within

from monito_ray.bot.commands.command_call import REPLY_MARK
from monito_ray.bot.receiving import PHOTO_NAME
from monito_ray.jobs.task import Task
from monito_ray.records import SAME_AS, SUPPLIER_QUESTION
from monito_ray.testing.telegram_chats import Message

GROUP = -500
BOT = "@monito_test_bot"
_ANSWER_S = 20.0
_DONE_S = 120.0
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team, by what they may and what they follow."""

    user_id: int
    language: str
    sends: bool = True
    #: Given by the admin with a button; "" for who stands in the settings.
    role: str = ""
    follows: str = ""
    is_daily: bool = False
    follows_in: int = 0

    @property
    def alarm_chat(self) -> int:
        """Where alarms come."""
        return self.follows_in or self.user_id


PEOPLE = (
    Person(1001, "en", follows="all"),
    Person(1002, "id", follows="all", is_daily=True),
    Person(1003, "ru", follows="gula"),
    Person(1004, "en", role="buyer", follows="Dairy & Eggs"),
    Person(1005, "id", role="reader", sends=False, follows="all", follows_in=GROUP),
    Person(1006, "ru", role="buyer"),
)
STRANGER = 1999


@dataclass
class Diary:
    """What happened in the chats, from all threads."""

    #: Jobs done and failed, by name.
    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    #: Answers that were lost with a killed bot, so that somebody asked again.
    asked_again: int = 0
    #: By task id: the list, who sent it and into which chat.
    sent: dict[str, tuple[SentList, Person, int]] = field(default_factory=dict)
    #: Lists whose supplier was taken wrongly without a question, by file name.
    wrong: list[str] = field(default_factory=list)
    #: Task ids of lists that asked something.
    questions: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, job: str, ok: bool, example: str = "") -> None:
        """Count a job."""
        with self.lock:
            (self.done if ok else self.failed)[job] += 1
            if not ok:
                self.examples.setdefault(job, example)


class Acting:
    """One person at the telephone."""

    def __init__(self, service: ChatService, person: Person, diary: Diary, dice: random.Random) -> None:
        self.service, self.person, self.diary, self.dice = service, person, diary, dice
        self.server = service.telegram

    def messages(self, chat_id: int = 0) -> list[Message]:
        """Return what the bot wrote in a chat, the person's own if none is named."""
        return self.server.chat(chat_id or self.person.user_id)

    def write(self, text: str, job: str, fits: Callable[[Message], object], chat_id: int = 0) -> Message | None:
        """Write, wait for an answer that fits, ask again where none comes, and count the job."""
        seen = len(self.messages(chat_id))
        for turn in range(_TRIES):
            self.server.send_text(self.person.user_id, text, language=self.person.language, group_id=chat_id)
            if holds_within(lambda: any(fits(message) for message in self.messages(chat_id)[seen:]), _ANSWER_S):
                self.diary.note(job, ok=True)
                return next(message for message in self.messages(chat_id)[seen:] if fits(message))
            self.diary.asked_again += turn < _TRIES - 1
        answers = " | ".join(message.text for message in self.messages(chat_id)[seen:])
        self.diary.note(job, ok=False, example=f"{text!r}: {answers[:400]!r}")
        return None

    def press(self, message: Message, data: str, holds: Callable[[], object]) -> bool:
        """Press a button until what it shall bring about holds."""
        for _ in range(_TRIES):
            if not any(data in own or data in title for title, own in message.buttons):
                return bool(holds())
            self.server.press(message, data, user_id=self.person.user_id, language=self.person.language)
            if holds_within(holds, _ANSWER_S):
                return True
            self.diary.asked_again += 1
        return False

    def was_told_since(self, seen: int) -> bool:
        """Return whether a notice with a text answered a button since so many were."""
        return any(text for _, text in self.server.answered[seen:])

    def send(self, sent: SentList, group: bool) -> None:
        """Send a list as it comes: a file with or without a caption, or the messages that somebody else wrote."""
        chat = GROUP if group and sent.form is not Form.TEXT else 0
        origin = sent.supplier if sent.names is Names.ORIGIN else ""
        for part in sent.parts:
            if sent.form is Form.TEXT:
                self.server.send_text(self.person.user_id, part.decode(), language=self.person.language, origin=origin)
                time.sleep(0.3)
            elif sent.form is Form.ALBUM:
                caption = sent.caption if part is sent.parts[0] else ""
                own = f"{BOT} {caption}".strip() if chat and part is sent.parts[0] else caption
                language = self.person.language
                self.server.send_photo(self.person.user_id, part, caption=own, language=language, group_id=chat, album=sent.file_name)
            else:
                self.server.send_document(
                    self.person.user_id, sent.file_name, part, caption=sent.caption, language=self.person.language, group_id=chat
                )

    def task_of(self, sent: SentList) -> Task | None:
        """Return the task of a list that the person sent, the newest where it was sent twice."""
        return next(iter(self.tasks_of(sent)), None)

    def tasks_of(self, sent: SentList) -> list[Task]:
        """Return the tasks of a list that the person sent, the newest first."""
        name = f"{sent.supplier}.txt" if sent.form is Form.TEXT else PHOTO_NAME if sent.form is Form.ALBUM else sent.file_name
        day = f"{sent.listed_on:%d-%m-%Y}"
        return [
            task
            for task in self.service.lists()
            if (task.file_name, task.user_id) == (name, self.person.user_id)
            and not _was_read_again(task)
            and (sent.form is not Form.ALBUM or task.options.get("album") == sent.file_name)
            and (sent.form is not Form.TEXT or day in str(task.options.get("text")))
        ]

    def answer(self, sent: SentList) -> None:
        """Answer what a list that is done asks, and put right a supplier that was taken wrongly."""
        tasks = self.tasks_of(sent)
        if not tasks:
            with self.diary.lock:
                self.diary.lost.append(f"{sent.file_name}: no task")
        for task in reversed(tasks):
            self._answer(sent, self._again(task))

    def _answer(self, sent: SentList, task: Task) -> None:
        if SAME_AS in (task.result or {}):  # it was sent twice, and is said to have been read
            return
        if not task.result:
            with self.diary.lock:
                self.diary.lost.append(f"{sent.file_name}: {task.error or task.status}")
            return
        chat = int(task.options.get("chat_id") or self.person.user_id)
        with self.diary.lock:
            self.diary.sent[task.id] = sent, self.person, chat
            if task.result.get("questions"):
                self.diary.questions[task.id] = (
                    f"{sent.file_name}: {task.result.get('supplier_how')}: {task.result['questions'][0]['choices']}"
                )
            elif task.result.get("supplier") != sent.supplier:
                self.diary.wrong.append(f"{sent.file_name} ({sent.names}, caption {sent.caption!r}): {task.result.get('supplier')!r}")
        if not self._is_right(task, sent):
            self._settle(task, sent, chat)
            left = self._again(task).result or {}
            example = f"{sent.file_name} of {sent.supplier}: {left.get('supplier')}, {left.get('supplier_how')}, {left.get('questions')}"
            self.diary.note("whose list it is settled by taps", self._is_right(self._again(task), sent), example)

    def _settle(self, task: Task, sent: SentList, chat: int) -> None:
        message = self.service.message_of(task.id)
        if message is None:
            return

        def settled() -> bool:
            return self._is_right(self._again(task), sent)

        if any(data == f"open:{task.id}" for _, data in message.buttons):
            message = self._pressed_for(message, f"open:{task.id}", f"name:{task.id}", chat) or message
        if any(data == f"whose:{task.id}" for _, data in message.buttons):
            message = self._pressed_for(message, f"whose:{task.id}", f"name:{task.id}", chat) or message
        given = next((data for title, data in message.buttons if data.startswith(f"give:{task.id}") and title == sent.supplier), "")
        if given:
            self.press(message, given, settled)
            return
        seen = len(self.messages(chat))
        self.press(message, f"name:{task.id}", lambda: self._naming(task, chat, seen) is not None)
        question = self._naming(task, chat, seen)
        if question is not None:
            for _ in range(_TRIES):
                self.server.send_text(
                    self.person.user_id, sent.supplier, language=self.person.language, reply_to=question, group_id=min(0, chat)
                )
                if holds_within(settled, _ANSWER_S):
                    return
                self.diary.asked_again += 1

    def _naming(self, task: Task, chat: int, seen: int) -> Message | None:
        return next((message for message in self.messages(chat)[seen:] if f"{REPLY_MARK}{task.id}" in message.text), None)

    def _pressed_for(self, message: Message, data: str, wanted: str, chat: int) -> Message | None:
        """Press a button, and return the new message that has the button wanted."""
        seen = len(self.messages(chat))

        def found() -> Message | None:
            return next((new for new in self.messages(chat)[seen:] if any(wanted in own for _, own in new.buttons)), None)

        self.press(message, data, found)
        return found()

    def _again(self, task: Task) -> Task:
        return next(one for one in self.service.lists() if one.id == task.id)

    @staticmethod
    def _is_right(task: Task, sent: SentList) -> bool:
        result = task.result or {}
        asks = any(question["id"] == SUPPLIER_QUESTION for question in result.get("questions") or ())
        return result.get("supplier") == sent.supplier and not asks


def _was_read_again(task: Task) -> bool:
    """Return whether another task reads the same list: with an answer, or with a page that came late."""
    return "again_of" in task.options and "album" not in task.options


def cheapest(standing: Mapping[str, tuple[Good, ...]], name: str) -> tuple[str, int] | None:
    """Return who asks least for a loose article, and how much; None where two do, or fewer than two sell it."""
    offers = sorted((good.price, supplier) for supplier, goods in standing.items() for good in goods if good.name == name)
    if len(offers) < 2 or offers[0][0] == offers[1][0]:
        return None
    return offers[0][1], offers[0][0]


def loose_names(standing: Mapping[str, tuple[Good, ...]]) -> list[str]:
    """Return the loose articles that more than one supplier sells."""
    sellers: defaultdict[str, int] = defaultdict(int)
    for goods in standing.values():
        for good in goods:
            sellers[good.name] += not good.size
    return sorted(name for name, count in sellers.items() if count > 1)
