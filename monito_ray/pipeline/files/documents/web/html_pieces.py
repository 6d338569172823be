"""What an element of a page says, piece by piece: lines, spans and links apart, and amounts whose parts are styled apart as one."""

import re
from collections.abc import Iterator, Sequence

from monito_ray.pipeline.cell_amounts import amounts_in_text
from monito_ray.pipeline.currencies import currency_of_mark, find_marks
from monito_ray.pipeline.files.documents.web.html_tree import LINE_END, Element

_AMOUNT_GOES_ON = re.compile(r"[.,]\s?\d")
_AMOUNT_BREAKS_OFF = re.compile(r".*\d[.,]", re.DOTALL)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
#: Longer words beside an amount are no currency.
_LONGEST_CURRENCY = 6
_LONGEST_AMOUNT = 45
#: The number of a footnote, as in an encyclopedia, and in how many parts.
_FOOTNOTE, _MOST_OF_FOOTNOTE = re.compile(r"\[\s*\w{1,4}\s*\]"), 4
_CENTS = re.compile(r"\d\d")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
#: Words beside a price in a piece of its own: "from $5 per dozen".
_MOST_WORDS = 4


def is_amount(text: str) -> bool:
    """Whether a piece is a price by its looks: amounts without a unit or with a currency, and at most a few words beside a currency."""
    if len(text) > _LONGEST_AMOUNT or not _DIGIT.search(text):
        return False
    amounts = amounts_in_text(text)
    if amounts:
        return any(amount.currency or not amount.unit for amount in amounts)
    return len(_WORD.findall(text)) <= _MOST_WORDS and any(find_marks(text))


def is_measure(text: str) -> bool:
    """Whether a piece is an amount of a unit and no price: "500 g"."""
    amounts = amounts_in_text(text) if len(text) <= _LONGEST_AMOUNT and _DIGIT.search(text) else ()
    return bool(amounts) and all(amount.unit and not amount.currency for amount in amounts)


def parts(element: Element) -> Iterator[str | Element]:
    """Yield the texts of an element, its line ends and its inner elements in order.

    What only styles a text is part of it, unless it is a price that ends the element.
    """
    texts: list[str] = []
    last = len(element.children) - 1
    for index, child in enumerate(element.children):
        if isinstance(child, Element) and child.tag == "sup" and _FOOTNOTE.fullmatch(_whole_text(child)):
            continue
        text = child if isinstance(child, str) else _styled_text(child, ends_element=0 < index == last)
        if text is not None and text != LINE_END:
            is_raised = isinstance(child, Element) and child.tag == "sup"
            texts.append(_raised(text, texts[-1] if texts else _end_of(element.children[index - 1 : index])) if is_raised else text)
            continue
        yield from _visible(texts)
        texts.clear()
        yield child
    yield from _visible(texts)


def are_joined(before: str, behind: str) -> bool:
    """Whether two pieces on one line are one: parts of an amount, a sign or a currency beside it."""
    if _AMOUNT_GOES_ON.match(behind) or (behind[:1].isdigit() and _AMOUNT_BREAKS_OFF.fullmatch(before)):
        return before[-1:].isdigit() or before[-1:] in ".,"
    if not _LETTER_OR_DIGIT.search(behind) or not _LETTER_OR_DIGIT.search(before):
        return True
    return (before[-1:].isdigit() and _is_currency(behind)) or (behind[:1].isdigit() and _is_currency(before))


def joined(before: str, behind: str) -> str:
    """Return two pieces on one line as one: the parts of an amount without a blank, all else with one."""
    is_cut = before[-1:] in ".," or behind[:1] in ".,"
    is_closed = behind[:1] in ",;:)"
    return f"{before}{behind}" if is_closed or (is_cut and are_joined(before, behind)) else f"{before} {behind}"


def _styled_text(child: Element, *, ends_element: bool) -> str | None:
    """Return the text of an element that only styles it; None where it is a piece of its own, as is an amount at the end."""
    if not child.is_style or child.has_elements:
        return None
    text = "".join(map(str, child.children))
    return None if ends_element and child.tag != "sup" and is_amount(text.strip()) else text


def _whole_text(element: Element) -> str:
    """Return all that an element with few texts says."""
    texts = (child if isinstance(child, str) else _whole_text(child) for child in element.children[:_MOST_OF_FOOTNOTE])
    return "".join(texts).strip()


def _raised(text: str, before: str) -> str:
    """Return a raised text in line: cents behind a point, the number of a footnote not at all."""
    bare = text.strip()
    if not bare.isdigit() or not before.rstrip()[-1:].isdigit():
        return text
    return f".{bare}" if _CENTS.fullmatch(bare) else ""


def _end_of(children: Sequence[Element | str]) -> str:
    """Return the last text of some children, "" where they end otherwise."""
    while children:
        last = children[-1]
        if isinstance(last, str):
            return last
        children = last.children
    return ""


def _is_currency(text: str) -> bool:
    return len(text) <= _LONGEST_CURRENCY and bool(currency_of_mark(text))


def _visible(texts: list[str]) -> Iterator[str]:
    text = "".join(texts)
    if text and not text.isspace():
        yield text
