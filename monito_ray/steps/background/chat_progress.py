"""Progress in chats: one message a task, edited as stages pass, which ends as the summary or the failure.

A thread of the driver listens to events and reads the store; it holds up no step. The store records what was sent, so that after a kill the
next driver goes on. An edit is harmless to repeat. A closing document is marked before it is sent, and is not sent again once it may have
arrived.
"""

import asyncio
import queue as queues
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Never, Self

from monito_ray import log
from monito_ray.clients import exports
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.clients.telegram.loop_thread import TelegramThread
from monito_ray.errors import MonitoError, TelegramBlocked, TelegramRefused, TelegramUnavailable
from monito_ray.events import Event, StageAdvanced, StageFinished, StageStarted, TaskSucceeded
from monito_ray.jobs import chat_messages, queue
from monito_ray.jobs.artifacts import PRODUCTS, REJECTS, Artifacts
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState
from monito_ray.jobs.task import Task
from monito_ray.messages import Messages, caption_text, shorten, task_buttons, tasks_text
from monito_ray.records import SAME_AS, Status
from monito_ray.store.database import Store

#: Least time between two edits of one message: Telegram allows about one message a second in a chat.
EDIT_EVERY_S = 2.0
_TICK_S = 0.1
#: Time between two looks for ends that no event reported, such as those of another driver.
_SWEEP_EVERY_S = 5.0
_WAIT_AFTER_ERROR_S = 5.0
#: Time for the last messages when the driver stops.
_LAST_WORDS_S = 3.0
#: An edit that took longer may have overwritten a newer one by another driver.
_OLD_S = 5.0
#: A bot acknowledges within a second; after this time an end is sent without waiting for the acknowledgement.
_ACKNOWLEDGED_WITHIN = timedelta(seconds=20)

_MessageKey = tuple[int, int | None, str]
"""Chat, message, and the task's id where there is no message yet."""


