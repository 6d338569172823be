"""What a column looks like all the way down, whatever its title says."""

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import Value, text_of

SAMPLE = 500
_LONGEST_STEP = 100
_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"^(?=.*\d)[A-Za-zА-Яа-я0-9][\w./-]*$")
_SIZE = re.compile(
    r"^(\d[\d.,]*\s*[x×хX*]\s*)*\d[\d.,]*\s*(-\s*\d[\d.,]*)?\s*(kg|kgs|gr|gm|g|mg|ml|cl|l|lt|ltr|liter|litre|oz|lb|кг|г|гр|мл|л|м|mm|cm|мм|см|pcs|шт)\b\.?",
    re.IGNORECASE,
)
_UNITS = frozenset(
    "kg kgs kilo gr gram g ltr liter litre l lt ml pcs pc pce pcs. ea each pack pck pkt pak bks box btl botol bottle can klg tin bag bags sack sak ctn carton dus karton roll "
    "set pair doz lusin tray bal ball gln galon gallon ikat bunch jar pail drum tub tube sachet slop rim ream lembar sheet m meter loaf boxes case cs bh buah biji ekor butir sisir "
    "шт штука кг г гр л мл м м2 м3 уп упак упаковка пач пачка бут бутылка банка кор коробка ящ меш рул рулон компл комплект пара бан т тн пог.м мп п.м ед пм "
    "und unidad ud uds caja bolsa paquete paq lata botella par docena kilo litro bulto st stk stück pièce pz szt adet".split()
)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """Shares (0 to 1) of a column's filled cells that look like one thing or another, over a sample of its rows.

    `filled` is the share of rows with any content; `numbers` are the amounts found, in order; `decimals` the convention of its texts.
    """

    count: int
    filled: float
    money: float
    marked: float
    words: float
    sizes: float
    units: float
    codes: float
    percent: float
    blank_amounts: float
    distinct: float
    length: float
    numbers: tuple[float, ...]
    decimals: prices.Convention | None
    currency: str
    running: bool
    dated: float

    @property
    def median(self) -> float:
        """The middle amount, 0 without any."""
        return statistics.median(self.numbers) if self.numbers else 0.0

    @property
    def distinct_numbers(self) -> int:
        """How many different amounts there are."""
        return len(set(self.numbers))


EMPTY = ColumnProfile(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (), None, "", running=False, dated=0)


def profile_column(cells: Sequence[Value]) -> ColumnProfile:
    """Describe the cells of a column, top to bottom (a sample of `SAMPLE`, evenly taken)."""
    step = max(1, len(cells) // SAMPLE)
    sample = cells[::step] if step > 1 else cells
    filled = [cell for cell in sample if cell is not None and (not isinstance(cell, str) or cell.strip())]
    if not filled:
        return EMPTY
    texts = [text_of(cell) for cell in filled if isinstance(cell, str)]
    decimals = prices.decimal_convention(text for text in texts if len(text) <= 40)
    if not texts and all(type(cell) is float for cell in filled):
        return _of_numbers(filled, len(sample))  # type: ignore[arg-type]  # they are floats
    is_text = len(texts) == len(filled)
    looks = [_text_look(text, decimals) for text in texts] if is_text else [_look(cell, decimals) for cell in filled]
    tally = Counter(look.kind for look in looks)
    numbers = [look.number for look in looks if look.number is not None]
    currencies = Counter(look.currency for look in looks if look.currency)
    n = len(filled)
    return ColumnProfile(
        count=n,
        filled=n / len(sample),
        money=tally["money"] / n,
        marked=currencies.total() / n,
        words=sum(look.has_words for look in looks) / n,
        sizes=tally["size"] / n,
        units=tally["unit"] / n,
        codes=tally["code"] / n,
        percent=tally["percent"] / n,
        blank_amounts=(tally["none"] + sum(number == 0 for number in numbers)) / n,
        distinct=len(set(filled if is_text else map(str, filled))) / n,
        length=sum(map(len, texts)) / len(texts) if texts else 0.0,
        numbers=tuple(numbers),
        decimals=decimals,
        currency=currencies.most_common(1)[0][0] if currencies else "",
        running=_is_running(numbers),
        dated=tally["date"] / n,
    )


def _of_numbers(cells: Sequence[float], rows: int) -> ColumnProfile:
    """The profile of a column of typed numbers alone."""
    n = len(cells)
    return replace(
        EMPTY,
        count=n,
        filled=n / rows,
        money=1.0,
        blank_amounts=cells.count(0) / n,
        distinct=len(set(cells)) / n,
        numbers=tuple(cells),
        running=_is_running(cells),
    )


class _Look(NamedTuple):
    """What a filled cell looks like; `has_words` when letters in it are neither a date's nor an amount's."""

    kind: str
    number: float | None = None
    currency: str = ""
    has_words: bool = False


_DATE = _Look("date")


def _look(cell: Value, decimals: prices.Convention | None) -> _Look:
    if isinstance(cell, str):
        return _text_look(text_of(cell), decimals)
    return _Look("money", float(cell)) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else _DATE


@lru_cache(maxsize=50_000)
def _text_look(text: str, decimals: prices.Convention | None) -> _Look:
    folded = text.casefold()
    if prices.is_blank_price(text) or (len(text) <= 30 and not any(map(str.isdigit, text)) and prices.is_on_request(text)):
        return _Look("none")
    has_words = bool(_LETTER.search(text))
    if folded.rstrip(".") in _UNITS:
        return _Look("unit", has_words=has_words)
    if _SIZE.match(text) and len(text) < 24:
        return _Look("size", has_words=has_words)
    if text.endswith("%"):
        return _Look("percent")
    amount = prices.parse_price(text, decimals)
    if amount and (amount.currency or not amount.unit or "/" in text) and not (text[0] == "0" and text.isdigit() and len(text) > 1):
        return _Look("money", float(amount.value), amount.currency)
    if _CODE.match(text) and " " not in text:
        return _Look("code", has_words=has_words)
    return _Look("text", has_words=has_words)


def _is_running(numbers: Sequence[float]) -> bool:
    """Whether numbers count rows: small steps of one, starting anew now and then."""
    if len(numbers) < 3 or any(number != int(number) or number < 0 for number in numbers):
        return False
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    ones = sum(step == 1 for step in steps)
    if ones >= 0.7 * len(steps):
        return True
    # A sample of a long list counts in steps of the sample; what rises by more is an amount.
    common, times = Counter(steps).most_common(1)[0]
    return 0 < common <= _LONGEST_STEP and times >= 0.9 * len(steps) and max(numbers) < 100_000
