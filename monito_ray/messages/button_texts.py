"""The buttons below the message that shows a task."""

from collections.abc import Sequence

from monito_ray.jobs.task import Task
from monito_ray.messages.error_texts import is_worth_retrying
from monito_ray.messages.message_markup import shorten
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.question_texts import question_buttons
from monito_ray.messages.translations import N_
from monito_ray.records import SAME_AS, Status

#: What a button to try again sends to the bot, before the task's id.
RETRY = "retry:"
_TRY_AGAIN = N_("Try again")
_WHAT_CHANGED = N_("What changed")
_REVIEW = N_("What to look at")
_WRONG_SUPPLIER = N_("Wrong supplier")
_TAKE_BACK = N_("Take it back")
_READ_ANYWAY = N_("Read it again")
_BUY = N_("It is a shopping list")
_NAME_LENGTH = 30
#: The error of a list without prices, which may say what to buy.
_NO_PRICES = "NoPricesFound"


def task_buttons(messages: Messages, tasks: Sequence[Task]) -> list[tuple[str, str]]:
    """Return what can be done about the tasks of one message: answers and corrections for a list that is done, and trying again.

    Of several lists each that leaves something open has a button that shows it by itself.
    """
    if len(tasks) == 1 and tasks[0].status is Status.SUCCESS:
        return _of_done(messages, tasks[0])
    open_ones = [task for task in tasks if task.status is Status.SUCCESS and question_buttons(messages, task.id, task.result or {})]
    opening = [(f"❓ {shorten(_short_name(task), _NAME_LENGTH)}", f"open:{task.id}") for task in open_ones]
    if len(tasks) == 1 and tasks[0].error_code == _NO_PRICES:
        return [(messages.plain(_BUY), f"buy:{tasks[0].id}")]
    failed = [task for task in tasks if task.status is Status.FAILURE and is_worth_retrying(task.error_code)]
    title = messages.plain(_TRY_AGAIN)
    if len(failed) == 1 and not opening:
        return [(title, f"{RETRY}{failed[0].id}")]
    return [*opening, *((f"{title}: {shorten(_short_name(task), _NAME_LENGTH)}", f"{RETRY}{task.id}") for task in failed)]


def _short_name(task: Task) -> str:
    text = str(task.options.get("text") or "").strip()
    return text.splitlines()[0] if text else task.file_name


def _of_done(messages: Messages, task: Task) -> list[tuple[str, str]]:
    result = task.result or {}
    if "rows_found" not in result:
        return []
    if SAME_AS in result:
        return [(messages.plain(_READ_ANYWAY), f"anew:{task.id}")]
    buttons = question_buttons(messages, task.id, result, is_written="text" in task.options)
    if result.get("prices_changed"):
        buttons.append((messages.plain(_WHAT_CHANGED), f"moved:{task.id}"))
    if result.get("review_count"):
        buttons.append((messages.plain(_REVIEW), "review:"))
    if result.get("supplier") and not any(data.startswith(("give:", "name:")) for _, data in buttons):
        buttons.append((messages.plain(_WRONG_SUPPLIER), f"whose:{task.id}"))
    return [*buttons, (messages.plain(_TAKE_BACK), f"undo:{task.id}")]
