"""Tables without a column of names: rows of sizes and prices under a title, or under titles that name the goods."""

from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import Sheet, text_of
from monito_ray.pipeline.tables.column_relations import factors_of
from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.price_columns import choose_prices
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class NamelessThresholds:
    """What makes rows of sizes; shares are 0 to 1. Set by trial on labelled lists and on bent ones of our own."""

    #: Numbers that are sizes repeat down the column: fewer different ones than that share, or most cells are sizes or words.
    most_different: float = 0.6
    fewest_sizes: float = 0.5
    #: A title stands at most so many rows above the header, and is no longer (characters).
    title_reach: int = 3
    longest_title: int = 60


NAMELESS = NamelessThresholds()


def nameless_roles(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> Roles | None:
    """Return the roles of a table whose rows are told apart by the sizes on their left, None where there are none.

    The first of these columns stands for the name. Where most titles name no prices there are none: it may be a grid.
    """
    if any(name_score(title, p).points >= NAME.floor for title, p in zip(titles, profiles, strict=True)):
        return None
    lead = _leading_sizes(titles, profiles)
    if not lead:
        return None
    prices = tuple(
        c for c in choose_prices(titles, profiles, lead[0]).columns if c > lead[-1] and titles[c].role == "price" and titles[c].is_clear
    )
    return Roles(name=lead[0], prices=prices, more_name=tuple(lead[1:]))


def title_above(sheet: Sheet, top: int, left: int, right: int) -> str:
    """Return the only text of the nearest row above the row `top` in a block of columns, "" without such a title."""
    for index in range(top - 1, max(-1, top - 1 - NAMELESS.title_reach), -1):
        texts = [text for value in sheet.rows[index][left:right] if (text := text_of(value))]
        if texts:
            return texts[0] if _is_title(texts) else ""
    return ""


def _is_title(texts: Sequence[str]) -> bool:
    return len(texts) == 1 and len(texts[0]) <= NAMELESS.longest_title and any(map(str.isalpha, texts[0]))


def _leading_sizes(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> list[int]:
    """Return the columns on the left that hold sizes, without products of two others, as areas are."""
    lead: list[int] = []
    for column, p in enumerate(profiles):
        if not p.count or p.running or titles[column].role == "number":
            continue
        if titles[column].role == "price" or not _are_sizes(titles[column], p):
            break
        lead.append(column)
    while lead and lead[-1] + 1 < len(profiles) and factors_of(lead[-1] + 1, profiles):
        lead.append(lead[-1] + 1)
    return [column for column in lead if not factors_of(column, profiles)]


def _are_sizes(title: Title, p: ColumnProfile) -> bool:
    if title.role == "size" or p.sizes + p.words >= NAMELESS.fewest_sizes:
        return True
    return bool(p.numbers) and p.distinct_numbers < NAMELESS.most_different * len(p.numbers)
