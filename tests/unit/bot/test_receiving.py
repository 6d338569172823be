"""What an update of Telegram asks for."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from monito_ray.bot.receiving import IncomingUpdate, read_update
from monito_ray.settings import Settings

ANN, STRANGER = 101, 999
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SETTINGS = Settings.model_validate({"MONITO_ALLOWED_USERS": str(ANN), "MONITO_LANG": "id"})


def _read(
    user_id: int = ANN, code: str = "ru", chat: str = "private", chosen: dict[int, str] | None = None, **message: Any
) -> IncomingUpdate:
    person = {"id": user_id, "is_bot": False, "first_name": "Ann", "language_code": code}
    body = {"message_id": 5, "date": 0, "chat": {"id": 70, "type": chat, "title": "Buyers"}, "from": person, **message}
    update = Update.de_json({"update_id": 3, "message": body}, None)
    assert update is not None
    return read_update(update, SETTINGS, chosen or {}, NOW)


def _document(size: int = 100, name: str | None = "june.xlsx", **more: Any) -> dict[str, Any]:
    document = {"file_id": "f1", "file_unique_id": "u1", "file_size": size} | ({"file_name": name} if name else {})
    return {"document": document, **more}


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/status", "status", ""),
        ("/Status@monito_bot 7829360che", "status", "7829360che"),
        ("/prices  minyak   goreng 2 l", "prices", "minyak goreng 2 l"),
        ("/", "", ""),
    ],
)
def test_a_command_is_split_from_its_argument(text: str, command: str, argument: str):
    """The bot's name and white space do not count."""
    update = _read(text=text)
    assert (update.command, update.argument, update.chat_id, update.task) == (command, argument, 70, None)


def test_a_document_is_a_task_shown_in_its_chat():
    """With its sender, its name, what names its bytes, and the caption as the supplier."""
    update = _read(**_document(caption=" Sari\nSayur "))
    assert update.task is not None
    assert update.message is not None
    assert (update.task.user_id, update.task.file_name, update.task.options["supplier"]) == (ANN, "june.xlsx", "Sari Sayur")
    assert (update.task.id, update.content) == (update.message.task_id, "telegram u1")
    assert (update.to_commit.task, update.to_commit.update_id) == (update.task, 3)


def test_a_document_beyond_the_limit_is_answered_and_no_task():
    """In the person's language, with the limit."""
    update = _read(code="en", **_document(size=21 * 2**20))
    assert update.task is None
    assert "at most 20 MB" in update.answer


@pytest.mark.parametrize(
    ("chosen", "code", "language"), [({}, "ru", "ru"), ({ANN: "en"}, "ru", "en"), ({}, "de", "id"), ({STRANGER: "en"}, "in", "id")]
)
def test_a_chosen_language_counts_more_than_that_of_telegram(chosen: dict[int, str], code: str, language: str):
    """For a language that is none of ours the setting counts."""
    assert _read(code=code, chosen=chosen, text="/help").language == language


def test_a_text_is_answered_in_private_and_not_in_a_group():
    """People in a group talk to each other."""
    assert _read(code="en", text="hello").answer.startswith("Please send the price list as a file.")
    assert _read(code="en", chat="group", text="hello").answer == ""


def test_a_stranger_is_refused_in_private_alone():
    """Whatever is sent, there is neither task nor command."""
    update = _read(STRANGER, **_document())
    assert (update.is_stranger, update.task, update.command) == (True, None, "")
    assert not _read(STRANGER, chat="group", text="/start").is_stranger
