"""The amounts of one price cell: one, several for several kinds ("340/360"), or one with words around it ("£79.95/6B case")."""

import re
from collections.abc import Iterator
from itertools import pairwise

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import SPACE_BEFORE, any_of
from monito_ray.pipeline.currencies import find_marks
from monito_ray.pipeline.dates import FIRST_YEAR, LAST_YEAR, is_date
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.price_remarks import says_minus
from monito_ray.pipeline.prices import Amount, Convention, ends_of_range, parse_price, parse_price_or_range

#: Amounts for kinds of one thing lie within this factor of each other; farther apart one of them is no price.
WIDEST_RATIO = 10
#: Longer texts (characters) are remarks, whatever they begin with.
LONGEST_REMARK = 60
#: Whole numbers below this, two in a cell without a currency, are as likely a fraction, a share or a day and a month.
SMALLEST_PLAIN = 32
#: More amounts in one cell than this are no prices of one thing.
MOST_AMOUNTS = 6
_BETWEEN_AMOUNTS = re.compile(r"\s*[/|;\n]\s*|\s{3,}")
#: What ends an amount before a remark: "(" of "1500 (washing included)", "/" of "79.95/6B case".
_BEFORE_REMARK = re.compile(rf"{SPACE_BEFORE}[(\[;,+|/](?!\d{{3}}\b)")
_RANGE = re.compile(rf"(?<=[\d.\s]){SPACE_BEFORE}[-–—]\s*(?=\D{{0,4}}\d)")
#: Between an old price and the new one.
_ARROW = re.compile(rf"{SPACE_BEFORE}(?:(?<![-–—=])[-–—=]++>|[→➡➔➜⇒⟶])\ufe0f?\s*")
_NUMBER_ALONE = re.compile(r"\d+(?:[.,]\d+)*")
_BLANK = re.compile(r"\s+")
_NUMBER = re.compile(r"\d(?:[\d.,'\s]*\d)?")


@derived(maxsize=16_000)
def amounts_in_text(text: str, decimals: Convention | None = None) -> tuple[Amount, ...]:
    """Return the amounts of a price cell's text, that of the row first; () where it holds none.

    A range is its low end, then its high end. A currency or unit that only one of several amounts has is that of all.
    """
    amount = parse_price(text, decimals)
    if amount is not None:
        return (amount,)
    return ends_of_range(text, decimals) or several_amounts(text, decimals) or _price_of_two(text, decimals)


def _price_of_two(text: str, decimals: Convention | None) -> tuple[Amount, ...]:
    """Return the price of today where a text calls another one old ("Was $12 Now $9", "$12 → $9"), or says one twice ("12,50 € 12.50"), else ()."""
    labelled = _was_and_now().fullmatch(text)
    if labelled and says_minus(labelled["now"]):
        return ()
    now = parse_price(labelled["now"], decimals) if labelled and parse_price(labelled["was"], decimals) else None
    if now:
        return (now,)
    changed = old_and_new(text, decimals)
    if changed:
        return changed[1:]
    pair = price_pair(text, decimals)
    return pair[:1] if pair and pair[0].value == pair[1].value else ()


@derived(maxsize=1_000)
def old_and_new(text: str, decimals: Convention | None = None) -> tuple[Amount, ...]:
    """Return the two prices of a text with an arrow between them ("12.000 → 12.500"), () for other texts."""
    if len(text) > LONGEST_REMARK or not _ARROW.search(text) or says_minus(text):
        return ()
    amounts = [amount for part in _ARROW.split(text, maxsplit=1) if (amount := parse_price(part, decimals))]
    return tuple(amounts) if len(amounts) == len(("old", "new")) else ()


@derived(maxsize=1_000)
def price_pair(text: str, decimals: Convention | None = None) -> tuple[Amount, ...]:
    """Return two prices in one currency with nothing between them ("3,49 zł 1,75 zł"), () for other texts.

    Which of them a buyer pays the text does not say, but where one price stands there twice, the second time without a currency.
    """
    text = text.strip()
    if len(text) > LONGEST_REMARK or len(_NUMBER_ALONE.findall(text)) < len(("old", "new")):
        return ()
    for blank in _BLANK.finditer(text):
        first = parse_price(text[: blank.start()], decimals)
        second = parse_price(text[blank.end() :], decimals) if first and first.currency else None
        if first and second and second.currency in ("", first.currency):
            return (first, second) if second.currency or first.value == second.value else ()
    return ()


