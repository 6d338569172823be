"""Offers for a product, as people in chats compare them: a table that a phone shows whole, and below it how old each price is."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from monito_ray.catalog.offers import Offer
from monito_ray.catalog.prices.staleness import is_stale
from monito_ray.messages.message_markup import Markup, escape_value, shorten
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_

if TYPE_CHECKING:
    from monito_ray.catalog.search.find import SearchResult

#: Characters of a line that a phone of 360 points shows unbroken in monospaced type.
TABLE_WIDTH = 34
_SHORTEST_SUPPLIER = 8
_MISPRINT = N_("perhaps a misprint")
_OLD = N_("⚠ old")


def match_text(messages: Messages, match: "SearchResult", today: date, most: int) -> Markup:
    """Return a product with its offers, the best first: a line for a single one, else a table, and when each was listed and how it moved."""
    shown = match.offers[:most]
    title = messages.product_title(match.product)
    if len(shown) == 1:
        age = _age(messages, shown[0], today)
        return Markup(f"{title}\n{messages.offer_line(shown[0])} · {age}")
    table = "\n".join(_table_lines(messages, shown))
    ages = "; ".join(f"{escape_value(messages.supplier(offer.supplier))}: {_age(messages, offer, today)}" for offer in shown)
    return Markup(f"{title}\n<pre>{table}</pre>\n<i>{ages}</i>")


def _table_lines(messages: Messages, offers: Sequence[Offer]) -> list[str]:
    """Return a line for each offer, its columns under each other: price for one unit, price, supplier, of which the end is cut if need be."""
    has_base = any(offer.base_price is not None for offer in offers)
    bases = [_base(messages, offer) if has_base else "" for offer in offers]
    prices = [messages.numbers.money(offer.price, offer.currency).replace("\u00a0", " ") for offer in offers]
    wide = max(map(len, bases)) + 1 if has_base else 0
    dear = max(map(len, prices)) + 1
    rest = max(TABLE_WIDTH - wide - dear, _SHORTEST_SUPPLIER)
    lines = []
    for offer, base, price in zip(offers, bases, prices, strict=True):
        supplier = shorten(messages.supplier(offer.supplier), 10 * TABLE_WIDTH)
        name = supplier if len(supplier) <= rest else f"{supplier[: rest - 1]}…"
        lines.append(
            escape_value(f"{base:>{wide - 1}} {price:>{dear - 1}} {name}" if has_base else f"{price:>{dear - 1}} {name}", 10 * TABLE_WIDTH)
        )
    return lines


def _base(messages: Messages, offer: Offer) -> str:
    if offer.base_price is None:
        return ""
    return f"{messages.numbers.base_amount(offer.base_price)}/{messages.unit(offer.base_unit)}".replace("\u00a0", " ")


def _age(messages: Messages, offer: Offer, today: date) -> str:
    """Return when the price was listed, that this is long ago, what it moved by last, and that it may be wrong."""
    parts = [messages.numbers.day(offer.listed_on)]
    if is_stale(offer.listed_on, today):
        parts.append(messages.say(_OLD))
    if offer.previous_price:
        parts.append(messages.numbers.change(float(offer.price / offer.previous_price - 1)))
    if offer.suspicion:
        parts.append(messages.say(_MISPRINT))
    return ", ".join(escape_value(part) for part in parts)
