"""Suppliers in the chat: who there is, and whose a list is where that was not sure or was taken wrongly."""

from monito_ray.bot.commands.command_call import REPLY_MARK, BotReply, CommandCall, CommandRefused
from monito_ray.errors import NothingToUndo, SupplierUnknown, UsageWrong
from monito_ray.jobs.task import Task
from monito_ray.messages import (
    N_,
    Markup,
    file_name,
    fit_message,
    name_key,
    shorten,
    supplier_choices,
    supplier_lines,
    task_buttons,
    task_text,
)
from monito_ray.records import Status

_MOST_SUPPLIERS = 60
_MOST_CHOICES = 8
_TITLE_LENGTH = 40
_NO_SUPPLIERS = N_("The catalogue has no supplier yet.")
_WHOSE = N_("Whose list is {file}?")
_ANOTHER = N_("Another supplier…")
_WRITE_NAME = N_("Write the supplier's name as a reply to this message.")
_NO_LIST = N_("The catalogue does not have this list: it was taken back, or never written.")
_NO_NAME = N_("This is no name of a supplier.")
_GONE = N_("There is no such supplier any more.")


def suppliers(call: CommandCall) -> BotReply:
    """List the suppliers with their offers and how old their lists are."""
    present = call.monito.suppliers()
    if not present:
        return BotReply(call.messages.say(_NO_SUPPLIERS))
    stale = {age.supplier for age in call.monito.get_list_ages() if age.is_stale}
    shown = sorted(present, key=lambda supplier: (-supplier.offers, supplier.name.casefold()))[:_MOST_SUPPLIERS]
    return BotReply(fit_message("\n".join(supplier_lines(call.messages, shown, stale, len(present) - len(shown)))))


def ask_whose(call: CommandCall) -> BotReply:
    """Ask whose a list is: those whom it may be of first, then those whose lists came last."""
    task = _written_list(call)
    buttons = [(shorten(name, _TITLE_LENGTH), f"give:{task.id}:{name_key(name)}") for name in _choices(call, task)]
    buttons.append((call.messages.plain(_ANOTHER), f"name:{task.id}"))
    return BotReply(call.messages.say(_WHOSE, file=file_name(task)), buttons, is_loud=True)


def ask_name(call: CommandCall) -> BotReply:
    """Ask for the name of a supplier, as a reply to the question."""
    task = _written_list(call)
    mark = Markup(f"<code>{REPLY_MARK}{task.id}</code>")
    return BotReply(f"{call.messages.say(_WHOSE, file=file_name(task))} {call.messages.say(_WRITE_NAME)}\n{mark}", is_loud=True)


def give(call: CommandCall) -> BotReply:
    """Give a list to the supplier of a button: one that there is, or one that the list itself may name."""
    task_id, _, key = call.argument.partition(":")
    task = _written_list(call, task_id)
    names = [*supplier_choices(task.result or {}), *(supplier.name for supplier in call.monito.suppliers()), *_own(task)]
    name = next((name for name in names if name_key(name) == key), None)
    if name is None:
        raise CommandRefused(call.messages.say(_GONE))
    return _assign(call, task, name)


def give_by_name(call: CommandCall) -> BotReply:
    """Give a list to the supplier whose name a person wrote; the task's id stands first."""
    task_id, _, name = call.argument.partition(" ")
    task = _written_list(call, task_id)
    return _assign(call, task, name)


def _assign(call: CommandCall, task: Task, name: str) -> BotReply:
    try:
        call.monito.answer_supplier(task.id, name)
    except NothingToUndo:
        raise CommandRefused(call.messages.say(_NO_LIST)) from None
    except (UsageWrong, SupplierUnknown):
        raise CommandRefused(call.messages.say(_NO_NAME)) from None
    now = _written_list(call, task.id)
    return BotReply(fit_message(task_text(call.messages, now)), task_buttons(call.messages, [now]), replaces=True)


def _written_list(call: CommandCall, task_id: str = "") -> Task:
    task = call.find_task(task_id or call.argument)
    if task is None or task.status is not Status.SUCCESS or not (task.result or {}).get("supplier"):
        raise CommandRefused(call.messages.say(_NO_LIST))
    return task


def _choices(call: CommandCall, task: Task) -> list[str]:
    present = [supplier for supplier in call.monito.suppliers() if supplier.last_seen is not None]
    newest = sorted(present, key=lambda supplier: str(supplier.last_seen), reverse=True)
    names = [*supplier_choices(task.result or {}), *(supplier.name for supplier in newest if supplier.name not in _own(task))]
    return list(dict.fromkeys(names))[:_MOST_CHOICES]


def _own(task: Task) -> list[str]:
    return [str((task.result or {}).get("supplier") or "")]
