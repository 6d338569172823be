"""Answering what is no list: commands, buttons, words, and people who may not use the bot. Each answer is sent on its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from monito_ray import log, wiring
from monito_ray.api import Monito
from monito_ray.bot.commands import admin_commands, catalogue_commands, dispatch
from monito_ray.bot.commands.command_call import BotReply, CommandCall
from monito_ray.bot.receiving import IncomingUpdate
from monito_ray.clients.telegram.bot_api import TelegramClient
from monito_ray.errors import MonitoError, StoreUnavailable, TelegramBlocked, TelegramRefused
from monito_ray.jobs import chat_people
from monito_ray.messages import N_, Messages
from monito_ray.settings import Settings
from monito_ray.store.database import Store

_IN_PRIVATE = N_("I have written to you in private.")
_WRITE_FIRST = N_("This is for you alone. Write /start to me in a private chat first.")
#: Calls a function in a thread and returns its result, so that a locked database does not hold up the event loop.
CallInThread = Callable[..., Awaitable[Any]]


class Answerer:
    """Answers updates in parallel, within the event loop of the bot."""

    def __init__(self, client: TelegramClient, monito: Monito, store: Store, settings: Settings, in_thread: CallInThread) -> None:
        self._client = client
        self._monito = monito
        self._store = store
        self._settings = settings
        self._in_thread = in_thread
        self._running: set[asyncio.Task[None]] = set()
        #: The language in which the admin wrote last; who never chose one is asked in it.
        self._admin_language = ""

    @property
    def running(self) -> list[asyncio.Task[None]]:
        """The answers that are being made or sent."""
        return list(self._running)

    def begin(self, update: IncomingUpdate) -> None:
        """Begin to answer an update."""
        task = asyncio.create_task(self._answer(update))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def messages_in(self, language: str) -> Messages:
        """Return the texts of a language, with the link to the spreadsheet."""
        return Messages(language, self._settings.sheet_link)

    async def _answer(self, update: IncomingUpdate) -> None:
        try:
            await self._answer_or_raise(update)
        except MonitoError as error:
            log.warning("bot.unanswered", code=error.code, message=str(error), chat_id=update.chat_id)
        except Exception as error:  # noqa: BLE001  the boundary: an unforeseen update must not affect others
            log.fault("bot.update_crashed", error, update_id=update.update_id)

    async def _answer_or_raise(self, update: IncomingUpdate) -> None:
        messages = self.messages_in(update.language)
        if update.user_id in self._settings.allowed_users[:1]:
            self._admin_language = update.language
        if update.is_refused:
            await self._refuse(update, messages)
        elif update.inline_id:
            call = self._call(update, messages)
            results = await self._in_thread(catalogue_commands.inline_results, call)
            await self._client.answer_inline(update.inline_id, results)
        elif update.answer:
            await self._client.send(update.chat_id, update.answer)
        elif update.command:
            await self._send_reply(update, await self._reply_to_command(update, messages))

    async def _refuse(self, update: IncomingUpdate, messages: Messages) -> None:
        """Tell a stranger once that the bot does not know them, and ask the admin, if there is one, whether to let them in."""
        if not await self._in_thread(chat_people.claim_refusal, self._store, update.user_id, update.person_name, wiring.utc_now()):
            return
        await self._client.send(update.chat_id, dispatch.refusal_text(messages, update.user_id))
        if self._settings.allowed_users:
            admin = self._settings.allowed_users[0]
            languages = await self._in_thread(chat_people.languages_of, self._store, [admin])
            of_admin = self.messages_in(languages.get(admin) or self._admin_language or self._settings.lang)
            with suppress(TelegramBlocked, TelegramRefused):  # who never wrote to the bot is asked when they do
                await self._client.send(admin, *admin_commands.request_text(of_admin, update.user_id, update.person_name, update.language))

    def _call(self, update: IncomingUpdate, messages: Messages) -> CommandCall:
        return CommandCall(
            update.user_id,
            update.role,
            update.argument,
            messages,
            self._monito,
            self._store,
            self._settings,
            update.chat_id,
            update.message_id,
        )

    async def _reply_to_command(self, update: IncomingUpdate, messages: Messages) -> BotReply:
        call = self._call(update, messages)
        try:
            reply: BotReply = await self._in_thread(dispatch.answer_command, update.command, call)
        except StoreUnavailable as error:
            log.warning("bot.unanswered", code=error.code, message=str(error), chat_id=update.chat_id)
            return dispatch.busy_reply(messages)
        return reply

    async def _send_private(self, update: IncomingUpdate, reply: BotReply) -> None:
        """Send what was asked for in a group to the person alone, and say so in the group."""
        messages = self.messages_in(update.language)
        try:
            await self._client.send(update.user_id, reply.html, reply.buttons)
        except (TelegramBlocked, TelegramRefused):
            await self._client.send(update.chat_id, messages.say(_WRITE_FIRST))
        else:
            await self._client.send(update.chat_id, messages.say(_IN_PRIVATE))

    async def _send_reply(self, update: IncomingUpdate, reply: BotReply) -> None:
        if reply.is_private and update.chat_id != update.user_id:
            await self._send_private(update, reply)
            return
        if update.query_id:
            await self._client.answer(update.query_id, "" if _is_shown(update, reply) else reply.plain_text)
        if reply.closes and update.message_id:
            await self._client.edit(update.chat_id, update.message_id, reply.closes)
        if reply.picture:
            await self._client.send_picture(update.chat_id, reply.picture)
        if reply.document:
            name, data = reply.document
            await self._client.send_file(update.chat_id, name, data, reply.html)
        elif reply.replaces and update.message_id:
            await self._client.edit(update.chat_id, update.message_id, reply.html, reply.buttons)
        elif reply.html and (not update.query_id or reply.is_loud):
            await self._client.send(update.chat_id, reply.html, reply.buttons)
        for html, buttons in reply.more:
            await self._client.send(update.chat_id, html, buttons)
        if reply.tells:
            user_id, text = reply.tells
            with suppress(MonitoError):  # who has blocked the bot meanwhile misses it
                await self._client.send(user_id, text)


def _is_shown(update: IncomingUpdate, reply: BotReply) -> bool:
    """Return whether the chat itself shows the answer to a button, so that a notice would only say its beginning once more."""
    return reply.is_loud or (reply.replaces and bool(update.message_id))
