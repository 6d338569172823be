"""What a person reads of a list that is done: whose it is, how many rows, what changed, what to look at."""

import html
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from monito_ray.catalog.prices.change_log import change_from_json
from monito_ray.messages.change_texts import change_line
from monito_ray.messages.message_markup import CAUSE_LENGTH, Markup, escape_value
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.program_sentences import say_doubt
from monito_ray.messages.question_texts import question_lines
from monito_ray.messages.translations import N_
from monito_ray.records import READ_AT, SAME_AS

_MOST_REASONS = 6
_READ_BEFORE = N_("This file was read already, on {day} at {time}. Nothing has changed.")
_SAME_FILE = N_("⚠ The same file is a list of {supplier}, too. /undo {task} takes that one back.")
OPEN_TABLE = N_("Open the table")
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


def done_lines(messages: Messages, result: Mapping[str, Any]) -> list[str]:
    """Return the lines about a task that succeeded, by its result."""
    if SAME_AS in result:
        read_at = datetime.fromisoformat(result[READ_AT]).astimezone()
        return [messages.say(_READ_BEFORE, day=messages.numbers.day(read_at.date()), time=f"{read_at:%H:%M}")]
    lines: list[str] = [messages.say("Done.")]
    if "rows_found" in result:
        lines += [
            *_whose(messages, result),
            _written_rows(messages, result),
            *_change_lines(messages, result),
            *_look_at(messages, result),
            *question_lines(messages, result),
        ]
    if messages.link:
        lines.append(f'<a href="{html.escape(messages.link)}">{messages.say(OPEN_TABLE)}</a>')
    return lines


def _whose(messages: Messages, result: Mapping[str, Any]) -> list[Markup]:
    """Return whose list it is, of which day, in which currency, as far as that is known."""
    lines = [messages.say("Supplier: {name}", name=messages.supplier(result["supplier"]))] if result.get("supplier") else []
    facts = []
    if "currency" in result:
        code = result["currency"]
        facts.append(messages.say("Currency: {code}", code=code) if code else messages.say("⚠ No currency is known."))
    if day := result.get("list_date"):
        facts.append(messages.say("list of {day}", day=messages.numbers.day(date.fromisoformat(day))))
    return [*lines, *([Markup(", ".join(facts))] if facts else [])]


def _written_rows(messages: Messages, result: Mapping[str, Any]) -> str:
    """Return how many rows were written, and what became of the others."""
    others = []
    if rejected := result["rows_rejected"]:
        others.append(messages.say("left out: {n}", n=rejected) + _reasons(messages, result.get("rejected") or {}))
    if repeats := result["rows_duplicate"]:
        others.append(messages.say("repeats: {n}", n=repeats))
    written = messages.say("Rows: {n} of {all}", n=result["rows_written"], all=result["rows_found"])
    return ", ".join([written, *others])


def _reasons(messages: Messages, rejected: Mapping[str, int]) -> str:
    """Return the most frequent reasons with their counts, in brackets."""
    if not rejected:
        return ""
    by_count = sorted(rejected.items(), key=lambda item: (-item[1], item[0]))
    texts = [
        f"{messages.say(_REASONS[reason]) if reason in _REASONS else escape_value(reason)} {messages.numbers.count(count)}"
        for reason, count in by_count
    ]
    more = ["…"] if len(texts) > _MOST_REASONS else []
    return f" ({', '.join([*texts[:_MOST_REASONS], *more])})"


def _change_lines(messages: Messages, result: Mapping[str, Any]) -> list[str]:
    """Return how much is new, and the greatest changes since the supplier's last list."""
    counts = messages.say("New products: {n}", n=result["products_new"]), messages.say("Changed prices: {n}", n=result["prices_changed"])
    shown = [change_from_json(change) for change in result.get("largest_changes") or ()]
    return [", ".join(counts), *(f"• {change_line(messages, change)}" for change in shown)]


def _look_at(messages: Messages, result: Mapping[str, Any]) -> list[str]:
    """Return what a person should look at: a file that stands under two suppliers, rows for Review, amounts that were not read, the first doubt or note that has words here."""
    lines: list[str] = []
    if other := result.get("same_file"):
        lines.append(messages.say(_SAME_FILE, supplier=messages.supplier(other["supplier"]), task=other["task_id"]))
    if in_doubt := result.get("review_count"):
        lines.append(messages.say("Rows to look at: {n}", n=in_doubt))
    doubts, notes = result.get("doubts") or (), result.get("notes") or ()
    if doubts:
        lines.append(messages.say("⚠ This list may be misread: compare some rows with it."))
        if unread := result.get("unread_count") or 0:
            lines.append(messages.say("Amounts that were not read: {n}", n=unread))
    if sentence := next(filter(None, (say_doubt(messages, one) for one in (*doubts, *notes))), ""):
        lines.append(Markup(f"<i>{escape_value(sentence, CAUSE_LENGTH)}</i>"))
    if cost := Decimal(str((result.get("llm") or {}).get("cost_usd") or 0)):
        lines.append(messages.say("Cost of the LLM: {money}", money=messages.numbers.money(cost, "USD")))
    return lines
