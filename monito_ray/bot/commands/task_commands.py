"""Commands on lists that were sent: how they stand, stop, try again, take back."""

from collections.abc import Callable
from itertools import islice

from monito_ray.bot.commands.command_call import BotReply, CommandCall, CommandRefused
from monito_ray.catalog.lists import stored_lists
from monito_ray.errors import NothingToUndo, Permanent
from monito_ray.jobs import queue
from monito_ray.jobs.task import FILE, Task
from monito_ray.messages import N_, file_name, fit_message, shorten, task_buttons, task_line, task_text
from monito_ray.records import Status

_MOST_TASKS = 10
_MOST_UNDO = 6
_TITLE_LENGTH = 40
_NO_LISTS = N_("You have sent no lists yet.")
_SENT_BEFORE = N_("You have sent this list already:")
_WHICH_LIST = N_("Which list is to be taken back?")
_NONE_TO_UNDO = N_("There is no list to take back.")
_TAKE_BACK = N_("Take back {file} of {supplier}: its prices go as if they had never come, and the file can be sent again. Are you sure?")
_TAKE_BACK_BUTTON = N_("Take it back")
_KEEP_BUTTON = N_("Keep it")
_TAKEN_BACK = N_("{file} of {supplier} is taken back. Rows that went: {rows}.")
_NOT_THERE = N_("The catalogue does not have this list: it was taken back, or never written.")
_UNTOUCHED = N_("{file} stays.")


def status(call: CommandCall) -> BotReply:
    """Show one task in full, or the newest."""
    if call.argument:
        task = call.own_task("status")
        return BotReply(fit_message(task_text(call.messages, task)), task_buttons(call.messages, [task]))
    tasks = queue.newest_tasks(call.store, _MOST_TASKS, call.user_id, FILE)
    if not tasks:
        return BotReply(call.messages.say(_NO_LISTS))
    return BotReply(fit_message("\n".join(task_line(call.messages, task) for task in tasks)))


def open_list(call: CommandCall) -> BotReply:
    """Show a list of a message of several by itself, so that what it leaves open can be answered by anyone who buys."""
    task = _written_list(call)
    return BotReply(fit_message(task_text(call.messages, task)), task_buttons(call.messages, [task]), is_loud=True)


def sent_before(call: CommandCall) -> BotReply:
    """Answer a list that was sent before with what became of it."""
    task = call.own_task("same")
    text = f"{call.messages.say(_SENT_BEFORE)}\n\n{task_text(call.messages, task)}"
    return BotReply(fit_message(text), task_buttons(call.messages, [task]))


def cancel(call: CommandCall) -> BotReply:
    """Stop a task."""
    task = call.own_task("cancel")
    return _change_task(call, task, call.monito.cancel, N_("{file} is cancelled."), N_("{file} has ended already."))


def retry(call: CommandCall) -> BotReply:
    """Try a task again."""
    task = call.own_task("retry")
    refusal = N_("{file} did not fail; there is nothing to try again.")
    return _change_task(call, task, call.monito.retry, N_("{file} will be tried again."), refusal)


def _change_task(call: CommandCall, task: Task, change: Callable[[str], object], done: str, refused: str) -> BotReply:
    name = file_name(task)
    try:
        change(task.id)
    except Permanent:
        return BotReply(call.messages.say(refused, file=name))
    return BotReply(call.messages.say(done, file=name))


def undo(call: CommandCall) -> BotReply:
    """Ask whether a list shall be taken back, or which; lists are the team's, so that anyone who buys may."""
    if not call.argument:
        return _choose_list(call)
    task = _written_list(call)
    text = call.messages.say(_TAKE_BACK, file=file_name(task), supplier=_supplier(task))
    buttons = [(call.messages.plain(_TAKE_BACK_BUTTON), f"takeback:{task.id}"), (call.messages.plain(_KEEP_BUTTON), f"keep:{task.id}")]
    return BotReply(text, buttons, is_loud=True)


def take_back(call: CommandCall) -> BotReply:
    """Take a list back, by the button under the question."""
    task = _written_list(call)
    try:
        undone = call.monito.undo(task.id, call.user_id)
    except NothingToUndo:
        return BotReply(call.messages.say(_NOT_THERE), replaces=True)
    supplier = ", ".join(undone.suppliers)
    return BotReply(call.messages.say(_TAKEN_BACK, file=file_name(task), supplier=supplier, rows=undone.rows), replaces=True)


def keep(call: CommandCall) -> BotReply:
    """Leave a list where it is, by the button under the question."""
    return BotReply(call.messages.say(_UNTOUCHED, file=file_name(_written_list(call))), replaces=True)


def _choose_list(call: CommandCall) -> BotReply:
    tasks = queue.newest_tasks(call.store, 5 * _MOST_UNDO, kind=FILE)
    present = stored_lists.tasks_with_lists(call.store, [task.id for task in tasks if task.status is Status.SUCCESS])
    written = list(islice((task for task in tasks if task.id in present), _MOST_UNDO))
    if not written:
        return BotReply(call.messages.say(_NONE_TO_UNDO))
    buttons = [(shorten(f"{_supplier(task)} · {task.file_name}", _TITLE_LENGTH), f"undo:{task.id}") for task in written]
    return BotReply(call.messages.say(_WHICH_LIST), buttons)


def _written_list(call: CommandCall) -> Task:
    task = call.find_task(call.argument)
    if task is None or task.kind != FILE or task.status is not Status.SUCCESS:
        raise CommandRefused(call.messages.say(_NOT_THERE))
    return task


def _supplier(task: Task) -> str:
    return str((task.result or {}).get("supplier") or "?")
