"""Header rows: where the titles of columns stand, on one row or two, once or again and again, side by side or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import Merge, Sheet, Value, is_filled, is_number, text_of
from monito_ray.pipeline.currencies import currency_named, currency_of_mark
from monito_ray.pipeline.dates import is_date
from monito_ray.pipeline.price_remarks import is_blank_price, is_on_request, says_from
from monito_ray.pipeline.tables.choice.number_titles import NUMBER_TITLES, are_numbers_as_titles, with_prices
from monito_ray.pipeline.tables.choice.priced_rows import (
    are_prices_of_goods,
    begin_alike,
    has_number_near,
    is_clear_price,
    is_no_number,
    is_row_of_goods,
    price_in_words,
)
from monito_ray.pipeline.tables.title_kinds import are_quantities_over_numbers, are_sizes_over_numbers, is_quantity_title
from monito_ray.pipeline.tables.titles import Title, names_goods, parse_title


@dataclass(frozen=True, slots=True)
class HeaderThresholds:
    """What tells a row of titles from other rows. Set by trial on labelled lists, and on our own ones bent (`benchmarks/mutations.py`)."""

    #: Titles are texts: a row with a larger share of numbers is not a header row.
    most_numbers: float = 0.25
    #: Share of the filled cells whose titles are clear, in a row that names two roles or more; prose has fewer.
    clear_share: float = 0.34
    #: Clear titles that make a header whatever its other texts; with fewer, no text is longer (characters).
    clear_titles: int = 3
    longest_title: int = 60
    #: Fit of a title that is surely one: the only one over a column of numbers, or one that is no "price on request" of a row.
    sure_fit: float = 0.7
    #: The maximum number of filled cells in a row with only one such title, "Vegetables | Price".
    most_filled: int = 8
    #: Texts that the row below repeats make a row one of goods.
    repeats: int = 2
    #: Clear titles of prices over numbers that make a header alone.
    fewest_prices: int = 2
    #: Dates over numbers that make a history of prices.
    fewest_dates: int = 2
    #: Share of the filled cells whose titles are clear, in a row of sub-titles or of groups.
    clear_subtitles: float = 0.5
    #: Titles over groups of columns are no longer (characters).
    longest_group: int = 30
    #: Titles that cells of so many of the rows around repeat, this share of them, are labels in the cells of each offer.
    rows_around: int = 12
    fewest_labels: int = 2
    labels_share: float = 0.3

    #: Over one column of several titles: how well "pack", "unit" and "size" still fit under a title of prices ("Price" over "Carton") ...
    covered_fit: float = 0.3
    #: ... and what the roles of the upper titles count of themselves.
    upper_fit: float = 0.6


HEADER_ROWS = HeaderThresholds()
#: A text that is nothing but digits, or an amount with thousands or decimals.
_NUMBER = re.compile(r"\d+|\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d\d?)?|\d+[.,]\d\d?")
#: Roles that say more about the price above them.
_OF_PRICES = frozenset({"price", "unit", "pack", "size", "currency"})
#: Rows from a header on that show which column is the first one filled.
_ROWS_BELOW = 5


@dataclass(frozen=True, slots=True)
class Header:
    """Titles of a block's columns; it stands on the rows `top` to `bottom` (indexes, both included)."""

    top: int
    bottom: int
    titles: tuple[Title, ...]


def titled_rows(sheet: Sheet, left: int, right: int) -> list[int]:
    """Return the rows of a block of columns (right excluded) that look like headers."""
    most = HEADER_ROWS.most_numbers * (right - left)
    rows = [index for index, row in enumerate(sheet.rows) if [*map(type, row[left:right])].count(float) <= most]  # few rows of most lists
    headers = [index for index in rows if looks_like_header(sheet.rows[index][left:right], _row_below(sheet, index, left, right))]
    numbers = [index for index in range(min(NUMBER_TITLES.first_rows, len(sheet.rows))) if _has_number_titles(sheet, index, left, right)]
    headers = sorted({*headers, *numbers})
    titled: list[int] = []
    for index in headers:
        if not _holds_labels(sheet, index, left, right) and not is_row_of_goods(sheet, index, left, right, titled):
            titled.append(index)
    return titled


