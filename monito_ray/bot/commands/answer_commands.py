"""Answers to what a list leaves open, by buttons: it is read again with the answer, in place of the list before."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from monito_ray import wiring
from monito_ray.bot.commands.command_call import BotReply, CommandCall, CommandRefused
from monito_ray.catalog.lists import stored_lists
from monito_ray.currency_codes import is_currency
from monito_ray.errors import NothingToUndo
from monito_ray.jobs import admin
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.jobs.intake.reading_again import may_be_read_again, read_again
from monito_ray.jobs.task import Task
from monito_ray.messages import (
    LIST_QUESTION,
    N_,
    column_question,
    file_name,
    fit_message,
    open_question,
    supplier_choices,
    task_buttons,
    task_text,
)
from monito_ray.records import SAME_AS, Status

_READ_AGAIN = N_("{file} is read again with your answer.")
_READ_ANYWAY = N_("{file} is read again.")
_ANSWERED = N_("This was answered already.")


def currency(call: CommandCall) -> BotReply:
    """Read a list again in the currency of the button."""
    task_id, _, code = call.argument.partition(":")
    task = _list(call, task_id)
    if not is_currency(code) or (task.result or {}).get("currency"):
        raise CommandRefused(call.messages.say(_ANSWERED))
    return _again(call, task, {"currency": code})


def column(call: CommandCall) -> BotReply:
    """Read a list again with the column of the button; the first button is how it was read."""
    task_id, _, number = call.argument.partition(":")
    task = _list(call, task_id)
    question = column_question(task.result or {})
    if question is None or not number.isdecimal() or int(number) >= len(question["choices"]):
        raise CommandRefused(call.messages.say(_ANSWERED))
    if int(number) == 0:
        return _settled(call, task, str(question["id"]))
    pairs = dict(pair.split("=") for pair in str(question["choices"][int(number)]["id"]).split(","))
    role = str(question["id"]).rpartition(":")[2]
    return _again(call, task, {"columns": f"{role}={pairs[role]}"})


def read_anyway(call: CommandCall) -> BotReply:
    """Read a file again that had been read when it came once more."""
    task = call.find_task(call.argument)
    if task is None or not may_be_read_again(task) or SAME_AS not in (task.result or {}):
        raise CommandRefused(call.messages.say(_ANSWERED))
    read_again(call.store, task, _supplier_of(task), _shown_here(call, task), wiring.utc_now())
    return BotReply(call.messages.say(_READ_ANYWAY, file=file_name(task)))


def skip(call: CommandCall) -> BotReply:
    """Leave a question open: it is asked no more."""
    task = call.find_task(call.argument)
    question = open_question(task.result or {}) if task is not None and task.status is Status.SUCCESS else ""
    if task is None or not question:
        raise CommandRefused(call.messages.say(_ANSWERED))
    return _settled(call, task, question)


def take_place(call: CommandCall) -> BotReply:
    """Let a list take the place of another one of its supplier and day, which is taken back."""
    task = call.find_task(call.argument)
    if task is None or open_question(task.result or {}) != LIST_QUESTION:
        raise CommandRefused(call.messages.say(_ANSWERED))
    with suppress(NothingToUndo):
        call.monito.undo(str((task.result or {})["another_list"]["task_id"]), call.user_id)
    return _settled(call, task, LIST_QUESTION)


def _settled(call: CommandCall, task: Task, question: str) -> BotReply:
    settled = admin.settle_question(call.store, task.id, question, wiring.utc_now())
    return BotReply(fit_message(task_text(call.messages, settled)), task_buttons(call.messages, [settled]), replaces=True)


def _list(call: CommandCall, task_id: str) -> Task:
    task = call.find_task(task_id)
    if task is None or not may_be_read_again(task) or not stored_lists.tasks_with_lists(call.store, [task.id]):
        raise CommandRefused(call.messages.say(_ANSWERED))
    return task


def _again(call: CommandCall, task: Task, answers: Mapping[str, Any]) -> BotReply:
    """Commit the task that reads the list again, then take the list before back: whatever stops this between, both can be seen."""
    read_again(call.store, task, {**answers, **_supplier_of(task)}, _shown_here(call, task), wiring.utc_now())
    with suppress(NothingToUndo):
        call.monito.undo(task.id, call.user_id)
    return BotReply(call.messages.say(_READ_AGAIN, file=file_name(task)))


def _shown_here(call: CommandCall, task: Task) -> ChatMessage | None:
    """Return the message below which the button stood, which shows the task."""
    return ChatMessage(task.id, call.chat_id, call.messages.language, call.message_id or None) if call.chat_id else None


def _supplier_of(task: Task) -> dict[str, str]:
    """Return whose list it is, where that is not asked."""
    result = task.result or {}
    return {} if supplier_choices(result) or not result.get("supplier") else {"supplier": result["supplier"]}
