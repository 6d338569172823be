"""Requests and answers of the Bot API: read, checked as Telegram checks them, and written."""

import json
import time
from typing import Any

from monito_ray.testing import telegram_markup as markup
from monito_ray.testing.telegram_chats import Message

# Bot API: in UTF-16 code units of the visible text, and in bytes.
TEXT_LIMIT, CAPTION_LIMIT, _BUTTON_LIMIT = 4096, 1024, 64


class CallRefused(Exception):
    """A call that is answered with an error.

    Args:
        status: of HTTP.
        description: the text that the bot gets.
        parameters: further fields of the answer, such as `retry_after`.
    """

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters


def check_text(form: dict[str, Any], name: str, limit: int) -> str:
    """Return the visible text of a field.

    Raises:
        CallRefused: its markup is wrong, it is too long, or it is no text where one has to be.
    """
    text = markup.visible_text(str(form.get(name) or ""), str(form.get("parse_mode") or ""))
    if name == "text" and not text:
        raise CallRefused(400, "Bad Request: message text is empty")
    if markup.utf16_length(text) > limit:
        raise CallRefused(400, "Bad Request: message is too long" if name == "text" else "Bad Request: message caption is too long")
    return text


def buttons_of(form: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the inline buttons: titles with their data."""
    rows = from_json(form.get("reply_markup") or "{}").get("inline_keyboard", [])
    buttons = [(button["text"], button.get("callback_data", "")) for row in rows for button in row]
    if any(len(data.encode()) > _BUTTON_LIMIT for _, data in buttons):
        raise CallRefused(400, "Bad Request: BUTTON_DATA_INVALID")
    return buttons


def from_json(value: Any) -> Any:
    """Return a value that may come as JSON text."""
    return json.loads(value) if isinstance(value, str) else value


def chat_json(chat_id: int) -> dict[str, Any]:
    """Return a chat as Telegram writes it: a private one, or, with a number below 0, a group."""
    if chat_id < 0:
        return {"id": chat_id, "type": "group", "title": f"Group {-chat_id}"}
    return {"id": chat_id, "type": "private", "first_name": f"Person {chat_id}"}


def chat_ids(update: dict[str, Any]) -> set[int]:
    """Return the chats that an update opens to the bot: that of the person who sent it, and that in which it was sent."""
    body = next(update[kind] for kind in ("message", "edited_message", "callback_query", "inline_query") if update.get(kind))
    return {int(body["from"]["id"]), *([int(body["chat"]["id"])] if "chat" in body else [])}


def message_json(message: Message) -> dict[str, Any]:
    """Return a message as Telegram writes it."""
    body: dict[str, Any] = {"message_id": message.message_id, "date": int(time.time()), "chat": chat_json(message.chat_id)}
    if message.file_name:
        body["document"] = {
            "file_id": f"sent-{message.message_id}",
            "file_unique_id": f"s-{message.message_id}",
            "file_name": message.file_name,
        }
        return body | {"caption": message.text}
    return body | {"text": message.text}
