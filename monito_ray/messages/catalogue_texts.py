"""Suppliers and baskets, as people in chats read them."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from monito_ray.messages.message_markup import TEXT_LIMIT, Markup, escape_value, utf16_units
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_

if TYPE_CHECKING:
    from monito_ray.catalog.basket.basket_plan import BasketPlan, CurrencyPlan, SupplierSet
    from monito_ray.catalog.suppliers.supplier_list import Supplier

_LABEL_LENGTH = 200
_OFFERS = N_("offers: {n}")
_OLD = N_("⚠ old")
_MORE = N_("… and {n} more")
_CHEAPEST = N_("Cheapest for each: {money}")
_SINGLE = N_("All from one: {money} at {supplier} ({n} of {all})")
_NO_CURRENCY = N_("without a currency")
_NOT_FOUND = N_("Not found: {article}")
_PERHAPS = N_("perhaps another article")


def supplier_lines(messages: Messages, suppliers: "Sequence[Supplier]", stale: Collection[str], left: int) -> list[str]:
    """Return a line for each supplier: its offers, the date of its newest list, and whether that is old; then how many are left out."""
    lines = [_supplier_line(messages, supplier, is_stale=supplier.name in stale) for supplier in suppliers]
    return [*lines, messages.say(_MORE, n=left)] if left else lines


def _supplier_line(messages: Messages, supplier: "Supplier", *, is_stale: bool) -> str:
    day = supplier.list_date or (supplier.last_seen.date() if supplier.last_seen else None)
    parts = [
        messages.say(_OFFERS, n=supplier.offers),
        messages.say(N_("list of {day}"), day=messages.numbers.day(day)) if day else "",
        ", ".join(escape_value(code) for code in supplier.currencies if code),
        messages.say(_OLD) if is_stale else "",
    ]
    return f"<b>{escape_value(messages.supplier(supplier.name))}</b> · {' · '.join(part for part in parts if part)}"


def basket_text(messages: Messages, plan: "BasketPlan") -> Markup:
    """Return where each article is cheapest, what that costs, and which single supplier is cheapest; a part for each currency.

    What all costs and what nobody has stands last, or, where a message has no room for the whole, first: its end is cut.
    """
    parts = [(_purchases_of_currency(messages, plan, one), _sums_of_currency(messages, one)) for one in plan.plans]
    missing = [messages.say(_NOT_FOUND, article=article.line.written) for article in plan.missing]
    whole = _joined_blocks([*([*bought, *sums] for bought, sums in parts), missing])
    if utf16_units(whole) <= TEXT_LIMIT:
        return whole
    return _joined_blocks([*(sums for _, sums in parts), missing, *(bought for bought, _ in parts)])


def _joined_blocks(blocks: Iterable[Sequence[str]]) -> Markup:
    return Markup("\n\n".join("\n".join(lines) for lines in blocks if lines))


def _purchases_of_currency(messages: Messages, plan: "BasketPlan", of_currency: "CurrencyPlan") -> list[str]:
    lines = []
    for article, purchase in zip(plan.articles, of_currency.cheapest.purchases, strict=True):
        if purchase is not None:
            count = f"{messages.numbers.amount(purchase.count)} × " if purchase.count != 1 else ""
            price = f"{count}{messages.money(purchase.price, purchase.currency)}"
            doubt = f" <i>({messages.say(_PERHAPS)})</i>" if of_currency.currency in article.doubts else ""
            lines.append(f"<b>{escape_value(article.line.written, _LABEL_LENGTH)}</b>")
            label = purchase.product if purchase.goods is None else messages.product_label(purchase.goods)
            lines.append(f"{escape_value(messages.supplier(purchase.supplier))} · {price} · {escape_value(label, _LABEL_LENGTH)}{doubt}")
    return lines


def _sums_of_currency(messages: Messages, of_currency: "CurrencyPlan") -> list[str]:
    lines: list[str] = [messages.say(_CHEAPEST, money=_total(messages, of_currency.cheapest, of_currency.currency))]
    single = of_currency.single
    if len(of_currency.cheapest.suppliers) > 1:
        names = Markup(escape_value(", ".join(single.suppliers)))
        money = _total(messages, single, of_currency.currency)
        lines.append(messages.say(_SINGLE, money=money, supplier=names, n=single.covered, all=len(single.purchases)))
    return lines


def _total(messages: Messages, bought: "SupplierSet", currency: str) -> Markup:
    money = messages.money(bought.total, currency)
    return Markup(money if currency else f"{money} {messages.say(_NO_CURRENCY)}")
