"""One list beside what is stored: which suppliers anything of it speaks for. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from monito_ray.catalog.suppliers.supplier_names import words_of_name
from monito_ray.catalog.suppliers.supplier_signs import EarlierList, SupplierMemory, SupplierSigns
from monito_ray.pipeline.files.file_names import words_of_file_name
from monito_ray.pipeline.rows.letterhead import supplier_of_file
from monito_ray.pipeline.rows.supplier.naming_texts import file_stem, is_written_as_name, name_in_caption, naming_words
from monito_ray.pipeline.rows.supplier.row_sketch import Overlap, overlap_of
from monito_ray.pipeline.rows.supplier.supplier_marks import Mark, MarkKind
from monito_ray.records import UNKNOWN_SUPPLIER

#: Rows that two lists share, at least, and the least share of either's, where the rows alone show that they are one supplier's.
LEAST_ROWS, SHARE_OF_NEW, SHARE_OF_STANDING = 10, 0.6, 0.4
#: The same for short lists, which must have the same columns, too.
LEAST_ROWS_SHORT, SHARE_SHORT = 5, 0.6
#: The share of those rows whose prices are surely the same, or moved together: month-apart lists of one supplier have 0.45 and more, also
#: where half of the prices rose; rivals who have three in ten prices in common stay below.
SAME_PRICE = 0.36
#: Prices of which fewer are the same have nothing to do with each other.
OTHER_PRICES = 0.25
#: Another supplier with this share of the rows leaves it open whose they are.
RIVAL_SHARE = 0.3
#: So many rows and so much of a list, at the same prices, confirm what columns, sender or the file's name say, and do not show it alone.
LEAST_ROWS_SUPPORT, SUPPORT_SHARE = 5, 0.2
_LONGEST_NAME = 60
#: What the file of a list is called that was written in a chat.
_OF_CHAT = "message"
#: New names that a person can choose from.
MOST_NEW_NAMES = 2
#: Marks by which people are reached.
CONTACTS = (MarkKind.EMAIL, MarkKind.DOMAIN, MarkKind.TELEPHONE)
_MARK_WORDS = {
    MarkKind.TAX_NUMBER: "tax number",
    MarkKind.EMAIL: "e-mail address",
    MarkKind.DOMAIN: "e-mail domain",
    MarkKind.TELEPHONE: "telephone number",
    MarkKind.SITE: "web site",
}


@dataclass(frozen=True, slots=True)
class PossibleSupplier:
    """A supplier that the list may be of."""

    supplier: str
    why: str


class RecognitionEvidence:
    """One list beside what is stored."""

    def __init__(self, signs: SupplierSigns, memory: SupplierMemory) -> None:
        self.signs, self.memory, self.names = signs, memory, memory.names
        #: The supplier that the letterhead names, or whose lists had such a letterhead; the company itself where it is new.
        self.letterhead = self._named_in_letterhead()
        self.stem = file_stem(signs.file_name)

    def _named_in_letterhead(self) -> str:
        name = self.signs.letterhead
        if not name:
            return ""
        supplier = self.names.supplier_of(name)
        owners = self.memory.owners.get(self.signs.name_mark, frozenset()) if self.signs.name_mark else frozenset()
        return next(iter(owners)) if not self.is_stored(supplier) and len(owners) == 1 else supplier

    def supplier_in_caption(self) -> tuple[str, bool]:
        """Return the supplier that the caption may name, "" for talk, and whether it is one that there is or is written as a name."""
        whole = " ".join(self.signs.caption.split())
        if whole and self.is_stored(supplier := self.names.supplier_of(whole)):
            return supplier, True
        name = name_in_caption(whole)
        supplier = self.names.supplier_of(name) if name else ""
        return supplier, bool(name) and (
            self.is_stored(supplier) or is_written_as_name(whole, name) or words_of_name(name) != name.casefold()
        )

    def is_stored(self, supplier: str) -> bool:
        """Return whether there is a supplier of this name."""
        return supplier in self.names.suppliers

    @cached_property
    def overlaps(self) -> dict[str, tuple[Overlap, EarlierList]]:
        """By supplier, the list that shares the most rows with the new one."""
        best: dict[str, tuple[Overlap, EarlierList]] = {}
        for earlier in self.memory.lists:
            overlap = overlap_of(self.signs.sketch, earlier.sketch)
            before = best.get(earlier.supplier)
            if overlap.rows and (before is None or (overlap.of_first, overlap.same_price) > (before[0].of_first, before[0].same_price)):
                best[earlier.supplier] = overlap, earlier
        return best

    def owners_of(self, kinds: Iterable[MarkKind]) -> dict[str, Mark]:
        """Return the suppliers that alone have a mark of the list, each with its first such mark."""
        owners: dict[str, Mark] = {}
        for kind in kinds:
            for mark in self.signs.marks:
                if mark.kind == kind and len(suppliers := self.memory.owners.get(mark, frozenset())) == 1:
                    owners.setdefault(next(iter(suppliers)), mark)
        return owners

    def supplier_of_writer(self) -> str:
        """Return the supplier that who wrote a forwarded list is, or whose lists alone they wrote before; "" where neither is so."""
        if not any(map(str.isalpha, self.signs.sender)):
            return ""  # the number of who sent it
        if self.is_stored(supplier := self.names.supplier_of(self.signs.sender)):
            return supplier
        written = {earlier.supplier for earlier in self.memory.lists if earlier.sender == self.signs.sender and earlier.is_sure}
        return written.pop() if len(written) == 1 else ""

    def has_other_tax_number(self, supplier: str) -> bool:
        """Return whether both have tax numbers, and none in common."""
        own = {mark.value for mark in self.signs.marks if mark.kind == MarkKind.TAX_NUMBER}
        stored = self.memory.tax_numbers.get(supplier, frozenset())
        return bool(own and stored) and not own & stored

    def is_supported(self, supplier: str) -> bool:
        """Return whether rows of the supplier's lists speak for it, or nothing is stored that could."""
        if supplier not in self.memory.seen:
            return True
        overlap = self.overlaps.get(supplier, (Overlap(), None))[0]
        return overlap.rows >= LEAST_ROWS_SUPPORT and overlap.of_first >= SUPPORT_SHARE and overlap.surely_same_price >= SAME_PRICE

    def is_at_other_prices(self, supplier: str) -> bool:
        """Return whether the list has goods of the supplier's list at prices that have nothing to do with its: a rival's would."""
        overlap = self.overlaps.get(supplier, (Overlap(), None))[0]
        return overlap.rows >= LEAST_ROWS and overlap.same_price < OTHER_PRICES

    def is_rival(self, other: str, supplier: str) -> bool:
        """Return whether so much of another supplier's list is in the new one that it may be its, too.

        Not where fewer of its prices are the same than surely are of `supplier`'s, nor where nobody knows whose list that is.
        """
        (its, earlier), (own, of_supplier) = self.overlaps[other], self.overlaps[supplier]
        is_unsure = not earlier.is_sure and of_supplier.is_sure
        return its.of_first >= RIVAL_SHARE and its.same_price >= own.surely_same_price and not is_unsure

    def has_columns_of(self, supplier: str) -> bool:
        """Return whether a list of the supplier has a table with the same columns."""
        own = set(self.signs.layouts)
        return any(own & earlier.layouts for earlier in self.memory.lists if earlier.supplier == supplier)

    def is_called_otherwise(self, supplier: str) -> bool:
        """Return whether the file's name names somebody, and no name or file of the supplier has a word of that."""
        own = set(naming_words(self.stem))
        texts = [*self.names.names_of(supplier), *(earlier.stem for earlier in self.memory.lists if earlier.supplier == supplier)]
        return bool(own) and not own & {word for text in texts for word in (*naming_words(text), *text.casefold().split())}

    def unused_name(self) -> str:
        """Return a name for a supplier of its own: that in the file's name, else the file's name whole; with a number where it is somebody's."""
        words = words_of_file_name(self.signs.file_name)[:_LONGEST_NAME]
        name = supplier_of_file(self.signs.file_name) if self.stem else UNKNOWN_SUPPLIER if words in ("", _OF_CHAT) else words
        number = 1
        while self.is_stored(self.names.supplier_of(numbered := name if number == 1 else f"{name} #{number}")):
            number += 1
        return numbered

    def candidates(self) -> Iterator[PossibleSupplier]:
        """Yield every supplier for which anything speaks, the stronger evidence first; one may come twice."""
        for kind in (MarkKind.TAX_NUMBER, *CONTACTS, MarkKind.SITE):
            for supplier, mark in self.owners_of([kind]).items():
                yield PossibleSupplier(supplier, describe_mark(mark))
        if self.letterhead:
            yield PossibleSupplier(self.letterhead, "the letterhead names it")
        if (named := self.supplier_in_caption()[0]) and self.is_stored(named):
            yield PossibleSupplier(named, "named with the list")
        yield from (PossibleSupplier(supplier, "its name stands at the head of the list") for supplier in self.suppliers_at_head())
        by_share = sorted(self.overlaps.items(), key=lambda item: -item[1][0].of_first)
        yield from (
            PossibleSupplier(supplier, describe_overlap(overlap))
            for supplier, (overlap, _) in by_share
            if overlap.of_first >= SUPPORT_SHARE
        )
        yield from (PossibleSupplier(earlier.supplier, "a file of the same name was its") for earlier in self._of_same_file())
        if near := self.signs.letterhead or (supplier_of_file(self.signs.file_name) if self.stem else ""):
            yield from (PossibleSupplier(supplier, "its name is like this one") for supplier in self.names.near(near))
        same = (earlier for earlier in self.memory.lists if earlier.layouts & set(self.signs.layouts))
        yield from (PossibleSupplier(earlier.supplier, "its lists have these columns") for earlier in same)

    def new_names(self) -> list[str]:
        """Return what may be the name of a supplier that is new: what was written with the list, who wrote it, what stands at its head."""
        names = [name_in_caption(text) for text in self.signs.heads if not any(map(str.isdigit, text)) and ":" not in text]
        capitalized = [name for name in names if name[:1].isupper()][:MOST_NEW_NAMES]
        writer = self.signs.sender[:_LONGEST_NAME] if any(map(str.isalpha, self.signs.sender)) else ""
        return [
            name
            for name in dict.fromkeys((self.supplier_in_caption()[0], writer, *capitalized))
            if name and not self.is_stored(self.names.supplier_of(name))
        ]

    def suppliers_at_head(self) -> list[str]:
        """Return the suppliers whose names stand at the head of the list, those of words for lists and goods alone left out."""
        named = (supplier for text in self.signs.heads if naming_words(text) for supplier in sorted(self.names.named_in(text)))
        return [supplier for supplier in dict.fromkeys(named) if naming_words(supplier)]

    def _of_same_file(self) -> Iterator[EarlierList]:
        return (earlier for earlier in self.memory.lists if self.stem and earlier.stem == self.stem)

    def suppliers_of_same_file(self) -> list[str]:
        """Return the suppliers of files that are called the same but for dates and counters."""
        return list(dict.fromkeys(earlier.supplier for earlier in self._of_same_file()))

    def suppliers_of_rows(self) -> dict[str, tuple[Overlap, EarlierList]]:
        """Return the suppliers whose list the new one is again, the likeliest first; those of whom it is not sure last."""
        own = frozenset(self.signs.layouts)
        decisive = {
            supplier: (overlap, earlier)
            for supplier, (overlap, earlier) in self.overlaps.items()
            if _is_same_list(overlap, has_same_columns=own == earlier.layouts or bool(own & earlier.layouts))
        }
        return dict(sorted(decisive.items(), key=lambda item: (not item[1][1].is_sure, -item[1][0].of_first)))


def _is_same_list(overlap: Overlap, *, has_same_columns: bool) -> bool:
    if overlap.surely_same_price < SAME_PRICE:
        return False
    if overlap.rows >= LEAST_ROWS:
        return overlap.of_first >= SHARE_OF_NEW and overlap.of_second >= SHARE_OF_STANDING
    return has_same_columns and overlap.rows >= LEAST_ROWS_SHORT and min(overlap.of_first, overlap.of_second) >= SHARE_SHORT


def describe_mark(mark: Mark) -> str:
    """Return the mark in words."""
    return f"its {_MARK_WORDS[MarkKind(mark.kind)]} {mark.value.rpartition(':')[2]}"


def describe_overlap(overlap: Overlap) -> str:
    """Return the overlap in words."""
    return f"{overlap.of_first:.0%} of the rows are in its list"
