"""Titles that stand over columns of numbers where no row looks like a header: what they name is no price."""

from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import Value, is_filled, is_number, text_of
from monito_ray.pipeline.currencies import find_marks
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.titles import NO_TITLE, Title, parse_title


@dataclass(frozen=True, slots=True)
class LooseTitleThresholds:
    """Where such titles stand. Set by trial on labelled lists without their prices."""

    #: A title stands among the first rows, at most so many rows above the first number of its column.
    first_rows: int = 30
    reach: int = 8
    #: Share of amounts of a column of numbers.
    amounts: float = 0.7


LOOSE_TITLES = LooseTitleThresholds()
#: What numbers may be that are no prices.
_NO_PRICES = frozenset(
    {"quantity", "size", "pack", "number", "sku", "barcode", "sum", "discount", "tax", "margin", "date", "min_quantity", "cost", "note"}
)


#: What a row says that has nothing else: the sum of a list, or a remark.
_OF_LISTS = frozenset({"sum", "note"})


def titles_over_numbers(rows: Sequence[Sequence[Value]], profiles: Sequence[ColumnProfile]) -> tuple[Title, ...]:
    """Return for each column of numbers the clear title of something else than a price that stands over the first of them, empty titles else.

    One with a currency is that of prices: "Duty paid US$".
    """
    top = rows[: LOOSE_TITLES.first_rows]
    return tuple(_title_over(top, column) if p.money >= LOOSE_TITLES.amounts else NO_TITLE for column, p in enumerate(profiles))


def _title_over(rows: Sequence[Sequence[Value]], column: int) -> Title:
    """Return the title right over the first number of a column, an empty one without a clear one."""
    first = next((index for index, row in enumerate(rows) if _is_amount(row[column])), 0)
    above = [row for row in rows[max(0, first - LOOSE_TITLES.reach) : first] if is_filled(row[column])]
    title = parse_title(text_of(above[-1][column])) if above and isinstance(above[-1][column], str) else NO_TITLE
    if title.role in _OF_LISTS and sum(map(is_filled, above[-1])) == 1:
        return NO_TITLE
    names_something = title.role == "quantity" or (title.is_clear and title.role in _NO_PRICES)
    return title if names_something and not any(find_marks(title.text)) else NO_TITLE


def _is_amount(value: Value) -> bool:
    return is_number(value) or (isinstance(value, str) and any(map(str.isdigit, value)) and not any(map(str.isalpha, value)))
