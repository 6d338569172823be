"""Whose list it is: a decision by what the list shows and what earlier lists showed. Pure; docs/suppliers.md has the order of the evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from monito_ray.catalog.suppliers.recognition_evidence import (
    CONTACTS,
    RIVAL_SHARE,
    PossibleSupplier,
    RecognitionEvidence,
    describe_mark,
    describe_overlap,
)
from monito_ray.catalog.suppliers.supplier_names import words_of_name
from monito_ray.catalog.suppliers.supplier_signs import SupplierMemory, SupplierSigns
from monito_ray.pipeline.rows.letterhead import supplier_of_file
from monito_ray.pipeline.rows.supplier.supplier_marks import MarkKind
from monito_ray.records import SUPPLIER_QUESTION

MOST_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Recognition:
    """Whose list it is."""

    #: The supplier; where that is not sure, one under which the list can stand until somebody says.
    supplier: str
    #: A sentence for people on what showed it.
    how: str
    is_sure: bool = True
    #: Where it is not sure, the suppliers that it may be of.
    candidates: tuple[PossibleSupplier, ...] = ()

    def question(self) -> dict[str, Any] | None:
        """Return what a person is asked, None where it is sure; the first choice is what was taken."""
        if self.is_sure:
            return None
        others = [candidate for candidate in self.candidates if candidate.supplier != self.supplier]
        choices = [{"id": self.supplier, "text": f"{self.supplier!r}: {self.how}"}]
        choices += [{"id": candidate.supplier, "text": f"{candidate.supplier!r}: {candidate.why}"} for candidate in others]
        return {"id": SUPPLIER_QUESTION, "text": "Whose list is it?", "choices": choices}


def recognize(signs: SupplierSigns, memory: SupplierMemory) -> Recognition:
    """Return whose list it is, by the first evidence that decides."""
    view = RecognitionEvidence(signs, memory)
    return next(filter(None, (rule(view) for rule in _RULES)), None) or _unnamed(view)


def _by_word(view: RecognitionEvidence) -> Recognition | None:
    """A person said so."""
    stated = view.signs.stated
    return Recognition(view.names.supplier_of(stated), "named with the list") if stated else None


def _by_caption(view: RecognitionEvidence) -> Recognition | None:
    """What stands under a file in a chat names a supplier that there is, or is written as a name; the letterhead must not name another."""
    supplier, is_name = view.supplier_in_caption()
    if not is_name:
        return None
    is_other = words_of_name(supplier) != words_of_name(view.signs.letterhead)
    if view.letterhead and view.letterhead != supplier and is_other and supplier not in view.names.near(view.signs.letterhead):
        return _doubt(view, supplier, "named with the list; its letterhead names another")
    return Recognition(supplier, "named with the list")


def _by_tax_number(view: RecognitionEvidence) -> Recognition | None:
    """A tax number is one firm's, whatever it is called today; it must not contradict the letterhead of another supplier."""
    owners = view.owners_of([MarkKind.TAX_NUMBER])
    if not owners:
        return None
    supplier, mark = next(iter(owners.items()))
    is_other = view.letterhead != supplier and view.is_stored(view.letterhead)
    if len(owners) > 1 or is_other:
        return _doubt(view, view.letterhead or supplier, "several suppliers' tax numbers or names stand in it")
    return Recognition(supplier, describe_mark(mark))


def _by_contact(view: RecognitionEvidence) -> Recognition | None:
    """An e-mail address or telephone number that one supplier alone has, unless the letterhead names another firm."""
    owners = view.owners_of(CONTACTS)
    if not owners or view.letterhead in owners:
        return None  # the letterhead decides
    supplier, mark = next(iter(owners.items()))
    is_like = supplier in view.names.near(view.signs.letterhead)
    if len(owners) > 1 or (view.letterhead and not is_like) or view.has_other_tax_number(supplier):
        taken = view.letterhead or view.unused_name()
        return _doubt(view, taken, "telephone or e-mail are another supplier's")
    return Recognition(supplier, describe_mark(mark))


def _by_letterhead(view: RecognitionEvidence) -> Recognition | None:
    """The company that the letterhead names, in any case and legal form."""
    if not view.letterhead:
        return None
    if view.has_other_tax_number(view.letterhead):
        return _doubt(view, view.letterhead, "its letterhead names it, with another tax number than before")
    if not view.is_stored(view.letterhead) and view.suppliers_of_rows():
        return _doubt(view, view.letterhead, "its letterhead names it, and its rows are another supplier's")
    return Recognition(view.letterhead, "its letterhead")