def _has_number_titles(sheet: Sheet, index: int, left: int, right: int) -> bool:
    return are_numbers_as_titles(sheet.rows[index][left:right], _row_below(sheet, index, left, right))


def _holds_labels(sheet: Sheet, index: int, left: int, right: int) -> bool:
    """Return whether a row of titles is that of one offer: "1130 | Olive oil | $/box | $/piece" over "30.00 | 2.50", and so on below.

    A header that comes again is the same in all its cells.
    """
    row = sheet.rows[index]
    filled = [column for column in range(left, right) if is_filled(row[column])]
    labels = [column for column in filled if is_clear_price(row[column])]
    around = sheet.rows[max(0, index - HEADER_ROWS.rows_around) : index + HEADER_ROWS.rows_around + 1]
    near = [other for other in around if other is not row and any(is_filled(other[column]) for column in labels)]
    repeating = [other for other in near if all(text_of(other[column]).startswith(text_of(row[column])) for column in labels)]
    if len(repeating) < max(HEADER_ROWS.fewest_labels, HEADER_ROWS.labels_share * len(near)):
        return False
    return any(other[column] != row[column] for other in repeating for column in filled if column not in labels)


def find_headers(sheet: Sheet, left: int, right: int, titled: Sequence[int]) -> list[Header]:
    """Return the headers of the block of columns `left` to `right` (right excluded) around its `titled_rows`, top to bottom."""
    merges = {(merge.top, merge.left): merge for merge in sheet.merges}
    headers: list[Header] = []
    for index in titled:
        last = headers[-1].bottom if headers else -1
        if index > last:
            headers.append(_header_around(sheet, index, left, right, merges, last))
    return headers


def looks_like_header(row: Sequence[Value], below: Sequence[Value] = ()) -> bool:
    """Return whether a row holds titles: words that name columns of different roles, hardly any number, and no long prose."""
    numbers = sum([type(value) is float for value in row])
    if numbers > HEADER_ROWS.most_numbers * len(row):  # most rows end here, before any text is looked at
        return False
    filled = [value for value in row if is_filled(value)]
    if len(filled) < 2 or numbers > HEADER_ROWS.most_numbers * len(filled):
        return False
    digits = sum(isinstance(value, str) and _NUMBER.fullmatch(value) is not None for value in filled)
    if numbers + digits > HEADER_ROWS.most_numbers * len(filled) or _repeats_below(row, below):
        return False
    texts = [text_of(value) for value in filled if isinstance(value, str)]
    is_titled = any(map(names_goods, texts)) and _has_titles(row, below, len(filled), [*map(parse_title, texts)])
    if not is_titled and not are_sizes_over_numbers(row, below):
        return False  # most rows of lists whose amounts are texts
    titles = [*map(parse_title, texts)]
    return not _are_requests(titles) and not _are_labelled_prices(titles, below)


def _has_titles(row: Sequence[Value], below: Sequence[Value], filled: int, titles: Sequence[Title]) -> bool:
    """Return whether the texts of a row, which has so many `filled` cells, name what stands below."""
    clear = [title for title in titles if title.is_clear]
    roles = {title.role for title in clear}
    if roles.isdisjoint(("price", "name", "cost")):
        return False
    if _is_history(row, below) or (roles == {"name"} and _are_units_over_money(row, below)):
        return True
    if _is_among_numbers(row, below) and all(title.strength < HEADER_ROWS.sure_fit for title in clear if title.role in ("price", "cost")):
        return False
    if len(roles) == 1:
        return _are_several_prices(row, below) or (filled <= HEADER_ROWS.most_filled and _is_over_numbers(row, below))
    if len(clear) < HEADER_ROWS.clear_share * filled:
        is_named = {"name", "price"} <= roles and len(roles) >= HEADER_ROWS.clear_titles
        return is_named and filled == len(titles) and _is_over_numbers(row, below)  # as those of an export with columns of its own
    return len(clear) >= HEADER_ROWS.clear_titles or max(len(title.text) for title in titles) <= HEADER_ROWS.longest_title


