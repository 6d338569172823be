"""Column profiles: how the cells of a column look, counted from top to bottom, whatever its title says."""

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from monito_ray.pipeline import lexicon, prices
from monito_ray.pipeline.cell_amounts import are_plainly_amounts, old_and_new, plain_range, price_pair, several_amounts
from monito_ray.pipeline.cells import Value, fills_any, is_filled, is_number, text_of
from monito_ray.pipeline.characters import CODE_LETTERS, LETTER, TIMES, any_of
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.price_remarks import currency_word, is_blank_price, is_on_request, without_word
from monito_ray.pipeline.spellings import spellings
from monito_ray.pipeline.tables.number_series import is_running

#: Cells of a column that are looked at; of a longer column every n-th one, so that a long list costs hardly more than a short one.
SAMPLE = 500
#: Longer texts (characters) say nothing about the decimal mark of a column; `prices.parse_price` takes none of them for an amount.
LONGEST_AMOUNT = 40
#: Longer texts without digits are remarks, even where they hold "on request".
LONGEST_REQUEST = 30
#: Texts of this many characters or more that begin with a size are names or descriptions.
LONGEST_SIZE = 24
#: Texts whose look is remembered: units and sizes repeat all the way down.
_TEXTS_REMEMBERED = 25_000
#: Share of cells with a currency that makes a column one of money.
_MARKED_SHARE = 0.5
_CellKind = Literal["none", "unit", "size", "percent", "money", "code", "text", "date"]
_LETTER = re.compile(LETTER)
#: Addresses, names of files, and data of programs say nothing to a reader.
_LINK = re.compile(r"(?:https?://|www\.)\S+$|\S+\.(?:jpe?g|png|gif|webp|svg|pdf)$|\[?\{.*\}\]?$", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(rf"^(?:(?=.*\d)[{CODE_LETTERS}0-9]|\w[^\W_]*+_)[\w./-]*$")


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """How the cells of a column look, over a sample of its rows; shares are 0 to 1 of its filled cells unless noted."""

    #: Filled cells in the sample.
    count: int
    #: Share of rows with any content.
    filled: float
    #: Share of amounts.
    money: float
    #: Share of cells with a currency.
    marked: float
    #: Share of cells with letters that belong to no amount, date or percentage.
    words: float
    sizes: float
    units: float
    codes: float
    percent: float
    #: Share of cells that say "no price", and of zeros.
    blank_amounts: float
    #: Different cells by cells.
    distinct: float
    #: Characters of a text on average.
    length: float
    #: The amounts, top to bottom.
    numbers: tuple[float, ...]
    #: What separates decimals in its texts, None where they do not tell.
    decimals: prices.Convention | None
    #: The currency that most of its marked cells have, "" without any.
    currency: str
    #: The amounts count rows.
    running: bool
    #: Share of dates.
    dated: float
    #: The amount of each row of the sample, None where it has none: of two columns of a table, those of one row stand at one index.
    by_row: tuple[float | None, ...] = ()
    #: The word that stands beside all its amounts and that nobody knows, "" mostly: the name of a currency.
    currency_word: str = ""

    @property
    def median(self) -> float:
        """The middle amount, 0 without any."""
        return statistics.median(self.numbers) if self.numbers else 0.0

    @property
    def is_written_as_money(self) -> bool:
        """Whether most cells show a currency, or separate thousands or decimals: nobody writes article numbers so."""
        return self.marked > _MARKED_SHARE or self.decimals is not None

    @property
    def distinct_numbers(self) -> int:
        """How many different amounts there are."""
        return len(set(self.numbers))


EMPTY = ColumnProfile(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (), None, "", running=False, dated=0)


def profile_columns(rows: Sequence[Sequence[Value]], width: int) -> tuple[ColumnProfile, ...]:
    """Return the profile of each column of `rows`, which are `width` cells wide; blank rows do not count."""
    filled = [row for row in rows if fills_any(row)]
    return tuple(profile_column([row[column] for row in filled]) for column in range(width))


def profile_as_money(cells: Sequence[Value], profile: ColumnProfile) -> ColumnProfile:
    """Return the profile of cells that are prices by their title: a word beside most of them is their currency, if no known one."""
    if profile.money + profile.blank_amounts >= _MARKED_SHARE:
        return profile
    word = currency_word([text_of(cell) for cell in cells if isinstance(cell, str) and any(map(str.isdigit, cell))][:SAMPLE])
    return replace(profile_column([without_word(cell, word) for cell in cells]), currency_word=word) if word else profile


def profile_column(cells: Sequence[Value]) -> ColumnProfile:
    """Return the profile of a column's cells, top to bottom; a sample of about `SAMPLE` of them is looked at, evenly taken."""
    sample = cells[:: max(1, len(cells) // SAMPLE)]
    filled = [cell for cell in sample if type(cell) is float or is_filled(cell)]
    if not filled:
        return EMPTY
    texts = [text_of(cell) for cell in filled if isinstance(cell, str)]
    if not texts and all(type(cell) is float for cell in filled):
        return _profile_numbers(filled, sample)  # type: ignore[arg-type]  # they are floats
    decimals = prices.decimal_convention(text for text in texts if len(text) <= LONGEST_AMOUNT)
    is_text = len(texts) == len(filled)
    looks = [_look_of_text(text, decimals) for text in texts] if is_text else [_look_of_cell(cell, decimals) for cell in filled]
    kinds = Counter(look.kind for look in looks)
    numbers = [look.number for look in looks if look.number is not None]
    currencies = Counter(look.currency for look in looks if look.currency)
    n = len(filled)
    return ColumnProfile(
        count=n,
        filled=n / len(sample),
        money=kinds["money"] / n,
        marked=currencies.total() / n,
        words=sum(look.has_words for look in looks) / n,
        sizes=kinds["size"] / n,
        units=kinds["unit"] / n,
        codes=kinds["code"] / n,
        percent=kinds["percent"] / n,
        blank_amounts=(kinds["none"] + sum(number == 0 for number in numbers)) / n,
        distinct=len(set(filled if is_text else map(str, filled))) / n,
        length=sum(map(len, texts)) / len(texts) if texts else 0.0,
        numbers=tuple(numbers),
        decimals=decimals,
        currency=currencies.most_common(1)[0][0] if currencies else "",
        running=is_running(numbers),
        dated=kinds["date"] / n,
        by_row=_by_row(sample, [look.number for look in looks]),
    )


def _by_row(sample: Sequence[Value], numbers: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return the `numbers` of the filled cells of `sample` at the indexes of those cells."""
    if len(numbers) == len(sample):
        return tuple(numbers)
    rest = iter(numbers)
    return tuple(next(rest) if is_filled(cell) else None for cell in sample)


def _profile_numbers(cells: Sequence[float], sample: Sequence[Value]) -> ColumnProfile:
    """Return the profile of a column of typed numbers alone, the filled `cells` of its `sample`, in fewer steps."""
    n = len(cells)
    return replace(
        EMPTY,
        count=n,
        filled=n / len(sample),
        money=1.0,
        blank_amounts=cells.count(0) / n,
        distinct=len(set(cells)) / n,
        numbers=tuple(cells),
        running=is_running(cells),
        by_row=_by_row(sample, cells),
    )


class _CellLook(NamedTuple):
    """How one filled cell looks."""

    kind: _CellKind
    #: The amount of a cell of money.
    number: float | None = None
    currency: str = ""
    #: Letters in it belong neither to a date nor to an amount.
    has_words: bool = False


_DATE = _CellLook("date")
_LINKED = _CellLook("code")


def _look_of_cell(cell: Value, decimals: prices.Convention | None) -> _CellLook:
    if isinstance(cell, str):
        return _look_of_text(text_of(cell), decimals)
    return _CellLook("money", float(cell)) if is_number(cell) else _DATE  # type: ignore[arg-type]  # a number


@derived(maxsize=_TEXTS_REMEMBERED)
def _look_of_text(text: str, decimals: prices.Convention | None) -> _CellLook:
    if is_blank_price(text) or _is_request(text):
        return _CellLook("none")
    if _LINK.match(text):
        return _LINKED
    has_words = bool(_LETTER.search(text))
    if text.casefold().rstrip(".") in _units():
        return _CellLook("unit", has_words=has_words)
    if _size().match(text) and len(text) < LONGEST_SIZE:
        return _CellLook("size", has_words=has_words)
    if text.endswith("%"):
        return _CellLook("percent")
    amount = prices.parse_price(text, decimals)
    if amount and (amount.currency or not amount.unit or "/" in text) and not _has_leading_zero(text):
        return _CellLook("money", float(amount.value), amount.currency)
    shown = _amount_of_several(text, decimals) if len(text) <= LONGEST_AMOUNT else None
    if shown:
        return _CellLook("money", float(shown.value), shown.currency)
    if _CODE.match(text) and " " not in text:
        return _CellLook("code", has_words=has_words)
    return _CellLook("text", has_words=has_words)


def _amount_of_several(text: str, decimals: prices.Convention | None) -> prices.Amount | None:
    """Return one of the amounts of a text with several that are money for sure, None for others: of an old and a new price the new one."""
    several = several_amounts(text, decimals)
    if several and are_plainly_amounts(several):
        return several[0]
    changed = old_and_new(text, decimals)
    if changed and are_plainly_amounts(changed):
        return changed[1]
    return plain_range(text, decimals) or next(iter(price_pair(text, decimals)[1:]), None)


def _is_request(text: str) -> bool:
    return len(text) <= LONGEST_REQUEST and not any(map(str.isdigit, text)) and is_on_request(text)


def _has_leading_zero(text: str) -> bool:
    """Return whether digits begin with 0, as article numbers do and amounts do not."""
    return len(text) > 1 and text[0] == "0" and text.isdigit()


@derived()
def _size() -> re.Pattern[str]:
    """A text that begins with a size: "24 x 330 ml", "2-3 kg"."""
    units = any_of(lexicon.words("other_units", "size_column"))
    return re.compile(rf"^(\d[\d.,]*\s*[{TIMES}*]\s*)*\d[\d.,]*\s*(-\s*\d[\d.,]*)?\s*{units}\b\.?", re.IGNORECASE)


@derived()
def _units() -> frozenset[str]:
    """What stands in columns of units."""
    return frozenset(spellings()) | set(lexicon.words("other_units", "column"))
