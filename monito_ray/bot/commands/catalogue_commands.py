"""Commands that show the catalogue: prices, changes, the whole as a file or page, what a list of articles costs."""

import html
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from monito_ray import wiring
from monito_ray.bot.commands.command_call import BotReply, CommandCall, CommandRefused
from monito_ray.catalog.prices import change_log
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.clients.telegram.bot_api import InlineResult
from monito_ray.errors import ArtifactGone, FileUnusable, TaskUnknown, UsageWrong
from monito_ray.messages import N_, OPEN_TABLE, Markup, basket_text, changes_text, fit_message, match_text, shorten

if TYPE_CHECKING:
    from monito_ray.catalog.search.find import SearchResult

_MOST_PRODUCTS = 8
_MOST_OFFERS = 6
_MOST_INLINE = 10
_TITLE_LENGTH = 60
_MOST_CHANGES = 25
_CHANGES_DAYS = 30
_NO_SHEET = N_("No spreadsheet is set up; the table comes with each list.")
_WHICH_PRODUCT = N_("What are you looking for? Write /prices and a few words, such as /prices beras 5 kg.")
_WHICH_ARTICLES = N_("What do you want to buy? Write /basket and a line for each article, such as 10 kg bawang merah.")
_NO_OFFERS = N_("Nobody's list has {query}.")
_NOT_AS_WRITTEN = N_("Nobody's list has {query}. Without {missing} there is:")
_SIMILAR = N_("Similar:")
#: So few products that similar ones are shown, too; how many, and how many shorter searches are tried for them.
_FEW, _MOST_SIMILAR, _MOST_SHORTER = 3, 3, 4
_HISTORY = N_("Prices over time")
_NO_HISTORY = N_("This price has not changed yet.")
_NO_CHANGES = N_("No price has changed in the last {days} days.")
_EMPTY_CATALOGUE = N_("The catalogue is empty: no list has been written yet.")
_CATALOGUE = N_("Offers in the catalogue: {n}")
_REPORT = N_("Compare, filter and see each price's history: open this page in a browser.")


def sheet(call: CommandCall) -> BotReply:
    """Show where the spreadsheet is."""
    if not call.messages.link:
        return BotReply(call.messages.say(_NO_SHEET))
    return BotReply(f'<a href="{html.escape(call.messages.link)}">{call.messages.say(OPEN_TABLE)}</a>')


def prices(call: CommandCall) -> BotReply:
    """Show who sells what was asked for, the best price first."""
    if not call.argument:
        return BotReply(call.messages.say(_WHICH_PRODUCT))
    matches = call.monito.get_prices(call.argument, _MOST_PRODUCTS)
    if not matches:
        return BotReply(call.messages.say(_NO_OFFERS, query=call.argument))
    today = wiring.utc_now().date()
    blocks = [match_text(call.messages, match, today, _MOST_OFFERS) for match in matches]
    if missing := matches[0].missing:
        blocks = [call.messages.say(_NOT_AS_WRITTEN, query=call.argument, missing=", ".join(missing)), *blocks]
    elif len(matches) < _FEW and (similar := _similar(call, matches)):
        lines = [f"{call.messages.product_title(match.product)}\n{call.messages.offer_line(match.offers[0])}" for match in similar]
        blocks.append(Markup("\n".join([f"<i>{call.messages.say(_SIMILAR)}</i>", *lines])))
    text = "\n\n".join(blocks)
    moved = any(offer.previous_price for offer in matches[0].offers)
    buttons = [(call.messages.plain(_HISTORY), f"chart:{matches[0].product.product_id}")] if moved else []
    return BotReply(fit_message(text), buttons)


def _similar(call: CommandCall, matches: "Sequence[SearchResult]") -> "list[SearchResult]":
    """Return products that have all but one of the words, or all but the size; none that is shown already."""
    words = call.argument.split()
    shorter = [
        [word for word in words if not any(map(str.isdecimal, word))],
        *(words[:n] + words[n + 1 :] for n in reversed(range(len(words)))),
    ]
    shown = {match.product.product_id for match in matches}
    others: dict[str, SearchResult] = {}
    for query in dict.fromkeys(" ".join(words) for words in shorter[:_MOST_SHORTER] if words):
        for match in call.monito.get_prices(query, _MOST_PRODUCTS) if query != call.argument else ():
            if not match.missing and match.product.product_id not in shown:
                others.setdefault(match.product.product_id, match)
        if len(others) >= _MOST_SIMILAR:
            break
    return list(others.values())[:_MOST_SIMILAR]


