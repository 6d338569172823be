"""Rows of goods that look like titles: their names begin with a word for names ("Item A"), and their prices have words or currencies beside them."""

import re
from collections.abc import Sequence
from itertools import pairwise

from monito_ray.pipeline.cell_amounts import SMALLEST_PLAIN, amount_before_remark, amounts_in_text
from monito_ray.pipeline.cells import Sheet, Value, is_filled, is_number, text_of
from monito_ray.pipeline.currencies import currency_named, without_marks
from monito_ray.pipeline.dates import is_date
from monito_ray.pipeline.price_remarks import is_blank_price, says_from, without_remarks
from monito_ray.pipeline.prices import Amount, parse_price
from monito_ray.pipeline.tables.title_kinds import is_quantity_title, size_of_title
from monito_ray.pipeline.tables.titles import NO_TITLE, parse_title, unit_of_rate

#: A price is at most so many times the one above it in its column, or that part of it; what titles say of quantities and years is mostly
#: farther away. Of the 128 real lists none has a row that this bound decides.
FARTHEST_PRICE = 20
#: Rows above one that may hold the price before it, or the title over it: others are titles of sections.
ROWS_ABOVE = 12
#: Fit of a title of names that is nothing else: no goods are called "Item".
FULL_FIT = 1.0
#: Sums from which prices hold stand beside each other.
FEWEST_SUMS = 2
_DIGIT = re.compile(r"\d")
#: A number as money is written: with thousands, with cents, or of three digits and more.
_MONEY = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+(?!\d)|\d+[.,]\d\d(?!\d)|\d{3,}")
_SHARE = re.compile(r"[-+−]?\s?\d+(?:[.,]\d+)?\s?%")


def is_row_of_goods(sheet: Sheet, index: int, left: int, right: int, titled: Sequence[int]) -> bool:
    """Return whether a row that looks like titles is one of goods, by a price in its column of prices: "Item C | Rp 14.000" among numbers.

    `titled` are the headers before it. One that comes again is a header, and so is one with a full title of names.
    """
    row = sheet.rows[index][left:right]
    titles = [parse_title(text_of(value)) if isinstance(value, str) else NO_TITLE for value in row]
    is_named = any(title.role == "name" and title.strength >= FULL_FIT for title in titles)
    if is_named or any(sheet.rows[other][left:right] == row for other in titled):
        return False
    if any(_is_without_number(sheet, index, left, left + column) for column, title in enumerate(titles) if title.role == "price"):
        return True
    places = [column for column, title in enumerate(titles) if _DIGIT.search(title.text)]
    is_full = _is_under_titles(sheet, index, left, right)
    return any(_is_price_at(sheet, index, left + column, titled, is_full=is_full) for column in places)


def is_no_number(text: str) -> bool:
    """Return whether a text has a currency beside what is neither a number nor a word of titles: "Rp abc", "Rp ???", "Rp tba"; no title is like that."""
    if _DIGIT.search(text) or not currency_named(text):
        return False
    rest = without_marks(text).strip(" .:")
    return bool(rest) and not unit_of_rate(text) and not parse_title(rest).roles


def is_clear_price(value: Value) -> bool:
    """Return whether a cell holds a clear title of prices."""
    title = parse_title(text_of(value)) if isinstance(value, str) else NO_TITLE
    return title.role == "price" and title.is_clear


def price_in_words(text: str) -> Amount | None:
    """Return the price that a cell holds with a currency, whatever words stand beside it ("Our price: $7.99"); None for what titles say.

    A rate ("USD/100 kg"), and a sum from which a price holds ("from 10 000 rub"), are titles.
    """
    digit = _DIGIT.search(text)
    if digit is None or is_date(text) or "/" in text[: digit.start()] or says_from(text[: digit.start()]):
        return None
    amount = next(iter(amounts_in_text(text)), None) or amount_before_remark(text)
    return amount if amount and amount.currency else None


