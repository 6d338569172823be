"""What the bot answers to commands and buttons. Tasks of others are as unknown as tasks that never were."""

import html
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from monito_ray.api import Monito
from monito_ray.bot.receiving import Received
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.clients.telegram.bot_api import Buttons
from monito_ray.errors import Permanent, TaskUnknown
from monito_ray.jobs import chat_messages, queue
from monito_ray.jobs.task import Task
from monito_ray.messages import LANGUAGES, N_, OPEN_TABLE, STAGES, Markup, Messages, fit_message
from monito_ray.stages import Stage
from monito_ray.store.database import Store

_MOST_LISTED = 10
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
    "Send a supplier's price list as a file, and it comes back as a clean table: xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt or pdf."
)
_CAPTION = N_("A caption below the file is taken as the supplier's name.")
_REFUSAL = N_("This bot serves only people it knows. Your id is {id}; the owner can let you in.")
_NOT_FOUND = N_("There is no task {id} of yours.")
_WHICH = N_("Which task? Write /{command} and the task's id; /status lists your tasks.")
_UNKNOWN = N_("I do not know this command. /help lists those I know.")
_BUSY = N_("The database does not answer just now. Please try again in a minute.")
_NO_SHEET = N_("No spreadsheet is set up; the table comes with each list.")
_WHAT = N_("What are you looking for? Write /prices and a few words, such as /prices beras 5 kg.")
_NOTHING_SOLD = N_("Nobody's list has {query}.")
_NOTHING_MOVED = N_("No price has changed in the last {days} days.")
_EMPTY = N_("The catalogue is empty: no list has been written yet.")
_CATALOGUE = N_("Offers in the catalogue: {n}")
_SAME = N_("You have sent this list already:")
_TOO_MANY = N_("You have sent too many files within an hour; this one was not taken. Please send it again in {minutes} minutes.")
_PAUSED = N_("paused")
_QUEUE_LINE = N_("{queue}: {waiting} waiting, {running} running")
_FIGURES = (
    ("total_tasks", N_("Tasks: {n}")),
    ("successful_tasks", N_("Done: {n}")),
    ("failed_tasks", N_("Failed: {n}")),
    ("pending_tasks", N_("Pending: {n}")),
    ("active_workers", N_("Workers: {n}")),
    ("queue_length", N_("Waiting in queues: {n}")),
)


@dataclass(frozen=True, slots=True)
class BotReply:
    """An answer; one to a pressed button is shown over the chat, and `is_loud` also in it. A `document` (name, bytes) has it as its caption."""

    html: str
    buttons: Buttons = ()
    is_loud: bool = False
    document: tuple[str, bytes] | None = None

    @property
    def plain(self) -> str:
        """The answer without markup."""
        return html.unescape(re.sub("<[^>]*>", "", self.html))


@dataclass(frozen=True, slots=True)
class _Asked:
    user_id: int
    argument: str
    speech: Messages
    monito: Monito
    store: Store

    def task(self, command: str) -> Task:
        """The task that is meant, when it is this person's.

        Raises:
            _Unclear: with what to say instead.
        """
        if not self.argument:
            raise _Unclear(self.speech.say(_WHICH, command=command))
        try:
            task = queue.load(self.store, self.argument.split()[0][:16])
        except TaskUnknown:
            task = None
        if task is None or task.user_id != self.user_id:
            raise _Unclear(self.speech.say(_NOT_FOUND, id=self.argument[:40]))
        return task


class _Unclear(Exception):
    """The command cannot be followed; the text says why."""


def command_menu(speech: Messages) -> Mapping[str, str]:
    """The commands, and what each does."""
    return {command: str(speech.say(text)) for command, text in _COMMANDS.items()}


def refusal_text(speech: Messages, user_id: int) -> str:
    """The one line for a stranger."""
    return speech.say(_REFUSAL, id=Markup(f"<code>{user_id}</code>"))


def too_many_text(speech: Messages, back_at: datetime) -> str:
    """What is said to who has sent too many files."""
    minutes = max(1, math.ceil((back_at - datetime.now(UTC)).total_seconds() / 60))
    return speech.say(_TOO_MANY, minutes=minutes)


def busy_reply(speech: Messages) -> BotReply:
    """What is said while the store is away."""
    return BotReply(speech.say(_BUSY))


def answer_command(one: Received, speech: Messages, monito: Monito, store: Store) -> BotReply:
    """The answer to a command or a pressed button."""
    follow = _ANSWERS.get(one.command)
    if follow is None:
        return BotReply(speech.say(_UNKNOWN))
    try:
        return follow(_Asked(one.user_id, one.argument, speech, monito, store))
    except _Unclear as unclear:
        return BotReply(str(unclear))