def _by_writer(view: RecognitionEvidence) -> Recognition | None:
    """Who wrote a list that was forwarded is a supplier, or all that they wrote before is one supplier's; its rows must not be another's."""
    supplier = view.supplier_of_writer()
    if not supplier or view.letterhead or view.is_at_other_prices(supplier) or view.has_other_tax_number(supplier):
        return None
    if any(other != supplier for other in view.suppliers_of_rows()):
        return _doubt(view, supplier, "who wrote it; its rows are another supplier's")
    return Recognition(supplier, "who wrote it, as before")


def _by_rows(view: RecognitionEvidence) -> Recognition | None:
    """Most rows are those of one supplier's list, of no other's, and at its prices."""
    decisive = view.suppliers_of_rows()
    if not decisive:
        return None
    supplier, (overlap, earlier) = next(iter(decisive.items()))
    rivals = [other for other in view.overlaps if other != supplier and view.is_rival(other, supplier)]
    if rivals or view.is_called_otherwise(supplier) or view.has_other_tax_number(supplier):
        taken = view.unused_name()
        return _doubt(view, taken, "its rows are those of a supplier of another name" if not rivals else "its rows are several suppliers'")
    if not earlier.is_sure:
        return _doubt(view, supplier, describe_overlap(overlap))
    return Recognition(supplier, describe_overlap(overlap))


def _by_head(view: RecognitionEvidence) -> Recognition | None:
    """The name of a supplier stands at the head, and the columns are its, too; by itself a name may be a brand's."""
    suppliers = view.suppliers_at_head()
    if len(suppliers) != 1 or not view.has_columns_of(suppliers[0]) or view.is_at_other_prices(suppliers[0]):
        return None
    return None if view.has_other_tax_number(suppliers[0]) else Recognition(suppliers[0], "its name at the head, and its columns")


def _by_columns_and_sender(view: RecognitionEvidence) -> Recognition | None:
    """All lists with these columns are one supplier's, one came from this sender, and rows of it come again."""
    own = set(view.signs.layouts)
    same = [earlier for earlier in view.memory.lists if earlier.layouts & own and earlier.is_sure]
    suppliers = {earlier.supplier for earlier in same}
    if len(suppliers) != 1 or not any(earlier.sender == view.signs.sender for earlier in same):
        return None
    supplier = suppliers.pop()
    if not view.is_supported(supplier) or view.is_called_otherwise(supplier) or view.has_other_tax_number(supplier):
        return None
    return Recognition(supplier, "its sender and columns, as before")


def _by_file_name(view: RecognitionEvidence) -> Recognition | None:
    """The file names somebody: a supplier whose columns or rows these are, or a new one."""
    if not view.stem:
        return None
    name = supplier_of_file(view.signs.file_name)
    called = view.names.supplier_of(name)
    suppliers = [called] if view.is_stored(called) else view.suppliers_of_same_file()
    if not suppliers:
        is_like_another = (
            view.suppliers_at_head()
            or any(overlap.of_first >= RIVAL_SHARE for overlap, _ in view.overlaps.values())
            or view.owners_of([MarkKind.SITE])
        )
        return _doubt(view, name, "a new supplier, called as its file") if is_like_another else Recognition(name, "its file's name")
    supplier = suppliers[0]
    is_confirmed = view.is_supported(supplier) or (view.has_columns_of(supplier) and not view.is_at_other_prices(supplier))
    if len(suppliers) == 1 and is_confirmed and not view.has_other_tax_number(supplier):
        return Recognition(supplier, "its file's name")
    return _doubt(view, view.unused_name(), "a new supplier: a file of this name had other goods and columns")


_RULES: tuple[Callable[[RecognitionEvidence], Recognition | None], ...] = (
    _by_word,
    _by_caption,
    _by_tax_number,
    _by_contact,
    _by_letterhead,
    _by_writer,
    _by_rows,
    _by_head,
    _by_columns_and_sender,
    _by_file_name,
)


def _unnamed(view: RecognitionEvidence) -> Recognition:
    """Return a supplier of its own until somebody says whose list it is."""
    return _doubt(view, view.unused_name(), "a new supplier: the list does not say whose it is")


def _doubt(view: RecognitionEvidence, supplier: str, how: str) -> Recognition:
    """Return that it is not sure, with those for whom anything speaks; `supplier` is taken for now."""
    candidates: dict[str, PossibleSupplier] = {}
    for candidate in view.candidates():
        candidates.setdefault(candidate.supplier, candidate)
    candidates.pop(supplier, None)
    new = (
        []
        if view.signs.letterhead
        else [PossibleSupplier(name, "a new supplier, as its sender or head may say") for name in view.new_names()]
    )
    return Recognition(supplier, how, is_sure=False, candidates=(*list(candidates.values())[:MOST_CANDIDATES], *new))