class ChatProgress:
    """Keeps messages in chats up to date for the block of a `with`; `sink` takes events from any thread."""

    def __init__(self, line: TelegramThread, store: Store, files: Artifacts, clock: Callable[[], datetime], sheet_link: str = "") -> None:
        self._line = line
        self._store = store
        self._files = files
        self._clock = clock
        self._sheet_link = sheet_link
        self._events: queues.SimpleQueue[Event] = queues.SimpleQueue()
        self._rows: dict[str, tuple[int, int]] = {}
        self._due: set[str] = set()
        self._not_before: dict[_MessageKey, float] = {}
        self._updates: dict[_MessageKey, asyncio.Task[None]] = {}
        #: Of edits that had begun at the last sweep, by task: one that still goes on at the next sweep was broken off.
        self._marks: dict[str, str] = {}
        #: Of edits of our own that did not end: what was refused is not tried again until its task moves.
        self._own_marks: set[str] = set()
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        self._running = self._line.start(self._keep_running())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._running is not None:
            self._running.cancel()
            with suppress(TimeoutError):
                self._line.start(self._last_words()).result(timeout=_LAST_WORDS_S)

    def sink(self, event: Event) -> None:
        """Take an event; return at once."""
        self._events.put(event)

    async def _keep_running(self) -> None:
        """Run until cancelled; a fault of the program is logged and does not end the thread."""
        while True:
            (fault,) = await asyncio.gather(self._run(), return_exceptions=True)
            log.fault("progress.crashed", fault)
            await asyncio.sleep(_WAIT_AFTER_ERROR_S)

    async def _run(self) -> Never:
        sweep_at = 0.0
        while True:
            try:
                self._take_events()
                if time.monotonic() >= sweep_at:
                    swept = await asyncio.to_thread(
                        chat_messages.open_messages if not sweep_at else chat_messages.awaiting_closing, self._store
                    )
                    self._due |= {place.task_id for place in swept} | await self._broken_off()
                    sweep_at = time.monotonic() + _SWEEP_EVERY_S
                await self._start_updates()
                await asyncio.sleep(_TICK_S)
            except MonitoError as error:
                log.warning("progress.waits", code=error.code, message=str(error))
                await asyncio.sleep(_WAIT_AFTER_ERROR_S)

    async def _broken_off(self) -> set[str]:
        """Return the tasks of messages whose edit has gone on since the last sweep, as that of a bot that was killed: they are edited again."""
        marks = await asyncio.to_thread(chat_messages.edits_under_way, self._store)
        old = marks.items() & self._marks.items()
        self._marks = marks
        return {task_id for task_id, mark in old if mark not in self._own_marks}

    async def _last_words(self) -> None:
        """Bring every message that is due up to date."""
        with suppress(MonitoError, asyncio.CancelledError):
            self._take_events()
            while self._due or self._updates:
                await self._start_updates()
                await asyncio.sleep(_TICK_S)

    def _take_events(self) -> None:
        """Note which tasks have changed."""
        while True:
            try:
                event = self._events.get_nowait()
            except queues.Empty:
                return
            if isinstance(event, StageAdvanced):
                self._rows[event.task_id] = (event.rows_done, event.rows)
            elif isinstance(event, StageStarted | StageFinished | TaskSucceeded):
                self._rows.pop(event.task_id, None)
            self._due.add(event.task_id)

    async def _start_updates(self) -> None:
        """Start an update for each due message that may be edited again; drop tasks without a chat."""
        if not self._due:
            return
        now = time.monotonic()
        messages = await asyncio.to_thread(chat_messages.messages_of, self._store, self._due)
        self._due = {place.task_id for place in messages}
        for where, places in _by_message(messages).items():
            if where not in self._updates and now >= self._not_before.get(where, 0.0):
                self._not_before[where] = now + EDIT_EVERY_S
                self._due -= {place.task_id for place in places}
                self._updates[where] = asyncio.create_task(self._update_message(where, places))
                self._updates[where].add_done_callback(_log_fault)

    async def _update_message(self, where: _MessageKey, places: list[ChatMessage]) -> None:
        try:
            await (self._edit_and_close(where[0], where[1]) if where[1] is not None else self._send_end(places[0]))
        except TelegramUnavailable as error:
            self._due |= {place.task_id for place in places}
            self._not_before[where] = time.monotonic() + max(error.retry_after_s or 0.0, _WAIT_AFTER_ERROR_S)
            log.warning("progress.waits", code=error.code, message=str(error))
        except MonitoError as error:
            log.warning("progress.untold", code=error.code, message=str(error), chat_id=where[0])
        finally:
            del self._updates[where]

    async def _edit_and_close(self, chat_id: int, message_id: int) -> None:
        """Edit a message to the state of its tasks, and close those that have ended."""
        looked_at = time.monotonic()
        places = await asyncio.to_thread(chat_messages.tasks_in_message, self._store, chat_id, message_id)
        tasks = await self._tasks(places)
        try:
            await self._edit(chat_id, message_id, places, tasks)
            if time.monotonic() - looked_at > _OLD_S:  # meanwhile another driver may have written a later state
                self._due |= {place.task_id for place in places}
        except TelegramBlocked:
            await self._close_all(places, tasks, ClosingState.UNKNOWN)
            raise
        except TelegramRefused as error:  # the person has deleted it: progress is not missed, the end is sent as a new message
            log.warning("progress.untold", code=error.code, message=str(error), chat_id=chat_id)
            for place, task in zip(places, tasks, strict=True):
                if task.has_ended and place.closing_state is ClosingState.NONE:
                    await self._send(place, task)
        for place, task in zip(places, tasks, strict=True):
            if task.has_ended and place.closing_state is ClosingState.NONE:
                await self._close(place, task)

    async def _send_end(self, place: ChatMessage) -> None:
        """Send the end of a task that was never acknowledged, as a message of its own."""
        (task,) = await self._tasks([place])
        if not task.has_ended or place.closing_state is not ClosingState.NONE:
            return
        if (task.finished_at or task.updated_at) + _ACKNOWLEDGED_WITHIN > self._clock():
            self._due.add(task.id)
            return
        await self._send(place, task)
        await self._close(place, task)

    async def _send(self, place: ChatMessage, task: Task) -> None:
        messages = Messages(place.language, self._sheet_link)
        message_id = await self._line.client.send(place.chat_id, tasks_text(messages, [task]), task_buttons(messages, [task]))
        await asyncio.to_thread(chat_messages.set_message_id, self._store, [task.id], message_id)

    async def _edit(self, chat_id: int, message_id: int, places: list[ChatMessage], tasks: list[Task]) -> None:
        messages = Messages(places[-1].language, self._sheet_link)
        text, buttons = tasks_text(messages, tasks, self._rows), task_buttons(messages, tasks)
        text_hash = chat_messages.text_hash_of(text, buttons)
        if all(place.last_text_hash == text_hash for place in places):
            return
        mark = await asyncio.to_thread(chat_messages.begin_edit, self._store, places)
        is_last = False
        if mark is not None:
            self._own_marks.add(mark)
            await self._line.client.edit(chat_id, message_id, text, buttons)
            is_last = await asyncio.to_thread(chat_messages.end_edit, self._store, chat_id, message_id, mark, text_hash)
            self._own_marks.discard(mark)
        if not is_last:  # another edit came between: in the next round it shows what is true then
            self._due |= {place.task_id for place in places}

    async def _close(self, place: ChatMessage, task: Task) -> None:
        """Send the cleaned list, once; for a task without one the edited message is the end."""
        if not await asyncio.to_thread(chat_messages.claim_end, self._store, task):
            return
        state = ClosingState.UNKNOWN
        try:
            if task.status is Status.SUCCESS and SAME_AS not in (task.result or {}):
                name, data = await asyncio.to_thread(self._cleaned, task)
                await self._line.client.send_file(place.chat_id, name, data, caption_text(Messages(place.language), task))
            state = ClosingState.SENT
        except TelegramUnavailable as error:
            state = ClosingState.UNKNOWN if error.is_outcome_unknown else ClosingState.NONE
            raise
        finally:
            await asyncio.to_thread(chat_messages.end_closing, self._store, task.id, state)

    async def _close_all(self, places: list[ChatMessage], tasks: list[Task], state: ClosingState) -> None:
        for place, task in zip(places, tasks, strict=True):
            if task.has_ended and place.closing_state is ClosingState.NONE:
                await asyncio.to_thread(chat_messages.set_closing, self._store, task.id, state)

    async def _tasks(self, places: list[ChatMessage]) -> list[Task]:
        tasks = {task.id: task for task in await asyncio.to_thread(queue.load_all, self._store, [place.task_id for place in places])}
        return [tasks[place.task_id] for place in places]

    def _cleaned(self, task: Task) -> tuple[str, bytes]:
        """Return the name and the bytes of the file with the cleaned list."""
        form = OutputFormat.CSV if task.options.get("format") == OutputFormat.CSV else OutputFormat.XLSX
        with tempfile.TemporaryDirectory(prefix="monito-") as folder:
            path = Path(folder) / f"clean.{form}"
            exports.write_list(self._files.read_table(task.id, PRODUCTS), self._files.read_table(task.id, REJECTS), path, form)
            return f"{_stem(task.file_name)}-clean.{form}", path.read_bytes()


def _log_fault(update: "asyncio.Task[None]") -> None:
    if not update.cancelled() and (fault := update.exception()) is not None:
        log.fault("progress.crashed", fault)


def _by_message(places: Iterable[ChatMessage]) -> dict[_MessageKey, list[ChatMessage]]:
    groups: defaultdict[_MessageKey, list[ChatMessage]] = defaultdict(list)
    for place in places:
        groups[place.chat_id, place.message_id, "" if place.message_id is not None else place.task_id].append(place)
    return groups


def _stem(file_name: str) -> str:
    """Return a file's name without folders and suffix, fit for the name of another file."""
    plain = file_name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return shorten("".join(c for c in plain.rpartition(".")[0] or plain if c not in '<>:"|?*'), 60).strip(". ") or "list"
