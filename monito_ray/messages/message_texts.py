"""The words of one language, as Telegram's HTML with every value escaped."""

import html
from decimal import Decimal

from monito_ray.catalog.offers import Offer, Product
from monito_ray.messages.local_numbers import numbers_of
from monito_ray.messages.message_markup import CAUSE_LENGTH, Markup, escape_value
from monito_ray.messages.translations import N_, translations_of
from monito_ray.records import UNKNOWN_SUPPLIER

_UNKNOWN = N_("unknown supplier")
_PER = N_("per {unit}")
#: What people call the units in which goods are sold and sizes given.
_UNITS = {
    unit: unit
    for unit in (
        N_("g"), N_("kg"), N_("mg"), N_("ml"), N_("l"), N_("cl"), N_("dl"), N_("oz"), N_("lb"), N_("gal"), N_("m"), N_("cm"), N_("mm"),
        N_("pcs"), N_("box"), N_("carton"), N_("pack"), N_("bottle"), N_("can"), N_("crate"), N_("sack"), N_("sachet"), N_("pouch"),
        N_("roll"), N_("pair"), N_("set"), N_("ten"), N_("dozen"), N_("score"), N_("gross"), N_("tray"), N_("bunch"), N_("gallon"),
        N_("jar"), N_("tube"), N_("ream"), N_("slop"), N_("pail"), N_("drum"), N_("bale"), N_("strip"), N_("cup"), N_("sheet"),
        N_("portion"), N_("head"),
    )
} | {"fl_oz": N_("fl oz"), "m2": N_("m²"), "m3": N_("m³")}  # fmt: skip


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
        return f"<b>{escape_value(self.product_label(product), CAUSE_LENGTH)}</b>"

    def product_label(self, product: Product) -> str:
        """Return `Product.label` with numbers and units as this language writes them, without markup."""
        per = self.plain(_PER).format(unit=self.unit_name(product.price_unit)) if product.price_unit else ""
        pack = self.pack(product.size, product.unit, product.pack_count)
        return ", ".join(part for part in (product.name, product.brand, pack, per, product.mark) if part)

    def pack(self, size: Decimal | None, unit: str, pack_count: int) -> str:
        """Return size and pack, "330 ml × 24", without markup."""
        content = f"{self.numbers.size(size)} {self.unit_name(unit)}" if size is not None else ""
        return f"{content} × {pack_count}".lstrip() if pack_count != 1 else content

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
        return escape_value(self.unit_name(unit))

    def unit_name(self, unit: str) -> str:
        """Return the same without markup."""
        return self.plain(_UNITS[unit]) if unit in _UNITS else unit

    def unit_names(self) -> dict[str, str]:
        """Return what people call each unit."""
        return {unit: self.plain(text) for unit, text in _UNITS.items()}
