"""What people are told in chats, in their language: texts as Telegram's HTML, every value in them escaped.

The texts stand in the program in English; `locale/` has the other languages, compiled by Babel and read with the standard library.
"""

import gettext
import html
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from monito_ray.catalog.offers import Offer, Product
from monito_ray.catalog.price_changes import PriceChange
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.stages import Stage

LANGUAGES = {"en": "English", "ru": "Русский", "id": "Bahasa Indonesia"}
_NUMBERS = {"en": (",", "."), "ru": ("\u00a0", ","), "id": (".", ",")}
"""What stands between thousands, and before decimals."""
RETRY = "retry:"
"""What a button to try again tells the bot, before the task's id."""
TEXT_LIMIT = 4096
_NAME_LENGTH = 60
_CAUSE_LENGTH = 300
_MOST_REASONS = 6
_TAG = re.compile(r"<[^>]*>")
# What would break a line, hide, or turn the direction of the text around it.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def N_(text: str) -> str:  # noqa: N802  gettext's usual name for a text that is translated where it is used
    """Mark a text for translation."""
    return text


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
_CAUSES = {
    "FileEmpty": N_("the file is empty"),
    "FileTooLarge": N_("the file is too large"),
    "FileFormatUnknown": N_("this is no format that price lists come in"),
    "FileDamaged": N_("the file is damaged"),
    "FileEncrypted": N_("the file wants a password"),
    "FileWithoutText": N_("the PDF holds pictures and no text"),
    "NoPricesFound": N_("no offer with a price was found in it"),
    "TelegramFileGone": N_("Telegram has this file no more"),
}
_REMEDIES = (
    N_("Ask the supplier to send the list again."),
    N_("Split the list, or raise MONITO_MAX_FILE_MB."),
    N_("Send the list as xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt or pdf."),
    N_("Open the file, save it anew, and send that."),
    N_("Save the list without a password, and send that."),
    N_("Ask the supplier for the list as Excel or as a PDF with text."),
    N_("Check that this is the price list; a stock list or an order form has no prices to take."),
    N_("This is a fault of the program: please report it, with the list if you may share it."),
    N_("Send the file again."),
)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("monito", Path(__file__).with_name("locale"), [language], fallback=True)


def supported_language(code: str | None, fallback: str) -> str:
    """The language of ours for a code such as "ru-RU", or `fallback`."""
    plain = (code or "").lower().partition("-")[0]
    return {"in": "id"}.get(plain, plain) if plain in {*LANGUAGES, "in"} else fallback


def escape_value(value: object, most: int = _NAME_LENGTH) -> str:
    """A value for a text: on one line, at most so long (cut in the middle, for names end in what they are), without markup."""
    return html.escape(shorten(value, most), quote=False)


def shorten(value: object, most: int) -> str:
    """A value as plain text on one line, at most so long."""
    text = _UNSEEN.sub(" ", str(value)).strip()
    return text if len(text) <= most else f"{text[: most - most // 3 - 1]}…{text[-(most // 3) :]}"


def fit_message(text: str, limit: int = TEXT_LIMIT) -> str:
    """HTML that Telegram takes for its length: as it is, or its plain text as far as it goes."""
    if _units(text) <= limit:
        return text
    plain = html.unescape(_TAG.sub("", text))
    if _units(plain) > limit:
        plain = plain.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore") + "…"
    return html.escape(plain, quote=False)


