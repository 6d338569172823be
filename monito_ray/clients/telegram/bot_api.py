"""The Bot API through python-telegram-bot: throttled, with time-outs, its errors translated, the token kept out of every text."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from monito_ray.clients.telegram.chat_throttle import ChatThrottle
from monito_ray.clients.telegram.file_download import fetch_file
from monito_ray.clients.telegram.update_reading import tolerant_request
from monito_ray.errors import (
    FileTooLarge,
    MonitoError,
    TelegramBlocked,
    TelegramFileGone,
    TelegramMisconfigured,
    TelegramRateLimited,
    TelegramRefused,
    TelegramUnavailable,
)

if TYPE_CHECKING:
    import telegram

T = TypeVar("T")
#: Titles, each with the data that the bot gets when it is pressed.
Buttons = Sequence[tuple[str, str]]

CALL_TIMEOUT_S = 15.0
FILE_TIMEOUT_S = 60.0
# A call is made again after a flood warning, but not for ever.
_MOST_FLOODS = 5
# Longer ones are handed on to the caller, which can put the task back meanwhile.
_LONGEST_HOLD_S = 90.0
_CONNECTIONS = 64
_ANSWER_LENGTH = 200  # of Bot API's answerCallbackQuery
_ERROR_LENGTH = 300
_INLINE_HOLDS_S = 30
# Characters of titles that a phone of 360 points shows side by side, each button as wide as its neighbours.
_ROW_LENGTH, _MOST_IN_ROW = 30, 4
# Bad requests have one type, so here their texts decide; they are the server's and stable.
_BAD_REQUESTS: tuple[tuple[str, type[MonitoError]], ...] = (
    ("chat not found", TelegramBlocked),
    ("file is too big", FileTooLarge),
    ("wrong file_id", TelegramFileGone),
    ("file is temporarily unavailable", TelegramFileGone),
    ("invalid file_id", TelegramFileGone),
)


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One of the answers to what a person asked within another chat."""

    id: str
    title: str
    #: A line below the title.
    text: str
    #: The message that is sent where it is chosen.
    html: str


_UPDATES = ["message", "edited_message", "callback_query", "inline_query"]