def _help(asked: _Asked) -> BotReply:
    lines = [f"/{command} · {text}" for command, text in command_menu(asked.speech).items()]
    return BotReply("\n".join([asked.speech.say(_WELCOME), asked.speech.say(_CAPTION), "", *lines]))


def _status(asked: _Asked) -> BotReply:
    if asked.argument:
        task = asked.task("status")
        return BotReply(fit_message(asked.speech.block(task)), asked.speech.buttons([task]))
    own = queue.newest_tasks(asked.store, _MOST_LISTED, asked.user_id)
    return BotReply(fit_message("\n".join(map(asked.speech.line, own))) if own else asked.speech.say("You have sent no lists yet."))


def _same(asked: _Asked) -> BotReply:
    task = asked.task("same")
    return BotReply(fit_message(f"{asked.speech.say(_SAME)}\n\n{asked.speech.block(task)}"), asked.speech.buttons([task]))


def _queue(asked: _Asked) -> BotReply:
    lines = []
    for name, status in asked.monito.get_queue_status().items():
        stage = asked.speech.say(STAGES[Stage(name)])
        line = asked.speech.say(_QUEUE_LINE, queue=stage, waiting=status.waiting, running=status.running)
        lines.append(f"{line} · {asked.speech.say(_PAUSED)}" if status.paused else str(line))
    return BotReply("\n".join(lines))


def _stats(asked: _Asked) -> BotReply:
    stats = asked.monito.get_worker_stats()
    lines = [asked.speech.say(text, n=getattr(stats, name)) for name, text in _FIGURES]
    lines.append(asked.speech.say("Mean time: {n} s", n=f"{stats.average_processing_time_ms / 1000:.1f}"))
    return BotReply("\n".join(lines))


def _sheet(asked: _Asked) -> BotReply:
    link = asked.speech.link
    return BotReply(f'<a href="{html.escape(link)}">{asked.speech.say(OPEN_TABLE)}</a>' if link else asked.speech.say(_NO_SHEET))


def _prices(asked: _Asked) -> BotReply:
    if not asked.argument:
        return BotReply(asked.speech.say(_WHAT))
    found = asked.monito.get_prices(asked.argument, _MOST_PRODUCTS)
    blocks = ["\n".join([asked.speech.product(one.product), *map(asked.speech.offer, one.offers[:_MOST_OFFERS])]) for one in found]
    return BotReply(fit_message("\n\n".join(blocks)) if blocks else asked.speech.say(_NOTHING_SOLD, query=asked.argument))


def _changes(asked: _Asked) -> BotReply:
    found = asked.monito.get_changes(timedelta(days=_CHANGES_DAYS), most=_MOST_CHANGES)
    return BotReply(
        fit_message("\n".join(map(asked.speech.move, found))) if found else asked.speech.say(_NOTHING_MOVED, days=_CHANGES_DAYS)
    )


def _export(asked: _Asked) -> BotReply:
    from monito_ray.clients import exports  # noqa: PLC0415  pandas and xlsxwriter, when they are wanted

    frame = asked.monito.export()
    if frame.empty:
        return BotReply(asked.speech.say(_EMPTY))
    with TemporaryDirectory(prefix="monito-") as folder:
        made = exports.write_frame("Catalogue", frame, Path(folder) / "catalogue.xlsx", OutputFormat.XLSX)
        return BotReply(asked.speech.say(_CATALOGUE, n=len(frame)), document=(made.name, made.read_bytes()))


def _cancel(asked: _Asked) -> BotReply:
    task = asked.task("cancel")
    return _tried(asked, task, asked.monito.cancel, N_("{file} is cancelled."), N_("{file} has ended already."))


def _retry(asked: _Asked) -> BotReply:
    task = asked.task("retry")
    return _tried(
        asked, task, asked.monito.retry, N_("{file} will be tried again."), N_("{file} did not fail; there is nothing to try again.")
    )


def _tried(asked: _Asked, task: Task, act: Callable[[str], object], done: str, refused: str) -> BotReply:
    name = asked.speech.name(task)
    try:
        act(task.id)
    except Permanent:
        return BotReply(asked.speech.say(refused, file=name))
    return BotReply(asked.speech.say(done, file=name))


def _language(asked: _Asked) -> BotReply:
    wanted = asked.argument.lower()
    if wanted not in LANGUAGES:
        return BotReply(asked.speech.say("Choose the language:"), [(title, f"lang:{code}") for code, title in LANGUAGES.items()])
    chat_messages.set_language(asked.store, asked.user_id, wanted)
    return BotReply(Messages(wanted).say("I speak English now."), is_loud=True)


_ANSWERS: Mapping[str, Callable[[_Asked], BotReply]] = {
    "start": _help,
    "help": _help,
    "status": _status,
    "same": _same,
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
