"""A command with what is needed to answer it, and its answer."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.api import Monito
from monito_ray.clients.telegram.bot_api import Buttons
from monito_ray.errors import TaskUnknown
from monito_ray.jobs import queue
from monito_ray.jobs.chat_people import Role
from monito_ray.jobs.task import Task
from monito_ray.messages import N_, Messages
from monito_ray.settings import Settings
from monito_ray.store.database import Store

#: Begins the last line of a question that is answered by a reply, which says what it is about: a list, or a row and one of its fields.
REPLY_MARK = "#"
_TASK_ID_LENGTH = 16
_NOT_FOUND = N_("There is no task {id} of yours.")
_WHICH_TASK = N_("Which task? Write /{command} and the task's id; /status lists your tasks.")


@dataclass(frozen=True, slots=True)
class BotReply:
    """An answer in a chat. The answer to a pressed button is shown as a notice over the chat."""

    html: str
    buttons: Buttons = ()
    #: The answer to a button is also sent as a message.
    is_loud: bool = False
    #: The answer to a button takes the place of the message below which it stood.
    replaces: bool = False
    #: Name and bytes of a file to send, with the text as its caption.
    document: tuple[str, bytes] | None = None
    #: A picture to send, as PNG or JPEG, before the text.
    picture: bytes = b""
    #: What the message below which the pressed button stood becomes, without buttons.
    closes: str = ""
    #: Another person who is told something, and what.
    tells: tuple[int, str] | None = None
    #: It goes to the person alone, also where it was asked for in a group.
    is_private: bool = False
    #: Further messages, each with its buttons.
    more: Sequence[tuple[str, Buttons]] = ()

    @property
    def plain_text(self) -> str:
        """The answer without markup."""
        return html.unescape(re.sub("<[^<>]*>", "", self.html))


@dataclass(frozen=True, slots=True)
class CommandCall:
    """A command and everything that is needed to answer it."""

    user_id: int
    role: Role
    argument: str
    messages: Messages
    monito: Monito
    store: Store
    settings: Settings
    chat_id: int = 0
    #: Of a button: the message below which it stood.
    message_id: int = 0

    def own_task(self, command: str) -> Task:
        """Return the task that the argument names, if it belongs to this person.

        Raises:
            CommandRefused: its text is the answer instead.
        """
        if not self.argument:
            raise CommandRefused(self.messages.say(_WHICH_TASK, command=command))
        task = self.find_task(self.argument)
        if task is None or task.user_id != self.user_id:
            raise CommandRefused(self.messages.say(_NOT_FOUND, id=self.argument[:40]))
        return task

    def find_task(self, text: str) -> Task | None:
        """Return the task whose id stands first in `text`, None where there is none."""
        try:
            return queue.load(self.store, text.split(maxsplit=1)[0][:_TASK_ID_LENGTH])
        except (IndexError, TaskUnknown):
            return None


class CommandRefused(Exception):
    """The command cannot be carried out; the text says why."""
