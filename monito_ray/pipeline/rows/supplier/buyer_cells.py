"""The buyer of a list: "Kepada Yth. Hotel Zarvex", "Bill to: ...". What is said of the buyer does not tell whose list it is."""

import re
from collections.abc import Iterator, Sequence

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, any_phrase
from monito_ray.pipeline.lexicon import derived

#: Rows below a label for the buyer that may still be about the buyer: name, person, street, town, telephone.
MOST_ROWS_BELOW = 5
#: Words shorter than this are in everybody's name.
_LEAST_LETTERS = 4
_WORD = re.compile(rf"{ALPHANUMERIC}+")


def split_buyer(rows: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the cells of a letterhead without the buyer's, and the buyer's.

    The buyer's are the label's own, the one right of a label that says nothing more, and those below it up to an empty cell.
    """
    below: dict[int, int] = {}
    buyer: list[str] = []
    own: list[list[str]] = []
    for row in rows:
        of_row = set(_buyer_columns(row, below))
        buyer += [row[column] for column in sorted(of_row)]
        own.append([text for column, text in enumerate(row) if text and column not in of_row])
    return own, buyer


def is_order(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a letterhead is that of an order, which the buyer wrote: its names and addresses are the buyer's."""
    return any(_order().search(text) for row in rows for text in row)


def is_of_buyer(text: str, buyer: Sequence[str]) -> bool:
    """Return whether an address in the internet is made of a word of the buyer's name: sales@zarvex.com of "Zarvex Hotels Ltd"."""
    words = {word for other in buyer for word in _WORD.findall(other.casefold()) if len(word) >= _LEAST_LETTERS and word.isalpha()}
    labels = re.split(r"[@.]", text.casefold())
    return any(word == label or (len(word) > _LEAST_LETTERS and word in label) for word in words for label in labels[:-1])


def _buyer_columns(row: Sequence[str], below: dict[int, int]) -> Iterator[int]:
    """Yield the columns of a row that are about the buyer; `below` has how many more rows may be, by column."""
    filled = [column for column, text in enumerate(row) if text]
    if not filled:
        below.clear()
    for place, column in enumerate(filled):
        label = _buyer_label().match(row[column].strip())
        if label:
            yield column
            below[column] = MOST_ROWS_BELOW
            if label.end() == len(row[column].strip()) and place + 1 < len(filled):
                yield filled[place + 1]
                below[filled[place + 1]] = MOST_ROWS_BELOW
        elif _seller_label().match(row[column].strip()):
            below.pop(column, None)
        elif below.get(column, 0) > 0:
            below[column] -= 1
            yield column
    for column in [column for column in below if column not in filled]:
        below.pop(column)


@derived()
def _buyer_label() -> re.Pattern[str]:
    """Return an expression for a label of the buyer: one of several words, or one word with a colon or nothing behind it."""
    labels = lexicon.words("letterhead", "buyer")
    several, single = ([label for label in labels if (" " in label) is is_long] for is_long in (True, False))
    end = r"\s*(?:[:：.,]+\s*|[-–—]\s+|$)"
    return re.compile(rf"(?:{any_phrase(several)}(?:{end}|\s+)|{any_phrase(single)}{end})", re.IGNORECASE)


@derived()
def _seller_label() -> re.Pattern[str]:
    return re.compile(rf"{any_phrase(lexicon.words('letterhead', 'seller'))}(?!{ALPHANUMERIC})", re.IGNORECASE)


@derived()
def _order() -> re.Pattern[str]:
    return re.compile(rf"(?<!{ALPHANUMERIC}){any_phrase(lexicon.words('letterhead', 'orders'))}(?!{ALPHANUMERIC})", re.IGNORECASE)
