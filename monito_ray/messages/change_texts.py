"""What changed from suppliers' lists to their next ones, as people in chats read it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_ages import ListAge
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.messages.message_markup import Markup, escape_value
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_

_LABEL_LENGTH = 200
_WORDS = {
    ChangeKind.NEW: N_("new"),
    ChangeKind.GONE: N_("no longer in the list"),
    ChangeKind.BACK: N_("back in the list"),
    ChangeKind.SMALLER_PACK: N_("smaller pack"),
    ChangeKind.LARGER_PACK: N_("larger pack"),
}
_OTHER_CURRENCY = N_("currency changed from {before} to {now}")
_MORE = N_("… and {n} more: /changes")
_LATE = N_("{supplier}: the next list is overdue; the newest is the {day}.")
_SUSPICION = N_("perhaps a misprint")


def changes_text(messages: Messages, changes: Sequence[LoggedChange], of_all: int = 0) -> Markup:
    """Return a line for each change, under the supplier and the date of its list; with `of_all`, how many more there are."""
    blocks = []
    for _, own in groupby(changes, key=lambda change: (change.supplier, change.task_id, change.at)):
        of_list = list(own)
        day = messages.say(N_("list of {day}"), day=messages.numbers.day(of_list[0].listed_on))
        title = f"<b>{escape_value(messages.supplier(of_list[0].supplier))}</b>, {day}"
        blocks.append("\n".join([title, *(change_line(messages, change) for change in of_list)]))
    left = of_all - len(changes)
    return Markup("\n\n".join(blocks) + (f"\n{messages.say(_MORE, n=left)}" if left > 0 else ""))


def late_list_text(messages: Messages, age: ListAge) -> Markup:
    """Return that the next list of a supplier is overdue."""
    day = messages.say(N_("list of {day}"), day=messages.numbers.day(age.listed_on))
    return messages.say(_LATE, supplier=Markup(f"<b>{escape_value(age.supplier)}</b>"), day=day)


def change_line(messages: Messages, change: LoggedChange) -> str:
    """Return what happened to one article."""
    label = ", ".join(part for part in (change.name, change.brand, _pack(messages, change)) if part)
    return f"{escape_value(label, _LABEL_LENGTH)}: {', '.join(_change_parts(messages, change))}"


def _pack(messages: Messages, change: LoggedChange) -> str:
    return messages.pack(change.size, change.unit, change.pack_count)


def _pack_before(messages: Messages, change: LoggedChange) -> str:
    return messages.pack(change.size_before, change.unit_before, change.pack_count_before)


def _change_parts(messages: Messages, change: LoggedChange) -> Iterator[str]:
    """Yield what happened, the price with the one before, and whether to doubt it: "smaller pack: 300 g → 270 g", "14,500 IDR (+11.1%/kg)"."""
    has_other_pack = change.pack != change.pack_before and change.kind in (ChangeKind.SMALLER_PACK, ChangeKind.LARGER_PACK)
    if word := _WORDS.get(change.kind):
        packs = f": {escape_value(_pack_before(messages, change))} → {escape_value(_pack(messages, change))}" if has_other_pack else ""
        yield f"{messages.say(word)}{packs}"
    if change.has_other_currency:
        yield messages.say(_OTHER_CURRENCY, before=change.currency_before, now=change.currency)
    yield _change_prices(messages, change)
    if change.suspicion:
        yield messages.say(_SUSPICION)


def _change_prices(messages: Messages, change: LoggedChange) -> str:
    before = f"{_price_before(messages, change)} → " if _is_move(change) else ""
    latest = change.price if change.price is not None else change.price_before
    money = "" if latest is None else messages.money(latest, change.currency)
    text = f"{before}{money}{_per(messages, change.price_unit)}"
    share, per = change.relative_change, ""
    if change.pack != change.pack_before and change.relative_base_change is not None:
        share, per = change.relative_base_change, _per(messages, change.base_unit)
    return f"{text} ({messages.numbers.change(share)}{per})" if share else text


def _is_move(change: LoggedChange) -> bool:
    is_one_currency = change.currency == change.currency_before and change.price != change.price_before
    return None not in (change.price, change.price_before) and (is_one_currency or change.has_other_currency)


def _price_before(messages: Messages, change: LoggedChange) -> str:
    price = change.price_before or Decimal(0)
    return messages.money(price, change.currency_before) if change.has_other_currency else messages.numbers.amount(price)


def _per(messages: Messages, unit: str) -> str:
    return f"/{messages.unit(unit)}" if unit else ""
