"""How a task stands, as the people in its chat read it."""

from collections.abc import Mapping, Sequence

from monito_ray.jobs.task import Task
from monito_ray.messages.done_texts import done_lines
from monito_ray.messages.error_texts import cause_text, remedy_text
from monito_ray.messages.message_markup import CAUSE_LENGTH, TEXT_LIMIT, Markup, escape_value, fit_message, shorten, utf16_units
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_
from monito_ray.records import Status
from monito_ray.stages import Stage

_FIRST_LINE_LENGTH = 40
_PAGES = N_("pages: {n}")
STAGES = {
    Stage.FILE_PROCESSING: N_("reading the file"),
    Stage.DATA_VALIDATION: N_("checking the rows"),
    Stage.LLM_PROCESSING: N_("naming the products"),
    Stage.SHEETS_WRITING: N_("writing the catalogue"),
    Stage.NOTIFICATIONS: N_("finishing"),
}
_STATUS = {
    Status.PENDING: N_("waiting"),
    Status.RUNNING: N_("running"),
    Status.RETRY: N_("will be tried again"),
    Status.SUCCESS: N_("done"),
    Status.FAILURE: N_("failed"),
    Status.CANCELLED: N_("cancelled"),
}


def tasks_text(messages: Messages, tasks: Sequence[Task], rows: Mapping[str, tuple[int, int]] | None = None) -> str:
    """Return the message that shows these tasks in this order, each in full; if that is too long, each on one line.

    `rows` are, by task id, the number of rows that the current stage has done, and the number of all its rows.
    """
    full = "\n\n".join(task_text(messages, task, (rows or {}).get(task.id)) for task in tasks)
    fits = utf16_units(full) <= TEXT_LIMIT or len(tasks) == 1
    return fit_message(full if fits else "\n".join(task_line(messages, task) for task in tasks))


def task_text(messages: Messages, task: Task, rows: tuple[int, int] | None = None) -> str:
    """Return the state of a task in full; `rows` are the numbers of done and of all rows in its stage."""
    if task.status is Status.SUCCESS:
        return "\n".join([_headline(messages, task), *done_lines(messages, task.result or {})])
    if task.status is Status.FAILURE:
        return _failure(messages, task)
    return f"{_headline(messages, task)}\n{_progress(messages, task, rows)}"


def task_line(messages: Messages, task: Task) -> str:
    """Return the state of a task in one line."""
    return f"<code>{escape_value(task.id)}</code> {file_name(task)} · {messages.say(_STATUS[task.status])}"


def caption_text(messages: Messages, task: Task) -> str:
    """Return the caption of the cleaned list."""
    return messages.say("The cleaned list of {file}", file=file_name(task))


def _headline(messages: Messages, task: Task) -> str:
    count = len(task.options.get("pages", ()))
    pages = f" ({messages.say(_PAGES, n=count)})" if count > 1 else ""
    return f"{file_name(task)}{pages}\n{messages.say('Task {id}', id=_task_id(task))}"


def _progress(messages: Messages, task: Task, rows: tuple[int, int] | None) -> str:
    if task.status is Status.CANCELLED:
        return messages.say("Cancelled.")
    if task.status is Status.RETRY:
        return messages.say("Has to be tried again: {cause}", cause=_cause(messages, task))
    stages = list(Stage)
    if task.status is Status.PENDING and task.stage is stages[0]:
        return messages.say("Accepted, waiting for its turn.")
    number = stages.index(task.stage) + 1
    step = messages.say("Step {number} of {all}: {stage}", number=number, all=len(stages), stage=messages.say(STAGES[task.stage]))
    return f"{step} ({messages.numbers.count(rows[0])}/{messages.numbers.count(rows[1])})" if rows and rows[1] else step


def _failure(messages: Messages, task: Task) -> str:
    lines = [messages.say("Could not process {file}: {cause}.", file=file_name(task), cause=_cause(messages, task).rstrip("."))]
    if remedy := remedy_text(task.error_code, task.remedy):
        lines.append(Markup(escape_value(messages.plain(remedy), CAUSE_LENGTH)))
    return "\n".join([*lines, messages.say("Task {id}", id=_task_id(task))])


def _cause(messages: Messages, task: Task) -> str:
    """Return why a task failed: the text of its error code, else the sentence of the error itmessages."""
    if cause := cause_text(task.error_code, is_english=messages.language == "en"):
        return messages.plain(cause)
    return task.error.removeprefix(f"{task.file_name}: ")


def file_name(task: Task) -> Markup:
    """Return the name of a task's file, in bold; of a list that was written in the chat its first line, and its id where there is neither."""
    if text := task.options.get("text"):
        return Markup(f"<b>«{escape_value(shorten(str(text).strip().splitlines()[0], _FIRST_LINE_LENGTH))}»</b>")
    return Markup(f"<b>{escape_value(task.file_name or task.id)}</b>")


def _task_id(task: Task) -> Markup:
    return Markup(f"<code>{escape_value(task.id)}</code>")
