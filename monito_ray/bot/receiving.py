"""What an update asks for, decided without looking at anything but the update and the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from monito_ray.jobs.chat_messages import ChatMessage, ReceivedUpdate
from monito_ray.jobs.task import Task
from monito_ray.messages import N_, Messages, shorten, supported_language
from monito_ray.settings import BYTES_PER_MB, Settings
from monito_ray.store.database import new_id

if TYPE_CHECKING:
    from telegram import Document, Message, Update, User

BOTS_LIMIT_MB = 20.0
_HINT_LENGTH = 80
_NAME_LENGTH = 255
_LARGE = N_("{file} has {size} MB, and files of at most {limit} MB can be taken here. Please split the list, or save it without pictures.")
_NOT_A_FILE = N_("Please send the price list as a file. /help tells what can be sent.")


@dataclass(frozen=True, slots=True)
class Received:
    """One update: a task with its place, or a command, or a pressed button, or a text to answer with; or nothing at all."""

    update_id: int
    user_id: int = 0
    chat_id: int = 0
    language: str = "en"
    task: Task | None = None
    place: ChatMessage | None = None
    command: str = ""
    argument: str = ""
    query_id: str = ""
    answer: str = ""
    is_stranger: bool = False
    content: str = ""

    @property
    def news(self) -> ReceivedUpdate:
        """What is to be committed of it."""
        return ReceivedUpdate(self.update_id, self.task, self.place, self.content)


def read_update(update: "Update", settings: Settings, chosen: Mapping[int, str], now: datetime) -> Received:
    """Decide; `chosen` are languages that people chose, for others that of their Telegram counts."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        return Received(update.update_id)
    language = chosen.get(user.id) or supported_language(user.language_code, settings.lang)
    whose: dict[str, Any] = {"update_id": update.update_id, "user_id": user.id, "chat_id": chat.id, "language": language}
    if user.id not in settings.allowed_users:
        return Received(**whose, is_stranger=chat.type == chat.PRIVATE)
    query, message = update.callback_query, update.message
    if query is not None:
        command, _, argument = (query.data or "").partition(":")
        return Received(**whose, command=command, argument=argument, query_id=query.id)
    if message is None:
        return Received(update.update_id)
    if message.document is not None:
        return _document(message.document, message, user, settings, whose, now)
    text = message.text or ""
    if text.startswith("/"):
        command, _, argument = text[1:].partition(" ")
        return Received(**whose, command=command.partition("@")[0].lower(), argument=" ".join(argument.split()))
    is_private = chat.type == chat.PRIVATE
    return Received(**whose, answer=Messages(language).say(_NOT_A_FILE) if is_private else "")


def _document(document: "Document", message: "Message", user: "User", settings: Settings, whose: dict[str, Any], now: datetime) -> Received:
    name = shorten(document.file_name or "", _NAME_LENGTH) or "document"
    size, limit = document.file_size or 0, min(settings.max_file_mb, BOTS_LIMIT_MB)
    if size > limit * BYTES_PER_MB:
        said = Messages(whose["language"]).say(_LARGE, file=shorten(name, 60), size=f"{size / BYTES_PER_MB:.1f}", limit=f"{limit:g}")
        return Received(**whose, answer=said)
    options = {
        "chat_id": whose["chat_id"],
        "telegram_file_id": document.file_id,
        "file_size": size,
        "language": whose["language"],
        "supplier": shorten(message.caption or "", _HINT_LENGTH),
    }
    task = Task(
        id=new_id(),
        created_at=now,
        updated_at=now,
        not_before=now,
        user_id=user.id,
        file_name=name,
        options={key: value for key, value in options.items() if value != ""},
        program_version=version("monito-ray"),
    )
    place = ChatMessage(task.id, whose["chat_id"], whose["language"])
    return Received(**whose, task=task, place=place, content=f"telegram {document.file_unique_id}")
