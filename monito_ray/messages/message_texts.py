"""The texts that people in chats see, in their language, as Telegram's HTML with every value escaped."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from monito_ray.catalog.offers import Offer, Product
from monito_ray.jobs.task import Task
from monito_ray.messages.error_texts import cause_text, remedy_text
from monito_ray.messages.local_numbers import numbers_of
from monito_ray.messages.translations import N_, translations_of
from monito_ray.records import SUPPLIER_QUESTION, Status
from monito_ray.stages import Stage

#: What a button to try again sends to the bot, before the task's id.
RETRY = "retry:"
#: UTF-16 code units that Telegram takes in a message, markup not counted.
TEXT_LIMIT = 4096
_NAME_LENGTH = 60
_CAUSE_LENGTH = 300
_MOST_REASONS = 6
_TAG = re.compile(r"<[^>]*>")
# Characters that break a line, are invisible, or change the direction of the text around them.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


OPEN_TABLE = N_("Open the table")
_TRY_AGAIN = N_("Try again")
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
_REASONS = {
    "no_price": N_("no price"),
    "no_name": N_("no name"),
    "price_not_positive": N_("price zero or below"),
    "price_on_request": N_("price on request"),
    "price_unreadable": N_("price unreadable"),
    "section_title": N_("section titles"),
    "total_line": N_("totals"),
    "note": N_("notes"),
    "row_deadly": N_("rows that crash the reader"),
}
#: What prices and sizes are for one of.
_UNITS = {"kg": N_("kg"), "l": N_("l"), "m": N_("m"), "pcs": N_("pcs")}


def escape_value(value: object, most: int = _NAME_LENGTH) -> str:
    """Return a value as one line of at most `most` characters, without markup."""
    return html.escape(shorten(value, most), quote=False)


def shorten(value: object, most: int) -> str:
    """Return a value as one line of plain text. If it is longer than `most`, cut its middle: the end of a file's name matters, too."""
    text = _INVISIBLE.sub(" ", str(value)).strip()
    return text if len(text) <= most else f"{text[: most - most // 3 - 1]}…{text[-(most // 3) :]}"


