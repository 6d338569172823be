"""Review in the chat: the next thing that matters, with buttons that settle it."""

import re
from dataclasses import replace

from monito_ray import wiring
from monito_ray.bot.commands.command_call import REPLY_MARK, BotReply, CommandCall, CommandRefused
from monito_ray.catalog.edits.review_queue import PairToSettle, RowToSettle, Settleable, confirm_row, find_row, review_queue
from monito_ray.catalog.links import LinkKind
from monito_ray.catalog.lists.correcting import confirm_prices, settle_prices
from monito_ray.catalog.settled_prices import list_of_row
from monito_ray.catalog.sheets.reading.corrected_fields import FieldRefused
from monito_ray.errors import OfferUnknown, UsageWrong
from monito_ray.messages import N_, category_called, fit_message, pair_text, row_text
from monito_ray.messages.message_markup import escape_value
from monito_ray.pipeline.price_remarks import says_minus
from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.products.taxonomy import category_names
from monito_ray.pipeline.spellings import canonical_unit

_TITLES = {"product": "Product", "brand": "Brand", "size": "Size", "pack": "Pack", "category": "Category"}
_FIELDS = {
    "product": N_("Name"),
    "brand": N_("Brand"),
    "size": N_("Size"),
    "pack": N_("Pack"),
    "category": N_("Category"),
    "price": N_("Price"),
}
#: The field that is asked for only where a picture shows it.
_PRICE = "price"
_SIZE = re.compile(r"([\d.,]+)\s*([^\W\d]\w*)")
_LEFT = N_("To look at: {n}")
_ALL_DONE = N_("Nothing is left to look at. The sheet Review has what costs nothing if it is wrong.")
_SEEN_ALL = N_("These were all; {n} you left for later. /review begins again.")
_RIGHT, _CHANGE, _LATER = N_("It is right"), N_("Change…"), N_("Later")
_SAME, _APART = N_("The same"), N_("Two products")
_WHICH_FIELD = N_("What is wrong?")
_WRITE = N_("Write it as a reply to this message: {field}")
_ANOTHER_PRICE = N_("Another price")
_NO_PRICE = N_("This is no price. Write a number above zero, as it stands on the list.")
_PRICE_TAKEN = N_("Taken: {name} costs {price} on this list.")
_SETTLED = N_("This was settled already.")
_TAKEN = N_("Taken. It holds for the lists to come, too.")
_REFUSED = N_("This cannot be taken: {reason}.")
_REFUSED_PLAINLY = N_(
    "This cannot be taken. A size is a number and a unit (5 kg), a pack a whole number, a category one of the sheet Review's."
)


def review(call: CommandCall) -> BotReply:
    """Show the first thing that waits."""
    return _show(call, 0)


def later(call: CommandCall) -> BotReply:
    """Show the thing after this one."""
    place, _, key = call.argument.partition(":")
    return _after(call, place, find_row(call.store, key) if key else None)


def settle_pair(call: CommandCall) -> BotReply:
    """Say that two offers are one product, or two, and show the next thing."""
    kind, one, other, place = (*call.argument.split(":"), "", "", "")[:4]
    if kind not in tuple(LinkKind):
        raise CommandRefused(call.messages.say(_SETTLED))
    try:
        call.monito.link(one, other, kind, call.user_id)
    except (OfferUnknown, UsageWrong):
        raise CommandRefused(call.messages.say(_SETTLED)) from None
    return _after(call, place)


def confirm(call: CommandCall) -> BotReply:
    """Say that a row is right as it is, and show the next thing."""
    key, _, place = call.argument.partition(":")
    row = find_row(call.store, key)
    if row is None:
        raise CommandRefused(call.messages.say(_SETTLED))
    try:
        if row.is_of_picture:
            confirm_prices(call.store, [row.entry.row], wiring.utc_now(), call.user_id)
        else:
            confirm_row(call.store, row.entry.row, {}, wiring.utc_now(), call.user_id)
    except FieldRefused as refused:
        raise CommandRefused(_refusal(call, refused)) from None
    return _after(call, place, row)


def choose_field(call: CommandCall) -> BotReply:
    """Ask which field of a row is wrong, or, where that is said, for what is right."""
    key, _, field = call.argument.partition(":")
    row = find_row(call.store, key)
    if row is None:
        raise CommandRefused(call.messages.say(_SETTLED))
    if field not in _FIELDS or (field == _PRICE and not row.is_of_picture):
        buttons = [(call.messages.plain(title), f"wrong:{key}:{name}") for name, title in _FIELDS.items() if name != _PRICE]
        return BotReply(call.messages.say(_WHICH_FIELD), buttons, is_loud=True)
    text = call.messages.say(_WRITE, field=call.messages.say(_FIELDS[field]))
    return BotReply(f"{text}\n<code>{REPLY_MARK}{key}:{field}</code>", is_loud=True)


