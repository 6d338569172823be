"""The bot's loop: fetch updates, commit their tasks, and only then confirm the updates to Telegram. Answers are sent in parallel."""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monito_ray import log, wiring
from monito_ray.api import Monito
from monito_ray.bot.acknowledging import Acknowledger
from monito_ray.bot.answering import Answerer
from monito_ray.bot.commands import dispatch
from monito_ray.bot.list_texts import reads_as_list
from monito_ray.bot.receiving import IncomingUpdate, UpdateReader
from monito_ray.bot.timing import BotTiming
from monito_ray.clients.telegram.bot_api import TelegramClient
from monito_ray.clients.telegram.chat_throttle import ChatThrottle
from monito_ray.errors import MonitoError, NothingToUndo, SettingsInvalid, TelegramBlocked
from monito_ray.jobs import chat_messages, chat_people
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.jobs.chat_people import Person, Role
from monito_ray.jobs.intake import bot_updates
from monito_ray.jobs.intake.dedup import Admitted, Duplicate, Joined, OverQuota, Replaced
from monito_ray.messages import LANGUAGES, Messages
from monito_ray.pipeline.pictures.networks import is_installed as reads_pictures
from monito_ray.settings import Settings

if TYPE_CHECKING:
    from telegram import Update

_LOOK_EVERY_S = 0.1
#: Answers that are being sent when the bot stops may take this long; `monito serve` has to end within 20 s.
_LAST_ANSWERS_S = 2.0
_FASTEST_POLL_S = 0.2
_STORE_THREADS = 4
#: Albums in groups whose pages are remembered: their pictures come within seconds of each other.
_MOST_ALBUMS = 100


def run_bot(settings: Settings, stop: threading.Event, timing: BotTiming | None = None) -> None:
    """Run the bot until `stop` is set, and end within five seconds of that. While Telegram or the database is down, wait and try again.

    Raises:
        SettingsInvalid: no token is set.
        StoreUnavailable, StoreTooNew: the database cannot be opened at the start.
    """
    if not settings.telegram_bot_token.get_secret_value():
        raise SettingsInvalid("wrong setting: TELEGRAM_BOT_TOKEN is not set", "Ask @BotFather for a token, and put it in .env.")
    with Monito(settings) as monito:
        asyncio.run(_run_until(stop, Bot(settings, monito, timing or BotTiming())))


async def _run_until(stop: threading.Event, bot: "Bot") -> None:
    running = asyncio.create_task(bot.run())
    while not stop.is_set() and not running.done():
        await asyncio.wait([running], timeout=_LOOK_EVERY_S)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await bot.close()
    if not running.cancelled():
        running.result()


