"""The bot's answers to commands and buttons. Another person's task is treated like one that does not exist."""

import html
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from monito_ray.api import Monito
from monito_ray.bot.receiving import IncomingUpdate
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.clients.telegram.bot_api import Buttons
from monito_ray.errors import Permanent, TaskUnknown
from monito_ray.jobs import chat_messages, queue
from monito_ray.jobs.task import Task
from monito_ray.messages import LANGUAGES, N_, OPEN_TABLE, STAGES, Markup, Messages, changes_text, file_name, fit_message
from monito_ray.stages import Stage
from monito_ray.store.database import Store

_TASK_ID_LENGTH = 16
_MOST_TASKS = 10
_MOST_PRODUCTS = 8
_MOST_OFFERS = 5
_MOST_CHANGES = 25
_CHANGES_DAYS = 30
_COMMANDS = {
    "start": N_("begin"),
    "help": N_("what can be sent and asked"),
    "status": N_("how your lists stand"),
    "queue": N_("what waits in each queue"),
    "stats": N_("the system in figures"),
    "sheet": N_("link to the table"),
    "prices": N_("who sells something, and for how much"),
    "changes": N_("which prices changed"),
    "export": N_("the whole catalogue as a file"),
    "cancel": N_("stop a task"),
    "retry": N_("try a task again"),
    "lang": N_("choose the language"),
}
_WELCOME = N_(
    "Send a supplier's price list as a file, and it comes back as a clean table: xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt, docx, odt, rtf, html, pdf, eml or zip."
)
_CAPTION = N_("A caption below the file is taken as the supplier's name.")
_REFUSAL = N_("This bot serves only people it knows. Your id is {id}; the owner can let you in.")
_NOT_FOUND = N_("There is no task {id} of yours.")
_WHICH_TASK = N_("Which task? Write /{command} and the task's id; /status lists your tasks.")
_UNKNOWN_COMMAND = N_("I do not know this command. /help lists those I know.")
_BUSY = N_("The database does not answer just now. Please try again in a minute.")
_NO_SHEET = N_("No spreadsheet is set up; the table comes with each list.")
_WHICH_PRODUCT = N_("What are you looking for? Write /prices and a few words, such as /prices beras 5 kg.")
_NO_OFFERS = N_("Nobody's list has {query}.")
_NO_CHANGES = N_("No price has changed in the last {days} days.")
_EMPTY_CATALOGUE = N_("The catalogue is empty: no list has been written yet.")
_CATALOGUE = N_("Offers in the catalogue: {n}")
_SENT_BEFORE = N_("You have sent this list already:")
_TOO_MANY = N_("You have sent too many files within an hour; this one was not taken. Please send it again in {minutes} minutes.")
_PAUSED = N_("paused")
_QUEUE_LINE = N_("{queue}: {waiting} waiting, {running} running")
_STATS_LINES = (
    ("total_tasks", N_("Tasks: {n}")),
    ("successful_tasks", N_("Done: {n}")),
    ("failed_tasks", N_("Failed: {n}")),
    ("pending_tasks", N_("Pending: {n}")),
    ("active_workers", N_("Workers: {n}")),
    ("queue_length", N_("Waiting in queues: {n}")),
)


@dataclass(frozen=True, slots=True)
class BotReply:
    """An answer in a chat. The answer to a pressed button is shown as a notice over the chat."""

    html: str
    buttons: Buttons = ()
    #: The answer to a button is also sent as a message.
    is_loud: bool = False
    #: Name and bytes of a file to send, with the text as its caption.
    document: tuple[str, bytes] | None = None

    @property
    def plain_text(self) -> str:
        """The answer without markup."""
        return html.unescape(re.sub("<[^>]*>", "", self.html))


@dataclass(frozen=True, slots=True)
class _CommandCall:
    """A command and everything that is needed to answer it."""

    user_id: int
    argument: str
    messages: Messages
    monito: Monito
    store: Store

    def own_task(self, command: str) -> Task:
        """Return the task that the argument names, if it belongs to this person.

        Raises:
            _CommandRefused: its text is the answer instead.
        """
        if not self.argument:
            raise _CommandRefused(self.messages.say(_WHICH_TASK, command=command))
        try:
            task = queue.load(self.store, self.argument.split()[0][:_TASK_ID_LENGTH])
        except TaskUnknown:
            task = None
        if task is None or task.user_id != self.user_id:
            raise _CommandRefused(self.messages.say(_NOT_FOUND, id=self.argument[:40]))
        return task


class _CommandRefused(Exception):
    """The command cannot be carried out; the text says why."""


def command_menu(messages: Messages) -> Mapping[str, str]:
    """Return each command with a text that says what it does."""
    return {command: str(messages.say(text)) for command, text in _COMMANDS.items()}


def refusal_text(messages: Messages, user_id: int) -> str:
    """Return the answer to a person who may not use the bot."""
    return messages.say(_REFUSAL, id=Markup(f"<code>{user_id}</code>"))


def too_many_text(messages: Messages, back_at: datetime) -> str:
    """Return the refusal of a file beyond the hourly quota."""
    minutes = max(1, math.ceil((back_at - datetime.now(UTC)).total_seconds() / 60))
    return messages.say(_TOO_MANY, minutes=minutes)


def busy_reply(messages: Messages) -> BotReply:
    """Return the answer while the database does not respond."""
    return BotReply(messages.say(_BUSY))