class TelegramClient:
    """A bot's connection, opened by its first call. Belongs to one event loop."""

    def __init__(self, token: str, base_url: str, throttle: ChatThrottle | None = None, *, is_local: bool = False) -> None:
        """`is_local`: the server keeps files on a disk that this machine has, too, and names them by their paths."""
        self._token = token
        self._base_url = base_url.rstrip("/")
        self._is_local = is_local
        self._throttle = throttle or ChatThrottle()
        self._bot: telegram.Bot | None = None
        self._connecting = asyncio.Lock()

    @property
    def name(self) -> str:
        """The bot's number, which is the public part of its token."""
        return self._token.partition(":")[0]

    @property
    def user_name(self) -> str:
        """The name by which people address the bot, "" before the first call."""
        return self._bot.username if self._bot is not None else ""

    def wait_s(self, chat_id: int) -> float:
        """Return the seconds until a new message may go to this chat."""
        return self._throttle.wait_s(chat_id, is_new=True)

    async def updates(self, offset: int, wait_s: int) -> "Sequence[telegram.Update]":
        """Return the updates from `offset` on, as soon as there are any or `wait_s` has passed; this confirms all earlier ones.

        One that cannot be read has no content, see `update_reading`.
        """
        bot = await self._connected()
        with self._errors_translated():
            return await bot.get_updates(offset=offset, timeout=wait_s, allowed_updates=_UPDATES)

    async def send(self, chat_id: int, html: str, buttons: Buttons = ()) -> int:
        """Send a message and return its id.

        Raises:
            TelegramBlocked, TelegramRefused, TelegramMisconfigured: it was not sent.
            TelegramUnavailable: see `is_outcome_unknown` for whether it may have been.
        """
        bot = await self._connected()

        async def send() -> int:
            return (
                await bot.send_message(
                    chat_id, html, parse_mode="HTML", reply_markup=_keyboard(buttons), link_preview_options=_no_preview()
                )
            ).message_id

        return await self._throttled(chat_id, send, is_new=True)

    async def edit(self, chat_id: int, message_id: int, html: str, buttons: Buttons = ()) -> None:
        """Replace the text of a message; one that has this text already is left alone. Raises as `send`."""
        bot = await self._connected()

        async def edit() -> None:
            await bot.edit_message_text(
                html,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode="HTML",
                reply_markup=_keyboard(buttons),
                link_preview_options=_no_preview(),
            )

        try:
            await self._throttled(chat_id, edit, is_new=False)
        except TelegramRefused as error:
            if "message is not modified" not in str(error).lower():
                raise

    async def send_file(self, chat_id: int, file_name: str, data: bytes, caption_html: str) -> int:
        """Send a file and return the message's id. Raises as `send`."""
        bot = await self._connected()

        async def send() -> int:
            message = await bot.send_document(
                chat_id, data, filename=file_name, caption=caption_html, parse_mode="HTML", read_timeout=FILE_TIMEOUT_S,
                write_timeout=FILE_TIMEOUT_S,
            )  # fmt: skip
            return message.message_id

        return await self._throttled(chat_id, send, is_new=True)

    async def send_picture(self, chat_id: int, png: bytes) -> int:
        """Send a picture and return the message's id. Raises as `send`."""
        bot = await self._connected()

        async def send() -> int:
            return (await bot.send_photo(chat_id, png, read_timeout=FILE_TIMEOUT_S, write_timeout=FILE_TIMEOUT_S)).message_id

        return await self._throttled(chat_id, send, is_new=True)

    async def answer_inline(self, query_id: str, results: Sequence[InlineResult]) -> None:
        """Answer what a person asked within another chat; the answer is theirs alone, and holds for a few seconds."""
        import telegram  # noqa: PLC0415

        bot = await self._connected()
        articles = [
            telegram.InlineQueryResultArticle(
                result.id, result.title, telegram.InputTextMessageContent(result.html, parse_mode="HTML"), description=result.text
            )
            for result in results
        ]
        with self._errors_translated():
            await bot.answer_inline_query(query_id, articles, cache_time=_INLINE_HOLDS_S, is_personal=True)

    async def download(self, file_id: str, file_name: str, max_mb: float) -> bytes:
        """Return the bytes of a file that a person sent; see `fetch_file` for the errors."""
        bot = await self._connected()
        try:
            with self._errors_translated():
                file = await bot.get_file(file_id, read_timeout=CALL_TIMEOUT_S)
        except TelegramFileGone:
            raise TelegramFileGone(f"{file_name}: Telegram has this file no more") from None
        except FileTooLarge:
            raise FileTooLarge(f"{file_name}: Telegram gives bots files of at most 20 MB") from None
        base = f"{self._base_url}/file/bot{self._token}"
        return await fetch_file(base, file.file_path or "", file_name, max_mb, is_local=self._is_local)

    async def answer(self, query_id: str, text: str) -> None:
        """Answer a pressed button with a few words."""
        bot = await self._connected()
        with self._errors_translated():
            await bot.answer_callback_query(query_id, text[:_ANSWER_LENGTH])

    async def offer_commands(self, commands: Mapping[str, str], language: str, chat_id: int = 0) -> None:
        """Show these commands and what they do in the menu of people with this language, "" for all others; with a chat in that alone."""
        import telegram  # noqa: PLC0415

        bot = await self._connected()
        scope = telegram.BotCommandScopeChat(chat_id) if chat_id else None
        with self._errors_translated():
            await bot.set_my_commands(list(commands.items()), scope=scope, language_code=language or None)

    async def check(self) -> str:
        """Return the bot's user name, asked of Telegram to see that the token is right (getMe)."""
        bot = await self._connected()
        with self._errors_translated():
            return (await bot.get_me()).username or self.name

    async def close(self) -> None:
        """Close the connections."""
        if self._bot is not None:
            await self._bot.shutdown()
            self._bot = None

    async def _connected(self) -> "telegram.Bot":
        async with self._connecting:
            if self._bot is None:
                with self._errors_translated():
                    self._bot = await _open_bot(self._token, self._base_url)
            return self._bot

    async def _throttled(self, chat_id: int, call: Callable[[], Awaitable[T]], *, is_new: bool) -> T:
        """Make the call in this chat's turn, and again after a flood warning (429), which says that it was not done."""
        for _ in range(_MOST_FLOODS):
            await self._throttle.take_turn(chat_id, is_new=is_new)
            try:
                with self._errors_translated():
                    return await call()
            except TelegramRateLimited as error:
                if (error.retry_after_s or 0.0) > _LONGEST_HOLD_S:
                    raise
                self._throttle.hold(chat_id, error.retry_after_s or 1.0)
            finally:
                self._throttle.note_end(chat_id, is_new=is_new)
        raise TelegramRateLimited("Telegram asks for fewer messages, again and again (429)")

    @contextmanager
    def _errors_translated(self) -> Iterator[None]:
        import telegram.error as theirs  # noqa: PLC0415

        try:
            yield
        except theirs.TelegramError as error:
            raise self._translate(error) from None  # theirs may show an address with the token in it

    def _translate(self, error: "telegram.error.TelegramError") -> MonitoError:
        import telegram.error as theirs  # noqa: PLC0415

        text = str(error).replace(self._token, "<token>")[:_ERROR_LENGTH]
        if isinstance(error, theirs.BadRequest):
            ours = next((kind for part, kind in _BAD_REQUESTS if part in text.lower()), TelegramRefused)
            return ours(f"Telegram refuses this: {text}")
        kind, cause = next((kind, cause) for their_kind, kind, cause in _error_table() if isinstance(error, their_kind))
        translated = kind(f"Telegram {cause}: {text}")
        if isinstance(translated, TelegramUnavailable):
            translated.is_outcome_unknown = isinstance(error, theirs.NetworkError) and not _was_never_sent(error)
            if isinstance(error, theirs.RetryAfter):
                wait = error.retry_after
                translated.retry_after_s = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        return translated


