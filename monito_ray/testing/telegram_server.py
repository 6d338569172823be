"""An HTTP server that speaks the Bot API: people who send files and see messages, flood limits, blocked users, lost answers.

It imports nothing of the program under test. The methods that people use (`send_document`, `send_text`, `press`) may be called from any
thread.
"""

import asyncio
import itertools
import math
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from monito_ray.testing import telegram_markup as markup
from monito_ray.testing.loopback import LoopbackServer
from monito_ray.testing.telegram_chats import LARGEST_DOWNLOAD, Flood, Message, TelegramFault, TelegramTally, Update
from monito_ray.testing.telegram_forms import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    CallRefused,
    buttons_of,
    chat_ids,
    chat_json,
    check_text,
    from_json,
    message_json,
)

TOKEN = "4242:TESTING-only-TESTING"  # noqa: S105
_BODY_LIMIT = 64 * 2**20
_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


class TelegramServer(LoopbackServer):
    """A server in a thread of its own, at `url` while its `with` block lasts.

    Args:
        token: the bot's; requests with another get 401.
        latency_s: seconds each answer takes, beside what a long poll waits.
        flood: the limits on sending.
        port: 0 takes a free one.
    """

    def __init__(self, *, token: str = TOKEN, latency_s: float = 0.0, flood: Flood | None = None, port: int = 0) -> None:
        self.token = token
        self.latency_s = latency_s
        self.flood = flood or Flood()
        self.tally = TelegramTally()
        self.updates: list[Update] = []
        self.blocked: set[int] = set()
        #: What getFile names in place of a file's own path, by the file's id.
        self.file_paths: dict[str, str] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.answered: list[tuple[str, str]] = []
        self.inline_answers: list[tuple[str, list[dict[str, Any]]]] = []
        self._messages: list[Message] = []
        self._files: dict[str, bytes] = {}
        self._faults: list[tuple[str, TelegramFault]] = []
        self._numbers = itertools.count(1000)
        self._is_down = False
        self._redelivers = False
        self._lock = threading.RLock()
        super().__init__(port, _BODY_LIMIT)
        self._arrival = asyncio.Event()
        self._last_poll = 0

    @property
    def url(self) -> str:
        """The base URL to give as MONITO_TELEGRAM_BASE_URL."""
        return f"http://127.0.0.1:{self._port}"

    def send_document(
        self,
        user_id: int,
        name: str | None,
        data: bytes,
        *,
        caption: str = "",
        language: str = "en",
        origin: str = "",
        size: int | None = None,
        group_id: int = 0,
        album: str = "",
    ) -> Update:
        """Let a person send a file, to the bot or into a group (below 0); `size` is what Telegram says of it, if not the truth.

        `origin` is who wrote it first, where the person forwards it; files of one `album` were sent together.
        """
        file_id = f"file-{next(self._numbers)}"
        self._files[file_id] = data
        document: dict[str, Any] = {
            "file_id": file_id,
            "file_unique_id": f"u-{file_id}",
            "file_size": len(data) if size is None else size,
        }
        if name is not None:
            document["file_name"] = name
        message = self._incoming_message(user_id, language, group_id) | {"document": document}
        message |= {"caption": caption} if caption else {}
        message |= {"media_group_id": album} if album else {}
        return self._arrive({"message": message | _forwarded(origin)})

    def send_photo(
        self, user_id: int, data: bytes, *, caption: str = "", language: str = "en", group_id: int = 0, album: str = ""
    ) -> Update:
        """Let a person send a photo, to the bot or into a group (below 0); photos of one `album` were sent together."""
        file_id = f"file-{next(self._numbers)}"
        self._files[file_id] = data
        sizes = [{"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": len(data), "width": 1280, "height": 960}]
        message = self._incoming_message(user_id, language, group_id) | {"photo": sizes}
        message |= {"caption": caption} if caption else {}
        return self._arrive({"message": message | ({"media_group_id": album} if album else {})})

    def send_text(
        self, user_id: int, text: str, *, language: str = "en", reply_to: Message | None = None, group_id: int = 0, origin: str = ""
    ) -> Update:
        """Let a person write, to the bot or into a group (below 0), reply to a message of the bot, or forward what `origin` wrote."""
        message = self._incoming_message(user_id, language, group_id) | {"text": text} | _forwarded(origin)
        if reply_to is not None:
            message["reply_to_message"] = message_json(reply_to) | {"from": self._get_me({})}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return self._arrive({"message": message})

    def send_raw(self, body: dict[str, Any]) -> Update:
        """Let an update arrive that holds what `body` says, whether that is one of Telegram's or not."""
        return self._arrive(body)

    def press(self, message: Message, button: str = "", *, user_id: int | None = None, language: str = "en") -> Update:
        """Let a person press a button below a message: the first whose title or data contains `button`."""
        title, data = next((title, data) for title, data in message.buttons if button in title or button in data)
        person = self._person(user_id or message.chat_id, language)
        return self._arrive(
            {
                "callback_query": {
                    "id": f"query-{next(self._numbers)}",
                    "from": person,
                    "chat_instance": "1",
                    "data": data or title,
                    "message": {
                        "message_id": message.message_id,
                        "date": int(time.time()),
                        "chat": chat_json(message.chat_id),
                        "text": message.text,
                    },
                }
            }
        )

    def ask_inline(self, user_id: int, text: str, *, language: str = "en") -> Update:
        """Let a person ask the bot within another chat."""
        query = {"id": f"inline-{next(self._numbers)}", "from": self._person(user_id, language), "query": text, "offset": ""}
        return self._arrive({"inline_query": query})

    def chat(self, user_id: int) -> list[Message]:
        """Return the bot's messages in a person's chat, oldest first, as they look now."""
        with self._lock:
            return [message for message in self._messages if message.chat_id == user_id]

    def lose_file(self, update: Update) -> None:
        """Delete the file of that update."""
        self._files.pop(update.body["message"]["document"]["file_id"])

    def fail(self, method: str, fault: TelegramFault, times: int = 1) -> None:
        """Let the next `times` calls of `method` go wrong."""
        self._faults += [(method, fault)] * times

    def recover(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()

    def go_down(self) -> None:
        """Cut every connection until `come_back`."""
        self._is_down = True

    def come_back(self) -> None:
        """Answer again."""
        self._is_down = False

    def redeliver(self) -> None:
        """Deliver every update once more, whatever was confirmed."""
        self._redelivers = True
        self._loop.call_soon_threadsafe(self._arrival.set)

    def _person(self, user_id: int, language: str) -> dict[str, Any]:
        return {"id": user_id, "is_bot": False, "first_name": f"Person {user_id}", "language_code": language}

    def _incoming_message(self, user_id: int, language: str, group_id: int = 0) -> dict[str, Any]:
        number, chat = next(self._numbers), chat_json(group_id or user_id)
        return {"message_id": number, "date": int(time.time()), "chat": chat, "from": self._person(user_id, language)}

    def _arrive(self, body: dict[str, Any]) -> Update:
        with self._lock:
            update = Update(len(self.updates) + 1, body, time.monotonic())
            self.updates.append(update)
        self._loop.call_soon_threadsafe(self._arrival.set)
        return update

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/bot{token}/{method}", self._call)
        router.add_get("/file/bot{token}/{path:.*}", self._download)
        router.add_get("/tally", self._show_tally)
        router.add_post("/people/{user}/document", self._person_sends)
        router.add_post("/people/{user}/text", self._person_writes)
        router.add_get("/people/{user}/chat", self._person_reads)

    async def _show_tally(self, _request: web.Request) -> web.Response:
        return web.json_response(asdict(self.tally))

    async def _person_sends(self, request: web.Request) -> web.Response:
        query = request.query
        data = await request.read()
        update = self.send_document(int(request.match_info["user"]), query.get("name"), data, caption=query.get("caption", ""))
        return web.json_response({"update_id": update.update_id})

    async def _person_writes(self, request: web.Request) -> web.Response:
        return web.json_response({"update_id": self.send_text(int(request.match_info["user"]), await request.text()).update_id})

    async def _person_reads(self, request: web.Request) -> web.Response:
        seen = self.chat(int(request.match_info["user"]))
        return web.json_response([{"text": m.text, "buttons": m.buttons, "file_name": m.file_name, "edits": len(m.edits)} for m in seen])

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.tally.calls[method] += 1
        fault = self._next_fault(method)
        if fault is TelegramFault.RESET or self._is_down:
            return _cut(request)
        if fault is TelegramFault.FAILED:
            return self._error(502, "Bad Gateway", {})
        if fault is TelegramFault.GARBLED:
            return web.Response(text="<html>502</html>", content_type="text/html")
        if request.match_info["token"] != self.token:
            return self._error(401, "Unauthorized", {})
        try:
            result = await self._do(method, await _parameters(request))
        except CallRefused as error:
            if fault is TelegramFault.LOST_ANSWER:
                self.fail(method, fault)  # nothing was applied, so there was no answer to lose
            return self._error(error.status, str(error), error.parameters)
        except markup.MarkupWrong as error:
            return self._error(400, str(error), {})
        self.tally.applied[method] += 1
        await asyncio.sleep(self.latency_s)
        if fault is TelegramFault.LOST_ANSWER:
            return _cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _do(self, method: str, form: dict[str, Any]) -> Any:
        if method == "getUpdates":
            return await self._get_updates(form)
        methods: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message,
            "sendDocument": self._send_document,
            "sendPhoto": self._send_photo,
            "answerInlineQuery": self._answer_inline,
            "answerCallbackQuery": self._answer_query,
            "getFile": self._get_file,
            "setMyCommands": self._set_commands,
            "deleteWebhook": lambda _form: True,
        }
        if method not in methods:
            raise CallRefused(404, "Not Found")
        return methods[method](form)

    def _next_fault(self, method: str) -> TelegramFault | None:
        for index, (failing, fault) in enumerate(self._faults):
            if failing == method:
                del self._faults[index]
                return fault
        return None

    def _error(self, status: int, description: str, parameters: dict[str, Any]) -> web.Response:
        self.tally.errors[status] += 1
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)

    async def _get_updates(self, form: dict[str, Any]) -> list[dict[str, Any]]:
        offset, limit = int(form.get("offset") or 0), int(form.get("limit") or 100)
        until = time.monotonic() + float(form.get("timeout") or 0)
        self._last_poll += 1
        own_poll = self._last_poll
        self._arrival.set()
        for update in self.updates:
            if update.update_id < offset and update.confirmed_at is None:
                update.confirmed_at = time.monotonic()
        while True:
            self._arrival.clear()
            waiting = [update for update in self.updates if update.confirmed_at is None or self._redelivers][:limit]
            if own_poll != self._last_poll:
                raise CallRefused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
            if waiting or time.monotonic() >= until:
                self._redelivers = False
                for update in waiting:
                    update.delivered += 1
                return [{"update_id": update.update_id, **update.body} for update in waiting]
            try:
                await asyncio.wait_for(self._arrival.wait(), until - time.monotonic())
            except TimeoutError:
                continue

    def _get_me(self, _form: dict[str, Any]) -> dict[str, Any]:
        return {"id": int(self.token.split(":")[0]), "is_bot": True, "first_name": "Monito", "username": "monito_test_bot"}

    def _set_commands(self, form: dict[str, Any]) -> bool:
        if not form.get("scope"):
            self.commands[form.get("language_code") or ""] = from_json(form["commands"])
        return True

    def _answer_query(self, form: dict[str, Any]) -> bool:
        self.answered.append((form["callback_query_id"], form.get("text") or ""))
        return True

    def _send_message(self, form: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._check_may_send(form)
        return self._post(chat_id, check_text(form, "text", TEXT_LIMIT), form)

    def _send_document(self, form: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._check_may_send(form)
        file = form["document"]
        if isinstance(file, str) and file.startswith("attach://"):
            file = form[file.removeprefix("attach://")]
        caption = check_text(form, "caption", CAPTION_LIMIT)
        return self._post(chat_id, caption, form, file.filename, file.file.read())

    def _send_photo(self, form: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._check_may_send(form)
        photo = form["photo"]
        if isinstance(photo, str) and photo.startswith("attach://"):
            photo = form[photo.removeprefix("attach://")]
        return self._post(chat_id, check_text(form, "caption", CAPTION_LIMIT), form, "photo.png", photo.file.read())

    def _answer_inline(self, form: dict[str, Any]) -> bool:
        self.inline_answers.append((form["inline_query_id"], from_json(form["results"])))
        return True

    def _edit_message(self, form: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._check_chat(form)
        self._check_flood(chat_id, is_new=False)
        text, buttons = check_text(form, "text", TEXT_LIMIT), buttons_of(form)
        with self._lock:
            message = next((m for m in self._messages if (m.chat_id, m.message_id) == (chat_id, int(form["message_id"]))), None)
            if message is None:
                raise CallRefused(400, "Bad Request: message to edit not found")
            if (message.markup, message.buttons) == (form["text"], buttons):
                raise CallRefused(400, _NOT_MODIFIED)
            message.edited_at = time.monotonic()
            message.edits.append((message.edited_at, message.text))
            message.text, message.markup, message.buttons = text, form["text"], buttons
        return message_json(message)

    def _post(self, chat_id: int, text: str, form: dict[str, Any], file_name: str = "", data: bytes = b"") -> dict[str, Any]:
        raw = str(form.get("text") or form.get("caption") or "")
        with self._lock:
            message = Message(next(self._numbers), chat_id, text, raw, time.monotonic(), buttons_of(form), file_name, data)
            self._messages.append(message)
        return message_json(message)

    def _check_may_send(self, form: dict[str, Any]) -> int:
        chat_id = self._check_chat(form)
        self._check_flood(chat_id, is_new=True)
        return chat_id

    def _check_chat(self, form: dict[str, Any]) -> int:
        chat_id = int(form["chat_id"])
        if chat_id in self.blocked:
            raise CallRefused(403, "Forbidden: bot was blocked by the user")
        if not any(chat_id in chat_ids(update.body) for update in self.updates):
            raise CallRefused(400, "Bad Request: chat not found")
        return chat_id

    def _check_flood(self, chat_id: int, *, is_new: bool) -> None:
        wait_s = self.flood.wait_s(chat_id, is_new=is_new)
        if wait_s > 0:
            seconds = math.ceil(wait_s)
            raise CallRefused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _get_file(self, form: dict[str, Any]) -> dict[str, Any]:
        file_id = form["file_id"]
        if file_id not in self._files:
            raise CallRefused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self._files[file_id])
        if size > LARGEST_DOWNLOAD:
            raise CallRefused(400, "Bad Request: file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u-{file_id}",
            "file_size": size,
            "file_path": self.file_paths.get(file_id, f"documents/{file_id}"),
        }

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self.tally.calls["download"] += 1
        if self._is_down or self._next_fault("download"):
            return _cut(request)
        data = self._files.get(request.match_info["path"].removeprefix("documents/"))
        if data is None or request.match_info["token"] != self.token:
            return self._error(404, "Not Found", {})
        await asyncio.sleep(self.latency_s)
        return web.Response(body=data)


def _forwarded(origin: str) -> dict[str, Any]:
    """Return what a message has beside its content if `origin` wrote it first, who hides their account."""
    return {"forward_origin": {"type": "hidden_user", "date": int(time.time()), "sender_user_name": origin}} if origin else {}


async def _parameters(request: web.Request) -> dict[str, Any]:
    form: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return form | dict(await request.json())
    return form | dict(await request.post())


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
