"""Which commands there are, what each is for, who may use it, and how it is answered."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monito_ray import wiring
from monito_ray.bot.commands import (
    admin_commands,
    answer_commands,
    catalogue_commands,
    follow_commands,
    review_commands,
    supplier_commands,
    task_commands,
)
from monito_ray.bot.commands.command_call import BotReply, CommandCall, CommandRefused
from monito_ray.jobs import chat_people
from monito_ray.jobs.chat_people import Role
from monito_ray.messages import LANGUAGES, N_, Markup, Messages

_WELCOME = N_(
    "Send a supplier's price list: a file (Excel, PDF, Word, CSV, a web page, an e-mail, a zip), or its lines in a message. It comes back as a clean table."
)
_WELCOME_READER = N_("Write what you are looking for, such as beras 5 kg: you see who sells it, and for how much.")
_CAPTION = N_("A caption below the file may name the supplier. Or write what you are looking for: beras 5 kg.")
_REFUSAL = N_("This bot serves only people it knows. Your id is {id}; the owner can let you in.")
_UNKNOWN_COMMAND = N_("I do not know this command. /help lists those I know.")
_NOT_FOR_YOU = N_("You may ask for prices here, and not change anything; the admin can change that.")
_BUSY = N_("The database does not answer just now. Please try again in a minute.")
_TOO_MANY = N_("You have sent too many files within an hour; this one was not taken. Please send it again in {minutes} minutes.")
_ADDED = N_("Added to your list above.")


@dataclass(frozen=True, slots=True)
class Command:
    """A command or what a button sends."""

    answer: Callable[[CommandCall], BotReply]
    needs: Role = Role.READER
    #: What it is for, in the menu; "" for buttons, and for what has another name there.
    text: str = ""


def command_menu(messages: Messages, role: Role) -> Mapping[str, str]:
    """Return each command that a person of this role may use, with a text that says what it does."""
    return {name: messages.plain(command.text) for name, command in COMMANDS.items() if command.text and role.allows(command.needs)}


def refusal_text(messages: Messages, user_id: int) -> str:
    """Return the answer to a person who may not use the bot."""
    return messages.say(_REFUSAL, id=Markup(f"<code>{user_id}</code>"))


def too_many_text(messages: Messages, back_at: datetime) -> str:
    """Return the refusal of a file beyond the hourly quota."""
    minutes = max(1, math.ceil((back_at - wiring.utc_now()).total_seconds() / 60))
    return messages.say(_TOO_MANY, minutes=minutes)


def joined_text(messages: Messages) -> str:
    """Return the answer to lines that were added to a list before them."""
    return messages.say(_ADDED)


def busy_reply(messages: Messages) -> BotReply:
    """Return the answer while the database does not respond."""
    return BotReply(messages.say(_BUSY))


def answer_command(name: str, call: CommandCall) -> BotReply:
    """Return the answer to a command or a pressed button."""
    command = COMMANDS.get(name)
    if command is None:
        return BotReply(call.messages.say(_UNKNOWN_COMMAND))
    if not call.role.allows(command.needs):
        # Who may not use a command of the admin need not know that there is one.
        return BotReply(call.messages.say(_UNKNOWN_COMMAND if command.needs is Role.ADMIN else _NOT_FOR_YOU))
    try:
        return command.answer(call)
    except CommandRefused as refused:
        return BotReply(str(refused))


def _help(call: CommandCall) -> BotReply:
    lines = [f"/{command} · {text}" for command, text in command_menu(call.messages, call.role).items()]
    welcome = (_WELCOME, _CAPTION) if call.role.allows(Role.BUYER) else (_WELCOME_READER,)
    return BotReply("\n".join([*map(call.messages.say, welcome), "", *lines]))


def _start(call: CommandCall) -> BotReply:
    """Answer as `/help`; an admin is also asked about those who asked to be let in."""
    return replace(_help(call), more=admin_commands.open_requests(call) if call.role is Role.ADMIN else ())


def _language(call: CommandCall) -> BotReply:
    language = call.argument.lower()
    if language not in LANGUAGES:
        return BotReply(call.messages.say("Choose the language:"), [(title, f"lang:{code}") for code, title in LANGUAGES.items()])
    chat_people.set_language(call.store, call.user_id, language)
    return BotReply(Messages(language).say("I speak English now."), is_loud=True)


#: In the order of the menu.
COMMANDS: Mapping[str, Command] = {
    "start": Command(_start, text=N_("begin")),
    "help": Command(_help, text=N_("what can be sent and asked")),
    "prices": Command(catalogue_commands.prices, text=N_("who sells something, and for how much")),
    "basket": Command(catalogue_commands.basket, text=N_("what a shopping list costs, and where")),
    "changes": Command(catalogue_commands.changes, text=N_("which prices changed")),
    "follow": Command(follow_commands.follow, text=N_("be told when prices move")),
    "suppliers": Command(supplier_commands.suppliers, text=N_("whose lists there are, and how old")),
    "report": Command(catalogue_commands.report, text=N_("a page to compare and filter")),
    "sheet": Command(catalogue_commands.sheet, text=N_("link to the table")),
    "export": Command(catalogue_commands.export, text=N_("the whole catalogue as a file")),
    "status": Command(task_commands.status, Role.BUYER, N_("how your lists stand")),
    "review": Command(review_commands.review, Role.BUYER, N_("what should be looked at")),
    "undo": Command(task_commands.undo, Role.BUYER, N_("take a list back")),
    "cancel": Command(task_commands.cancel, Role.BUYER, N_("stop a list that is being read")),
    "retry": Command(task_commands.retry, Role.BUYER, N_("try a list again")),
    "lang": Command(_language, text=N_("choose the language")),
    "people": Command(admin_commands.show_people, Role.ADMIN, N_("who may use the bot")),
    "queue": Command(admin_commands.queues, Role.ADMIN, N_("what waits, and holding it up")),
    "purge": Command(admin_commands.purge, Role.ADMIN, N_("cancel what waits in a queue")),
    "stats": Command(admin_commands.stats, Role.ADMIN, N_("the system in figures")),
    # By buttons, replies and words.
    "search": Command(catalogue_commands.prices),
    "later": Command(review_commands.later, Role.BUYER),
    "link": Command(review_commands.settle_pair, Role.BUYER),
    "right": Command(review_commands.confirm, Role.BUYER),
    "wrong": Command(review_commands.choose_field, Role.BUYER),
    "field": Command(review_commands.correct_field, Role.BUYER),
    "unfollow": Command(follow_commands.stop_following),
    "when": Command(follow_commands.set_time),
    "open": Command(task_commands.open_list, Role.BUYER),
    "same": Command(task_commands.sent_before, Role.BUYER),
    "chart": Command(catalogue_commands.chart),
    "moved": Command(catalogue_commands.list_changes),
    "takeback": Command(task_commands.take_back, Role.BUYER),
    "keep": Command(task_commands.keep, Role.BUYER),
    "whose": Command(supplier_commands.ask_whose, Role.BUYER),
    "name": Command(supplier_commands.ask_name, Role.BUYER),
    "give": Command(supplier_commands.give, Role.BUYER),
    "money": Command(answer_commands.currency, Role.BUYER),
    "column": Command(answer_commands.column, Role.BUYER),
    "anew": Command(answer_commands.read_anyway, Role.BUYER),
    "skip": Command(answer_commands.skip, Role.BUYER),
    "instead": Command(answer_commands.take_place, Role.BUYER),
    "buy": Command(catalogue_commands.basket_of_list),
    "named": Command(supplier_commands.give_by_name, Role.BUYER),
    "pause": Command(admin_commands.pause, Role.ADMIN),
    "resume": Command(admin_commands.resume, Role.ADMIN),
    "letin": Command(admin_commands.let_in, Role.ADMIN),
    "shutout": Command(admin_commands.shut_out, Role.ADMIN),
}
