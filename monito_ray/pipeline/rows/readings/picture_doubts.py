"""Doubts about prices that were read from a picture: digits that are not clear, and prices that are written unlike their neighbours.

What something took a figure for is no proof of it. Besides the second look at each number (`pipeline.pictures`) the list itself speaks: its
prices have as many decimals, and end in as many zeros, and are about as large.
"""

import json
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from monito_ray.pipeline import currencies
from monito_ray.pipeline.cells import PAGE_IS_BENT
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.rows.readings.row_arithmetic import rows_that_fit
from monito_ray.pipeline.tables.titles import parse_title
from monito_ray.records import PRICE_OF_PICTURE

#: Fewer prices on a page show no habit; a habit is what this share of them has.
FEWEST_PRICES, HABIT_SHARE = 8, 0.85
#: A price so many times as high or low as the middle one stands out.
FAR_RATIO = 120.0
#: As many bare numbers beside names are a list whose prices have no mark, as menus have; a whole number from here on that ends in 0 or 5 is a
#: price as likely as not.
FEWEST_BARE_PRICES, SMALLEST_ROUND_PRICE = 12, 100
_NUMBER = re.compile(r"\d(?:[\d.,'’ ]*\d)?")
_ROLES_OF_HEADERS = frozenset({"name", "unit", "price"})
_LONE_NUMBER = re.compile(r"\W{0,3}\d[\d.,'’ ]*\d\W{0,3}")
LONE_PRICE = f"{PRICE_OF_PICTURE} on which another one stands beside no name, so it may belong to the line above or below"
#: Three whole digits may be the last ones of a number with a blank between its thousands; where so large a share of the rows has a lone figure before
#: the price, that is a column.
FIGURE_BEFORE = f"{PRICE_OF_PICTURE}, and the figure before it may belong to it"
_THREE_WHOLE, _LONE_FIGURE = re.compile(r"\d{3}(?:[.,]\d\d)?"), re.compile(r"\d{1,3}")
_COLUMN_SHARE = 0.3
PRICED_TITLE = f"{PRICE_OF_PICTURE} on which one stands beside the title of a column, so it may belong to the line above or below"
#: Where the borders of a table are seen in part, a cell reaches over other rows: so many of them have its name, or its price, which the picture shows once.
REPEATED_NAME = f"{PRICE_OF_PICTURE} that shows this name once for several prices, so it may belong to another one"
REPEATED_PRICE = f"{PRICE_OF_PICTURE} that shows it once for several rows, so it may belong to one of them alone"
_REPEATED_ROWS = 3
NOT_FITTING = f"{PRICE_OF_PICTURE}, and does not fit the other amounts on its row"
_LAST_GROUP = re.compile(r"[.,](\d+)$")


def doubt_pictures(sheets: Sequence[SheetTables]) -> list[SheetTables]:
    """Return the sheets, prices of pictures that may be misread with a doubt on their line; pictures without money are no lists."""
    pictures = [sheet for sheet in sheets if sheet.sheet.is_picture]
    if pictures and not _show_money(pictures):
        return [replace(sheet, tables=(), lines=()) if sheet.sheet.is_picture else sheet for sheet in sheets]
    return [replace(sheet, lines=_doubted(sheet)) if sheet.sheet.is_picture else sheet for sheet in sheets]


def _show_money(pictures: Sequence[SheetTables]) -> bool:
    """Return whether pictures show prices: a title says so, or most of their numbers look like money, or there are many of them.

    Maps, standings, schedules and counts of stock have names and numbers, too.
    """
    if any(title.role == "price" and title.is_clear for sheet in pictures for table in sheet.tables for title in table.titles):
        return True
    priced = [line for sheet in pictures for line in sheet.lines if line.is_priced]
    return len(priced) >= FEWEST_BARE_PRICES or 2 * sum(map(_looks_like_money, priced)) > len(priced)


def _looks_like_money(line: OfferLine) -> bool:
    """Return whether a price has a currency, cents or thousands, or is round and not small."""
    price = line.price or Decimal(0)
    return bool(line.currency) or _decimals(figures(line.price_text)) in (2, 3) or (price >= SMALLEST_ROUND_PRICE and price % 5 == 0)


def _has_lone_price(sheet: SheetTables) -> bool:
    """Return whether a price of a page stands on a line by itself: where rows are taken a line too high or low, one is left over at an end."""
    decimals = Counter(_decimals(figures(line.price_text)) for line in sheet.lines if line.is_priced)
    if not decimals:
        return False
    usual, _ = decimals.most_common(1)[0]
    lone = (figures(line.text) for line in sheet.sheet.lines if _LONE_NUMBER.fullmatch(currencies.without_marks(line.text).strip()))
    return usual > 0 and any(_decimals(number) == usual for number in lone)


