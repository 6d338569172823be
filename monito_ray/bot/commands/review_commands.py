"""Review in the chat: the next thing that matters, with buttons that settle it."""

import re

from monito_ray import wiring
from monito_ray.bot.commands.command_call import BotReply, CommandCall, CommandRefused
from monito_ray.catalog.edits.review_queue import PairToSettle, RowToSettle, Settleable, confirm_row, find_row, review_queue
from monito_ray.catalog.links import LinkKind
from monito_ray.catalog.sheets.reading.corrected_fields import FieldRefused
from monito_ray.errors import OfferUnknown, UsageWrong
from monito_ray.messages import N_, category_called, fit_message, pair_text, row_text
from monito_ray.pipeline.products.taxonomy import category_names
from monito_ray.pipeline.spellings import canonical_unit

#: Before the row and the field, in the message whose reply corrects it.
FIELD_REPLY = "field:"
_TITLES = {"product": "Product", "brand": "Brand", "size": "Size", "pack": "Pack", "category": "Category"}
_FIELDS = {"product": N_("Name"), "brand": N_("Brand"), "size": N_("Size"), "pack": N_("Pack"), "category": N_("Category")}
_SIZE = re.compile(r"([\d.,]+)\s*([^\W\d]\w*)")
_LEFT = N_("To look at: {n}")
_ALL_DONE = N_("Nothing is left to look at. The sheet Review has what costs nothing if it is wrong.")
_SEEN_ALL = N_("These were all; {n} you left for later. /review begins again.")
_RIGHT, _CHANGE, _LATER = N_("It is right"), N_("Change…"), N_("Later")
_SAME, _APART = N_("The same"), N_("Two products")
_WHICH_FIELD = N_("What is wrong?")
_WRITE = N_("Write it as a reply to this message: {field}")
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
    return _replacing(_show(call, int(call.argument) if call.argument.isdecimal() else 0))


def settle_pair(call: CommandCall) -> BotReply:
    """Say that two offers are one product, or two, and show the next thing."""
    kind, one, other, place = (*call.argument.split(":"), "", "", "")[:4]
    if kind not in tuple(LinkKind):
        raise CommandRefused(call.messages.say(_SETTLED))
    try:
        call.monito.link(one, other, kind, call.user_id)
    except (OfferUnknown, UsageWrong):
        raise CommandRefused(call.messages.say(_SETTLED)) from None
    return _replacing(_show(call, int(place) if place.isdecimal() else 0))


def confirm(call: CommandCall) -> BotReply:
    """Say that a row is right as it is, and show the next thing."""
    key, _, place = call.argument.partition(":")
    row = find_row(call.store, key)
    if row is None:
        raise CommandRefused(call.messages.say(_SETTLED))
    try:
        confirm_row(call.store, row, {}, wiring.utc_now(), call.user_id)
    except FieldRefused as refused:
        raise CommandRefused(_refusal(call, refused)) from None
    return _replacing(_show(call, int(place) if place.isdecimal() else 0))


def choose_field(call: CommandCall) -> BotReply:
    """Ask which field of a row is wrong, or, where that is said, for what is right."""
    key, _, field = call.argument.partition(":")
    if find_row(call.store, key) is None:
        raise CommandRefused(call.messages.say(_SETTLED))
    if field not in _FIELDS:
        buttons = [(call.messages.plain(title), f"wrong:{key}:{name}") for name, title in _FIELDS.items()]
        return BotReply(call.messages.say(_WHICH_FIELD), buttons, is_loud=True)
    text = call.messages.say(_WRITE, field=call.messages.say(_FIELDS[field]))
    return BotReply(f"{text}\n<code>{FIELD_REPLY}{key}:{field}</code>", is_loud=True)


def correct_field(call: CommandCall) -> BotReply:
    """Take what a person wrote for a field of a row; the key and the field stand first."""
    place, _, written = call.argument.partition(" ")
    key, _, field = place.partition(":")
    row = find_row(call.store, key)
    if row is None or field not in _FIELDS:
        return BotReply(call.messages.say(_SETTLED))
    if field == "category":
        written = category_called(call.messages, written, category_names()) or written
    changes = {_TITLES[field]: written}
    if field == "size" and (match := _SIZE.fullmatch(written.strip())):
        changes = {"Size": match[1], "Unit": canonical_unit(match[2]) or match[2].lower()}
    try:
        confirm_row(call.store, row, changes, wiring.utc_now(), call.user_id)
    except FieldRefused as refused:
        return BotReply(_refusal(call, refused))
    return BotReply(call.messages.say(_TAKEN))


def _refusal(call: CommandCall, refused: FieldRefused) -> str:
    """Return why a correction was not taken; the exact reason is a sentence of the program, and English."""
    if call.messages.language == "en":
        return call.messages.say(_REFUSED, reason=str(refused))
    return call.messages.say(_REFUSED_PLAINLY)


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
    return BotReply(fit_message(f"{call.messages.say(_LEFT, n=len(waiting))}\n\n{text}"), _buttons(call, item, place))


def _buttons(call: CommandCall, item: Settleable, place: int) -> list[tuple[str, str]]:
    say, after = call.messages.plain, (call.messages.plain(_LATER), f"later:{place + 1}")
    if isinstance(item, RowToSettle):
        return [(say(_RIGHT), f"right:{item.key}:{place}"), (say(_CHANGE), f"wrong:{item.key}"), after]
    ids = f"{item.suggestion.offer.offer_id}:{item.other.offer.offer_id}:{place}"
    return [(say(_SAME), f"link:{LinkKind.SAME}:{ids}"), (say(_APART), f"link:{LinkKind.APART}:{ids}"), after]


def _replacing(reply: BotReply) -> BotReply:
    return BotReply(reply.html, reply.buttons, replaces=True)