def correct_field(call: CommandCall) -> BotReply:
    """Take what a person wrote for a field of a row; the key and the field stand first."""
    place, _, written = call.argument.partition(" ")
    key, _, field = place.partition(":")
    item = find_row(call.store, key)
    if item is None or field not in _FIELDS:
        return BotReply(call.messages.say(_SETTLED))
    if field == _PRICE:
        return _correct_price(call, item, written)
    if field == "category":
        written = category_called(call.messages, written, category_names()) or written
    changes = {_TITLES[field]: written}
    if field == "size" and (match := _SIZE.fullmatch(written.strip())):
        changes = {"Size": match[1], "Unit": canonical_unit(match[2]) or match[2].lower()}
    try:
        confirm_row(call.store, item.entry.row, changes, wiring.utc_now(), call.user_id)
    except FieldRefused as refused:
        return BotReply(_refusal(call, refused))
    return BotReply(call.messages.say(_TAKEN))


def _correct_price(call: CommandCall, item: RowToSettle, written: str) -> BotReply:
    """Take the price that a person saw on a picture, for this list alone, and say how it was understood."""
    amount = parse_price(written)
    if amount is None or amount.value <= 0 or says_minus(written) or not item.is_of_picture:
        return BotReply(call.messages.say(_NO_PRICE))
    row = item.entry.row
    settle_prices(call.store, [(row, amount.value)], wiring.utc_now(), call.user_id)
    return BotReply(call.messages.say(_PRICE_TAKEN, name=row.original_name, price=call.messages.money(amount.value, row.currency)))


def _refusal(call: CommandCall, refused: FieldRefused) -> str:
    """Return why a correction was not taken; the exact reason is a sentence of the program, and English."""
    if call.messages.language == "en":
        return call.messages.say(_REFUSED, reason=str(refused))
    return call.messages.say(_REFUSED_PLAINLY)


def _after(call: CommandCall, place: str, settled: RowToSettle | None = None) -> BotReply:
    """Show the next thing in place of what was settled; below a picture, or with one, as a new message."""
    reply = _show(call, int(place) if place.isdecimal() else 0)
    if reply.picture or (settled is not None and settled.is_of_picture):
        row = settled.entry.row if settled else None
        closing = f"<b>{escape_value(row.original_name)}</b> · {call.messages.money(row.price, row.currency)}" if row else ""
        return replace(reply, is_loud=True, closes=closing)
    return replace(reply, replaces=True)


def _show(call: CommandCall, place: int) -> BotReply:
    waiting = review_queue(call.store)
    if not waiting:
        return BotReply(call.messages.say(_ALL_DONE))
    if place >= len(waiting):
        return BotReply(call.messages.say(_SEEN_ALL, n=len(waiting)))
    item = waiting[place]
    text = (
        pair_text(call.messages, item.suggestion.offer, item.other)
        if isinstance(item, PairToSettle)
        else row_text(call.messages, item.entry)
    )
    left = call.messages.say(_LEFT, n=len(waiting))
    return BotReply(fit_message(f"{left}\n\n{text}"), _buttons(call, item, place), picture=_strip(call, item))


def _strip(call: CommandCall, item: Settleable) -> bytes:
    """Return the part of the picture that shows a price in doubt, b"" where there is none, or none is kept any more."""
    if isinstance(item, PairToSettle) or not item.is_of_picture:
        return b""
    row = item.entry.row
    with call.store.read() as connection:
        task_id = list_of_row(connection, row, row.supplier)
    return wiring.open_files(call.settings).read_strip(task_id, row.source_sheet, row.source_row) if task_id else b""


def _buttons(call: CommandCall, item: Settleable, place: int) -> list[tuple[str, str]]:
    say, later = call.messages.plain, call.messages.plain(_LATER)
    if isinstance(item, RowToSettle) and item.is_of_picture:
        another = (say(_ANOTHER_PRICE), f"wrong:{item.key}:{_PRICE}")
        return [(say(_RIGHT), f"right:{item.key}:{place}"), another, (later, f"later:{place + 1}:{item.key}")]
    after = later, f"later:{place + 1}"
    if isinstance(item, RowToSettle):
        return [(say(_RIGHT), f"right:{item.key}:{place}"), (say(_CHANGE), f"wrong:{item.key}"), after]
    ids = f"{item.suggestion.offer.offer_id}:{item.other.offer.offer_id}:{place}"
    return [(say(_SAME), f"link:{LinkKind.SAME}:{ids}"), (say(_APART), f"link:{LinkKind.APART}:{ids}"), after]