@cache
def _error_table() -> tuple[tuple[type[Exception], type[MonitoError], str], ...]:
    """Return their errors with ours and the cause; the first that fits counts."""
    from telegram import error as theirs  # noqa: PLC0415

    return (
        (theirs.RetryAfter, TelegramRateLimited, "asks for fewer messages (429)"),
        (theirs.Forbidden, TelegramBlocked, "may not write to this person (403)"),
        (theirs.InvalidToken, TelegramMisconfigured, "does not take the token (401)"),
        (theirs.Conflict, TelegramUnavailable, "answers another program with the same token (409)"),
        (theirs.ChatMigrated, TelegramRefused, "has moved this chat"),
        (theirs.TimedOut, TelegramUnavailable, "did not answer in time"),
        (theirs.NetworkError, TelegramUnavailable, "cannot be reached"),
        (theirs.TelegramError, TelegramUnavailable, "gave an unexpected answer"),
    )


def _was_never_sent(error: Exception) -> bool:
    import httpx  # noqa: PLC0415

    return isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


async def _open_bot(token: str, base_url: str) -> "telegram.Bot":
    """Return a bot that knows its name; when that fails, its connections are closed."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # without it every `retry_after` is a warning
    for name in ("httpx", "httpcore", "telegram"):  # they log addresses, and with them the token
        logging.getLogger(name).setLevel(logging.WARNING)
    import telegram  # noqa: PLC0415
    from telegram.request import HTTPXRequest  # noqa: PLC0415

    # A long poll holds its connection, so it has one of its own.
    calls, polls = (
        kind(
            connection_pool_size=size, connect_timeout=5.0, read_timeout=CALL_TIMEOUT_S, write_timeout=CALL_TIMEOUT_S,
            pool_timeout=CALL_TIMEOUT_S, media_write_timeout=FILE_TIMEOUT_S,
        )
        for kind, size in ((HTTPXRequest, _CONNECTIONS), (tolerant_request(), 1))
    )  # fmt: skip
    bot = telegram.Bot(token, base_url=f"{base_url}/bot", base_file_url=f"{base_url}/file/bot", request=calls, get_updates_request=polls)
    try:
        await bot.initialize()
    except BaseException:
        await calls.shutdown()
        await polls.shutdown()
        raise
    return bot


def _keyboard(buttons: Buttons) -> "telegram.InlineKeyboardMarkup | None":
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup  # noqa: PLC0415

    rows = [[InlineKeyboardButton(title, callback_data=data) for title, data in row] for row in button_rows(buttons)]
    return InlineKeyboardMarkup(rows) if rows else None


def button_rows(buttons: Buttons) -> list[list[tuple[str, str]]]:
    """Return the buttons in rows, in order: as many beside each other as a phone shows with their titles whole."""
    rows: list[list[tuple[str, str]]] = []
    for button in buttons:
        row = [*rows[-1], button] if rows else []
        if row and len(row) <= _MOST_IN_ROW and max(len(title) for title, _ in row) * len(row) <= _ROW_LENGTH:
            rows[-1] = row
        else:
            rows.append([button])
    return rows


def _no_preview() -> "telegram.LinkPreviewOptions":
    from telegram import LinkPreviewOptions  # noqa: PLC0415

    return LinkPreviewOptions(is_disabled=True)
