"""Decide what an update of Telegram asks for, from the update, the people and the settings alone."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import monito_ray
from monito_ray.bot.commands.command_call import REPLY_MARK
from monito_ray.bot.list_texts import reads_as_basket
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.jobs.chat_people import Person, Role, role_of
from monito_ray.jobs.intake.bot_updates import ReceivedUpdate
from monito_ray.jobs.task import Task
from monito_ray.messages import N_, Messages, shorten, supported_language
from monito_ray.pipeline.files.formats import PICTURE_SUFFIXES
from monito_ray.settings import Settings
from monito_ray.store.database import new_id

if TYPE_CHECKING:
    from telegram import Document, InlineQuery, Message, PhotoSize, Update, User

# Telegram lets bots download files of at most 20 MB (Bot API, getFile).
BOTS_LIMIT_MB = 20.0
_MB = 2**20
_SUPPLIER_LENGTH = 80
_NAME_LENGTH = 255
_PERSON_LENGTH = 60
#: Of a list that was written in the chat, which says nothing of its supplier.
TEXT_NAME = "message.txt"
#: The same of a photo, which has no name of its own.
PHOTO_NAME = "photo.jpg"
#: Lists are often pasted in several messages, or photographed page by page: the next one is waited for so long.
JOINING_PAUSE = timedelta(seconds=6)
#: A search is a few words; longer texts are talk.
_LONGEST_SEARCH = 120
#: The line of a question that says what a reply to it is about: a list, or a row and one of its fields. Earlier versions wrote a word before it.
_QUESTION = re.compile(rf"^(?:{re.escape(REPLY_MARK)}|whose:|field:)(\w{{8,24}}|\w{{1,24}}(:)\w{{1,16}})\s*$", re.MULTILINE)
_LARGE = N_("{file} has {size}, and files of at most {limit} can be taken here. Please split the list, or save it without pictures.")
_PICTURE = N_("Pictures cannot be read yet. Please send the list as Excel or PDF, or copy its lines into a message.")
_NOT_A_LIST = N_("I take price lists: a file, or lines with names and prices. Or write what you are looking for. /help tells more.")
_EDITED = N_("What is changed in a message after it was sent is not read. Send the list once more; /undo takes the earlier one back.")
_READERS_ASK = N_("You may ask for prices here, and not send lists; the admin can change that.")


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """One update: a list, a command or pressed button, something with a fixed answer, or nothing for the bot."""

    update_id: int
    user_id: int = 0
    chat_id: int = 0
    language: str = "en"
    #: As the person calls themselves in Telegram.
    person_name: str = ""
    role: Role = Role.STRANGER
    #: Of a list: its task, and the message that will show it.
    task: Task | None = None
    message: ChatMessage | None = None
    #: Of a list: identifies its bytes, see `dedup.admit`; and whether it is nothing by itself, see `ReceivedUpdate`.
    content: str = ""
    only_joins: bool = False
    #: Of a command or button: its name without the slash, and what follows it.
    command: str = ""
    argument: str = ""
    #: Of a button: the id of the press, which Telegram expects an answer to, and the message below which it stands.
    query_id: str = ""
    message_id: int = 0
    #: Of what is asked within another chat (an inline query): the id of the question.
    inline_id: str = ""
    #: The answer, if it is clear already.
    answer: str = ""
    #: The person may not use the bot, and can be told so.
    is_refused: bool = False

    @property
    def to_commit(self) -> ReceivedUpdate:
        """The part of it that is committed."""
        return ReceivedUpdate(self.update_id, self.task, self.message, self.content, self.only_joins)


@dataclass(frozen=True, slots=True)
class UpdateReader:
    """Reads updates by the settings of a bot.

    Args:
        settings: whom the bot serves, and the limits of files.
        bot_name: the bot's user name, by which people in a group address it.
        reads_as_list: whether the lines of a text are a price list.
        reads_pictures: whether photos can be read, which wants the extra `ocr`.
        albums: those of which one picture is for the bot, see `addressed_albums`.
        early_pages: the pages of albums that came before one that is for the bot, as tasks have them.
    """

    settings: Settings
    bot_name: str
    reads_as_list: Callable[[str], bool]
    reads_pictures: bool = False
    albums: frozenset[str] = frozenset()
    early_pages: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def addressed_albums(self, updates: "Sequence[Update]") -> frozenset[str]:
        """Return the albums that are for the bot: in a group its name stands below one of their pictures."""
        messages = [update.message for update in updates if update.message and update.message.media_group_id]
        return frozenset(str(message.media_group_id) for message in messages if self._is_addressed(message))

    def read(self, update: "Update", people: Mapping[int, Person], now: datetime) -> IncomingUpdate:
        """Return what the update asks for. A person who has not chosen a language is answered in that of their Telegram."""
        if update.inline_query is not None:
            return self._read_inline(update.update_id, update.inline_query, people)
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None:
            return IncomingUpdate(update.update_id)
        person = people.get(user.id)
        language = (person.language if person else "") or supported_language(user.language_code, self.settings.lang)
        role = role_of(user.id, self.settings.allowed_users, person)
        name = shorten(user.full_name, _PERSON_LENGTH)
        sender: dict[str, Any] = {
            "update_id": update.update_id, "user_id": user.id, "chat_id": chat.id, "language": language, "person_name": name, "role": role,
        }  # fmt: skip
        if not role:
            return IncomingUpdate(**sender, is_refused=chat.type == chat.PRIVATE)
        if query := update.callback_query:
            command, _, argument = (query.data or "").partition(":")
            message_id = query.message.message_id if query.message else 0
            return IncomingUpdate(**sender, command=command, argument=argument, query_id=query.id, message_id=message_id)
        if update.edited_message is not None:
            return self._read_edit(update.edited_message, sender)
        if update.message is None:
            return IncomingUpdate(update.update_id)
        return self._read_message(update.message, user, sender, now)

    def _read_edit(self, message: "Message", sender: dict[str, Any]) -> IncomingUpdate:
        """Say that a list that is changed after it was sent is not read again; other changes are none of the bot's business."""
        text = self._without_mention((message.text or "").strip())
        is_list = message.document is not None or (bool(text) and self.reads_as_list(text))
        if is_list and sender["role"].allows(Role.BUYER) and (message.document is not None or self._is_addressed(message)):
            return IncomingUpdate(**sender, answer=Messages(sender["language"]).say(_EDITED))
        return IncomingUpdate(sender["update_id"])

    def _read_inline(self, update_id: int, query: "InlineQuery", people: Mapping[int, Person]) -> IncomingUpdate:
        """Return what is asked within another chat; a stranger's question has no answer."""
        user = query.from_user
        person = people.get(user.id)
        role = role_of(user.id, self.settings.allowed_users, person)
        if not role:
            return IncomingUpdate(update_id)
        language = (person.language if person else "") or supported_language(user.language_code, self.settings.lang)
        words = " ".join(query.query.split())[:_LONGEST_SEARCH]
        return IncomingUpdate(update_id, user_id=user.id, language=language, role=role, argument=words, inline_id=query.id)

    def _read_message(self, message: "Message", user: "User", sender: dict[str, Any], now: datetime) -> IncomingUpdate:
        messages = Messages(sender["language"])
        if message.document is not None:
            if not sender["role"].allows(Role.BUYER):
                return IncomingUpdate(**sender, answer=messages.say(_READERS_ASK))
            return self._read_document(message.document, message, user, sender, now)
        text = (message.text or "").strip()
        if text.startswith("/"):
            return self._read_command(text, sender)
        if (reply := _answered_question(message)) and text:
            command, _, about = reply.partition(" ")
            return IncomingUpdate(**sender, command=command, argument=f"{about} {' '.join(text.split())}")
        is_addressed = self._is_addressed(message) or message.media_group_id in self.albums
        photo = self._read_photo(message, user, sender, now) if message.photo and (is_addressed or message.media_group_id) else None
        if not is_addressed:
            return replace(photo, only_joins=True) if photo and photo.task else IncomingUpdate(sender["update_id"])
        if photo:
            return photo
        return self._read_text(self._without_mention(text), message, user, sender, now)

    def _read_command(self, text: str, sender: dict[str, Any]) -> IncomingUpdate:
        """Return the command; one that names another bot of a group is nothing."""
        command, *arguments = text[1:].split(maxsplit=1) or [""]
        command, _, bot_name = command.partition("@")
        if bot_name and bot_name.lower() != self.bot_name.lower():
            return IncomingUpdate(sender["update_id"])
        return IncomingUpdate(**sender, command=command.lower(), argument=_folded_lines(*arguments))

    def _is_addressed(self, message: "Message") -> bool:
        """Return whether a text is for the bot: in a group people talk to each other, unless they name the bot or reply to it."""
        if message.chat.type == message.chat.PRIVATE:
            return True
        replied = message.reply_to_message
        is_reply = replied is not None and replied.from_user is not None and replied.from_user.username == self.bot_name
        return is_reply or self._mention.search(message.text or message.caption or "") is not None

    @property
    def _mention(self) -> re.Pattern[str]:
        """The bot's name as people write it in a group, in whatever case."""
        return re.compile(rf"@{re.escape(self.bot_name)}\b", re.IGNORECASE)

    def _without_mention(self, text: str) -> str:
        return self._mention.sub("", text).strip()

    def _read_text(self, text: str, message: "Message", user: "User", sender: dict[str, Any], now: datetime) -> IncomingUpdate:
        """Return the task of a text whose lines are a price list; another text is a search, where it is short enough for one."""
        if text and self.reads_as_list(text):
            if not sender["role"].allows(Role.BUYER):
                return IncomingUpdate(**sender, answer=Messages(sender["language"]).say(_READERS_ASK))
            # Whoever wrote it first is most likely the supplier; a list that was typed here names nobody.
            origin = _origin_of(message)
            name = f"{origin}.txt" if origin else TEXT_NAME
            return _with_task(sender, user, name, {"text": text}, message, f"text {text}", now, not_before=now + JOINING_PAUSE)
        if reads_as_basket(text):
            return IncomingUpdate(**sender, command="basket", argument=_folded_lines(text))
        if any(map(str.isalnum, text)) and len(text) <= _LONGEST_SEARCH and "\n" not in text:
            return IncomingUpdate(**sender, command="search", argument=" ".join(text.split()))
        if not sender["role"].allows(Role.BUYER):
            return IncomingUpdate(**sender, command="prices")  # which asks what is looked for
        return IncomingUpdate(**sender, answer=Messages(sender["language"]).say(_NOT_A_LIST))

    def _read_photo(self, message: "Message", user: "User", sender: dict[str, Any], now: datetime) -> IncomingUpdate:
        """Return the task of a photo; the photos of an album become one."""
        messages = Messages(sender["language"])
        if not sender["role"].allows(Role.BUYER):
            return IncomingUpdate(**sender, answer=messages.say(_READERS_ASK))
        if not self.reads_pictures:
            return IncomingUpdate(**sender, answer=messages.say(_PICTURE))
        largest = max(message.photo, key=lambda size: size.width * size.height)
        origin = _origin_of(message)
        return self._with_file(largest, f"{origin}.jpg" if origin else PHOTO_NAME, message, user, sender, now)

    def _read_document(
        self, document: "Document", message: "Message", user: "User", sender: dict[str, Any], now: datetime
    ) -> IncomingUpdate:
        """Return the task of a file that was sent, or the refusal of one that is too large."""
        name = shorten(document.file_name or "", _NAME_LENGTH) or "document"
        size, limit = document.file_size or 0, min(self.settings.max_file_mb, BOTS_LIMIT_MB)
        if size > limit * _MB:
            messages = Messages(sender["language"])
            sizes = {"size": messages.numbers.megabytes(size / _MB), "limit": messages.numbers.megabytes(limit)}
            return IncomingUpdate(**sender, answer=messages.say(_LARGE, file=shorten(name, 60), **sizes))
        return self._with_file(document, name, message, user, sender, now)

    def _with_file(
        self, file: "PhotoSize | Document", name: str, message: "Message", user: "User", sender: dict[str, Any], now: datetime
    ) -> IncomingUpdate:
        """Return the task of a file, whose caption may name the supplier; a picture of an album is a page, and others may follow."""
        options: dict[str, Any] = {
            "telegram_file_id": file.file_id,
            "file_size": file.file_size or 0,
            "supplier": shorten(self._without_mention(message.caption or ""), _SUPPLIER_LENGTH),
        }
        if not message.media_group_id or (message.document is not None and not name.lower().endswith(PICTURE_SUFFIXES)):
            return _with_task(sender, user, name, options, message, f"telegram {file.file_unique_id}", now)
        early = self.early_pages.get(message.media_group_id, ())
        options |= {"album": message.media_group_id, "pages": [*early, [message.message_id, file.file_id]]}
        return _with_task(sender, user, name, options, message, f"album {message.media_group_id}", now, not_before=now + JOINING_PAUSE)