def are_prices_of_goods(texts: Sequence[str]) -> bool:
    """Return whether texts are the prices of one row of goods ("Rp 14.000"), and not sums from which prices hold, which grow: "10 000 ₽ | 50 000 ₽"."""
    values = [amount.value for text in texts if (amount := price_in_words(text))]
    return bool(values) and (len(values) < FEWEST_SUMS or any(a >= b for a, b in pairwise(values)))


def has_number_near(text: str, near: Value) -> bool:
    """Return whether a text holds a number that is written as money and about as large as the amount `near`."""
    amount = abs(_amount_of(near) or 0)
    numbers = [float(one.value) for match in _MONEY.finditer(text) if (one := parse_price(match.group()))]
    return any(number >= SMALLEST_PLAIN and amount / FARTHEST_PRICE <= number <= amount * FARTHEST_PRICE for number in numbers)


def _is_price_at(sheet: Sheet, index: int, column: int, titled: Sequence[int], *, is_full: bool) -> bool:
    """Return whether a cell with words holds the price of a row of goods, by the cells above it and below it in its column.

    `is_full` says that all titles right above the row are clear, so that it holds no sub-titles.
    """
    rows, text = sheet.rows, text_of(sheet.rows[index][column])
    above = next((n for n in range(index - 1, max(-1, index - ROWS_ABOVE - 1), -1) if is_filled(rows[n][column])), -1)
    if above < 0:
        return False
    is_next = above == index - 1
    if above in titled:
        is_first = is_clear_price(rows[above][column]) and (is_full or not is_next)
        below = rows[index + 1][column] if index + 1 < len(rows) else ""
        return is_first and (price_in_words(text) is not None or _stands_for_price(text, below))
    if is_next:
        return _stands_for_price(text, rows[above][column])
    return price_in_words(text) is not None and has_number_near(text, rows[above][column])


def _is_without_number(sheet: Sheet, index: int, left: int, column: int) -> bool:
    """Return whether a cell stands for the price of a row of goods and has no number: "Rp abc" among amounts, "Rp" where the next name begins alike.

    A currency alone is a title, too ("Item list | Rp"), so names have to tell.
    """
    rows, text = sheet.rows, text_of(sheet.rows[index][column])
    near = [rows[n] for n in (index - 1, index + 1) if 0 <= n < len(rows) and _amount_of(rows[n][column]) is not None]
    if not near or _DIGIT.search(text):
        return False
    if is_no_number(text):
        return True
    return is_blank_price(text) and any(begin_alike(rows[index][left:], row[left:]) for row in near)


def begin_alike(row: Sequence[Value], other: Sequence[Value]) -> bool:
    """Return whether the first texts of two rows are of several words and begin with the same one, as names of goods do: "Item C" and "Item D"."""
    first = _first_word(row)
    return bool(first) and first == _first_word(other)


def _first_word(row: Sequence[Value]) -> str:
    """Return the first word of a row's first text that is longer than it, "" without such: "Item" of "Item C"."""
    text = next((text_of(value) for value in row if isinstance(value, str) and is_filled(value)), "")
    first, _, rest = text.partition(" ")
    return first if rest else ""


def _is_under_titles(sheet: Sheet, index: int, left: int, right: int) -> bool:
    """Return whether each filled cell of a row stands right under a clear title; sub-titles fill gaps."""
    above = sheet.rows[index - 1][left:right] if index else ()
    pairs = zip(sheet.rows[index][left:right], above, strict=False)
    return all(parse_title(text_of(over)).is_clear for value, over in pairs if is_filled(value))


def _stands_for_price(text: str, near: Value) -> bool:
    """Return whether a text stands for a price where `near`, above or below it, is an amount: "Rp 14.000", "-10%", "sale 14.000" near 13,500."""
    if _amount_of(near) is None:
        return False
    if size_of_title(text) or is_quantity_title(without_remarks(text)):
        return bool(currency_named(text)) and has_number_near(text, near)
    return price_in_words(text) is not None or _SHARE.fullmatch(text) is not None or has_number_near(text, near)


def _amount_of(value: Value) -> float | None:
    if is_number(value):
        return float(value)  # type: ignore[arg-type]  # a number
    amount = parse_price(value) if isinstance(value, str) and not is_date(value) else None
    return float(amount.value) if amount else None
