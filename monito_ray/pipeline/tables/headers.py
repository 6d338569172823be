"""Header rows: where the titles of columns stand, on one row or two, once or again and again, side by side or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import Merge, Sheet, Value, is_filled, is_number, text_of
from monito_ray.pipeline.dates import is_date
from monito_ray.pipeline.tables.titles import Title, parse_title

CLEAR_TITLE = 0.5
LONGEST_GROUP = 30
_OF_PRICES = frozenset({"price", "unit", "pack", "size", "currency"})


@dataclass(frozen=True, slots=True)
class Header:
    """Titles of a block's columns; it stands on the rows `top` to `bottom` (indexes, both included)."""

    top: int
    bottom: int
    titles: tuple[Title, ...]


def titled_rows(sheet: Sheet, left: int, right: int) -> list[int]:
    """The rows of a block of columns (right excluded) that look like headers."""
    return [index for index, row in enumerate(sheet.rows) if looks_like_header(row[left:right], _below(sheet, index, left, right))]


def find_headers(sheet: Sheet, left: int, right: int, titled: Sequence[int]) -> list[Header]:
    """The headers of the block of columns `left` to `right` (right excluded), whose `titled_rows` are known, top to bottom."""
    spans = {(merge.top, merge.left): merge for merge in sheet.merges}
    headers: list[Header] = []
    for index in titled:
        floor = headers[-1].bottom if headers else -1
        if index > floor:
            headers.append(_grow(sheet, index, left, right, spans, floor))
    return headers


def looks_like_header(row: Sequence[Value], below: Sequence[Value] = ()) -> bool:
    """Whether a row holds titles: words that name columns of different roles, hardly a number, no more prose than titles."""
    numbers = sum([type(value) is float for value in row])
    if numbers > len(row) // 4:
        return False
    filled = [value for value in row if is_filled(value)]
    if len(filled) < 2 or numbers > len(filled) // 4:
        return False
    titles = [parse_title(text_of(value)) for value in filled if isinstance(value, str)]
    if any(title.strength < 0.7 and prices.is_on_request(title.text) for title in titles):
        return False  # "price upon request" stands in rows, not over columns
    sure = [title for title in titles if title.strength >= CLEAR_TITLE]
    roles = {title.role for title in sure}
    if "price" not in roles and "name" not in roles:
        return False
    if _is_history(row, below):
        return True
    if len(roles) >= 2:
        return len(sure) >= 0.34 * len(filled) and (len(sure) >= 3 or max(len(t.text) for t in titles) <= 60)
    # "Vegetables | Price": one known title is enough when numbers follow right under it.
    place = next((i for i, value in enumerate(row) if isinstance(value, str) and parse_title(text_of(value)).role == "price"), None)
    strong = place is not None and parse_title(text_of(row[place])).strength >= 0.7
    return bool(strong and len(filled) <= 8 and place is not None and place < len(below) and is_number(below[place]))


def _is_history(row: Sequence[Value], below: Sequence[Value]) -> bool:
    """Whether dates stand over numbers, a column for each: "Item | 01.05.2026 | 01.06.2026"."""
    dated = [place for place, value in enumerate(row) if is_date(value)]
    return len(dated) >= 2 and all(place < len(below) and _is_amount(below[place]) for place in dated)


def _is_amount(value: Value) -> bool:
    return is_number(value) or (isinstance(value, str) and prices.parse_price(value) is not None and not is_date(value))


def _below(sheet: Sheet, index: int, left: int, right: int) -> Sequence[Value]:
    return sheet.rows[index + 1][left:right] if index + 1 < len(sheet.rows) else ()


