"""Numbers as the people of a language write them, by CLDR."""

from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from babel.units import format_unit

from monito_ray.plans.local_texts import LocalTexts

#: Three digits tell one price for a kilogram from another: from here on what stands behind the point is left out.
_WHOLE_FROM = 100
#: Below it two decimals would be nothing, or too coarse.
_SMALL = Decimal("0.1")


class LocalNumbers:
    """The numbers of one language."""

    def __init__(self, language: str) -> None:
        self._locale = Locale(language)

    @property
    def texts(self) -> LocalTexts:
        """The functions that who draws pages and charts needs."""
        return LocalTexts(self.base_amount, self.change, self.day)

    def count(self, number: int) -> str:
        """Return a whole number with its thousands separated."""
        return str(format_decimal(number, "#,##0", locale=self._locale))

    def decimal(self, number: float) -> str:
        """Return a number with one decimal."""
        return str(format_decimal(number, "#,##0.0", locale=self._locale))

    def megabytes(self, number: float) -> str:
        """Return a size of a file: "24,8 МБ"."""
        return str(format_unit(round(number, 1), "digital-megabyte", "short", locale=self._locale))

    def change(self, share: float) -> str:
        """Return by what share something has grown or shrunk, with its sign: "+5,2 %"."""
        text = format_percent(round(share, 3), locale=self._locale, decimal_quantization=False)
        return f"+{text}" if share > 0 else str(text)

    def amount(self, price: Decimal) -> str:
        """Return a price, with decimals where it has any."""
        return str(format_decimal(price, f"#,##0{_decimals(price)}", locale=self._locale))

    def size(self, size: Decimal) -> str:
        """Return what a piece holds, with the decimals that it has."""
        return str(format_decimal(size, "#,##0.####", locale=self._locale))

    def money(self, price: Decimal, currency: str) -> str:
        """Return a price in its currency: with the sign that this language has for it, else with its code; "" for an unknown currency."""
        symbol = get_currency_symbol(currency, self._locale) if currency else ""
        if symbol == currency:
            return f"{self.amount(price)} {currency}".rstrip()
        pattern = self._locale.currency_formats["standard"].pattern.partition(";")[0].replace(".00", _decimals(price))
        return str(format_currency(price, currency, pattern, locale=self._locale, currency_digits=False))

    def day(self, day: date) -> str:
        """Return a day: "29 нояб. 2026 г."."""
        return str(format_date(day, "medium", locale=self._locale))

    def base_amount(self, price: Decimal) -> str:
        """Return the price of one kilogram, litre or piece, with no more digits than tell it from others: it was divided, not read."""
        if abs(price) >= _WHOLE_FROM:
            return str(format_decimal(price, "#,##0", locale=self._locale))
        return self.amount(price) if abs(price) >= _SMALL else str(format_decimal(price, "@@@", locale=self._locale))


@cache
def numbers_of(language: str) -> LocalNumbers:
    """Return the numbers of one of `LANGUAGES`."""
    return LocalNumbers(language)


def _decimals(price: Decimal) -> str:
    return "" if price == price.to_integral_value() else ".00"
