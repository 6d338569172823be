"""Signs of a list that is read wrong: shares and leads between 0 and 1, each 0 where nothing is odd."""

import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from operator import attrgetter

from monito_ray.pipeline.cells import fills_any, is_filled
from monito_ray.pipeline.rows.certainty.line_amounts import has_other_amount, is_unreadable
from monito_ray.pipeline.rows.certainty.unread_amounts import UnreadAmounts
from monito_ray.pipeline.rows.certainty.unread_columns import columns_with_role
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.name_evidence import name_score
from monito_ray.pipeline.tables.number_series import are_article_numbers, is_running, log_spread
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.titles import NO_TITLE

#: Offers of a list that are looked at, evenly taken.
OFFERS_READ = 2_000
#: Tables whose columns are looked at, the largest ones.
TABLES_READ = 24
#: Columns of a table that are compared with the chosen ones: sheets can have thousands.
COLUMNS_READ = 60
#: So many unread amounts are conditions of any list.
CONDITIONS = 2
#: An amount so many times the middle one, up or down, stands out: glued digits make thousands of times.
OUTLIER_RATIO = 100.0
#: Shorter lists say little by equal prices.
FEWEST_FOR_REPEATS = 8
#: Names with fewer letters are sizes, codes, units; longer ones (characters) are prose.
FEWEST_LETTERS, LONGEST_NAME = 3, 110
#: Whole prices with a smaller middle are numbers of rows, quantities, percentages.
SMALL_MEDIAN = 20
#: A name of so few words without a number is a word that tells apart goods of one name.
BARE_WORDS = 2
#: A table with prices in a smaller share of its rows, beside or below others, is made of remarks.
SPARSE_SHARE = 0.25
#: A digit more than most prices have is a price ten times as high; this many more are two prices in one.
GLUED_DIGITS = 3
#: A name of so many words is a sentence.
SENTENCE_WORDS = 12
_SENTENCE_ENDS = (",", ";", ":", ".")
_BEFORE_NAME = "\"'([«“„-–—•* "
_ATTRIBUTE = re.compile(r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\s[|·]\s")


@dataclass(frozen=True, slots=True)
class ListSigns:
    """What speaks against the reading of one list; the model of the predicted share weighs them (`data/predicted_share.json`)."""

    #: Unread amounts beside those read, and those of them that are money beyond doubt.
    unread: float = 0.0
    unread_money: float = 0.0
    #: Names that hold an amount with a currency, which is not the row's.
    money_in_names: float = 0.0
    #: Lines with an amount and no name; lines whose price cell holds digits that are no amount.
    nameless: float = 0.0
    unreadable: float = 0.0
    #: Lines without a price that look like offers, and lines that are titles or remarks.
    unpriced: float = 0.0
    remarks: float = 0.0
    #: Offers that repeat others; names that come with several prices; the share of the commonest price.
    repeats: float = 0.0
    shared_names: float = 0.0
    equal_prices: float = 0.0
    #: Names of a word or two that repeat: colours and sizes of goods that are named above them.
    bare_names: float = 0.0
    #: Prices far from the middle one; prices with many more digits than most; how widely they spread.
    outliers: float = 0.0
    glued: float = 0.0
    spread: float = 0.0
    #: Prices that count up, or number articles, or are small whole numbers.
    numbered: float = 0.0
    small: float = 0.0
    #: Names with hardly a letter, prose, and names that look like sizes, codes, units or amounts.
    short_names: float = 0.0
    prose: float = 0.0
    odd_names: float = 0.0
    #: Names that begin in the middle of a sentence, that are sentences, and that hold dates or several fields.
    cut_names: float = 0.0
    sentences: float = 0.0
    attributes: float = 0.0
    #: Offers of tables whose titles do not name the price, or the name.
    untitled_price: float = 0.0
    untitled_name: float = 0.0
    #: How near another column comes to the one of prices, or of names.
    rival_price: float = 0.0
    rival_name: float = 0.0
    #: Offers of tables whose columns are in doubt by what compares them, and how near the next column that was compared comes.
    doubtful_columns: float = 0.0
    price_contest: float = 0.0
    #: Offers of tables that are mostly blank.
    sparse_tables: float = 0.0
    #: How little the cells look like prices, or like names.
    unlike_prices: float = 0.0
    unlike_names: float = 0.0
    #: Pages and texts whose lines and tables give other prices, by how many of them differ.
    disagreement: float = 0.0
    #: Filled rows outside of tables; sheets with texts and without offers.
    uncovered: float = 0.0
    empty_sheets: float = 0.0
    #: Offers in other currencies than most.
    other_currencies: float = 0.0
    #: Few offers.
    few: float = 0.0
    #: Pages of a PDF; offers that were read from lines of pages.
    paged: float = 0.0
    page_lines: float = 0.0

    def values(self) -> tuple[float, ...]:
        """Return the signs in the order of their fields."""
        return tuple(getattr(self, one.name) for one in fields(self))


def sign_names() -> tuple[str, ...]:
    """Return the names of the signs in the order of `ListSigns.values`."""
    return tuple(one.name for one in fields(ListSigns))


def without_column_signs(signs: ListSigns) -> ListSigns:
    """Return signs without those that other columns may hold the names or prices."""
    return replace(
        signs,
        untitled_price=0.0,
        untitled_name=0.0,
        rival_price=0.0,
        rival_name=0.0,
        doubtful_columns=0.0,
        price_contest=0.0,
        unlike_prices=0.0,
        unlike_names=0.0,
        odd_names=0.0,
    )


def measure_signs(sheets: Sequence[SheetTables], unread: UnreadAmounts) -> ListSigns:
    """Return the signs of a list that was read from these sheets."""
    lines = [line for sheet in sheets for line in sheet.lines]
    offers = [line for line in lines if line.price and line.price > 0 and any(map(str.isalnum, line.name))]
    sample = offers[:: max(1, len(offers) // OFFERS_READ)]
    if not sample:
        return ListSigns(few=1.0)
    unpriced = [line for line in lines if not line.is_priced]
    count, roles = len(offers), sum(map(bool, map(attrgetter("role"), lines)))
    return ListSigns(
        unread=_unread_share(unread.count, count),
        unread_money=_unread_share(unread.money_count, count),
        money_in_names=_share(sample, has_other_amount),
        nameless=(len(lines) - len(unpriced)) / count - 1,
        unreadable=sum(map(is_unreadable, unpriced)) / count,
        unpriced=sum(not line.role for line in unpriced) / len(lines),
        remarks=roles / len(lines),
        repeats=1 - len(set(map(attrgetter("fingerprint"), offers))) / count,
        **_price_signs(sample),
        glued=_glued_share(sheets),
        **_name_signs(sample),
        **_column_signs(sheets),
        **_sheet_signs(sheets),
        disagreement=_disagreement(sheets),
        few=min(1.0, 5 / count),
    )


def _unread_share(unread: int, offers: int) -> float:
    """Return how many of the amounts of a list are unread; a few are conditions: a least order, free delivery."""
    lost = max(0, unread - CONDITIONS)
    return lost / (lost + offers)


def _share(lines: Sequence[OfferLine], is_odd: Callable[[OfferLine], bool]) -> float:
    return sum(map(is_odd, lines)) / len(lines)


def _price_signs(offers: Sequence[OfferLine]) -> dict[str, float]:
    prices = [float(line.price) for line in offers if line.price]
    middle = statistics.median(prices)
    is_long = len(prices) >= FEWEST_FOR_REPEATS
    whole = all(price == int(price) for price in prices)
    currencies = Counter(line.currency or line.drawn_currency for line in offers)
    del currencies[""]
    return {
        "equal_prices": Counter(prices).most_common(1)[0][1] / len(prices) if is_long else 0.0,
        "outliers": sum(not 1 / OUTLIER_RATIO < price / middle < OUTLIER_RATIO for price in prices) / len(prices),
        "spread": min(1.0, log_spread(prices) / 3) if len(prices) > 1 else 0.0,
        "numbered": float(is_running(prices) or are_article_numbers(prices)),
        "small": float(whole and middle < SMALL_MEDIAN),
        "other_currencies": 1 - currencies.most_common(1)[0][1] / currencies.total() if currencies else 0.0,
    }


def _glued_share(sheets: Sequence[SheetTables]) -> float:
    """Return the share of prices with many more digits than most prices of their sheet: two or three prices in one."""
    glued = count = 0
    for sheet in sheets:
        prices = [price for price in map(attrgetter("price"), sheet.lines) if price and price > 0]
        digits = [len(str(int(price))) for price in prices[:: max(1, len(prices) // OFFERS_READ)]]
        count += len(digits)
        if len(digits) >= FEWEST_FOR_REPEATS:
            usual = statistics.median(digits)
            glued += sum(n >= max(2 * usual, usual + GLUED_DIGITS) for n in digits)
    return glued / count if count else 0.0


def _name_signs(offers: Sequence[OfferLine]) -> dict[str, float]:
    by_name: defaultdict[str, set[object]] = defaultdict(set)
    for line in offers:
        by_name[line.name.casefold()].add(line.price)
    look = profile_column([line.name for line in offers])
    return {
        "shared_names": 1 - len(by_name) / len(offers),
        "bare_names": sum(len(by_name[line.name.casefold()]) > 1 and _is_bare(line.name) for line in offers) / len(offers),
        "short_names": sum(is_letterless(line.name) for line in offers) / len(offers),
        "prose": sum(len(line.name) > LONGEST_NAME for line in offers) / len(offers),
        "cut_names": _cut_share([line.name for line in offers]),
        "sentences": sum(is_sentence(line.name) for line in offers) / len(offers),
        "attributes": sum(is_attribute(line.name) for line in offers) / len(offers),
        "odd_names": min(1.0, look.sizes + look.codes + look.units + look.money),
    }


def is_cut(name: str) -> bool:
    """Return whether a name begins with a small letter."""
    return name.lstrip(_BEFORE_NAME)[:1].islower()


def is_sentence(name: str) -> bool:
    """Return whether a name has the words or the end of a sentence."""
    return name.count(" ") >= SENTENCE_WORDS or name.endswith(_SENTENCE_ENDS)


def is_attribute(name: str) -> bool:
    """Return whether a name holds a date or several fields."""
    return _ATTRIBUTE.search(name) is not None


def is_letterless(name: str) -> bool:
    """Return whether a name has hardly a letter."""
    return sum(map(str.isalpha, name)) < FEWEST_LETTERS


def _cut_share(names: Sequence[str]) -> float:
    """Return the share of names that begin with a small letter, where most begin with a capital."""
    small = sum(map(is_cut, names))
    capital = sum(name.lstrip(_BEFORE_NAME)[:1].isupper() for name in names)
    return small / len(names) if small < capital else 0.0


def _is_bare(name: str) -> bool:
    return name.count(" ") < BARE_WORDS and not any(map(str.isdigit, name))


def _column_signs(sheets: Sequence[SheetTables]) -> dict[str, float]:
    """Return what the columns of the largest tables say, each table by its number of rows."""
    weights: defaultdict[str, float] = defaultdict(float)
    total = 0
    seen: dict[tuple[int, int], dict[str, float]] = {}
    tables = sorted((table for sheet in sheets for table in sheet.tables), key=lambda table: table.first - table.last)
    for table in tables[:TABLES_READ]:
        rows = table.last - table.first + 1
        key = (id(table.roles), id(table.profiles))
        if key not in seen:
            seen[key] = _table_signs(table)
        for name, value in seen[key].items():
            weights[name] += rows * value
        total += rows
    return {name: weight / total for name, weight in weights.items()}


def _table_signs(table: LocatedTable) -> dict[str, float]:
    roles, titles, profiles = table.roles, table.titles, table.profiles
    taken = columns_with_role(roles)
    price, name = roles.prices[0], roles.name
    others = range(min(len(titles), COLUMNS_READ))
    prices = {c: price_score(titles[c], profiles[c]).points for c in (price, *others)}
    names = {c: name_score(titles[c], profiles[c]).points for c in (name, *others)}
    other_prices = [prices[c] for c in others if c not in taken]
    other_names = [names[c] for c in others if c not in {name, *roles.more_name, *roles.prices}]
    return {
        "untitled_price": float(titles[price].role != "price"),
        "untitled_name": float(titles[name].role != "name"),
        "rival_price": _nearness(prices[price], other_prices),
        "rival_name": _nearness(names[name], other_names),
        "doubtful_columns": float(bool(table.doubt)),
        "price_contest": math.exp(-max(0.0, getattr(roles, "price_lead", math.inf))),
        "unlike_prices": _squash(-price_score(NO_TITLE, profiles[price]).points),
        "unlike_names": _squash(-name_score(NO_TITLE, profiles[name]).points),
    }


def _nearness(chosen: float, others: Iterable[float]) -> float:
    """Return 1 where another column has as many points, less the farther it is behind."""
    return math.exp(-max(0.0, chosen - max(others, default=-9.0)))


def _squash(points: float) -> float:
    return 1 / (1 + math.exp(-max(-9.0, min(9.0, points))))


def _sheet_signs(sheets: Sequence[SheetTables]) -> dict[str, float]:
    filled = inside = 0
    for sheet in sheets:
        rows = {index for index, row in enumerate(sheet.sheet.rows) if fills_any(row)}
        covered = set(map(attrgetter("at"), sheet.lines))
        covered.update(*(range(table.header.top if table.header else table.first, table.last + 1) for table in sheet.tables))
        filled += len(rows)
        inside += len(rows & covered)
    texts = [sheet for sheet in sheets if _has_text(sheet)]
    offers = sum(len(sheet.lines) for sheet in sheets)
    return {
        "uncovered": 1 - inside / filled if filled else 0.0,
        "empty_sheets": sum(map(is_without_offers, texts)) / len(texts) if texts else 0.0,
        "sparse_tables": _sparse_share(sheets),
        "paged": float(any(sheet.sheet.paged for sheet in sheets)),
        "page_lines": sum(len(sheet.lines) for sheet in sheets if sheet.sheet.paged and not sheet.tables) / offers if offers else 0.0,
    }


def _disagreement(sheets: Sequence[SheetTables]) -> float:
    """Return the share of the prices of second readings that the first ones do not have.

    Tables that a page is read in count together with the page's first sheet, which holds the other reading.
    """
    if not any(sheet.second_prices for sheet in sheets):
        return 0.0
    first: defaultdict[str, Counter[Decimal]] = defaultdict(Counter)
    second: defaultdict[str, Counter[Decimal]] = defaultdict(Counter)
    for sheet in sheets:
        first[sheet.sheet.name].update(line.price for line in sheet.lines if line.price and line.is_priced)
        second[sheet.sheet.name].update(sheet.second_prices)
    both = sum((first[name] & prices).total() for name, prices in second.items())
    total = sum(prices.total() for prices in second.values())
    return 1 - both / total if total else 0.0


def _sparse_share(sheets: Sequence[SheetTables]) -> float:
    """Return the share of offers in tables with prices in few of their rows, where a sheet has other tables."""
    sparse = count = 0
    for sheet in sheets:
        count += sum(line.is_priced for line in sheet.lines)
        if len(sheet.tables) < 2 or len(sheet.tables) > TABLES_READ:
            continue
        for table in sheet.tables:
            rows = table.last - table.first + 1
            prices = sum(
                is_filled(sheet.sheet.rows[index][table.left + table.roles.prices[0]]) for index in range(table.first, table.last + 1)
            )
            sparse += prices if prices < SPARSE_SHARE * rows else 0
    return min(1.0, sparse / count) if count else 0.0


def is_without_offers(sheet: SheetTables) -> bool:
    """Return whether a sheet has texts and no line with a price."""
    return not any(line.is_priced for line in sheet.lines) and _has_text(sheet)


def _has_text(sheet: SheetTables) -> bool:
    return any(map(fills_any, sheet.sheet.rows))
