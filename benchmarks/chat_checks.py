"""What must hold of the chats after a month: every planted change told once to whom it is for, nothing else to anybody, nothing lost or doubled."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chat_jobs import plain_numbers
from chat_market import SILENT, Form, Planted
from chat_people import PEOPLE, STRANGER, Diary, Person
from chat_service import ChatService

from monito_ray.jobs import chat_messages, queue
from monito_ray.jobs.chat_messages import ClosingState
from monito_ray.jobs.task import NOTIFICATION, Task
from monito_ray.messages.local_numbers import numbers_of
from monito_ray.records import SAME_AS, Status
from monito_ray.testing.telegram_chats import Message

#: Which goods a person follows who does not follow all.
_FOLLOWED = {"gula": lambda planted: "Gula" in planted.good.name, "Dairy & Eggs": lambda planted: planted.good.kind == "dairy"}
_ARROW = "→"


@dataclass
class Alarms:
    """What was told of what was planted."""

    wanted: int = 0
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    #: Of those that are missing: may have come or not, as whoever sent the alarm was killed meanwhile.
    unknown: list[str] = field(default_factory=list)
    told: int = 0
    false: list[str] = field(default_factory=list)

    @property
    def once(self) -> int:
        """How many were told once, as they should be."""
        return self.wanted - len(self.missing) - len(self.doubled) - len(self.unknown)


def check_alarms(service: ChatService, diary: Diary, planted: Mapping[str, Sequence[Planted]]) -> Alarms:
    """Compare the alarms that people read with what was planted in the lists, by task id."""
    found = Alarms()
    for person in PEOPLE:
        if not person.follows:
            continue
        left, unknown = _alarm_lines(service, person)
        found.told += left.total()
        for task_id, (sent, sender, chat) in diary.sent.items():
            if (sender.user_id, chat) == (person.user_id, person.alarm_chat):
                continue
            for change in filter(_FOLLOWED.get(person.follows, lambda _: True), planted.get(task_id, ())):
                found.wanted += 1
                _take(found, left, unknown, person, change, f"{sent.form} of task {task_id}")
        found.false += [f"to {person.user_id}: {supplier}, {day}: {line}" for (supplier, day, line), count in left.items() if count > 0]
    return found


def _take(
    found: Alarms,
    left: "Counter[tuple[str, str, str]]",
    unknown: "Counter[tuple[str, str, str]]",
    person: Person,
    change: Planted,
    place: str,
) -> None:
    """Take the line of a planted change out of what was told."""
    day = numbers_of(person.language).day(change.listed_on)

    def tells(line: tuple[str, str, str]) -> bool:
        return line[0] == change.supplier and day in line[1] and change.mark in line[2] and (_ARROW in line[2]) == (_ARROW in change.mark)

    lines = list(filter(tells, left))
    text = f"to {person.user_id}: {change.supplier}, {change.listed_on}, {change.kind}: {change.good.written} {change.mark} ({place})"
    if not lines:
        (found.unknown if any(map(tells, unknown)) else found.missing).append(text)
    for line in lines[:1]:
        if left.pop(line) > 1:
            found.doubled.append(text)


def _alarm_lines(service: ChatService, person: Person) -> "tuple[Counter[tuple[str, str, str]], Counter[tuple[str, str, str]]]":
    """Return supplier, day and line of each change in the alarms of a person: as often as it was read; and those that may have come or not."""
    texts = Counter(message.text for message in service.telegram.chat(person.alarm_chat))
    came: Counter[tuple[str, str, str]] = Counter()
    unknown: Counter[tuple[str, str, str]] = Counter()
    for task in queue.newest_tasks(service.store, 5_000, person.user_id, NOTIFICATION):
        visible = _visible(task)
        for block in visible.split("\n\n"):
            title, *lines = block.splitlines()
            supplier, _, day = title.partition(", ")
            told = [(supplier, day, plain_numbers(line)) for line in lines if not line.startswith("…")]
            came.update(told * texts[visible])
            if not texts[visible] and task.status == Status.FAILURE:
                unknown.update(told)
    return came, unknown


@dataclass
class Albums:
    """What became of the lists that were photographed."""

    wanted: int = 0
    right: int = 0
    #: Those of which a photo came when the others were being read, or had been.
    late: int = 0
    faults: list[str] = field(default_factory=list)


def check_albums(service: ChatService, diary: Diary) -> Albums:
    """Compare each album with the list that it became, and its rows with what was printed."""
    found = Albums()
    of_album: dict[tuple[int, str], list[Task]] = {}
    for task in service.lists():
        if "album" in task.options:
            of_album.setdefault((task.user_id, task.options["album"]), []).append(task)
    for sent, person, _ in diary.sent.values():
        if sent.form is not Form.ALBUM:
            continue
        found.wanted += 1
        newest, *earlier = of_album[person.user_id, sent.file_name]
        found.late += bool(earlier)
        result = newest.result or {}
        rows, pages = result.get("rows_written"), len(newest.options["pages"])
        if (rows, pages) == (len(sent.goods), len(sent.parts)):
            found.right += 1
        else:
            found.faults.append(
                f"{sent.file_name}: {rows} of {len(sent.goods)} rows of {pages} of {len(sent.parts)} photos: {result.get('notes')}"
            )
    return found


@dataclass
class LateLists:
    """What was told of lists that are overdue."""

    wanted: int = 0
    told: int = 0
    unknown: int = 0
    faults: list[str] = field(default_factory=list)


def check_late(service: ChatService) -> LateLists:
    """Compare who was told that a list is overdue with who follows everything: once, of the supplier who fell silent, and of no other."""
    found = LateLists()
    for person in PEOPLE:
        tasks = [task for task in queue.newest_tasks(service.store, 5_000, person.user_id, NOTIFICATION) if _is_of_late_list(task)]
        follows_all = person.follows == "all"
        found.wanted += follows_all
        texts = [_visible(task) for task in tasks]
        came = sum(message.text in texts for message in service.telegram.chat(person.alarm_chat))
        unknown = sum(task.status == Status.FAILURE for task in tasks)
        found.told += min(came, follows_all)
        found.unknown += unknown
        if len(tasks) != follows_all or came > follows_all or came + unknown < follows_all or not all(SILENT in text for text in texts):
            found.faults.append(f"{person.user_id}: {came} came, {unknown} unknown of {texts}")
    return found


def _is_of_late_list(task: Task) -> bool:
    """Return whether an alarm is a single line: those of changes have a line for each below their list's."""
    return "\n" not in str(task.options["message"])