def _repeats_below(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether texts stand in the row below again, as values that are the same for many goods do, and titles never."""
    return (
        sum(isinstance(a, str) and a == b and not a.isspace() and a != "" for a, b in zip(row, below, strict=False)) >= HEADER_ROWS.repeats
    )


def _is_over_numbers(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether the first title of prices is a sure one, and a number stands right under it: "Vegetables | Price"."""
    for column, value in enumerate(row):
        title = parse_title(text_of(value)) if isinstance(value, str) else None
        if title and title.role == "price":
            return title.strength >= HEADER_ROWS.sure_fit and column < len(below) and _is_amount(below[column])
    return False


def _is_among_numbers(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether a number stands over a number, as in rows of goods."""
    return any(_is_bare_number(a) and _is_bare_number(b) for a, b in zip(row, below, strict=False))


def _is_bare_number(value: Value) -> bool:
    return is_number(value) or (isinstance(value, str) and any(map(str.isdigit, value)) and not any(map(str.isalpha, value)))


def _are_several_prices(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether clear titles of prices stand over numbers, two or more of them: "H | A | Retail price | Price from 100"."""
    titles = [(column, parse_title(text_of(value))) for column, value in enumerate(row) if isinstance(value, str) and value]
    prices_over = [column for column, title in titles if title.role == "price" and title.is_clear]
    return len(prices_over) >= HEADER_ROWS.fewest_prices and all(column < len(below) and is_number(below[column]) for column in prices_over)


def _are_units_over_money(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether the amounts of the row below all stand under words that prices may be for: "Product | Each | Dozen"."""
    under = [column for column, value in enumerate(below) if _is_amount(value)]
    titles = [parse_title(text_of(row[column])) for column in under if column < len(row) and isinstance(row[column], str)]
    if not under or len(titles) < len(under) or any(title.is_clear and title.role != "price" for title in titles):
        return False
    if are_prices_of_goods([title.text for title in titles]):
        return False
    return any(title.role == "price" for title in titles) and all(title.role == "price" or title.tier != 1 for title in titles)


def _is_history(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Return whether dates stand over numbers, a column for each: "Item | 01.05.2026 | 01.06.2026"."""
    dated = [column for column, value in enumerate(row) if is_date(value)]
    return len(dated) >= HEADER_ROWS.fewest_dates and all(column < len(below) and _is_amount(below[column]) for column in dated)


def _is_amount(value: Value) -> bool:
    return is_number(value) or (isinstance(value, str) and prices.parse_price_or_range(value) is not None and not is_date(value))


def _are_requests(titles: Sequence[Title]) -> bool:
    """Return whether a title asks for a request, or names no price: "price upon request" and "Rp -" stand in rows, not over columns."""
    unsure = [title for title in titles if title.strength < HEADER_ROWS.sure_fit]
    return any(is_on_request(title.text) or (title.role == "price" and _stands_for_no_price(title.text)) for title in unsure)


def _are_labelled_prices(titles: Sequence[Title], below: Sequence[Value]) -> bool:
    """Return whether a title is the price of its row with a word before it ("Our price: $7.99"): no numbers stand below, it is no threshold."""
    texts = [title.text for title in titles if title.role == "price" and any(map(str.isdigit, title.text)) and not says_from(title.text)]
    amounts = [amount for text in texts if (amount := prices.parse_price(text))]
    return any(amount.currency for amount in amounts) and not any(map(is_number, below))


def _row_below(sheet: Sheet, index: int, left: int, right: int) -> Sequence[Value]:
    return sheet.rows[index + 1][left:right] if index + 1 < len(sheet.rows) else ()


def _header_around(sheet: Sheet, index: int, left: int, right: int, merges: dict[tuple[int, int], Merge], last: int) -> Header:
    """Return the header around the row `index`: a row of groups above it, sub-titles below it, blank rows between passed over.

    `last` is the last row of the header before.
    """
    top = bottom = index
    # Sub-titles stand under titles that are merged over several columns, or fill gaps of the row above.
    for below in (index + 1, index + 2):
        if below < len(sheet.rows) and _is_subtitles(sheet, below, bottom, left, right):
            if _holds_labels(sheet, below, left, right):
                break
            bottom = below
        elif below < len(sheet.rows) and any(map(is_filled, sheet.rows[below][left:right])):
            break
    above = index - 1
    if above > last and _is_group_row(sheet.rows[above][left:right], sheet.rows[index][left:right], is_first=last < 0):
        top = index if _is_over_first_column(sheet, above, index, left, right) else above
    columns = [[parse_title(text) for text in _texts_over(sheet, column, top, bottom, left, merges)] for column in range(left, right)]
    titles = tuple(_join_titles(parts) for parts in columns)
    return Header(top, bottom, with_prices(titles) if _has_number_titles(sheet, index, left, right) else titles)


def _is_subtitles(sheet: Sheet, index: int, over: int, left: int, right: int) -> bool:
    """Return whether a row holds sub-titles of the titles on the row `over`."""
    row, above, under = sheet.rows[index][left:right], sheet.rows[over][left:right], _row_below(sheet, index, left, right)
    filled = [(column, text_of(value)) for column, value in enumerate(row) if is_filled(value)]
    if not filled or not all(isinstance(row[column], str) for column, _ in filled):
        return False
    titles = [parse_title(text) for _, text in filled]
    if _are_labelled_prices(titles, ()):
        return False
    if are_quantities_over_numbers(row, above, under) and all(_is_quantity_of_price(text, above[column]) for column, text in filled):
        return True
    tiers = [_names_tier(title) and _may_have_tiers(above[column]) for title, (column, _) in zip(titles, filled, strict=True)]
    if sum(title.is_clear or is_tier for title, is_tier in zip(titles, tiers, strict=True)) < HEADER_ROWS.clear_subtitles * len(filled):
        return False
    if any(is_filled(above[column]) and text_of(above[column]) == text for column, text in filled):
        return False
    priced = [(text, under[column] if under else "") for column, text in filled if is_clear_price(above[column])]
    if any(
        _is_amount(text) or price_in_words(text) or has_number_near(text, next_price) or _stands_for_no_price(text) or is_no_number(text)
        for text, next_price in priced
    ):
        return False  # under the title of a price stands one, or a stroke for none
    titles_over = [parse_title(text_of(above[column])) for column, _ in filled]
    if _are_goods_without_price(titles, titles_over) or (len(filled) > 1 and begin_alike(row, under)):
        return False
    # A word alone says more about the price above it, or fills a gap; under another title it is a section, or a sum.
    return len(filled) > 1 or _says_more(titles[0], titles_over[0])


def _is_quantity_of_price(text: str, over: Value) -> bool:
    """Return whether a text is a quantity under the title of a price, or under none: "10 - 49" under "Price per pc"."""
    return is_quantity_title(text) and _may_have_tiers(over)


def _are_goods_without_price(titles: Sequence[Title], over: Sequence[Title]) -> bool:
    """Return whether the cells of a row are values of the titles over them: "Salt 1 kg | pack" under "Product | Unit | Price".

    Sub-titles say more about a price, or stand under gaps and names that are titles themselves.
    """
    pairs = list(zip(titles, over, strict=True))
    if any(_says_more(title, above) if above.text else _names_tier(title) for title, above in pairs):
        return False
    is_named = any(above.role == "name" and above.is_clear and not title.is_clear for title, above in pairs)
    return is_named or all(above.is_clear for above in over)


def _names_tier(title: Title) -> bool:
    """Return whether a title names one of several prices, though by a word of many ("Retail up to 10 000 rub")."""
    return title.role == "price" and title.tier != 1


def _may_have_tiers(over: Value) -> bool:
    """Return whether sub-titles of several prices may stand under a cell: it is empty, or names a price."""
    return not is_filled(over) or parse_title(text_of(over)).role == "price"


def _stands_for_no_price(text: str) -> bool:
    """Return whether a text is what price cells have for want of a price ("Rp -"); a currency alone is a sub-title."""
    return is_blank_price(text) and not currency_of_mark(text)


def _says_more(title: Title, over: Title) -> bool:
    """Return whether a sub-title that stands alone belongs to the title over it."""
    if not over.text:
        return title.role != "name"
    return over.role == "price" and (title.role in _OF_PRICES or title.tier != 1 or bool(currency_named(title.text)))


def _is_group_row(row: Sequence[Value], below: Sequence[Value], *, is_first: bool) -> bool:
    """Return whether a row holds short titles over groups of the titles below it; above another header than the first it may be goods."""
    filled = [value for value in row if is_filled(value)]
    texts = [text_of(value) for value in filled if isinstance(value, str) and len(value) <= HEADER_ROWS.longest_group]
    if not filled or len(texts) < len(filled):
        return False
    titles = [*map(parse_title, texts)]
    if not is_first:
        under = [parse_title(text_of(below[column])) for column, value in enumerate(row) if is_filled(value)]
        if _are_goods_without_price(titles, under):
            return False
    clear = sum(title.is_clear for title in titles)
    return clear >= HEADER_ROWS.clear_subtitles * len(filled) and len(filled) < sum(map(is_filled, below))


def _is_over_first_column(sheet: Sheet, above: int, index: int, left: int, right: int) -> bool:
    """Return whether a row holds nothing but the title of the whole list, "Rate list", over a title of the first column that is filled."""
    column, *others = [column for column in range(left, right) if is_filled(sheet.rows[above][column])]
    rows = sheet.rows[index : index + _ROWS_BELOW]
    return not others and is_filled(sheet.rows[index][column]) and not any(is_filled(row[c]) for row in rows for c in range(left, column))


def _texts_over(sheet: Sheet, column: int, top: int, bottom: int, left: int, merges: dict[tuple[int, int], Merge]) -> list[str]:
    """Return the titles over one column, top to bottom; a title merged over columns, or followed by empty ones, covers them."""
    texts: list[str] = []
    for index in range(top, bottom + 1):
        text = text_of(sheet.rows[index][column])
        if not text and index < bottom:
            text = _covering_text(sheet, index, column, left, bottom, merges)
        if text and text not in texts:
            texts.append(text)
    return texts


def _covering_text(sheet: Sheet, index: int, column: int, left: int, bottom: int, merges: dict[tuple[int, int], Merge]) -> str:
    """Return the title left of an empty cell that reaches over it, where the column has sub-titles below; "" without such."""
    if not any(is_filled(sheet.rows[row][column]) for row in range(index + 1, bottom + 1)):
        return ""
    for other in range(column - 1, left - 1, -1):
        if is_filled(sheet.rows[index][other]):
            merge = merges.get((index, other))
            return "" if merge and merge.right < column else text_of(sheet.rows[index][other])
    return ""


def _join_titles(parts: list[Title]) -> Title:
    """Return several titles over one column as one: the lowest clear one gives the role, all of them the tier.

    What a price's title covers are prices, though "Carton" alone would be a pack.
    """
    if len(parts) <= 1:
        return parts[0] if parts else Title("")
    lowest = ([part for part in parts if part.is_clear] or parts)[-1]
    roles: dict[str, float] = dict(lowest.roles)
    if parts[0].role == "price" and parts[0].is_clear and lowest.role in ("pack", "unit", "size"):
        roles = dict.fromkeys(roles, HEADER_ROWS.covered_fit)
        roles["price"] = parts[0].strength
    for part in parts:
        for role, fit in part.roles.items():
            roles[role] = max(roles.get(role, 0.0), min(fit, 1.0) * HEADER_ROWS.upper_fit)
    tiers = [part.tier for part in parts if part.tier != 1]
    return Title(" ".join(part.text for part in parts), roles, tiers[-1] if tiers else 1)