class Bot:
    """The conversations of one bot with all people. It belongs to one event loop."""

    def __init__(self, settings: Settings, monito: Monito, timing: BotTiming) -> None:
        self._settings = settings
        self._monito = monito
        self._timing = timing
        self._store = wiring.open_store(settings)
        token, throttle = settings.telegram_bot_token.get_secret_value(), ChatThrottle(timing.chat_interval_s)
        self._client = TelegramClient(token, settings.telegram_base_url, throttle)
        self._threads = ThreadPoolExecutor(_STORE_THREADS, thread_name_prefix="store")
        self._answerer = Answerer(self._client, monito, self._store, settings, self._in_thread)
        self._acknowledger = Acknowledger(self._client, self._store, self._in_thread, self._answerer.messages_in, timing)
        #: Pages of albums in groups that nobody has named the bot for as yet.
        self._early_pages: dict[str, list[Any]] = {}

    async def run(self) -> None:
        """Poll until cancelled."""
        retry_s, is_started = self._timing.first_retry_s, False
        while True:
            try:
                if not is_started:
                    await self._start()
                    is_started = True
                await self._poll_once()
                retry_s = self._timing.first_retry_s
            except MonitoError as error:
                log.warning("bot.waits", code=error.code, message=str(error), wait_s=retry_s)
                await asyncio.sleep(retry_s)
                retry_s = self._timing.longer_retry(retry_s)

    async def close(self) -> None:
        """Wait a moment for answers that are being sent, then close all connections."""
        under_way = [*self._answerer.running, *self._acknowledger.workers]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=_LAST_ANSWERS_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._client.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._store.close()

    async def _start(self) -> None:
        """Register the commands with Telegram, and acknowledge the tasks that an earlier bot committed but did not acknowledge."""
        try:
            await self._offer_menus()
        except MonitoError as error:  # a bot without a menu still works
            log.warning("bot.menu_unset", code=error.code, message=str(error))
        for message in await self._in_thread(chat_messages.unacknowledged, self._store):
            self._acknowledger.add(message)

    async def _offer_menus(self) -> None:
        """Show buyers' commands to all, and the admin's in the chat of the admin alone."""
        for language in ("", *LANGUAGES):
            messages = Messages(language or self._settings.lang)
            await self._client.offer_commands(dispatch.command_menu(messages, Role.BUYER), language)
            if self._settings.allowed_users:
                with suppress(TelegramBlocked):  # an admin who never wrote has no chat
                    await self._client.offer_commands(
                        dispatch.command_menu(messages, Role.ADMIN), language, self._settings.allowed_users[0]
                    )

    async def _poll_once(self) -> None:
        offset = await self._in_thread(bot_updates.next_offset, self._store, self._client.name, wiring.utc_now())
        polled_at = time.monotonic()
        updates = await self._client.updates(offset, self._timing.poll_s)
        if updates:
            await self._take(updates)
        elif time.monotonic() - polled_at < _FASTEST_POLL_S:
            await asyncio.sleep(_FASTEST_POLL_S)  # a server that does not hold the poll is not asked without a break

    async def _take(self, updates: "Sequence[Update]") -> None:
        """Commit the tasks of these updates, and start to answer those that are new."""
        ids = {update.effective_user.id for update in updates if update.effective_user}
        people = await self._in_thread(chat_people.people, self._store, ids)
        reader = UpdateReader(self._settings, self._client.user_name, reads_as_list, reads_pictures())
        reader = replace(reader, albums=reader.addressed_albums(updates), early_pages=dict(self._early_pages))
        incoming = await self._in_thread(_read_all, reader, updates, people)
        self._keep_early_pages(incoming)
        now, policy = wiring.utc_now(), wiring.admission_policy(self._settings)
        to_commit = [update.to_commit for update in incoming]
        admissions = await self._in_thread(bot_updates.commit_updates, self._store, self._client.name, to_commit, now, policy)
        for update in incoming:
            if update.update_id not in admissions:
                continue  # committed by an earlier poll
            match admissions[update.update_id], update.message:
                case Admitted(), ChatMessage() as message:
                    self._acknowledger.add(message)
                case Duplicate(task_id), _:
                    self._answerer.begin(replace(update, command="same", argument=task_id))
                case OverQuota(back_at), _:
                    messages = self._answerer.messages_in(update.language)
                    self._answerer.begin(replace(update, answer=dispatch.too_many_text(messages, back_at)))
                case Joined(is_text=True), _:
                    self._answerer.begin(replace(update, answer=dispatch.joined_text(self._answerer.messages_in(update.language))))
                case Joined(), _:
                    pass  # the driver shows another page in the message of its list
                case Replaced(list_before=earlier) as replaced, ChatMessage() as message:
                    if not replaced.is_shown:
                        self._acknowledger.add(message)
                    await self._in_thread(self._take_back, earlier, update.user_id)
                case _:
                    self._answerer.begin(update)

    def _keep_early_pages(self, incoming: Sequence[IncomingUpdate]) -> None:
        """Remember pages of albums that are not for the bot as yet: the picture that names it may come with the next poll."""
        for update in incoming:
            if update.only_joins and update.task:
                options = update.task.options
                pages = [*self._early_pages.pop(options["album"], ()), *options["pages"]]
                self._early_pages[options["album"]] = [page for n, page in enumerate(pages) if page not in pages[:n]]
        while len(self._early_pages) > _MOST_ALBUMS:
            del self._early_pages[next(iter(self._early_pages))]

    def _take_back(self, task_id: str, user_id: int) -> None:
        """Take back a list that is read again with a late page; whatever stops this, the list with all pages takes its place."""
        with suppress(NothingToUndo):
            self._monito.undo(task_id, user_id)

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        """Call a function that uses the store in a thread, so that a locked database does not block the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)


def _read_all(reader: UpdateReader, updates: "Sequence[Update]", people: Mapping[int, Person]) -> list[IncomingUpdate]:
    return [_read(reader, update, people) for update in updates]


def _read(reader: UpdateReader, update: "Update", people: Mapping[int, Person]) -> IncomingUpdate:
    try:
        return reader.read(update, people, wiring.utc_now())
    except Exception as error:  # noqa: BLE001  the boundary: an unforeseen update must not affect others
        log.fault("bot.update_crashed", error, update_id=update.update_id)
        return IncomingUpdate(update.update_id)
