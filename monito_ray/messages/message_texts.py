"""The words of one language, as Telegram's HTML with every value escaped."""

import html
from decimal import Decimal

from monito_ray.catalog.offers import Offer, Product
from monito_ray.messages.local_numbers import numbers_of
from monito_ray.messages.message_markup import CAUSE_LENGTH, Markup, escape_value
from monito_ray.messages.translations import N_, translations_of
from monito_ray.records import UNKNOWN_SUPPLIER

#: What prices and sizes are for one of.
_UNKNOWN = N_("unknown supplier")
_UNITS = {"kg": N_("kg"), "l": N_("l"), "m": N_("m"), "pcs": N_("pcs")}


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
        return self.numbers.count(value) if isinstance(value, int) else escape_value(value, CAUSE_LENGTH)

    def product_title(self, product: Product) -> str:
        """Return the name, brand, size and pack of a product."""
        return f"<b>{escape_value(product.label, CAUSE_LENGTH)}</b>"

    def offer_text(self, offer: Offer) -> str:
        """Return the same as `offer_line` without markup."""
        return html.unescape(self.offer_line(offer))

    def offer_line(self, offer: Offer) -> str:
        """Return a supplier's price, with the price of one kilogram, litre or piece."""
        base = f" ({self.numbers.base_amount(offer.base_price)}/{self.unit(offer.base_unit)})" if offer.base_price is not None else ""
        return f"{self.money(offer.price, offer.currency)}{base} · {escape_value(self.supplier(offer.supplier))}"

    def supplier(self, name: str) -> str:
        """Return a supplier's name; of one whom nobody named words for that, with its number."""
        return name.replace(UNKNOWN_SUPPLIER, self.plain(_UNKNOWN)) if name.startswith(UNKNOWN_SUPPLIER) else name

    def money(self, price: Decimal, currency: str) -> str:
        """Return a price with its currency as this language writes it."""
        return escape_value(self.numbers.money(price, currency))

    def unit(self, unit: str) -> str:
        """Return what people call a unit."""
        return str(self.say(_UNITS[unit])) if unit in _UNITS else escape_value(unit)
