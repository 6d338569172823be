"""The bot's loop: fetch updates, commit what they bring, and only then let Telegram forget them; then answer."""

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
from monito_ray.bot.receiving import Received
from monito_ray.clients.telegram.bot_api import TelegramClient
from monito_ray.errors import MonitoError, SettingsInvalid, StoreUnavailable
from monito_ray.jobs import chat_messages
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.jobs.dedup import Admitted, Duplicate, OverQuota
from monito_ray.messages import LANGUAGES, Messages
from monito_ray.settings import Settings

if TYPE_CHECKING:
    from telegram import Update

POLL_S = 20
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_LOOK_EVERY_S = 0.1
_LAST_WORDS_S = 2.0
_SOON_S = 0.2
_STORE_THREADS = 4


def run_bot(settings: Settings, stop: threading.Event) -> None:
    """Be the bot until `stop` is set; ends within five seconds of that. While Telegram or the store is away it waits and tries again.

    Raises:
        SettingsInvalid: no token is set.
        StoreUnavailable, StoreTooNew: the database cannot be opened at the start.
    """
    if not settings.telegram_bot_token.get_secret_value():
        raise SettingsInvalid("wrong setting: TELEGRAM_BOT_TOKEN is not set", "Ask @BotFather for a token, and put it in .env.")
    with Monito(settings) as monito:
        asyncio.run(_until(stop, Bot(settings, monito)))


async def _until(stop: threading.Event, bot: "Bot") -> None:
    running = asyncio.create_task(bot.run())
    while not stop.is_set() and not running.done():
        await asyncio.wait([running], timeout=_LOOK_EVERY_S)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await bot.close()
    if not running.cancelled():
        running.result()


class Bot:
    """One bot's conversation with everybody."""

    def __init__(self, settings: Settings, monito: Monito) -> None:
        self._settings = settings
        self._monito = monito
        self._store = wiring.open_store(settings)
        self._client = TelegramClient(settings.telegram_bot_token.get_secret_value(), settings.telegram_base_url)
        self._threads = ThreadPoolExecutor(_STORE_THREADS, thread_name_prefix="store")
        self._acknowledger = Acknowledger(self._client, self._store, self._aside, self._speech)
        self._answering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll for ever."""
        wait_s, is_greeted = _FIRST_WAIT_S, False
        while True:
            try:
                if not is_greeted:
                    await self._begin()
                    is_greeted = True
                await self._poll_once()
                wait_s = _FIRST_WAIT_S
            except MonitoError as error:
                log.warning("bot.waits", code=error.code, message=str(error), wait_s=wait_s)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    async def close(self) -> None:
        """Let answers under way go out, for a moment, and give everything back."""
        under_way = [*self._answering, *self._acknowledger.workers]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=_LAST_WORDS_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._client.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._store.close()

    async def _begin(self) -> None:
        """Name the commands, and acknowledge what an earlier bot committed and did not live to acknowledge."""
        try:
            for language in ("", *LANGUAGES):
                await self._client.offer_commands(commands.command_menu(Messages(language or self._settings.lang)), language)
        except MonitoError as error:  # a bot without a menu serves as well
            log.warning("bot.menu_unset", code=error.code, message=str(error))
        for place in await self._aside(chat_messages.unacknowledged, self._store):
            self._acknowledger.add(place)

    async def _poll_once(self) -> None:
        offset = await self._aside(chat_messages.next_offset, self._store, self._client.name, wiring.utc_now())
        asked_at = time.monotonic()
        updates = await self._client.updates(offset, POLL_S)
        if updates:
            await self._take(updates)
        elif time.monotonic() - asked_at < _SOON_S:
            await asyncio.sleep(_SOON_S)  # a server that does not hold the poll is not asked without a break

    async def _take(self, updates: "Sequence[Update]") -> None:
        people = {update.effective_user.id for update in updates if update.effective_user}
        chosen = await self._aside(chat_messages.languages_of, self._store, people)
        received = [self._read(update, chosen) for update in updates]
        now = wiring.utc_now()
        terms = wiring.admission_policy(self._settings)
        fresh = await self._aside(chat_messages.commit_updates, self._store, self._client.name, [one.news for one in received], now, terms)
        for one in received:
            if one.update_id not in fresh:
                continue
            match fresh[one.update_id], one.place:
                case Admitted(), ChatMessage() as place:
                    self._acknowledger.add(place)
                case Duplicate(task_id), _:
                    self._begin_answer(replace(one, command="same", argument=task_id))
                case OverQuota(back_at), _:
                    self._begin_answer(replace(one, answer=commands.too_many_text(self._speech(one.language), back_at)))
                case _:
                    self._begin_answer(one)

    def _read(self, update: "Update", chosen: dict[int, str]) -> Received:
        try:
            return receiving.read_update(update, self._settings, chosen, wiring.utc_now())
        except Exception as error:  # noqa: BLE001  the boundary: an update that nobody foresaw costs itself alone
            log.fault("bot.update_crashed", error, update_id=update.update_id)
            return Received(update.update_id)

    def _begin_answer(self, one: Received) -> None:
        task = asyncio.create_task(self._answer(one))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, one: Received) -> None:
        try:
            await self._say(one)
        except MonitoError as error:
            log.warning("bot.unanswered", code=error.code, message=str(error), chat_id=one.chat_id)
        except Exception as error:  # noqa: BLE001  the same boundary
            log.fault("bot.update_crashed", error, update_id=one.update_id)

    async def _say(self, one: Received) -> None:
        speech = self._speech(one.language)
        if one.is_stranger:
            if await self._aside(chat_messages.claim_refusal, self._store, one.user_id, wiring.utc_now()):
                await self._client.send(one.chat_id, commands.refusal_text(speech, one.user_id))
            return
        if one.answer:
            await self._client.send(one.chat_id, one.answer)
            return
        if not one.command:
            return
        try:
            reply = await self._aside(commands.answer_command, one, speech, self._monito, self._store)
        except StoreUnavailable as error:
            log.warning("bot.unanswered", code=error.code, message=str(error), chat_id=one.chat_id)
            reply = commands.busy_reply(speech)
        if one.query_id:
            await self._client.answer(one.query_id, reply.plain)
        if reply.document:
            name, data = reply.document
            await self._client.send_file(one.chat_id, name, data, reply.html)
        elif not one.query_id or reply.is_loud:
            await self._client.send(one.chat_id, reply.html, reply.buttons)

    def _speech(self, language: str) -> Messages:
        return Messages(language, self._settings.sheet_link)

    async def _aside(self, function: Any, *args: Any) -> Any:
        """Call what looks at the store in a thread, so that a locked database holds up nobody else."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)