def _folded_lines(text: str = "") -> str:
    """Return a text with the white space within its lines folded."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _answered_question(message: "Message") -> str:
    """Return which command a reply is for and what it is about: they stand in the message that is replied to; "" for other messages."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return ""
    match = _QUESTION.search(replied.text or "")
    return f"{'field' if match[2] else 'named'} {match[1]}" if match else ""


def _with_task(
    sender: dict[str, Any],
    user: "User",
    name: str,
    options: dict[str, Any],
    message: "Message",
    content: str,
    now: datetime,
    not_before: datetime | None = None,
) -> IncomingUpdate:
    shared = {"chat_id": sender["chat_id"], "language": sender["language"], "forwarded_from": _origin_of(message)}
    task = Task(
        id=new_id(),
        created_at=now,
        updated_at=now,
        not_before=not_before or now,
        user_id=user.id,
        file_name=name,
        options={key: value for key, value in {**shared, **options}.items() if value != ""},
        program_version=monito_ray.__version__,
    )
    return IncomingUpdate(**sender, task=task, message=ChatMessage(task.id, sender["chat_id"], sender["language"]), content=content)


def _origin_of(message: "Message") -> str:
    """Return who wrote a forwarded message first, as Telegram names them; "" for one that was not forwarded."""
    origin: Any = message.forward_origin
    if origin is None:
        return ""
    user = getattr(origin, "sender_user", None)
    chat = getattr(origin, "sender_chat", None) or getattr(origin, "chat", None)
    name = user.full_name if user else chat.effective_name if chat else getattr(origin, "sender_user_name", "")
    return shorten(name or "", _SUPPLIER_LENGTH)
