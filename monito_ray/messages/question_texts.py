"""What a person is asked about a list that is done, one question at a time, and the buttons that answer."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monito_ray.messages.message_markup import Markup, escape_value, shorten
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_
from monito_ray.records import SUPPLIER_QUESTION

#: Buttons below a message, and characters of their titles.
_MOST_CHOICES, _TITLE_LENGTH = 5, 40
_ROWS_SHOWN, _ROW_LENGTH = 2, 60
_HASH_LENGTH = 10
#: A supplier that is called like one that there is has a number until somebody names it, which is no answer.
_NUMBERED = re.compile(r" #\d+$")
_WHOSE = N_("❓ Whose list is it?")
_WHICH_CURRENCY = N_("❓ In which currency are the prices?")
_WHICH_COLUMN = {"price": N_("❓ Which column holds the prices?"), "name": N_("❓ Which column holds the names?")}
_COLUMN = N_("column {letter}")
_ANOTHER = N_("Another supplier…")
_REPLACES = N_("❓ {file} is of the same supplier and day. Does this list take its place?")
_IT_REPLACES, _BOTH_HOLD = N_("It takes its place"), N_("Both hold")
_SKIP = N_("Skip")
#: What is asked beside the questions of the result.
CURRENCY_QUESTION, LIST_QUESTION = "currency", "another_list"
#: Currencies that are offered where nothing tells of one.
_CURRENCIES = ("IDR", "USD", "EUR", "RUB")


def name_key(name: str) -> str:
    """Return a short name for a name, which fits into the data of a button."""
    return hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]


def supplier_choices(result: Mapping[str, Any]) -> list[str]:
    """Return the suppliers whose list it may be, the one that was taken first; none where it is sure."""
    question = next((question for question in result.get("questions") or () if question["id"] == SUPPLIER_QUESTION), None)
    return [str(choice["id"]) for choice in question["choices"]] if question else []


def column_question(result: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the first question about a column that has an answer other than how the list was read."""
    questions = [question for question in result.get("questions") or () if question["id"] != SUPPLIER_QUESTION]
    return next((question for question in questions if len(question["choices"]) > 1 and _role(question) in _WHICH_COLUMN), None)


def question_lines(messages: Messages, result: Mapping[str, Any]) -> list[str]:
    """Return the question that is asked next, none where there is none."""
    match open_question(result):
        case "supplier":
            return [messages.say(_WHOSE)]
        case "currency":
            return [messages.say(_WHICH_CURRENCY)]
        case "another_list":
            return [messages.say(_REPLACES, file=result["another_list"]["file"])]
        case "":
            return []
    question = column_question(result) or {}
    return [messages.say(_WHICH_COLUMN[_role(question)]), *_column_lines(messages, question["choices"][:_MOST_CHOICES])]


def open_question(result: Mapping[str, Any]) -> str:
    """Return the id of the question that is asked next, "" where there is none."""
    settled = result.get("settled") or ()
    if supplier_choices(result):
        return SUPPLIER_QUESTION
    if result.get("currency") == "" and result.get("rows_written") and CURRENCY_QUESTION not in settled:
        return CURRENCY_QUESTION
    if question := column_question(result):
        return str(question["id"])
    return LIST_QUESTION if result.get("another_list") and LIST_QUESTION not in settled else ""


def question_buttons(messages: Messages, task_id: str, result: Mapping[str, Any], *, is_written: bool = False) -> list[tuple[str, str]]:
    """Return the buttons that answer it; of a list that was written in the chat the name that stands for an unknown supplier is no answer."""
    skip = messages.plain(_SKIP), f"skip:{task_id}"
    match open_question(result):
        case "supplier":
            choices = supplier_choices(result)
            names = choices[1:] if is_written or _NUMBERED.search(choices[0]) else choices
            buttons = [(shorten(name, _TITLE_LENGTH), f"give:{task_id}:{name_key(name)}") for name in names[:_MOST_CHOICES]]
            return [*buttons, (messages.plain(_ANOTHER), f"name:{task_id}"), skip]
        case "currency":
            return [*((code, f"money:{task_id}:{code}") for code in _CURRENCIES), skip]
        case "another_list":
            return [(messages.plain(_IT_REPLACES), f"instead:{task_id}"), (messages.plain(_BOTH_HOLD), f"skip:{task_id}")]
        case "":
            return []
    columns = (column_question(result) or {})["choices"][:_MOST_CHOICES]
    return [*((_column_title(messages, choice), f"column:{task_id}:{number}") for number, choice in enumerate(columns)), skip]


def _column_lines(messages: Messages, choices: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield two of its rows for each column."""
    for choice in choices:
        rows = " · ".join(escape_value(row, _ROW_LENGTH) for row in choice.get("rows", ())[:_ROWS_SHOWN])
        yield Markup(f"<b>{escape_value(_column_title(messages, choice))}</b>: {rows}")


def _column_title(messages: Messages, choice: Mapping[str, Any]) -> str:
    title, letter = choice.get("title") or "", choice.get("column") or "?"
    column = messages.plain(_COLUMN).format(letter=letter)
    return shorten(f"{title} ({column})" if title else column, _TITLE_LENGTH)


def _role(question: Mapping[str, Any]) -> str:
    return str(question["id"]).rpartition(":")[2]