@derived()
def _was_and_now() -> re.Pattern[str]:
    old, now = (any_of(lexicon.words("running_text", key)) for key in ("old_words", "now_words"))
    return re.compile(rf"\s*{old}\b:?\s*(?P<was>.{{0,40}}\d.{{0,40}}?)[\s,;/]{{1,9}}{now}\b:?\s*(?P<now>.*\d.*)", re.IGNORECASE)


@derived(maxsize=1_000)
def several_amounts(text: str, decimals: Convention | None = None) -> tuple[Amount, ...]:
    """Return two or more amounts of a cell, as they stand; () where it holds others, or they may be a fraction or a date."""
    parts = [part for part in _BETWEEN_AMOUNTS.split(text.strip()) if part]
    if not 2 <= len(parts) <= MOST_AMOUNTS or is_date(text):
        return ()
    amounts = [parse_price(part, decimals) for part in parts]
    if any(amount is None or amount.value <= 0 for amount in amounts):
        return ()
    several = [amount for amount in amounts if amount]
    values = [amount.value for amount in several]
    if max(values) > WIDEST_RATIO * min(values):
        return ()
    currency = next((amount.currency for amount in several if amount.currency), "")
    unit = next((amount.unit for amount in reversed(several) if amount.unit), "")
    return tuple(Amount(amount.value, amount.currency or currency, amount.unit or unit) for amount in several)


def are_plainly_amounts(amounts: tuple[Amount, ...]) -> bool:
    """Whether several numbers of a cell are money for sure, and no fraction, dimension or date: by a currency, or large and round."""
    if any(amount.currency for amount in amounts):
        return True
    values = [amount.value for amount in amounts]
    return all(value >= SMALLEST_PLAIN and value % 5 == 0 for value in values) and any(a != b for a, b in pairwise(values))


@derived(maxsize=1_000)
def plain_range(text: str, decimals: Convention | None = None) -> Amount | None:
    """Return the low end of a range of amounts that are money for sure ("150-250"), None for other texts, sizes and years."""
    amount = parse_price_or_range(text, decimals)
    if amount is None or is_date(text):
        return None
    ends = [end for part in _RANGE.split(text, maxsplit=1) if (end := parse_price(part, decimals))]
    is_year = all(FIRST_YEAR <= end.value <= LAST_YEAR and end.value == int(end.value) for end in ends)
    return amount if len(ends) > 1 and are_plainly_amounts(tuple(ends)) and (amount.currency or not (is_year or amount.unit)) else None


@derived(maxsize=1_000)
def amount_before_remark(text: str, decimals: Convention | None = None) -> Amount | None:
    """Return the amount with which a cell of a price column begins, where words follow: "1500-2000 (washing: 500)", "50р per stone".

    What follows an amount without a currency has to be set off by a bracket, a comma, a stroke. A percentage is none.
    """
    text = text.strip()
    number = _NUMBER.search(text)
    if price_pair(text, decimals):
        return None
    if number is None or len(text) > LONGEST_REMARK or text[number.end() :].lstrip().startswith("%") or is_date(text):
        return None
    amounts = (parse_price_or_range(head, decimals) for head in _heads(text, number))
    return next((amount for amount in amounts if amount and amount.value > 0), None)


def _heads(text: str, number: re.Match[str]) -> Iterator[str]:
    """Yield how far the amount may reach that begins a text: up to a bracket or stroke, up to its currency, or with it in front."""
    yield from (text[: match.start()] for match in _BEFORE_REMARK.finditer(text, number.end()))
    for mark in find_marks(text):
        if mark.start >= number.end() and not text[number.end() : mark.start].strip():
            yield text[: mark.end]
        elif mark.end <= number.start():
            yield text[: number.end()]
