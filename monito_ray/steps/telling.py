"""notifications: a message that a program wants sent to a person, sent once."""

import html
from typing import Any

from monito_ray.errors import TelegramMisconfigured, TelegramUnavailable
from monito_ray.jobs import chats
from monito_ray.jobs.chats import ChatMessage, Closing
from monito_ray.jobs.task import Task
from monito_ray.steps.world import World
from monito_ray.wording import cut


def tell(task: Task, world: World) -> dict[str, Any]:
    """Send `options["message"]` to the chat `options["chat_id"]`, or else to the person themselves.

    The result's `delivery` is `sent`, or `unknown` when the answer was lost or the sender killed: it is not sent again then.

    Raises:
        TelegramMisconfigured: no bot is set that could send it.
        TelegramUnavailable, TelegramBlocked, TelegramRefused: it was not sent.
    """
    if world.telegram is None:
        raise TelegramMisconfigured(
            "the message was not sent: TELEGRAM_BOT_TOKEN is not set", "Set TELEGRAM_BOT_TOKEN, then `monito retry` the task."
        )
    chat_id = int(task.options.get("chat_id") or task.user_id)
    chats.place(world.store, ChatMessage(task.id, chat_id, world.settings.lang))
    if not chats.begin_closing(world.store, task.id):
        was_sent = chats.closing_of(world.store, task.id) is Closing.SENT
        return {"delivery": "sent" if was_sent else "unknown", "chat_id": chat_id}
    state = Closing.NONE
    try:
        message_id = world.telegram.send(chat_id, cut(html.escape(str(task.options["message"]), quote=False)))
        state = Closing.SENT
    except TelegramUnavailable as error:
        if not error.is_outcome_unknown:
            raise
        state = Closing.UNKNOWN
        return {"delivery": "unknown", "chat_id": chat_id}
    finally:
        chats.closed(world.store, task.id, state)
    return {"delivery": "sent", "chat_id": chat_id, "message_id": message_id}