def _units(text: str) -> int:
    """Telegram counts UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


class Markup(str):
    """HTML of ours, which goes into a text as it is."""

    __slots__ = ()


class Messages:
    """All that is said of tasks, in one language; `link` is the spreadsheet's, if there is one."""

    def __init__(self, language: str, link: str = "") -> None:
        self.language = language
        self.link = link
        self._catalogue = _catalogue(language)

    def say(self, text: str, **values: object) -> Markup:
        """`text` in this language with these values."""
        shown = {name: value if isinstance(value, Markup) else escape_value(value, _CAUSE_LENGTH) for name, value in values.items()}
        return Markup(self._catalogue.gettext(text).format(**shown))

    def message(self, tasks: Sequence[Task], rows: Mapping[str, tuple[int, int]] | None = None) -> str:
        """The message that tells of these tasks, each on a line when there is no room for more; `rows` are (done, all) of a task's stage."""
        whole = "\n\n".join(self.block(task, (rows or {}).get(task.id)) for task in tasks)
        return fit_message(whole) if _units(whole) <= TEXT_LIMIT or len(tasks) == 1 else fit_message("\n".join(map(self.line, tasks)))

    def buttons(self, tasks: Sequence[Task]) -> list[tuple[str, str]]:
        """A button to try again for each of the tasks that failed."""
        failed = [task for task in tasks if task.status is Status.FAILURE]
        if len(failed) == 1:
            return [(self._catalogue.gettext(_TRY_AGAIN), f"{RETRY}{failed[0].id}")]
        return [(f"{self._catalogue.gettext(_TRY_AGAIN)}: {shorten(task.file_name, 30)}", f"{RETRY}{task.id}") for task in failed]

    def block(self, task: Task, rows: tuple[int, int] | None = None) -> str:
        """How a task stands."""
        if task.status is Status.SUCCESS:
            return self._done(task)
        if task.status is Status.FAILURE:
            return self._failed(task)
        return f"{self._headline(task)}\n{self._standing(task, rows)}"

    def name(self, task: Task) -> Markup:
        """A task's file, as people are told of it."""
        return _name(task)

    def line(self, task: Task) -> str:
        """How a task stands, in one line."""
        return f"<code>{escape_value(task.id)}</code> {_name(task)} · {self.say(_STATUS[task.status])}"

    def product(self, product: Product) -> str:
        """What a product is."""
        return f"<b>{escape_value(product.label, _CAUSE_LENGTH)}</b>"

    def offer(self, offer: Offer) -> str:
        """What a supplier asks, and what that is for one kilogram, litre or piece."""
        base = f" ({self.amount(offer.base_price)}/{escape_value(offer.base_unit)})" if offer.base_price is not None else ""
        return f"{self.amount(offer.price)} {escape_value(offer.currency)}{base} · {escape_value(offer.supplier)}"

    def move(self, move: PriceChange) -> str:
        """How a price changed."""
        share = f"{move.relative_change:+.1%}".replace(".", _NUMBERS[self.language][1])
        prices = f"{self.amount(move.before)} → {self.amount(move.after)} {escape_value(move.currency)} ({share})"
        return f"{escape_value(move.product.label)}: {prices} · {escape_value(move.supplier)}"

    def amount(self, number: Decimal) -> str:
        """A price as people of this language write it: thousands apart, decimals where there are any."""
        text = f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.2f}"
        thousands, point = _NUMBERS[self.language]
        return text.translate({ord(","): thousands, ord("."): point})

    def caption(self, task: Task) -> str:
        """What stands below the cleaned list."""
        return self.say("The cleaned list of {file}", file=_name(task))

    def _headline(self, task: Task) -> str:
        return f"{_name(task)}\n{self.say('Task {id}', id=_id(task))}"

    def _standing(self, task: Task, rows: tuple[int, int] | None) -> str:
        if task.status is Status.CANCELLED:
            return self.say("Cancelled.")
        if task.status is Status.RETRY:
            return self.say("Has to be tried again: {cause}", cause=self._cause(task))
        stages = list(Stage)
        if task.status is Status.PENDING and task.stage is stages[0]:
            return self.say("Accepted, waiting for its turn.")
        number = stages.index(task.stage) + 1
        step = self.say("Step {number} of {all}: {stage}", number=number, all=len(stages), stage=self.say(STAGES[task.stage]))
        return f"{step} ({rows[0]}/{rows[1]})" if rows and rows[1] else step

    def _done(self, task: Task) -> str:
        told = task.result or {}
        lines = [self._headline(task), self.say("Done.")]
        if "rows_found" in told:
            lines += [
                self.say("Rows found: {n}", n=told["rows_found"]),
                self.say("Written: {n}", n=told["rows_written"]),
                self.say("Rejected: {n}", n=told["rows_rejected"]) + self._reasons(told.get("rejected") or {}),
                self.say("Duplicates: {n}", n=told["rows_duplicate"]),
                self.say("New products: {n}", n=told["products_new"]),
                self.say("Changed prices: {n}", n=told["prices_changed"]),
            ]
        if self.link:
            lines.append(f'<a href="{html.escape(self.link)}">{self.say(OPEN_TABLE)}</a>')
        return "\n".join(lines)

    def _reasons(self, rejected: Mapping[str, int]) -> str:
        if not rejected:
            return ""
        first = sorted(rejected.items(), key=lambda found: (-found[1], found[0]))
        said = [f"{self.say(_REASONS[reason]) if reason in _REASONS else escape_value(reason)} {count}" for reason, count in first]
        return f" ({', '.join([*said[:_MOST_REASONS], *(['…'] if len(said) > _MOST_REASONS else [])])})"

    def _failed(self, task: Task) -> str:
        lines = [self.say("Could not process {file}: {cause}.", file=_name(task), cause=self._cause(task).rstrip("."))]
        if task.remedy:
            lines.append(self.say(task.remedy) if task.remedy in _REMEDIES else Markup(escape_value(task.remedy, _CAUSE_LENGTH)))
        return "\n".join([*lines, self.say("Task {id}", id=_id(task))])

    def _cause(self, task: Task) -> str:
        known = _CAUSES.get(task.error_code)
        if known and self.language != "en":
            return self._catalogue.gettext(known)
        return task.error.removeprefix(f"{task.file_name}: ")


def _name(task: Task) -> Markup:
    return Markup(f"<b>{escape_value(task.file_name or task.id)}</b>")


def _id(task: Task) -> Markup:
    return Markup(f"<code>{escape_value(task.id)}</code>")
