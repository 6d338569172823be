"""notifications: send a message of another program to a person, once."""

from html import escape
from typing import Any

from monito_ray.errors import TelegramMisconfigured, TelegramRefused, TelegramUnavailable
from monito_ray.jobs import chat_messages
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState
from monito_ray.messages import fit_message
from monito_ray.steps.context import Attempt, Chats

_ASK = "Ask the person; `monito retry` sends it again."


def send_message(attempt: Attempt) -> dict[str, Any]:
    """Send `options["message"]` to the chat `options["chat_id"]`, or else to the user of the task.

    Raises:
        TelegramMisconfigured: no bot is set that could send it.
        TelegramBlocked, TelegramRefused: it cannot be sent. Also refused when it is unknown whether it arrived: another attempt could
            send it twice.
        TelegramUnavailable: it was not sent; a later attempt may succeed.
        LeaseLost: the task is another driver's by now.
    """
    services, task = attempt.services, attempt.task
    if services.telegram is None:
        why = (
            "this driver has no line to Telegram"
            if services.settings.telegram_bot_token.get_secret_value()
            else "TELEGRAM_BOT_TOKEN is not set"
        )
        raise TelegramMisconfigured(
            f"the message was not sent: {why}", "Set TELEGRAM_BOT_TOKEN, run `monito serve`, then `monito retry` the task."
        )
    chat_id = int(task.options.get("chat_id") or task.user_id)
    chat_messages.add_message(services.store, ChatMessage(task.id, chat_id, services.settings.lang))
    # Under the lease: a driver that slept meanwhile would send what the next owner of the task has sent.
    state = chat_messages.claim_closing(services.store, task.id, attempt.confirm_lease)
    if state is ClosingState.SENT:
        return {"chat_id": chat_id}
    # The driver that sent it was killed before the answer came, or before the task was told of it.
    if state in (ClosingState.SENDING, ClosingState.UNKNOWN):
        chat_messages.set_closing(services.store, task.id, ClosingState.UNKNOWN)
        raise TelegramRefused("the message may have arrived or not: the program was stopped while sending it", _ASK)
    return {"chat_id": chat_id, "message_id": _send_once(attempt, services.telegram, chat_id)}


def _send_once(attempt: Attempt, telegram: Chats, chat_id: int) -> int:
    options = attempt.task.options
    # Markup is the program's own: an option that no caller can set.
    text = fit_message(str(options["message"]) if options.get("is_markup") else escape(str(options["message"]), quote=False))
    state = ClosingState.NONE
    try:
        message_id = telegram.send(chat_id, text)
        state = ClosingState.SENT
    except TelegramUnavailable as error:
        if not error.is_outcome_unknown:
            raise
        state = ClosingState.UNKNOWN
        raise TelegramRefused(f"the message may have arrived or not: {error}", _ASK) from error
    finally:
        chat_messages.set_closing(attempt.services.store, attempt.task.id, state)
    return message_id
