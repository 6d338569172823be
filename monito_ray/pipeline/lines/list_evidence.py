"""What the lines of a text show together: how it writes prices, which bare numbers are prices, and whether it is a list at all."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.lines import line_names
from monito_ray.pipeline.lines.amount_roles.bills import is_bill
from monito_ray.pipeline.lines.amounts import Strength
from monito_ray.pipeline.lines.line_blocks import blocks_of, says_code, says_condition
from monito_ray.pipeline.lines.priced_line import LONGEST_LINE, YEARS, ReadLine, trailing_run
from monito_ray.pipeline.lines.style import Style, are_numbers_apart, are_thousands_spaced, number_labels, written_marks

#: Lines that begin with a price, and are more than those that end with one, so that names stand behind prices.
FEWEST_PRICE_FIRST = 2
#: So many lines that begin with a number before words, half as many as end with an amount, begin with codes.
FEWEST_CODED = 5
#: So many lines with a sign right before their price, this share of all, which make it the sign of prices.
FEWEST_LED, LED_SHARE = 5, 0.7
#: Lines that end with a bare number, which make such numbers prices, all together or within so many lines of each other.
FEWEST_BARE, BARE_REACH = 3, 4
#: The share of such lines among all lines that end with an amount, from which on they need no neighbours.
BARE_SHARE = 0.5
#: So many bare numbers alone on their lines, this share of the lines, are prices; they differ by at most this factor. Lines of a page are
#: higher (points).
_FEWEST_ALONE, _ALONE_SHARE, _WIDEST_ALONE, _DRAWN_HEIGHT = 4, 0.2, 15, 3
#: Bare prices near each other differ by at most this factor.
WIDEST_BARE = 60
#: Numbers that never fall from line to line, of which so many differ, are those of pages.
_FEWEST_PAGES = 5
_RUN_SHARE = 0.6
#: A text with fewer offers is a list only where it has at most so many words; of more lines, offers are at least this share, of long lists with
#: descriptions the lower one. In a block with an offer up to so many lines for each offer describe it.
FEWEST_OFFERS, MOST_WORDS_OF_ONE = 2, 10
#: A list of bare numbers has more offers among its lines, and one that is no score of a match.
BARE_OFFERS_SHARE, LARGEST_SCORE = 0.5, 5
LONGEST_CARD = 8
FEW_OFFERS_SHARE, MANY_OFFERS_SHARE, MANY_OFFERS = 0.2, 0.05, 12
#: So many prices with a currency, which are most, show that the list writes it: a block without any is of something else.
_FEWEST_MARKED = 4
#: A bare year is a price where so many other bare numbers are of its size.
_FEWEST_LIKE_YEARS = 3
#: A bare number that is no price is told of among so many offers, if it is at most so many times below or above all of their prices.
_FEWEST_OFFERS_BESIDE, _BEYOND_PRICES = 3, 3


def learn_style(lines: Sequence[TextLine]) -> list[ReadLine]:
    """Return the lines of a text, taken apart by how it writes its prices."""
    texts = [line.text for line in lines if len(line.text) <= LONGEST_LINE]
    decimals, own = written_marks(texts)
    style = Style(
        decimals,
        own,
        parts_spaced=are_numbers_apart(texts),
        thousands_spaced=are_thousands_spaced(texts),
        labels=number_labels(texts),
    )
    reads = [ReadLine(line, style) for line in lines]
    first = sum(read.is_first and read.amounts[0].strength > Strength.BARE for read in reads)
    first += sum(read.is_first and read.amounts[0].strength == Strength.BARE and _has_dash_behind(read) for read in reads)
    last = sum(read.ends_in_amount and not read.is_first for read in reads)
    price_first = first >= FEWEST_PRICE_FIRST and first > last
    coded = not price_first and sum(read.is_first for read in reads) >= max(FEWEST_CODED, last / 2)
    style = replace(style, price_first=price_first, coded=coded, run_length=_run_length(reads), led=_are_led(reads))
    for read in reads:
        read.style = style  # what they have worked out so far does not depend on it
    return reads


def _are_led(reads: Sequence[ReadLine]) -> bool:
    """Return whether most lines that end in an amount have a sign right before it."""
    ending = [read for read in reads if read.ends_in_amount]
    return sum(read.is_led(read.outside[-1]) for read in ending) >= max(FEWEST_LED, LED_SHARE * len(ending))


def _has_dash_behind(read: ReadLine) -> bool:
    return read.text[read.amounts[0].end :].lstrip()[:1] in ("-", "–", "—", ":", "=")


def _run_length(reads: Sequence[ReadLine]) -> int:
    """Return how many bare numbers end most of the lines that end with one."""
    runs = Counter(len(trailing_run(read, most=9)) for read in reads if read.is_last and read.outside[-1].strength == Strength.BARE)
    total = sum(runs.values())
    length, count = max(runs.items(), key=lambda run: run[1], default=(1, 0))
    return length if total >= FEWEST_BARE and count >= _RUN_SHARE * total else 1


def bare_prices(reads: Sequence[ReadLine]) -> set[int]:
    """Return the indexes of the lines whose bare number is a price: many lines have one at the same end, or several near each other."""
    conditions = {n for n, read in enumerate(reads) if says_condition(read)}
    others = labelled_numbers(reads) | conditions
    bare = _without_years([n for n, read in enumerate(reads) if n not in others and _ends_bare(read)], reads)
    clear = sum(
        (read.is_last or read.is_first) and max(amount.strength for amount in read.amounts) > Strength.BARE
        for n, read in enumerate(reads)
        if read.amounts and n not in conditions
    )
    if not bare and not clear:
        return _numbers_below_names(reads)
    bare = _beside_marked(bare, reads)
    if len(bare) < FEWEST_BARE or _are_pages([_bare_value(reads[n]) for n in bare]):
        return set()
    if len(bare) >= BARE_SHARE * (len(bare) + clear):
        return set(bare)
    least = min((amount.value for read in reads for amount in read.outside if amount.strength > Strength.BARE), default=0) / WIDEST_BARE
    return {n for n in bare if _bare_value(reads[n]) >= least and _has_neighbours(n, bare, reads)}


def _numbers_below_names(reads: Sequence[ReadLine]) -> set[int]:
    """Return the lines of a page that hold a bare number and nothing else, where each stands below words and they are of one size.

    A menu may have its prices so, and nothing else that looks like one: pages and lines that are numbered count up.
    """
    alone = [n for n, read in enumerate(reads) if n and len(read.outside) == 1 and not any(map(str.isalpha, read.text))]
    values = [int(reads[n].outside[0].value) for n in alone]
    is_drawn = all(reads[n].line.bottom - reads[n].line.top > _DRAWN_HEIGHT for n in alone)
    below_words = all(any(map(str.isalpha, reads[n - 1].text)) for n in alone)
    if len(alone) < max(_FEWEST_ALONE, _ALONE_SHARE * len(reads)) or not (is_drawn and below_words):
        return set()
    rises = all(a < b for a, b in pairwise(values))
    return set() if rises or any(value in YEARS for value in values) or max(values) > _WIDEST_ALONE * max(1, min(values)) else set(alone)


def _without_years(bare: Sequence[int], reads: Sequence[ReadLine]) -> list[int]:
    """Return the lines whose bare number is no year, unless many numbers are of the size of years."""
    like = sum(YEARS[0] / 2 < _bare_value(reads[n]) < YEARS[-1] * 2 and _bare_value(reads[n]) not in YEARS for n in bare)
    return list(bare) if like >= _FEWEST_LIKE_YEARS else [n for n in bare if _bare_value(reads[n]) not in YEARS]


def _beside_marked(bare: Sequence[int], reads: Sequence[ReadLine]) -> list[int]:
    """Return the lines with a bare number without those of blocks that have no currency and count something else.

    They do where most prices have a currency, or all of theirs are far above those that have one; numbers of several sizes side by side stay.
    """
    marked = {
        n: read.outside[-1].value
        for n, read in enumerate(reads)
        if read.is_last and read.outside[-1].strength == Strength.MONEY and not says_condition(read)
    }
    if len(marked) < _FEWEST_MARKED:
        return list(bare)
    highest = max(marked.values()) * WIDEST_BARE
    result: list[int] = []
    for block in blocks_of(reads):
        own = [n for n in bare if block.first <= n <= block.last]
        several = sum(len(reads[n].outside) > 1 for n in own)
        is_apart = len(marked) >= len(bare) and several * 2 <= len(own)
        is_far = all(_bare_value(reads[n]) > highest for n in own)
        if not (is_apart or is_far) or any(block.first <= n <= block.last for n in marked):
            result += own
    return result


def _ends_bare(read: ReadLine) -> bool:
    if not read.amounts or max(amount.strength for amount in read.amounts) > Strength.BARE:
        return False
    return (read.style.price_first and read.is_first) or read.is_last


def _bare_value(read: ReadLine) -> int:
    return int(read.amounts[0].value if read.style.price_first and read.is_first else read.outside[-1].value)


def labelled_numbers(reads: Sequence[ReadLine]) -> set[int]:
    """Return the lines with a bare number behind a label ("In stock: 12") in a block that has a marked price."""
    result: set[int] = set()
    for block in blocks_of(reads):
        inside = range(block.first, block.last + 1)
        if any(amount.strength >= Strength.MARKED for n in inside for amount in reads[n].amounts):
            result |= {n for n in inside if _ends_bare(reads[n]) and reads[n].text[: reads[n].outside[-1].start].rstrip(" *").endswith(":")}
    return result


def _has_neighbours(n: int, bare: Sequence[int], reads: Sequence[ReadLine]) -> bool:
    value = _bare_value(reads[n])
    near = [m for m in bare if m != n and abs(m - n) <= BARE_REACH]
    return (
        sum(value <= _bare_value(reads[m]) * WIDEST_BARE and _bare_value(reads[m]) <= value * WIDEST_BARE for m in near) >= FEWEST_BARE - 1
    )


def _are_pages(values: Sequence[int]) -> bool:
    """Whether numbers never fall and mostly differ, beginning small, as the pages of a table of contents do."""
    rises = all(a <= b for a, b in pairwise(values))
    return rises and len(values) >= _FEWEST_PAGES and len(set(values)) > len(values) * 0.7 and values[0] <= _FEWEST_PAGES * 2


def bare_amounts_left(reads: Sequence[ReadLine], prices: Mapping[int, Decimal], settled: Collection[int]) -> list[int]:
    """Return the lines near offers whose bare number is of the size of their prices, and is none: a price whose mark is missing, perhaps.

    `prices` has the offers' by their lines; lines that are `settled` belong to an offer. Where prices have decimals such numbers have, too.
    """
    if len(prices) < _FEWEST_OFFERS_BESIDE:
        return []
    least, highest = min(prices.values()) / _BEYOND_PRICES, max(prices.values()) * _BEYOND_PRICES
    have_decimals = sum(price % 1 != 0 for price in prices.values()) * 2 > len(prices)
    spoken_of = {*prices, *settled, *labelled_numbers(reads)}
    ending = [n for n, read in enumerate(reads) if n not in spoken_of and _ends_in_bare_number(read) and not says_code(read)]
    values = {n: reads[n].outside[-1].value for n in ending}
    return [
        n for n, value in values.items()
        if least <= value <= highest and value not in YEARS and (value % 1 != 0 or not have_decimals)
        and any(abs(at - n) <= BARE_REACH for at in prices)
    ]  # fmt: skip


def _ends_in_bare_number(read: ReadLine) -> bool:
    """Whether a line ends with a bare number behind a name, be it that of a package alone: "Ember 10L 21500"."""
    if not read.ends_in_amount or max(amount.strength for amount in read.amounts) > Strength.SHAPED:
        return False
    return read.is_last or line_names.begins_with_package(read.words)


def is_list(reads: Sequence[ReadLine], offers: Sequence[int], unread: Collection[int]) -> bool:
    """Whether a text with offers on these lines is a list: not a bill, and with more offers than talk."""
    if not offers or is_bill(reads, set(offers)):
        return False
    if len(offers) < FEWEST_OFFERS and not _is_short(reads):
        return False
    talk = [n for n, read in enumerate(reads) if line_names.is_talk(read.text)]
    share = len(set(offers)) / sum(map(len, _remote_lines(reads, set(offers))))
    clearest = [max((amount.strength for amount in reads[n].behind_code), default=Strength.MONEY) for n in offers]
    if sum(strength == Strength.BARE for strength in clearest) * 2 > len(clearest) and len(offers) < MANY_OFFERS:
        return share > BARE_OFFERS_SHARE and max((_bare_value(reads[n]) for n in offers if _ends_bare(reads[n])), default=0) > LARGEST_SCORE
    if len(offers) < len(unread) or len(set(offers)) < len(talk):
        return False
    return share > (FEW_OFFERS_SHARE if len(offers) < MANY_OFFERS else MANY_OFFERS_SHARE)


def _remote_lines(reads: Sequence[ReadLine], offers: Collection[int]) -> list[list[int]]:
    """Return the lines with words by blocks; of a short block with offers only the lines with these count: the others describe them."""
    blocks = [[n for n in range(block.first, block.last + 1) if any(map(str.isalpha, reads[n].text))] for block in blocks_of(reads)]
    own = [[n for n in inside if n in offers] for inside in blocks]
    are_cards = sum(map(bool, own)) > 1
    return [
        its if are_cards and its and len(inside) <= LONGEST_CARD * len(its) else inside for inside, its in zip(blocks, own, strict=True)
    ]


def _is_short(reads: Sequence[ReadLine]) -> bool:
    return sum(len(read.text.split()) for read in reads) <= MOST_WORDS_OF_ONE