def fit_message(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return HTML within Telegram's limit. A text that is too long loses its tags, and then its end."""
    if _utf16_units(text) <= limit:
        return text
    plain = html.unescape(_TAG.sub("", text))
    if _utf16_units(plain) > limit:
        plain = plain.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore") + "…"
    return html.escape(plain, quote=False)


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class Markup(str):
    """HTML that the program made; it goes into a text without being escaped."""

    __slots__ = ()


class Messages:
    """The texts of one language.

    Args:
        language: one of `LANGUAGES`.
        link: the address of the spreadsheet, "" if there is none.
    """

    def __init__(self, language: str, link: str = "") -> None:
        self.language = language
        self.link = link
        self.numbers = numbers_of(language)
        self._translations = translations_of(language)

    def say(self, text: str, **values: object) -> Markup:
        """Return `text` in this language, its `{names}` replaced by the escaped values, whole numbers as this language writes them."""
        shown = {name: value if isinstance(value, Markup) else self._value(value) for name, value in values.items()}
        return Markup(self._translations.gettext(text).format(**shown))

    def plain(self, text: str) -> str:
        """Return `text` in this language as it stands, for others than Telegram; `{names}` stay in it."""
        return self._translations.gettext(text)

    def _value(self, value: object) -> str:
        return self.numbers.count(value) if isinstance(value, int) else escape_value(value, _CAUSE_LENGTH)

    def tasks_text(self, tasks: Sequence[Task], rows: Mapping[str, tuple[int, int]] | None = None) -> str:
        """Return the message that shows these tasks, each in full; if that is too long, each on one line.

        Args:
            tasks: in the order in which they are shown.
            rows: by task id, the number of rows that the current stage has done, and the number of all its rows.
        """
        full = "\n\n".join(self.task_text(task, (rows or {}).get(task.id)) for task in tasks)
        fits = _utf16_units(full) <= TEXT_LIMIT or len(tasks) == 1
        return fit_message(full if fits else "\n".join(map(self.task_line, tasks)))

    def retry_buttons(self, tasks: Sequence[Task]) -> list[tuple[str, str]]:
        """Return a button to try again for each of the tasks that failed."""
        failed = [task for task in tasks if task.status is Status.FAILURE]
        if len(failed) == 1:
            return [(self._translations.gettext(_TRY_AGAIN), f"{RETRY}{failed[0].id}")]
        return [(f"{self._translations.gettext(_TRY_AGAIN)}: {shorten(task.file_name, 30)}", f"{RETRY}{task.id}") for task in failed]

    def task_text(self, task: Task, rows: tuple[int, int] | None = None) -> str:
        """Return the state of a task in full; `rows` are the numbers of done and of all rows in its stage."""
        if task.status is Status.SUCCESS:
            return self._success(task)
        if task.status is Status.FAILURE:
            return self._failure(task)
        return f"{self._headline(task)}\n{self._progress(task, rows)}"

    def task_line(self, task: Task) -> str:
        """Return the state of a task in one line."""
        return f"<code>{escape_value(task.id)}</code> {file_name(task)} · {self.say(_STATUS[task.status])}"

    def product_title(self, product: Product) -> str:
        """Return the name, brand, size and pack of a product."""
        return f"<b>{escape_value(product.label, _CAUSE_LENGTH)}</b>"

    def offer_line(self, offer: Offer) -> str:
        """Return a supplier's price, with the price of one kilogram, litre or piece."""
        base = f" ({self.numbers.base_amount(offer.base_price)}/{self.unit(offer.base_unit)})" if offer.base_price is not None else ""
        return f"{self.money(offer.price, offer.currency)}{base} · {escape_value(offer.supplier)}"

    def money(self, price: Decimal, currency: str) -> str:
        """Return a price with its currency as this language writes it."""
        return escape_value(self.numbers.money(price, currency))

    def unit(self, unit: str) -> str:
        """Return what people call a unit."""
        return str(self.say(_UNITS[unit])) if unit in _UNITS else escape_value(unit)

    def caption(self, task: Task) -> str:
        """Return the caption of the cleaned list."""
        return self.say("The cleaned list of {file}", file=file_name(task))

    def _headline(self, task: Task) -> str:
        return f"{file_name(task)}\n{self.say('Task {id}', id=_task_id(task))}"

    def _progress(self, task: Task, rows: tuple[int, int] | None) -> str:
        if task.status is Status.CANCELLED:
            return self.say("Cancelled.")
        if task.status is Status.RETRY:
            return self.say("Has to be tried again: {cause}", cause=self._cause(task))
        stages = list(Stage)
        if task.status is Status.PENDING and task.stage is stages[0]:
            return self.say("Accepted, waiting for its turn.")
        number = stages.index(task.stage) + 1
        step = self.say("Step {number} of {all}: {stage}", number=number, all=len(stages), stage=self.say(STAGES[task.stage]))
        return f"{step} ({self.numbers.count(rows[0])}/{self.numbers.count(rows[1])})" if rows and rows[1] else step

    def _success(self, task: Task) -> str:
        result = task.result or {}
        lines = [self._headline(task), self.say("Done.")]
        if "rows_found" in result:
            lines += [
                *self._whose(result),
                self.say("Rows found: {n}", n=result["rows_found"]),
                self.say("Written: {n}", n=result["rows_written"]),
                self.say("Rejected: {n}", n=result["rows_rejected"]) + self._reasons(result.get("rejected") or {}),
                self.say("Duplicates: {n}", n=result["rows_duplicate"]),
                self.say("New products: {n}", n=result["products_new"]),
                self.say("Changed prices: {n}", n=result["prices_changed"]),
                *self._doubts(result),
            ]
        if self.link:
            lines.append(f'<a href="{html.escape(self.link)}">{self.say(OPEN_TABLE)}</a>')
        return "\n".join(lines)

    def _whose(self, result: Mapping[str, Any]) -> list[Markup]:
        """Return whose list it is, of which day, in which currency, as far as that is known; and that it is not sure whose."""
        lines = [self.say("Supplier: {name}", name=result["supplier"])] if result.get("supplier") else []
        if any(question["id"] == SUPPLIER_QUESTION for question in result.get("questions") or ()):
            lines.append(self.say("⚠ It is not sure whose list this is."))
        facts = []
        if "currency" in result:
            code = result["currency"]
            facts.append(self.say("Currency: {code}", code=code) if code else self.say("⚠ No currency is known."))
        if day := result.get("list_date"):
            facts.append(self.say("list of {day}", day=self.numbers.day(date.fromisoformat(day))))
        return [*lines, *([Markup(", ".join(facts))] if facts else [])]

    def _doubts(self, result: Mapping[str, Any]) -> list[Markup]:
        """Return a line where the list may be misread, and one with the first doubt in the program's own words."""
        doubts, unread = result.get("doubts") or (), result.get("unread_count") or 0
        if not doubts:
            return []
        lines = [self.say("⚠ This list may be misread: compare some rows with it.")]
        if unread:
            lines.append(self.say("Amounts that were not read: {n}", n=unread))
        return [*lines, Markup(f"<i>{escape_value(doubts[0], _CAUSE_LENGTH)}</i>")]

    def _reasons(self, rejected: Mapping[str, int]) -> str:
        """Return the most frequent reasons with their counts, in brackets."""
        if not rejected:
            return ""
        by_count = sorted(rejected.items(), key=lambda item: (-item[1], item[0]))
        texts = [
            f"{self.say(_REASONS[reason]) if reason in _REASONS else escape_value(reason)} {self.numbers.count(count)}"
            for reason, count in by_count
        ]
        more = ["…"] if len(texts) > _MOST_REASONS else []
        return f" ({', '.join([*texts[:_MOST_REASONS], *more])})"

    def _failure(self, task: Task) -> str:
        lines = [self.say("Could not process {file}: {cause}.", file=file_name(task), cause=self._cause(task).rstrip("."))]
        if remedy := remedy_text(task.error_code, task.remedy):
            lines.append(Markup(escape_value(self._translations.gettext(remedy), _CAUSE_LENGTH)))
        return "\n".join([*lines, self.say("Task {id}", id=_task_id(task))])

    def _cause(self, task: Task) -> str:
        """Return why a task failed: the text of its error code, else the sentence of the error itself."""
        if cause := cause_text(task.error_code, is_english=self.language == "en"):
            return self._translations.gettext(cause)
        return task.error.removeprefix(f"{task.file_name}: ")


def file_name(task: Task) -> Markup:
    """Return the name of a task's file, in bold; its id where there is no file."""
    return Markup(f"<b>{escape_value(task.file_name or task.id)}</b>")


def _task_id(task: Task) -> Markup:
    return Markup(f"<code>{escape_value(task.id)}</code>")
