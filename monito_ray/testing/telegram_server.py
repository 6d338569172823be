"""An HTTP server that speaks the Bot API: people who send files and see messages, flood limits, blocked users, lost answers.

It knows nothing of the program under test. Methods of people (`send_document`, `send_text`, `press`) may be called from any thread.
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
from monito_ray.testing.telegram_chats import LARGEST_DOWNLOAD, Flood, Message, TelegramUsage, Trouble, Update
from monito_ray.testing.telegram_forms import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    Refused,
    buttons_of,
    chat_json,
    check_text,
    from_json,
    message_json,
    sender_id,
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
        self.account = TelegramUsage()
        self.updates: list[Update] = []
        self.blocked: set[int] = set()
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.answered: list[tuple[str, str]] = []
        self._messages: list[Message] = []
        self._files: dict[str, bytes] = {}
        self._troubles: list[tuple[str, Trouble]] = []
        self._numbers = itertools.count(1000)
        self._is_down = False
        self._is_again = False
        self._lock = threading.RLock()
        super().__init__(port, _BODY_LIMIT)
        self._news = asyncio.Event()
        self._poll = 0

    @property
    def url(self) -> str:
        """The base URL to give as MONITO_TELEGRAM_BASE_URL."""
        return f"http://127.0.0.1:{self._port}"

    def send_document(
        self, user_id: int, name: str | None, data: bytes, *, caption: str = "", language: str = "en", size: int | None = None
    ) -> Update:
        """A person sends a file; `size` is what Telegram says of it, if not the truth."""
        file_id = f"file-{next(self._numbers)}"
        self._files[file_id] = data
        document: dict[str, Any] = {
            "file_id": file_id,
            "file_unique_id": f"u-{file_id}",
            "file_size": len(data) if size is None else size,
        }
        if name is not None:
            document["file_name"] = name
        return self._arrive({"message": self._said(user_id, language) | {"document": document} | ({"caption": caption} if caption else {})})

    def send_text(self, user_id: int, text: str, *, language: str = "en") -> Update:
        """A person writes."""
        said = self._said(user_id, language) | {"text": text}
        if text.startswith("/"):
            said["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return self._arrive({"message": said})

    def press(self, message: Message, button: str = "", *, user_id: int | None = None, language: str = "en") -> Update:
        """A person presses a button below a message: the one whose title or data contains `button`."""
        title, data = next(found for found in message.buttons if button in found[0] or button in found[1])
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

    def chat(self, user_id: int) -> list[Message]:
        """The bot's messages in a person's chat, oldest first, as they look now."""
        with self._lock:
            return [message for message in self._messages if message.chat_id == user_id]

    def lose_file(self, update: Update) -> None:
        """The file of that update is on the server no more."""
        self._files.pop(update.body["message"]["document"]["file_id"])

    def trouble(self, method: str, trouble: Trouble, times: int = 1) -> None:
        """The next `times` calls of `method` go wrong."""
        self._troubles += [(method, trouble)] * times

    def forgive(self) -> None:
        """Nothing goes wrong any more."""
        self._troubles.clear()

    def go_down(self) -> None:
        """Cut every connection until `come_back`."""
        self._is_down = True

    def come_back(self) -> None:
        """Answer again."""
        self._is_down = False

    def redeliver(self) -> None:
        """Deliver every update once more, whatever was confirmed."""
        self._is_again = True
        self._loop.call_soon_threadsafe(self._news.set)

    def _person(self, user_id: int, language: str) -> dict[str, Any]:
        return {"id": user_id, "is_bot": False, "first_name": f"Person {user_id}", "language_code": language}

    def _said(self, user_id: int, language: str) -> dict[str, Any]:
        number = next(self._numbers)
        return {"message_id": number, "date": int(time.time()), "chat": chat_json(user_id), "from": self._person(user_id, language)}

    def _arrive(self, body: dict[str, Any]) -> Update:
        with self._lock:
            update = Update(len(self.updates) + 1, body, time.monotonic())
            self.updates.append(update)
        self._loop.call_soon_threadsafe(self._news.set)
        return update

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/bot{token}/{method}", self._call)
        router.add_get("/file/bot{token}/{path:.*}", self._download)
        router.add_get("/account", self._show_account)
        router.add_post("/people/{user}/document", self._person_sends)
        router.add_post("/people/{user}/text", self._person_writes)
        router.add_get("/people/{user}/chat", self._person_reads)

    async def _show_account(self, _request: web.Request) -> web.Response:
        return web.json_response(asdict(self.account))

    async def _person_sends(self, request: web.Request) -> web.Response:
        asked = request.query
        data = await request.read()
        update = self.send_document(int(request.match_info["user"]), asked.get("name"), data, caption=asked.get("caption", ""))
        return web.json_response({"update_id": update.update_id})

    async def _person_writes(self, request: web.Request) -> web.Response:
        return web.json_response({"update_id": self.send_text(int(request.match_info["user"]), await request.text()).update_id})

    async def _person_reads(self, request: web.Request) -> web.Response:
        seen = self.chat(int(request.match_info["user"]))
        return web.json_response([{"text": m.text, "buttons": m.buttons, "file_name": m.file_name, "edits": len(m.edits)} for m in seen])

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.account.calls[method] += 1
        trouble = self._trouble(method)
        if trouble is Trouble.RESET or self._is_down:
            return _cut(request)
        if trouble is Trouble.FAILED:
            return self._error(502, "Bad Gateway", {})
        if trouble is Trouble.GARBLED:
            return web.Response(text="<html>502</html>", content_type="text/html")
        if request.match_info["token"] != self.token:
            return self._error(401, "Unauthorized", {})
        try:
            result = await self._do(method, await _parameters(request))
        except Refused as error:
            if trouble is Trouble.LOST_ANSWER:
                self.trouble(method, trouble)  # nothing was applied, so there was no answer to lose
            return self._error(error.status, str(error), error.parameters)
        except markup.MarkupWrong as error:
            return self._error(400, str(error), {})
        self.account.applied[method] += 1
        await asyncio.sleep(self.latency_s)
        if trouble is Trouble.LOST_ANSWER:
            return _cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _do(self, method: str, given: dict[str, Any]) -> Any:
        if method == "getUpdates":
            return await self._get_updates(given)
        known: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message,
            "sendDocument": self._send_document,
            "answerCallbackQuery": self._answer_query,
            "getFile": self._get_file,
            "setMyCommands": self._set_commands,
            "deleteWebhook": lambda _given: True,
        }
        if method not in known:
            raise Refused(404, "Not Found")
        return known[method](given)

    def _trouble(self, method: str) -> Trouble | None:
        for found in self._troubles:
            if found[0] == method:
                self._troubles.remove(found)
                return found[1]
        return None

    def _error(self, status: int, description: str, parameters: dict[str, Any]) -> web.Response:
        self.account.errors[status] += 1
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)

    async def _get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        offset, limit = int(given.get("offset") or 0), int(given.get("limit") or 100)
        until = time.monotonic() + float(given.get("timeout") or 0)
        self._poll += 1
        own = self._poll
        self._news.set()
        for update in self.updates:
            if update.update_id < offset and update.confirmed_at is None:
                update.confirmed_at = time.monotonic()
        while True:
            self._news.clear()
            waiting = [update for update in self.updates if update.confirmed_at is None or self._is_again][:limit]
            if own != self._poll:
                raise Refused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
            if waiting or time.monotonic() >= until:
                self._is_again = False
                for update in waiting:
                    update.delivered += 1
                return [{"update_id": update.update_id, **update.body} for update in waiting]
            try:
                await asyncio.wait_for(self._news.wait(), until - time.monotonic())
            except TimeoutError:
                continue

    def _get_me(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {"id": int(self.token.split(":")[0]), "is_bot": True, "first_name": "Monito", "username": "monito_test_bot"}

    def _set_commands(self, given: dict[str, Any]) -> bool:
        self.commands[given.get("language_code") or ""] = from_json(given["commands"])
        return True

    def _answer_query(self, given: dict[str, Any]) -> bool:
        self.answered.append((given["callback_query_id"], given.get("text") or ""))
        return True

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._may_send(given)
        return self._post(chat_id, check_text(given, "text", TEXT_LIMIT), given)

    def _send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._may_send(given)
        file = given["document"]
        if isinstance(file, str) and file.startswith("attach://"):
            file = given[file.removeprefix("attach://")]
        caption = check_text(given, "caption", CAPTION_LIMIT)
        return self._post(chat_id, caption, given, file.filename, file.file.read())

    def _edit_message(self, given: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._chat_of(given)
        self._not_too_fast(chat_id, is_new=False)
        text, buttons = check_text(given, "text", TEXT_LIMIT), buttons_of(given)
        with self._lock:
            message = next((m for m in self._messages if (m.chat_id, m.message_id) == (chat_id, int(given["message_id"]))), None)
            if message is None:
                raise Refused(400, "Bad Request: message to edit not found")
            if (message.markup, message.buttons) == (given["text"], buttons):
                raise Refused(400, _NOT_MODIFIED)
            message.edited_at = time.monotonic()
            message.edits.append((message.edited_at, message.text))
            message.text, message.markup, message.buttons = text, given["text"], buttons
        return message_json(message)

    def _post(self, chat_id: int, text: str, given: dict[str, Any], file_name: str = "", data: bytes = b"") -> dict[str, Any]:
        raw = str(given.get("text") or given.get("caption") or "")
        with self._lock:
            message = Message(next(self._numbers), chat_id, text, raw, time.monotonic(), buttons_of(given), file_name, data)
            self._messages.append(message)
        return message_json(message)

    def _may_send(self, given: dict[str, Any]) -> int:
        chat_id = self._chat_of(given)
        self._not_too_fast(chat_id, is_new=True)
        return chat_id

    def _chat_of(self, given: dict[str, Any]) -> int:
        chat_id = int(given["chat_id"])
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not any(sender_id(update.body) == chat_id for update in self.updates):
            raise Refused(400, "Bad Request: chat not found")
        return chat_id

    def _not_too_fast(self, chat_id: int, *, is_new: bool) -> None:
        wait_s = self.flood.wait_s(chat_id, is_new=is_new)
        if wait_s > 0:
            seconds = math.ceil(wait_s)
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        file_id = given["file_id"]
        if file_id not in self._files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self._files[file_id])
        if size > LARGEST_DOWNLOAD:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": size, "file_path": f"documents/{file_id}"}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self.account.calls["download"] += 1
        if self._is_down or self._trouble("download"):
            return _cut(request)
        data = self._files.get(request.match_info["path"].removeprefix("documents/"))
        if data is None or request.match_info["token"] != self.token:
            return self._error(404, "Not Found", {})
        await asyncio.sleep(self.latency_s)
        return web.Response(body=data)


async def _parameters(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return given | dict(await request.json())
    return given | dict(await request.post())


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
