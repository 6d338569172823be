"""Updates looked at one by one as they come: one that the library cannot read costs itself alone.

`telegram.Bot.get_updates` reads all updates of an answer or none. With one among them that it cannot read, a new kind of object or a broken
one, it would never give back any: what is not committed is not confirmed, so the next call gets the same again.
"""

import re
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from monito_ray import log

if TYPE_CHECKING:
    from telegram.request import HTTPXRequest

#: Ids are kept in the database as whole numbers of 64 bits; Telegram's have 52 at the most.
_MOST_ID = 2**63 - 1
#: Half of a character, which JSON can spell and no file or database can hold.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@cache
def tolerant_request() -> "type[HTTPXRequest]":
    """Return the class of requests for updates: what it cannot read of an answer is an update without content, so that it is confirmed."""
    from telegram.request import HTTPXRequest  # noqa: PLC0415

    class TolerantRequest(HTTPXRequest):
        @staticmethod
        def parse_json_payload(payload: bytes) -> dict[str, Any]:
            return readable_answer(HTTPXRequest.parse_json_payload(payload))

    return TolerantRequest


def readable_answer(answer: Any) -> dict[str, Any]:
    """Return an answer whose updates can all be read. Those that cannot are told, and nothing but their numbers is left.

    One without a number could never be confirmed, and is left out.

    Raises:
        telegram.error.TelegramError: the answer has not the form of one.
    """
    from telegram.error import TelegramError  # noqa: PLC0415

    if not isinstance(answer, dict):
        raise TelegramError("Invalid server response")
    sound: dict[str, Any] = dict(answer)
    if not isinstance(sound.get("parameters", {}), dict):
        del sound["parameters"]
    if "result" not in sound:
        return sound
    if not isinstance(sound["result"], list):
        raise TelegramError("Invalid server response")
    return {**sound, "result": [readable for update in sound["result"] if (readable := _readable(_without_halves(update)))]}


def _readable(update: Any) -> dict[str, Any] | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    if number is None or not _is_id(number) or number < 0:
        log.warning("telegram.update_unreadable", message="it has no number")
        return None
    try:
        _check(update)
    except Exception as error:  # noqa: BLE001  the boundary: whatever the library raises, the others are read
        log.fault("telegram.update_unreadable", error, update_id=number)
        return {"update_id": number}
    return dict(update)


def _check(update: dict[str, Any]) -> None:
    """Raise an error if the library cannot read the update, or the store could not keep its ids."""
    from telegram import Update  # noqa: PLC0415

    read = Update.de_json(deepcopy(update), None)
    message = read.effective_message
    ids = [party.id for party in (read.effective_user, read.effective_chat, getattr(message, "from_user", None)) if party is not None]
    if wrong := [value for value in (*ids, *([message.message_id] if message is not None else ())) if not _is_id(value)]:
        raise ValueError(f"{len(wrong)} ids are none")


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST_ID


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_halves(item) for item in value]
    return {_without_halves(name): _without_halves(item) for name, item in value.items()} if isinstance(value, dict) else value