def _has_priced_title(sheet: SheetTables) -> bool:
    """Return whether the first price of a page stands beside "Product" or "Unit": rows are taken a line too high or low."""
    first = next((line.name for line in sheet.lines if line.is_priced), "")
    title = parse_title(first)
    return title.is_clear and title.role in _ROLES_OF_HEADERS and not any(map(str.isdigit, first))


def _doubted(sheet: SheetTables) -> list[OfferLine]:
    shifted = LONE_PRICE if _has_lone_price(sheet) else PRICED_TITLE if _has_priced_title(sheet) else ""
    if shifted:
        return [line._replace(doubt=line.doubt or shifted) if line.is_priced else line for line in sheet.lines]
    numbers = {line: figures(line.price_text) for line in sheet.lines if line.is_priced}
    habits = [_habit(list(numbers.values()), measure) for measure in (_decimals, _marks, _zeros)]
    prices = [float(line.price or 0) for line in numbers]
    middle = statistics.median(prices) if len(prices) >= FEWEST_PRICES else 0.0
    doubts = {line: _doubt(line, number, sheet, habits, middle) for line, number in numbers.items()}
    is_bent = PAGE_IS_BENT in sheet.sheet.unsure.values()
    figured = [line for line in numbers if _has_figure_before(line)]
    if len(figured) <= _COLUMN_SHARE * len(numbers):
        doubts |= {line: doubts[line] or FIGURE_BEFORE for line in figured}
    for line, fits in rows_that_fit(sheet).items():
        doubts[line] = doubts[line] if fits and is_bent else "" if fits else NOT_FITTING
    names = {line: "".join(line.name.split()) for line in numbers}
    doubts |= dict.fromkeys(_repeated(names, sheet), REPEATED_NAME) | dict.fromkeys(_repeated(numbers, sheet), REPEATED_PRICE)
    return [line._replace(doubt=line.doubt or doubts[line]) if line in doubts else line for line in sheet.lines]


def _repeated(texts: Mapping[OfferLine, str], sheet: SheetTables) -> list[OfferLine]:
    """Return the lines whose text, without blanks, several rows have and the picture shows once."""
    rows: dict[str, set[int]] = defaultdict(set)
    for line, text in texts.items():
        rows[text].add(line.at)
    shown = [line.text for line in sheet.sheet.picture.lines] if sheet.sheet.picture else []
    repeated = {text for text, places in rows.items() if len(places) >= _REPEATED_ROWS and sum(text in line for line in shown) == 1}
    return [line for line, text in texts.items() if text in repeated]


def _has_figure_before(line: OfferLine) -> bool:
    """Return whether a lone figure stands right before a price that may go on from it: "500 g 1" and "816,75"."""
    cells = list(filter(None, map(str.strip, json.loads(line.cells))))
    before = next((left for left, cell in pairwise(cells) if cell == line.price_text.strip()), line.name)
    last_word = before.rpartition(" ")[2]
    return bool(_THREE_WHOLE.fullmatch(figures(line.price_text)) and _LONE_FIGURE.fullmatch(last_word))


#: What prices of a list have in common: a measure of a number's text, its usual value, and what to say of another one.
_Habit = tuple[Callable[[str], object], object]


def _doubt(line: OfferLine, number: str, sheet: SheetTables, habits: Sequence[_Habit | None], middle: float) -> str:
    for text, reason in sheet.sheet.unsure.items():
        if number == text or re.search(rf"(?<!\d){re.escape(text)}(?!\d)", "".join(line.price_text.split())):
            return f"{PRICE_OF_PICTURE}: {reason}"
    if any(habit and habit[0](number) != habit[1] for habit in habits):
        return f"{PRICE_OF_PICTURE}, and is written unlike the others"
    if middle and not 1 / FAR_RATIO < float(line.price or 0) / middle < FAR_RATIO:
        return f"{PRICE_OF_PICTURE}, and is far from the others"
    return ""


def figures(text: str) -> str:
    """Return the first number of a price's text, without blanks."""
    match = _NUMBER.search(text)
    return "".join(match.group().split()) if match else ""


def _habit(numbers: Sequence[str], measure: Callable[[str], object]) -> _Habit | None:
    """Return the measure with the value that nearly all numbers have, None where they have no such habit."""
    if len(numbers) < FEWEST_PRICES:
        return None
    value, times = Counter(map(measure, numbers)).most_common(1)[0]
    return (measure, value) if times >= HABIT_SHARE * len(numbers) else None


def _decimals(number: str) -> int:
    """Return how many digits stand behind the last mark, 0 where there is none."""
    match = _LAST_GROUP.search(number)
    return len(match.group(1)) if match else 0


def _marks(number: str) -> str:
    """Return the last mark between digits."""
    match = _LAST_GROUP.search(number)
    return match.group()[0] if match else ""


def _zeros(number: str) -> bool:
    """Return whether it ends in a zero."""
    return number.endswith("0")
