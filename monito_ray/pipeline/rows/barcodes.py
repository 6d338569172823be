"""In which country the goods of a list are registered, by the article numbers (EAN-13) printed on them."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from monito_ray.pipeline import data

FEWEST = 20
SHARE = 0.7
_THIRTEEN = re.compile(r"(?<!\d)\d{13}(?!\d)")


def currency_of_barcodes(texts: Iterable[str]) -> str:
    """The money of the country where most of the article numbers in `texts` are registered.

    Nothing ("") where fewer than `FEWEST` different ones stand, or less than `SHARE` of them are of one country's: goods are traded
    across borders.
    """
    found = {digits for text in texts for digits in _THIRTEEN.findall(text) if is_ean13(digits)}
    if len(found) < FEWEST:
        return ""
    prefixes = _prefixes()
    (currency, count), *_ = Counter(prefixes.get(digits[:3], "") for digits in found).most_common(1)
    return currency if count >= SHARE * len(found) else ""


def is_ean13(digits: str) -> bool:
    """Whether thirteen digits end in their check digit (GS1 General Specifications, section 7.9)."""
    numbers = [int(digit) for digit in digits]
    return not (sum(numbers[::2]) + 3 * sum(numbers[1::2])) % 10


@cache
def _prefixes() -> dict[str, str]:
    found: dict[str, str] = {}
    for currency, ranges in data.table("barcodes.toml").items():
        for first, _, last in (said.partition("-") for said in ranges):
            found |= {f"{prefix:03}": currency for prefix in range(int(first), int(last or first) + 1)}
    return found
