"""In whose money a list is, by the country where its article numbers (EAN-13) are registered."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from monito_ray.pipeline import data

#: Fewer different article numbers say nothing.
FEWEST_NUMBERS = 20
#: Goods are traded across borders; a list is of the country that has at least this share of its article numbers.
COUNTRY_SHARE = 0.7
_THIRTEEN_DIGITS = re.compile(r"(?<!\d)\d{13}(?!\d)")


def currency_of_barcodes(texts: Iterable[str]) -> str:
    """Return the money of the country where most article numbers in `texts` are registered, "" where no country has enough of them."""
    numbers = {digits for text in texts for digits in _THIRTEEN_DIGITS.findall(text) if is_ean13(digits)}
    if len(numbers) < FEWEST_NUMBERS:
        return ""
    prefixes = _currency_by_prefix()
    (currency, count), *_ = Counter(prefixes.get(digits[:3], "") for digits in numbers).most_common(1)
    return currency if count >= COUNTRY_SHARE * len(numbers) else ""


def is_ean13(digits: str) -> bool:
    """Whether thirteen digits end in their check digit (GS1 General Specifications, section 7.9)."""
    numbers = [int(digit) for digit in digits]
    return not (sum(numbers[::2]) + 3 * sum(numbers[1::2])) % 10


@cache
def _currency_by_prefix() -> dict[str, str]:
    return {prefix: currency for currency, ranges in data.table("barcodes.toml").items() for text in ranges for prefix in _prefixes(text)}


def _prefixes(text: str) -> list[str]:
    """Return the prefixes of a range ("460-469") or a single one."""
    first, _, last = text.partition("-")
    return [f"{prefix:03}" for prefix in range(int(first), int(last or first) + 1)]