def _visible(task: Task) -> str:
    """Return an alarm's text as a person sees it."""
    return re.sub(r"<[^>]*>", "", str(task.options["message"])).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def check_strangers(service: ChatService) -> list[str]:
    """Return what somebody read whom it was not for."""
    got = len(service.telegram.chat(STRANGER))
    faults = [f"the stranger got {got} messages"] if got > 1 else []
    readers = {person.user_id: _files(service, person.user_id) for person in PEOPLE if not person.sends}
    faults += [f"{user_id} sends no lists and got {sorted(files)[:3]}" for user_id, files in readers.items() if files]
    unfollowing = {person.user_id for person in PEOPLE if not person.follows}
    alarms = queue.newest_tasks(service.store, 5_000, kind=NOTIFICATION)
    faults += [f"{task.user_id} follows nothing and was told: {task.options['message']}" for task in alarms if task.user_id in unfollowing]
    return faults


def check_own_chats(service: ChatService, diary: Diary) -> list[str]:
    """Return lists that were spoken of in a chat in which they were not sent."""
    chats = {person.user_id for person in PEOPLE} | {person.alarm_chat for person in PEOPLE}
    return [
        f"{sent.file_name} of chat {chat} is in {other}: {message.text[:80]!r}"
        for sent, _, chat in diary.sent.values()
        for other in chats - {chat}
        for message in service.telegram.chat(other)
        if sent.form in (Form.CSV, Form.XLSX) and _tells(message, sent.file_name.rpartition(".")[0])
    ]


def _tells(message: Message, stem: str) -> bool:
    return message.file_name.startswith(stem) or message.text.startswith(f"{stem}.")


def _files(service: ChatService, chat: int) -> "Counter[str]":
    return Counter(message.file_name for message in service.telegram.chat(chat) if "-clean" in message.file_name)


def check_ends(service: ChatService) -> tuple[int, list[str]]:
    """Return how many lists ended with an unknown message, which may have come or not, and each cleaned list that is missing or came twice."""
    wanted: Counter[tuple[int, str]] = Counter()
    unknown: Counter[tuple[int, str]] = Counter()
    tasks = {task.id: task for task in service.lists()}
    for place in chat_messages.messages_of(service.store, list(tasks)):
        task = tasks[place.task_id]
        if task.status == "success" and SAME_AS not in (task.result or {}):
            key = place.chat_id, f"{task.file_name.rpartition('.')[0]}-clean.xlsx"
            wanted[key] += 1
            unknown[key] += place.closing_state in (ClosingState.UNKNOWN, ClosingState.SENDING)
    came = {key: _files(service, key[0])[key[1]] for key in wanted}
    faults = [
        f"{key[1]} in {key[0]}: {came[key]} of {count} came, {unknown[key]} unknown"
        for key, count in wanted.items()
        if not count - unknown[key] <= came[key] <= count
    ]
    return unknown.total(), faults


def check_tasks(service: ChatService, diary: Diary, repeats: int) -> list[str]:
    """Return lists that became several tasks though they were sent once."""
    names: Counter[tuple[int, str, str]] = Counter()
    for task in service.lists():
        if "again_of" not in task.options:
            names[task.user_id, task.file_name, str(task.options.get("text") or task.options.get("album") or "")[:30]] += 1
    doubled = [f"{name} of {user_id}: {count} tasks" for (user_id, name, _), count in names.items() if count > 1]
    return [*diary.lost, *(doubled if sum(count - 1 for count in names.values()) != repeats else [])]
