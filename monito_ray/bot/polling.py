"""The bot's loop: fetch updates, commit their tasks, and only then confirm the updates to Telegram. Answers are sent in parallel."""

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monito_ray import log, wiring
from monito_ray.api import Monito
from monito_ray.bot import commands, receiving
from monito_ray.bot.acknowledging import Acknowledger
from monito_ray.bot.receiving import IncomingUpdate
from monito_ray.bot.timing import BotTiming
from monito_ray.clients.telegram.bot_api import TelegramClient
from monito_ray.clients.telegram.chat_throttle import ChatThrottle
from monito_ray.errors import MonitoError, SettingsInvalid, StoreUnavailable
from monito_ray.jobs import chat_messages
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.jobs.intake import bot_updates
from monito_ray.jobs.intake.dedup import Admitted, Duplicate, OverQuota
from monito_ray.messages import LANGUAGES, Messages
from monito_ray.settings import Settings

if TYPE_CHECKING:
    from telegram import Update

_LOOK_EVERY_S = 0.1
#: Answers that are being sent when the bot stops may take this long; `monito serve` has to end within 20 s.
_LAST_ANSWERS_S = 2.0
_FASTEST_POLL_S = 0.2
_STORE_THREADS = 4


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
        self._acknowledger = Acknowledger(self._client, self._store, self._in_thread, self._messages_in, timing)
        self._answering: set[asyncio.Task[None]] = set()

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
        under_way = [*self._answering, *self._acknowledger.workers]
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
            for language in ("", *LANGUAGES):
                await self._client.offer_commands(commands.command_menu(Messages(language or self._settings.lang)), language)
        except MonitoError as error:  # a bot without a menu still works
            log.warning("bot.menu_unset", code=error.code, message=str(error))
        for message in await self._in_thread(chat_messages.unacknowledged, self._store):
            self._acknowledger.add(message)

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
        people = {update.effective_user.id for update in updates if update.effective_user}
        chosen_languages = await self._in_thread(chat_messages.languages_of, self._store, people)
        incoming = [self._read(update, chosen_languages) for update in updates]
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
                    self._begin_answer(replace(update, command="same", argument=task_id))
                case OverQuota(back_at), _:
                    refusal = commands.too_many_text(self._messages_in(update.language), back_at)
                    self._begin_answer(replace(update, answer=refusal))
                case _:
                    self._begin_answer(update)

    def _read(self, update: "Update", chosen_languages: dict[int, str]) -> IncomingUpdate:
        try:
            return receiving.read_update(update, self._settings, chosen_languages, wiring.utc_now())
        except Exception as error:  # noqa: BLE001  the boundary: an unforeseen update must not affect others
            log.fault("bot.update_crashed", error, update_id=update.update_id)
            return IncomingUpdate(update.update_id)

    def _begin_answer(self, update: IncomingUpdate) -> None:
        task = asyncio.create_task(self._answer(update))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, update: IncomingUpdate) -> None:
        try:
            await self._answer_or_raise(update)
        except MonitoError as error:
            log.warning("bot.unanswered", code=error.code, message=str(error), chat_id=update.chat_id)
        except Exception as error:  # noqa: BLE001  the same boundary
            log.fault("bot.update_crashed", error, update_id=update.update_id)

    async def _answer_or_raise(self, update: IncomingUpdate) -> None:
        messages = self._messages_in(update.language)
        if update.is_stranger:
            if await self._in_thread(chat_messages.claim_refusal, self._store, update.user_id, wiring.utc_now()):
                await self._client.send(update.chat_id, commands.refusal_text(messages, update.user_id))
        elif update.answer:
            await self._client.send(update.chat_id, update.answer)
        elif update.command:
            await self._send_reply(update, await self._reply_to_command(update, messages))

    async def _reply_to_command(self, update: IncomingUpdate, messages: Messages) -> commands.BotReply:
        try:
            reply: commands.BotReply = await self._in_thread(commands.answer_command, update, messages, self._monito, self._store)
        except StoreUnavailable as error:
            log.warning("bot.unanswered", code=error.code, message=str(error), chat_id=update.chat_id)
            return commands.busy_reply(messages)
        return reply

    async def _send_reply(self, update: IncomingUpdate, reply: commands.BotReply) -> None:
        if update.query_id:
            await self._client.answer(update.query_id, reply.plain_text)
        if reply.document:
            name, data = reply.document
            await self._client.send_file(update.chat_id, name, data, reply.html)
        elif not update.query_id or reply.is_loud:
            await self._client.send(update.chat_id, reply.html, reply.buttons)

    def _messages_in(self, language: str) -> Messages:
        return Messages(language, self._settings.sheet_link)

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        """Call a function that uses the store in a thread, so that a locked database does not block the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)
