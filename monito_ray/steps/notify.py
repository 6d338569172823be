"""notifications: a message that a program wants sent to a person, sent once."""

from html import escape
from typing import Any

from monito_ray.errors import TelegramMisconfigured, TelegramRefused, TelegramUnavailable
from monito_ray.jobs import chat_messages
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState
from monito_ray.jobs.task import Task
from monito_ray.messages import fit_message
from monito_ray.steps.context import Chats, World

_ASK = "Ask the person; `monito retry` sends it again."


def send_message(task: Task, world: World) -> dict[str, Any]:
    """Send `options["message"]` to the chat `options["chat_id"]`, or else to the person themselves.

    Raises:
        TelegramMisconfigured: no bot is set that could send it.
        TelegramBlocked, TelegramRefused: it cannot be sent; the latter also when nobody knows whether it arrived, for then sending
            it again would perhaps be sending it twice.
        TelegramUnavailable: it was not sent, and may be later.
    """
    if world.telegram is None:
        why = (
            "this driver has no line to Telegram"
            if world.settings.telegram_bot_token.get_secret_value()
            else "TELEGRAM_BOT_TOKEN is not set"
        )
        raise TelegramMisconfigured(
            f"the message was not sent: {why}", "Set TELEGRAM_BOT_TOKEN, run `monito serve`, then `monito retry` the task."
        )
    chat_id = int(task.options.get("chat_id") or task.user_id)
    chat_messages.add_message(world.store, ChatMessage(task.id, chat_id, world.settings.lang))
    state = chat_messages.closing_state_of(world.store, task.id)
    if state is ClosingState.SENT:
        return {"chat_id": chat_id}
    if state is ClosingState.SENDING:  # whoever sent it was killed before the answer
        chat_messages.set_closing(world.store, task.id, ClosingState.UNKNOWN)
        raise TelegramRefused("the message may have arrived or not: the program was stopped while sending it", _ASK)
    if state is ClosingState.UNKNOWN:  # it failed for that, and a person wants it tried again
        chat_messages.reset_closing(world.store, task.id)
    chat_messages.claim_closing(world.store, task.id)
    return {"chat_id": chat_id, "message_id": _sent(task, world, world.telegram, chat_id)}


def _sent(task: Task, world: World, telegram: Chats, chat_id: int) -> int:
    state = ClosingState.NONE
    try:
        message_id = telegram.send(chat_id, fit_message(escape(str(task.options["message"]), quote=False)))
        state = ClosingState.SENT
    except TelegramUnavailable as error:
        if not error.is_outcome_unknown:
            raise
        state = ClosingState.UNKNOWN
        raise TelegramRefused(f"the message may have arrived or not: {error}", _ASK) from error
    finally:
        chat_messages.set_closing(world.store, task.id, state)
    return message_id
