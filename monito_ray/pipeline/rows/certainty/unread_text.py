"""Amounts in running text that became no price."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import text_of
from monito_ray.pipeline.rows.certainty.line_amounts import amounts_read
from monito_ray.pipeline.rows.certainty.text_amounts import marked_amounts
from monito_ray.pipeline.rows.certainty.unread_cells import LONGEST_SHOWN, UnreadAmount, UnreadColumn
from monito_ray.pipeline.rows.offer_line import SheetTables


def unread_in_text(sheet: SheetTables) -> Iterator[tuple[UnreadColumn, Sequence[UnreadAmount]]]:
    """Yield the lines of a text with an amount that became no price: the reader says so, or its currency shows it.

    Each price accounts for one amount of its value, wherever it stands.
    """
    read = Counter(amount for line in sheet.lines for amount in amounts_read(line))
    left = {index for index, row in enumerate(sheet.sheet.rows) if _leaves_amount(" ".join(map(text_of, row)), read)}
    rows = sorted(left | {*sheet.unread_rows})
    texts = [" ".join(map(text_of, sheet.sheet.rows[index])) for index in rows]
    cells = [
        UnreadAmount(sheet.sheet.name, sheet.sheet.row_number(index), "", text[:LONGEST_SHOWN])
        for index, text in zip(rows, texts, strict=True)
    ]
    if cells:
        yield UnreadColumn(sheet.sheet.name, "", "", len(cells), is_money=True, first_row=cells[0].row, last_row=cells[-1].row), cells


def _leaves_amount(text: str, read: "Counter[Decimal]") -> bool:
    """Return whether a text holds an amount that is not among those read, and take its other amounts from these."""
    left = False
    for amount in marked_amounts(text):
        value = prices.rounded(amount)
        left = left or read[value] <= 0
        read[value] -= 1
    return left
