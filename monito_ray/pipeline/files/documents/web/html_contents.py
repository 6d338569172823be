"""What stands in the elements of a page: words, amounts, offers; and which tables only arrange it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monito_ray.pipeline.files.documents.web.html_pieces import is_amount, parts
from monito_ray.pipeline.files.documents.web.html_tree import LINE_END, Element

#: A table arranges the page if this share of its cells hold words and amounts each.
_LEAST_CARDS = 0.6
HAS_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(slots=True)
class Contents:
    """What stands in an element."""

    has_words: bool = False
    has_amounts: bool = False
    #: The innermost elements in it, itself included, that have both words and an amount.
    offers: int = 0


def read_contents(element: Element, contents: dict[int, Contents]) -> Contents:
    """Write down what stands in `element` and in all elements within it."""
    result = contents[id(element)] = Contents()
    if element.tag == "table" and _has_plain_cells(element):
        return result
    for part in parts(element):
        if isinstance(part, Element):
            inner = read_contents(part, contents)
            result.has_words |= inner.has_words
            result.has_amounts |= inner.has_amounts
            result.offers += inner.offers
        elif part == LINE_END:
            continue
        elif is_amount(part.strip()):
            result.has_amounts = True
        elif HAS_WORD.search(part):
            result.has_words = True
    if not result.offers and result.has_words and result.has_amounts:
        result.offers = 1
    return result


def is_layout(table: Element, contents: dict[int, Contents]) -> bool:
    """Whether a table arranges the page: its lists stand within its cells, or most of its cells are such pieces."""
    rows_of_offers = inner_offers = cards = filled = 0
    has_titles = False
    for row in table_rows(table):
        cells = [cell for cell in row.children if isinstance(cell, Element)]
        offers = [contents[id(cell)].offers for cell in cells if id(cell) in contents]
        has_titles |= any(cell.tag == "th" for cell in cells)
        rows_of_offers += id(row) in contents and contents[id(row)].offers > 0 and not any(offers)
        inner_offers += sum(contents[id(cell)].offers for cell in cells if _has_table(cell))
        cards += sum(map(bool, offers))
        filled += sum(1 for cell in cells if id(cell) in contents and (contents[id(cell)].has_words or contents[id(cell)].has_amounts))
    return inner_offers > rows_of_offers or (cards >= max(1, _LEAST_CARDS * filled) and not has_titles)


def table_rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, those of its head and foot where they stand."""
    for child in table.children:
        if isinstance(child, Element):
            if child.tag == "tr":
                yield child
            elif child.tag in ("thead", "tbody", "tfoot"):
                yield from (row for row in child.children if isinstance(row, Element) and row.tag == "tr")


def _has_plain_cells(table: Element) -> bool:
    """Whether the cells of a table hold a text each, styled or not: no piece with words and an amount can be in one of them."""
    cells = (cell for row in table_rows(table) for cell in row.children if isinstance(cell, Element))
    return all(isinstance(child, str) or (child.is_style and not child.has_elements) for cell in cells for child in cell.children)


def _has_table(element: Element) -> bool:
    pending = [element]
    while pending:
        for child in pending.pop().children:
            if isinstance(child, Element):
                if child.tag == "table":
                    return True
                pending.append(child)
    return False