def chart(call: CommandCall) -> BotReply:
    """Send the prices of a product over time as a picture."""
    with TemporaryDirectory(prefix="monito-") as folder:
        pictures = call.monito.charts(folder, language=call.messages.language, product_ids=[call.argument])
        history = next((path for path in pictures if path.stem.endswith("history")), None)
        if history is None:
            return BotReply(call.messages.say(_NO_HISTORY))
        return BotReply("", picture=history.read_bytes())


def inline_results(call: CommandCall) -> list[InlineResult]:
    """Return what a person chooses from who asks for prices within any chat: products, each with its best offer."""
    matches = call.monito.get_prices(call.argument, _MOST_INLINE) if call.argument else []
    today = wiring.utc_now().date()
    return [
        InlineResult(
            match.product.product_id,
            shorten(call.messages.product_label(match.product), _TITLE_LENGTH),
            call.messages.offer_text(match.offers[0]),
            fit_message(match_text(call.messages, match, today, _MOST_OFFERS)),
        )
        for match in matches
    ]


def changes(call: CommandCall) -> BotReply:
    """Show what changed lately."""
    changed = call.monito.get_changes(timedelta(days=_CHANGES_DAYS), most=_MOST_CHANGES)
    if not changed:
        return BotReply(call.messages.say(_NO_CHANGES, days=_CHANGES_DAYS))
    return BotReply(fit_message(changes_text(call.messages, changed)))


def list_changes(call: CommandCall) -> BotReply:
    """Show what changed with the list of one task, by the button below it."""
    task = call.find_task(call.argument)
    supplier = str((task.result or {}).get("supplier") or "") if task else ""
    own = change_log.changes_of_list(call.store, supplier, task.id, most=_MOST_CHANGES) if task else []
    if not own:
        return BotReply(call.messages.say(N_("Nothing has changed since the list before.")))
    return BotReply(fit_message(changes_text(call.messages, own)), is_loud=True)


def export(call: CommandCall) -> BotReply:
    """Send the whole catalogue as a workbook."""
    from monito_ray.clients import exports  # noqa: PLC0415  it loads pyarrow and xlsxwriter

    columns, tables = call.monito.export_tables()
    with TemporaryDirectory(prefix="monito-") as folder:
        path = Path(folder) / "catalogue.xlsx"
        count = exports.write_tables("Catalogue", columns, tables, path, OutputFormat.XLSX)
        if count == 0:
            return BotReply(call.messages.say(_EMPTY_CATALOGUE))
        return BotReply(call.messages.say(_CATALOGUE, n=count), document=(path.name, path.read_bytes()))


def report(call: CommandCall) -> BotReply:
    """Send the page that compares suppliers."""
    with TemporaryDirectory(prefix="monito-") as folder:
        path = Path(folder) / "report.html"
        planned = call.monito.report(path, call.messages.language)
        if not planned.comparisons:
            return BotReply(call.messages.say(_EMPTY_CATALOGUE))
        return BotReply(call.messages.say(_REPORT), document=(path.name, path.read_bytes()))


def basket(call: CommandCall) -> BotReply:
    """Show what a list of articles costs, where each is cheapest, and who alone is cheapest for all."""
    lines = [line for line in call.argument.splitlines() if line.strip()]
    if not lines:
        return BotReply(call.messages.say(_WHICH_ARTICLES))
    try:
        plan = call.monito.basket(lines)
    except UsageWrong:
        return BotReply(call.messages.say(_WHICH_ARTICLES))
    return BotReply(fit_message(basket_text(call.messages, plan)))


def basket_of_list(call: CommandCall) -> BotReply:
    """Show what the articles of a file without prices cost, by the button below it."""
    try:
        plan = call.monito.basket_of_task(call.argument)
    except (UsageWrong, TaskUnknown, ArtifactGone, FileUnusable):
        raise CommandRefused(call.messages.say(_WHICH_ARTICLES)) from None
    return BotReply(fit_message(basket_text(call.messages, plan)), is_loud=True)