def answer_command(update: IncomingUpdate, messages: Messages, monito: Monito, store: Store) -> BotReply:
    """Return the answer to a command or a pressed button."""
    command = _ANSWERS.get(update.command)
    if command is None:
        return BotReply(messages.say(_UNKNOWN_COMMAND))
    try:
        return command(_CommandCall(update.user_id, update.argument, messages, monito, store))
    except _CommandRefused as refused:
        return BotReply(str(refused))


def _help(call: _CommandCall) -> BotReply:
    lines = [f"/{command} · {text}" for command, text in command_menu(call.messages).items()]
    return BotReply("\n".join([call.messages.say(_WELCOME), call.messages.say(_CAPTION), "", *lines]))


def _status(call: _CommandCall) -> BotReply:
    if call.argument:
        task = call.own_task("status")
        return BotReply(fit_message(call.messages.task_text(task)), call.messages.retry_buttons([task]))
    tasks = queue.newest_tasks(call.store, _MOST_TASKS, call.user_id)
    if not tasks:
        return BotReply(call.messages.say("You have sent no lists yet."))
    return BotReply(fit_message("\n".join(map(call.messages.task_line, tasks))))


def _sent_before(call: _CommandCall) -> BotReply:
    task = call.own_task("same")
    text = f"{call.messages.say(_SENT_BEFORE)}\n\n{call.messages.task_text(task)}"
    return BotReply(fit_message(text), call.messages.retry_buttons([task]))


def _queue(call: _CommandCall) -> BotReply:
    lines = []
    for name, status in call.monito.get_queue_status().items():
        stage = call.messages.say(STAGES[Stage(name)])
        line = call.messages.say(_QUEUE_LINE, queue=stage, waiting=status.waiting, running=status.running)
        lines.append(f"{line} · {call.messages.say(_PAUSED)}" if status.paused else str(line))
    return BotReply("\n".join(lines))


def _stats(call: _CommandCall) -> BotReply:
    stats = call.monito.get_worker_stats()
    lines = [call.messages.say(text, n=getattr(stats, name)) for name, text in _STATS_LINES]
    lines.append(call.messages.say("Mean time: {n} s", n=call.messages.numbers.decimal(stats.average_processing_time_ms / 1000)))
    return BotReply("\n".join(lines))


def _sheet(call: _CommandCall) -> BotReply:
    if not call.messages.link:
        return BotReply(call.messages.say(_NO_SHEET))
    return BotReply(f'<a href="{html.escape(call.messages.link)}">{call.messages.say(OPEN_TABLE)}</a>')


def _prices(call: _CommandCall) -> BotReply:
    if not call.argument:
        return BotReply(call.messages.say(_WHICH_PRODUCT))
    matches = call.monito.get_prices(call.argument, _MOST_PRODUCTS)
    if not matches:
        return BotReply(call.messages.say(_NO_OFFERS, query=call.argument))
    blocks = []
    for match in matches:
        offers = map(call.messages.offer_line, match.offers[:_MOST_OFFERS])
        blocks.append("\n".join([call.messages.product_title(match.product), *offers]))
    return BotReply(fit_message("\n\n".join(blocks)))


def _changes(call: _CommandCall) -> BotReply:
    changes = call.monito.get_changes(timedelta(days=_CHANGES_DAYS), most=_MOST_CHANGES)
    if not changes:
        return BotReply(call.messages.say(_NO_CHANGES, days=_CHANGES_DAYS))
    return BotReply(fit_message(changes_text(call.messages, changes)))


def _export(call: _CommandCall) -> BotReply:
    from monito_ray.clients import exports  # noqa: PLC0415  it loads pyarrow and xlsxwriter

    columns, tables = call.monito.export_tables()
    with TemporaryDirectory(prefix="monito-") as folder:
        path = Path(folder) / "catalogue.xlsx"
        count = exports.write_tables("Catalogue", columns, tables, path, OutputFormat.XLSX)
        if count == 0:
            return BotReply(call.messages.say(_EMPTY_CATALOGUE))
        return BotReply(call.messages.say(_CATALOGUE, n=count), document=(path.name, path.read_bytes()))


def _cancel(call: _CommandCall) -> BotReply:
    task = call.own_task("cancel")
    return _change_task(call, task, call.monito.cancel, N_("{file} is cancelled."), N_("{file} has ended already."))


def _retry(call: _CommandCall) -> BotReply:
    task = call.own_task("retry")
    refusal = N_("{file} did not fail; there is nothing to try again.")
    return _change_task(call, task, call.monito.retry, N_("{file} will be tried again."), refusal)


def _change_task(call: _CommandCall, task: Task, change: Callable[[str], object], done: str, refused: str) -> BotReply:
    name = file_name(task)
    try:
        change(task.id)
    except Permanent:
        return BotReply(call.messages.say(refused, file=name))
    return BotReply(call.messages.say(done, file=name))


def _language(call: _CommandCall) -> BotReply:
    language = call.argument.lower()
    if language not in LANGUAGES:
        return BotReply(call.messages.say("Choose the language:"), [(title, f"lang:{code}") for code, title in LANGUAGES.items()])
    chat_messages.set_language(call.store, call.user_id, language)
    return BotReply(Messages(language).say("I speak English now."), is_loud=True)


_ANSWERS: Mapping[str, Callable[[_CommandCall], BotReply]] = {
    "start": _help,
    "help": _help,
    "status": _status,
    "same": _sent_before,
    "queue": _queue,
    "stats": _stats,
    "sheet": _sheet,
    "prices": _prices,
    "changes": _changes,
    "export": _export,
    "cancel": _cancel,
    "retry": _retry,
    "lang": _language,
}
