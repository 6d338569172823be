"""Decide what an update of Telegram asks for, from the update and the settings alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import monito_ray
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.jobs.intake.bot_updates import ReceivedUpdate
from monito_ray.jobs.task import Task
from monito_ray.messages import N_, Messages, shorten, supported_language
from monito_ray.settings import Settings
from monito_ray.store.database import new_id

if TYPE_CHECKING:
    from telegram import Document, Message, Update, User

# Telegram lets bots download files of at most 20 MB (Bot API, getFile).
BOTS_LIMIT_MB = 20.0
_MB = 2**20
_SUPPLIER_LENGTH = 80
_NAME_LENGTH = 255
_LARGE = N_("{file} has {size}, and files of at most {limit} can be taken here. Please split the list, or save it without pictures.")
_NOT_A_FILE = N_("Please send the price list as a file. /help tells what can be sent.")


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """One update: a file, a command or pressed button, something with a fixed answer, or nothing for the bot."""

    update_id: int
    user_id: int = 0
    chat_id: int = 0
    language: str = "en"
    #: Of a file: its task, and the message that will show it.
    task: Task | None = None
    message: ChatMessage | None = None
    #: Of a file: identifies its bytes, see `dedup.admit`.
    content: str = ""
    #: Of a command or button: its name without the slash, and what follows it.
    command: str = ""
    argument: str = ""
    #: Of a button: the id of the press, which Telegram expects an answer to.
    query_id: str = ""
    #: The answer, if it is clear already.
    answer: str = ""
    #: The person is not among `MONITO_ALLOWED_USERS`.
    is_stranger: bool = False

    @property
    def to_commit(self) -> ReceivedUpdate:
        """The part of it that is committed."""
        return ReceivedUpdate(self.update_id, self.task, self.message, self.content)


def read_update(update: "Update", settings: Settings, chosen_languages: Mapping[int, str], now: datetime) -> IncomingUpdate:
    """Return what the update asks for. A person who has not chosen a language is answered in that of their Telegram."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        return IncomingUpdate(update.update_id)
    language = chosen_languages.get(user.id) or supported_language(user.language_code, settings.lang)
    sender: dict[str, Any] = {"update_id": update.update_id, "user_id": user.id, "chat_id": chat.id, "language": language}
    if user.id not in settings.allowed_users:
        return IncomingUpdate(**sender, is_stranger=chat.type == chat.PRIVATE)
    query, message = update.callback_query, update.message
    if query is not None:
        command, _, argument = (query.data or "").partition(":")
        return IncomingUpdate(**sender, command=command, argument=argument, query_id=query.id)
    if message is None:
        return IncomingUpdate(update.update_id)
    if message.document is not None:
        return _read_document(message.document, message, user, settings, sender, now)
    text = message.text or ""
    if text.startswith("/"):
        command, _, argument = text[1:].partition(" ")
        return IncomingUpdate(**sender, command=command.partition("@")[0].lower(), argument=" ".join(argument.split()))
    is_private = chat.type == chat.PRIVATE
    return IncomingUpdate(**sender, answer=Messages(language).say(_NOT_A_FILE) if is_private else "")


def _read_document(
    document: "Document", message: "Message", user: "User", settings: Settings, sender: dict[str, Any], now: datetime
) -> IncomingUpdate:
    """Return the task of a file that was sent, or the refusal of one that is too large; its caption names the supplier."""
    name = shorten(document.file_name or "", _NAME_LENGTH) or "document"
    size, limit = document.file_size or 0, min(settings.max_file_mb, BOTS_LIMIT_MB)
    if size > limit * _MB:
        messages = Messages(sender["language"])
        sizes = {"size": messages.numbers.megabytes(size / _MB), "limit": messages.numbers.megabytes(limit)}
        refusal = messages.say(_LARGE, file=shorten(name, 60), **sizes)
        return IncomingUpdate(**sender, answer=refusal)
    options = {
        "chat_id": sender["chat_id"],
        "telegram_file_id": document.file_id,
        "file_size": size,
        "language": sender["language"],
        "supplier": shorten(message.caption or "", _SUPPLIER_LENGTH),
    }
    task = Task(
        id=new_id(),
        created_at=now,
        updated_at=now,
        not_before=now,
        user_id=user.id,
        file_name=name,
        options={key: value for key, value in options.items() if value != ""},
        program_version=monito_ray.__version__,
    )
    shown_in = ChatMessage(task.id, sender["chat_id"], sender["language"])
    return IncomingUpdate(**sender, task=task, message=shown_in, content=f"telegram {document.file_unique_id}")
