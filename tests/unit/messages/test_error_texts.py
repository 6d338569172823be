"""Errors as people in chats read them."""

import ast
from pathlib import Path

import pytest

import monito_ray
from monito_ray import errors
from monito_ray.errors import FileUnusable, MonitoError, Permanent, Transient
from monito_ray.messages.error_texts import FILE_ERRORS, NOT_IN_CHATS, OTHER_ERRORS, cause_text, remedy_text

TYPES = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, MonitoError) and kind not in (MonitoError, Transient, Permanent)
}
PIPELINE = Path(monito_ray.__file__).parent / "pipeline"


def test_every_error_has_a_text_or_stands_in_no_chat():
    """Each in one place; those of files are those that `errors` counts among them."""
    places = (FILE_ERRORS.keys(), OTHER_ERRORS.keys(), NOT_IN_CHATS)
    assert sorted(name for place in places for name in place) == sorted(TYPES)
    assert all(issubclass(TYPES[name], FileUnusable) for name in FILE_ERRORS)
    assert not any(issubclass(TYPES[name], FileUnusable) for name in OTHER_ERRORS)


def test_remedies_are_for_people_who_send_lists():
    """They can set no variable and type no command."""
    for text in (*FILE_ERRORS.values(), *OTHER_ERRORS.values()):
        assert not {"MONITO_", "`", ".env"} & {part for part in ("MONITO_", "`", ".env") if part in f"{text.cause} {text.remedy}"}


def _remedies_of_the_reader() -> set[str]:
    """The sentences in the reader that tell people what to do with their file."""
    constants = (
        node.value
        for path in sorted((PIPELINE / "files").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in constants if text.endswith("send that.") or "send the file again" in text}


def test_the_readers_own_remedies_reach_people():
    """A remedy that belongs to one file goes before that of its kind of error."""
    remedies = _remedies_of_the_reader()
    assert len(remedies) >= 3
    for remedy in remedies:
        assert remedy_text("FileTooLarge", remedy) == remedy


@pytest.mark.parametrize(
    ("code", "remedy", "shown"),
    [
        ("FileTooLarge", errors.FileTooLarge.remedy, "Split the list, or save it without pictures, and send that."),
        ("SheetsRefused", errors.SheetsRefused.remedy, "Tell the owner of this bot."),
        ("TelegramBlocked", errors.TelegramBlocked.remedy, ""),
        ("Foreign", "Do this.", "Do this."),
    ],
)
def test_what_only_an_owner_can_do_is_not_asked_of_a_buyer(code: str, remedy: str, shown: str):
    """The operator's remedy is replaced; an unknown error keeps its own."""
    assert remedy_text(code, remedy) == shown


def test_in_english_a_file_is_spoken_of_in_the_errors_own_words():
    """They say more than the text of the kind; what the program works with is not named in detail to anybody."""
    assert cause_text("FileDamaged", is_english=True) == ""
    assert cause_text("FileDamaged", is_english=False) == "the file is damaged"
    assert cause_text("SheetsUnavailable", is_english=True) == "Google Sheets does not answer"
