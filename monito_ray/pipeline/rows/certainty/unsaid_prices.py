"""Doubts about numbers of which nothing says that they are prices: a league table and a table of calories have names and numbers, too."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from monito_ray.pipeline.cells import column_letters, is_filled, text_of
from monito_ray.pipeline.currencies import currencies_stated, currency_named
from monito_ray.pipeline.rows.certainty.unread_columns import columns_with_role
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.tables.column_relations import move_together
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.price_columns import PRICE_COLUMNS
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.titles import NO_TITLE, parse_title

#: Whole numbers up to this may be points, years of age, calories; set by the lists of tests/data/no_price_list_*.json.
LARGEST_SMALL = 1_000
#: Fewer numbers rise or fall evenly by chance.
FEWEST_EVEN = 5
#: Texts that make a row over the numbers one of titles.
FEWEST_TITLES = 2
#: How well "price" has to fit a text that speaks of prices, 0 to 1.
FIT = 0.35
#: Rows around the offers in which a word for prices or a currency is looked for; columns that are compared with the price.
ROWS_AROUND, COLUMNS_COMPARED = 80, 12
#: What parts the fields of a line that was read as text.
_BETWEEN = re.compile(r"[,;|\t]")


def doubt_unsaid_prices(sheets: Sequence[SheetTables]) -> Iterator[str]:
    """Yield a sentence for the first sheet whose numbers may be no prices, and one for each table in which two columns may be."""
    if not any(map(_says_prices, sheets)):
        unsaid = next((sheet for sheet in sheets if _are_bare_numbers(sheet)), None)
        if unsaid:
            yield f"{_place(unsaid)}: no title and no currency says that these are prices; they may be points, counts or other figures"
    for sheet in sheets:
        for table in sheet.tables:
            yield from (f"{_place(sheet)}: {doubt}" for doubt in _doubts_of_columns(table))


def _place(sheet: SheetTables) -> str:
    name = sheet.sheet.name
    return name.capitalize() if sheet.sheet.paged else f"Sheet {name}"


def _says_prices(sheet: SheetTables) -> bool:
    """Return whether a title over the prices, a currency, or a word for prices around them says what they are."""
    if any(table.titles[table.roles.prices[0]].role in ("price", "cost") for table in sheet.tables):
        return True
    if any(line.currency or line.drawn_currency for line in sheet.lines):
        return True
    return any(map(_speaks_of_money, _texts_around(sheet)))


def _texts_around(sheet: SheetTables) -> Iterator[str]:
    """Yield the texts of the first rows that gave no offer, and what the titles say."""
    yield sheet.sheet.name
    yield from (title.text for table in sheet.tables for title in table.titles)
    priced = {line.at for line in sheet.lines if line.is_priced}
    around = [row for index, row in enumerate(sheet.sheet.rows) if index not in priced][:ROWS_AROUND]
    yield from (text_of(value) for row in around for value in row if isinstance(value, str) and value)


def _speaks_of_money(text: str) -> bool:
    return bool(currency_named(text) or currencies_stated(text)) or parse_title(text).roles.get("price", 0.0) >= FIT


def _are_bare_numbers(sheet: SheetTables) -> bool:
    """Return whether all prices are whole, and small under titles, or rise or fall from row to row, or are fields of lines under titles."""
    lines = [line for line in sheet.lines if line.is_priced and line.price]
    prices = [line.price for line in lines if line.price]
    if lines and not sheet.tables and _is_under_fields(sheet, lines[0]):
        return True
    if not prices or any(price % 1 for price in prices):
        return False
    if len(prices) >= FEWEST_EVEN and (all(a < b for a, b in pairwise(prices)) or all(a > b for a, b in pairwise(prices))):
        return True
    return max(prices) <= LARGEST_SMALL and _has_titles(sheet, lines[0])


def _has_titles(sheet: SheetTables, first: OfferLine) -> bool:
    """Return whether titles stand over the first offer: a header, or two texts or more without a number."""
    if any(table.header for table in sheet.tables):
        return True
    above = sheet.sheet.rows[first.at - 1] if 0 < first.at <= len(sheet.sheet.rows) else ()
    texts = [text for value in above if is_filled(value) for text in _BETWEEN.split(text_of(value)) if text.strip()]
    return len(texts) >= FEWEST_TITLES and not any(map(str.isdigit, "".join(texts)))


def _is_under_fields(sheet: SheetTables, first: OfferLine) -> bool:
    """Return whether the first offer is a line of as many fields as the titles over it."""
    if not 0 < first.at < len(sheet.sheet.rows) or not _has_titles(sheet, first):
        return False
    titles, offer = (",".join(map(text_of, sheet.sheet.rows[index])) for index in (first.at - 1, first.at))
    return len(_BETWEEN.findall(titles)) == len(_BETWEEN.findall(offer))


def _doubts_of_columns(table: LocatedTable) -> Iterator[str]:
    """Yield a sentence for the first column in unknown words that looks like the prices of one that is chosen in unknown words."""
    main = table.roles.prices[0]
    if table.titles[main].role or not table.titles[main].text:
        return
    others = set(range(min(len(table.titles), COLUMNS_COMPARED))) - (columns_with_role(table.roles) - {*table.roles.variants})
    rivals = (c for c in sorted(others) if table.titles[c].text and not table.titles[c].role)
    for column in rivals:
        profile = table.profiles[column]
        if move_together(table.profiles[main], profile) or price_score(NO_TITLE, profile).points >= PRICE_COLUMNS.untitled_floor:
            chosen, rival = (f"{column_letters(table.left + c)} ({table.titles[c].text})" for c in (main, column))
            yield f"column {rival} may hold the prices as well as {chosen}: no title says which"
            return
