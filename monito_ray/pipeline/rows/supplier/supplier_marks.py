"""Marks of a supplier in the letterhead of its list: tax numbers, telephones, e-mail and web addresses, as they are compared with those of other lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.rows.supplier.buyer_cells import is_of_buyer, is_order, split_buyer
from monito_ray.pipeline.rows.supplier.net_addresses import mailboxes_in, sites_in
from monito_ray.pipeline.rows.supplier.tax_numbers import is_tax_label, tax_numbers_in
from monito_ray.pipeline.rows.supplier.telephones import is_telephone_label, telephones_in

#: Longer texts (characters) are terms and stories, with other people's numbers in them.
LONGEST_TEXT = 400
#: Texts at the head of a list among which its supplier's name is looked for, and their characters.
MOST_HEADS, LONGEST_HEAD = 12, 60
#: A letterhead has no more marks of one kind: a list of branches or of agents has.
MOST_OF_A_KIND = 12
_LONGEST_MARK = 120


class MarkKind(StrEnum):
    """What a mark is."""

    TAX_NUMBER = "tax_number"
    TELEPHONE = "telephone"
    EMAIL = "email"
    #: The domain of an e-mail address, where it is the firm's own.
    DOMAIN = "domain"
    #: A web address; lists name those of brands and makers, too.
    SITE = "site"
    #: The company that the letterhead names, without legal form.
    NAME = "name"


class Mark(NamedTuple):
    """One mark of a supplier."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class SupplierMarks:
    """What a list shows of its supplier."""

    #: The company that its letterhead names, "" for none.
    name: str = ""
    marks: tuple[Mark, ...] = ()
    #: The first short texts at its head, where a name may stand that has no legal form.
    heads: tuple[str, ...] = ()


def read_supplier_marks(rows: Sequence[Sequence[str]], currency: str, name: str = "", head: Sequence[Sequence[str]] = ()) -> SupplierMarks:
    """Return what a letterhead shows of the supplier, in order.

    What is the buyer's or a third party's (a carrier's, a bank's) is left out, and all of an order that the buyer wrote.

    Args:
        rows: the rows of cells outside the tables; "" is an empty cell.
        currency: the money of the list, "" if that is not known.
        name: the company that the letterhead names.
        head: of these rows those without titles of columns.
    """
    if is_order(rows):
        return SupplierMarks(name)
    heads = [text for text in own_texts(head) if len(text) <= LONGEST_HEAD][:MOST_HEADS]
    return SupplierMarks(name, _marks(rows, currency), tuple(dict.fromkeys(heads)))


def _marks(rows: Sequence[Sequence[str]], currency: str) -> tuple[Mark, ...]:
    own, buyer = split_buyer(rows)
    marks = [mark for row in own for mark in _marks_of_row(row, currency)]
    legible = dict.fromkeys(mark for mark in marks if len(mark.value) <= _LONGEST_MARK and not _is_of(mark, buyer))
    by_kind = {kind: [mark for mark in legible if mark.kind == kind] for kind in MarkKind}
    return tuple(mark for marks_of_kind in by_kind.values() if len(marks_of_kind) <= MOST_OF_A_KIND for mark in marks_of_kind)


def own_texts(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the texts of a letterhead that are not the buyer's; none of an order that the buyer wrote."""
    return [] if is_order(rows) else [text for row in split_buyer(rows)[0] for text in row]


def _is_of(mark: Mark, buyer: Sequence[str]) -> bool:
    return mark.kind in (MarkKind.EMAIL, MarkKind.DOMAIN, MarkKind.SITE) and is_of_buyer(mark.value, buyer)


def _marks_of_row(row: Sequence[str], currency: str) -> Iterator[Mark]:
    before = ""
    for text in row:
        if len(text) <= LONGEST_TEXT and not (_third_party().search(text) or _third_party().search(before)):
            yield from _marks_of_cell(text, before, currency)
        before = text


def _marks_of_cell(text: str, before: str, currency: str) -> Iterator[Mark]:
    labelled = f"{before} {text}" if is_tax_label(before) else text
    taxes = list(tax_numbers_in(labelled))
    yield from _of_kind(MarkKind.TAX_NUMBER, taxes)
    if not taxes:
        yield from _of_kind(MarkKind.TELEPHONE, telephones_in(text, currency, is_labelled=is_telephone_label(before)))
    for mailbox, domain in mailboxes_in(text):
        yield Mark(MarkKind.EMAIL, mailbox)
        if domain:
            yield from (Mark(MarkKind.DOMAIN, domain), Mark(MarkKind.SITE, domain))
    yield from _of_kind(MarkKind.SITE, sites_in(text))


def _of_kind(kind: MarkKind, values: Iterable[str]) -> Iterator[Mark]:
    return (Mark(kind, value) for value in values)


@derived()
def _third_party() -> re.Pattern[str]:
    words = any_phrase(lexicon.words("letterhead", "third_parties"))
    return re.compile(rf"(?<!{ALPHANUMERIC}){words}(?!{ALPHANUMERIC})", re.IGNORECASE)
