"""Requests and answers of the Bot API: read, checked as Telegram checks them, and written."""

import json
import time
from typing import Any

from monito_ray.testing import telegram_markup as markup
from monito_ray.testing.telegram_chats import Message

TEXT_LIMIT, CAPTION_LIMIT, _BUTTON_LIMIT = 4096, 1024, 64


class Refused(Exception):
    """The call is answered with this status and text."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters


def check_text(given: dict[str, Any], part: str, limit: int) -> str:
    """The visible text of `part`, which is refused when it is wrong, too long, or no text where one has to be."""
    seen = markup.visible_text(str(given.get(part) or ""), str(given.get("parse_mode") or ""))
    if part == "text" and not seen:
        raise Refused(400, "Bad Request: message text is empty")
    if markup.utf16_length(seen) > limit:
        raise Refused(400, "Bad Request: message is too long" if part == "text" else "Bad Request: message caption is too long")
    return seen


def buttons_of(given: dict[str, Any]) -> list[tuple[str, str]]:
    """The inline buttons: titles with their data."""
    rows = from_json(given.get("reply_markup") or "{}").get("inline_keyboard", [])
    found = [(button["text"], button.get("callback_data", "")) for row in rows for button in row]
    if any(len(data.encode()) > _BUTTON_LIMIT for _, data in found):
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return found


def from_json(value: Any) -> Any:
    """A value that may come as text."""
    return json.loads(value) if isinstance(value, str) else value


def chat_json(chat_id: int) -> dict[str, Any]:
    """A private chat, as Telegram writes it."""
    return {"id": chat_id, "type": "private", "first_name": f"Person {chat_id}"}


def sender_id(body: dict[str, Any]) -> int:
    """Whose update it is."""
    return int((body.get("message") or body["callback_query"])["from"]["id"])


def message_json(message: Message) -> dict[str, Any]:
    """A message, as Telegram writes it."""
    body: dict[str, Any] = {"message_id": message.message_id, "date": int(time.time()), "chat": chat_json(message.chat_id)}
    if message.file_name:
        body["document"] = {
            "file_id": f"sent-{message.message_id}",
            "file_unique_id": f"s-{message.message_id}",
            "file_name": message.file_name,
        }
        return body | {"caption": message.text}
    return body | {"text": message.text}
