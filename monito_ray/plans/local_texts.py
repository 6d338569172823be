"""How a language writes numbers and days: handed to who draws."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LocalTexts:
    """Functions from values to texts in one language."""

    #: Of a price.
    amount: Callable[[Decimal], str]
    #: Of a change, with its sign: "+5.2%" for 0.052.
    share: Callable[[float], str]
    day: Callable[[date], str]