def _grow(sheet: Sheet, index: int, left: int, right: int, spans: dict[tuple[int, int], Merge], floor: int) -> Header:
    """The header around the row `index`: a group row above it, sub-titles below it, blank rows between passed over."""
    top = bottom = index
    # Sub-titles stand under titles that are merged over several columns, or fill gaps of the row above.
    for below in (index + 1, index + 2):
        if below < len(sheet.rows) and _is_subtitles(sheet.rows[below][left:right], sheet.rows[bottom][left:right]):
            bottom = below
        elif below < len(sheet.rows) and any(map(is_filled, sheet.rows[below][left:right])):
            break
    above = index - 1
    if above > floor and _is_group_row(sheet.rows[above][left:right], sheet.rows[index][left:right]):
        top = above
    columns = [[parse_title(text) for text in _texts(sheet, column, top, bottom, left, spans)] for column in range(left, right)]
    return Header(top, bottom, tuple(_joined(parts) for parts in columns))


def _is_subtitles(row: Sequence[Value], above: Sequence[Value]) -> bool:
    filled = [(i, value) for i, value in enumerate(row) if is_filled(value)]
    if not filled or not all(isinstance(value, str) for _, value in filled) or len(filled) > len(row):
        return False
    titles = [parse_title(text_of(value)) for _, value in filled]
    sure = sum(title.strength >= CLEAR_TITLE for title in titles)
    repeats = sum(is_filled(above[i]) and text_of(above[i]) == text_of(value) for i, value in filled)
    # A word alone says more about the price above it, or fills a gap; under another title it is a section, or a sum.
    is_section = len(filled) == 1 and not _says_more(titles[0], parse_title(text_of(above[filled[0][0]])))
    return sure >= 0.5 * len(filled) and not repeats and not is_section


def _says_more(title: Title, over: Title) -> bool:
    if not over.text:
        return title.role != "name"
    return over.role == "price" and (title.role in _OF_PRICES or title.tier != 1 or bool(prices.currency_named(title.text)))


def _is_group_row(row: Sequence[Value], below: Sequence[Value]) -> bool:
    filled = [value for value in row if is_filled(value)]
    if not filled or not all(isinstance(value, str) and len(value) <= LONGEST_GROUP for value in filled):
        return False
    return sum(parse_title(text_of(value)).strength >= CLEAR_TITLE for value in filled) >= 0.5 * len(filled) and len(filled) < sum(
        map(is_filled, below)
    )


def _texts(sheet: Sheet, column: int, top: int, bottom: int, left: int, spans: dict[tuple[int, int], Merge]) -> list[str]:
    """The titles over one column, top to bottom; a title merged over columns, or followed by empty ones, covers them."""
    texts = []
    for index in range(top, bottom + 1):
        text = text_of(sheet.rows[index][column])
        if not text and index < bottom:
            text = _covering(sheet, index, column, left, bottom, spans)
        if text and text not in texts:
            texts.append(text)
    return texts


def _covering(sheet: Sheet, index: int, column: int, left: int, bottom: int, spans: dict[tuple[int, int], Merge]) -> str:
    if not any(is_filled(sheet.rows[row][column]) for row in range(index + 1, bottom + 1)):
        return ""
    for other in range(column - 1, left - 1, -1):
        if is_filled(sheet.rows[index][other]):
            merge = spans.get((index, other))
            return "" if merge and merge.right < column else text_of(sheet.rows[index][other])
    return ""


def _joined(parts: list[Title]) -> Title:
    """Several titles over one column as one: the lowest sure one gives the role, all of them the tier.

    What a price's title covers are prices, though "Carton" alone would be a pack.
    """
    if len(parts) <= 1:
        return parts[0] if parts else Title("")
    sure = [part for part in parts if part.strength >= CLEAR_TITLE]
    roles: dict[str, float] = dict((sure or parts)[-1].roles)
    if parts[0].role == "price" and parts[0].strength >= CLEAR_TITLE and (sure or parts)[-1].role in ("pack", "unit", "size"):
        roles = dict.fromkeys(roles, 0.3)
        roles["price"] = parts[0].strength
    for part in parts:
        for role, score in part.roles.items():
            roles[role] = max(roles.get(role, 0.0), min(score, 1.0) * 0.6)
    tiers = [part.tier for part in parts if part.tier != 1]
    return Title(" ".join(part.text for part in parts), roles, tiers[-1] if tiers else 1)
