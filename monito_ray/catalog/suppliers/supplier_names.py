"""Names of suppliers: lists that come as "Zarvex", "PT ZARVEX" or under a former name are one supplier's."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache

from sqlalchemy import Connection, select

from monito_ray.errors import SupplierUnknown
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived
from monito_ray.records import ProductRow
from monito_ray.store.database import insert_missing
from monito_ray.store.schema import LONGEST_SUPPLIER, supplier_names

_WORD = re.compile(r"[^\W_]+")
#: A name whose words are this few letters without its legal form is compared with it: "Toko A" and "PT A" are two.
_LEAST_LETTERS = 2
#: Names are near each other from this similarity on (`difflib`): "Sari Sayr" is near "Sari Sayur", "Sayur Bali" is not.
_NEAR = 0.75
_MOST_NEAR = 3
#: Names of so many words, and of at least so many characters, are looked for in texts.
MOST_WORDS, _LEAST_IN_TEXT = 5, 5
_ALL_NAMES = select(supplier_names.c.name, supplier_names.c.supplier)


@dataclass(frozen=True, slots=True)
class SupplierNames:
    """All names under which lists came; each is one supplier's."""

    #: The supplier of each name as written.
    by_name: Mapping[str, str]
    #: The suppliers that have a name of this spelling, in any case and spacing.
    _by_spelling: Mapping[str, frozenset[str]]
    #: The suppliers that have a name with these words beside its legal form.
    _by_words: Mapping[str, frozenset[str]]

    @property
    def suppliers(self) -> frozenset[str]:
        """The suppliers by the names that the catalogue shows."""
        return frozenset(self.by_name.values())

    def supplier_of(self, name: str) -> str:
        """Return the supplier of a list that names itself `name`; a name that is nobody's, or that could be of several, is a supplier of its own."""
        name = name[:LONGEST_SUPPLIER]
        if name in self.by_name:
            return self.by_name[name]
        for suppliers in (self._by_spelling.get(_spelling(name)), self._by_words.get(words_of_name(name))):
            if suppliers and len(suppliers) == 1:
                return next(iter(suppliers))
        return name

    def named_in(self, text: str) -> frozenset[str]:
        """Return the suppliers whose names stand in `text`, in any case and without their legal forms."""
        words = _spelling(text).split()
        spans = (
            " ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, min(start + MOST_WORDS, len(words)) + 1)
        )
        return frozenset(supplier for span in spans if len(span) >= _LEAST_IN_TEXT for supplier in self._by_words.get(span, ()))

    def names_of(self, supplier: str) -> list[str]:
        """Return all names of a supplier, that which the catalogue shows first."""
        return [supplier, *sorted(name for name, other in self.by_name.items() if other == supplier and name != supplier)]

    def near(self, name: str) -> list[str]:
        """Return the suppliers whose names are like `name`, the nearest first."""
        words = words_of_name(name)
        scores: dict[str, float] = defaultdict(float)
        for other, supplier in self.by_name.items():
            scores[supplier] = max(scores[supplier], _similarity(words, words_of_name(other)))
        near = sorted((-score, supplier) for supplier, score in scores.items() if score >= _NEAR)
        return [supplier for _, supplier in near[:_MOST_NEAR]]


def index_names(by_name: Mapping[str, str]) -> SupplierNames:
    """Return the names of all suppliers, of which `by_name` says whose each is."""
    by_spelling: dict[str, set[str]] = defaultdict(set)
    by_words: dict[str, set[str]] = defaultdict(set)
    for name, supplier in by_name.items():
        by_spelling[_spelling(name)].add(supplier)
        by_words[words_of_name(name)].add(supplier)
    frozen = ({key: frozenset(values) for key, values in table.items()} for table in (by_spelling, by_words))
    return SupplierNames(dict(by_name), *frozen)


@lru_cache(maxsize=16_384)
def words_of_name(name: str) -> str:
    """Return the words of a name without its legal forms: "zarvex jaya" for "PT. Zarvex Jaya, Tbk"; all of it if nothing else is left."""
    words = _spelling(name).split()
    bare = _without_forms(words)
    return " ".join(bare if sum(map(len, bare)) >= _LEAST_LETTERS else words)


def read_names(connection: Connection) -> SupplierNames:
    """Return the names of all suppliers."""
    return index_names({row.name: row.supplier for row in connection.execute(_ALL_NAMES)})


def existing_supplier(names: SupplierNames, name: str) -> str:
    """Return the supplier that is called `name`, in any case and with any legal form.

    Raises:
        SupplierUnknown: the remedy has the names that are near.
    """
    supplier = names.supplier_of(" ".join(name.split()))
    if supplier in names.suppliers:
        return supplier
    near = ", ".join(repr(other) for other in names.near(name))
    raise SupplierUnknown(f"no supplier is called {name!r}", f"Near it: {near}." if near else "")


def settle_suppliers(connection: Connection, rows: Sequence[ProductRow], now: datetime) -> dict[str, list[ProductRow]]:
    """Return the rows of a list by their suppliers, under these names, and keep names that are new. Rows without a supplier have ""."""
    names = read_names(connection)
    suppliers: dict[str, str] = {"": ""}
    for row in rows:
        if row.supplier not in suppliers:
            suppliers[row.supplier] = supplier = names.supplier_of(row.supplier)
            if supplier not in names.by_name:
                names = index_names({**names.by_name, supplier: supplier})
    added = dict.fromkeys(filter(None, suppliers.values()))
    insert_missing(connection, supplier_names, [{"name": name, "supplier": name, "added_at": now} for name in added])
    settled: dict[str, list[ProductRow]] = defaultdict(list)
    for row in rows:
        settled[suppliers[row.supplier]].append(_under(row, suppliers[row.supplier]))
    return dict(settled)


def _under(row: ProductRow, supplier: str) -> ProductRow:
    return row if row.supplier == supplier else replace(row, supplier=supplier)


@lru_cache(maxsize=16_384)
def _spelling(name: str) -> str:
    """Return the words of a name in one case and form of letters, without marks between them; marks alone stay."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(_WORD.findall(folded.replace(".", " "))) or folded.strip()


def _without_forms(words: Sequence[str]) -> Sequence[str]:
    """Return words without legal forms at either end, however many there are."""
    before, anywhere = _forms()
    while True:
        head = _longest(words, before, at_end=False)
        tail = _longest(words[head:], anywhere, at_end=True)
        if not head + tail:
            return words
        words = words[head : len(words) - tail]


def _longest(words: Sequence[str], forms: Iterable[tuple[str, ...]], *, at_end: bool) -> int:
    """Return how many words the longest of `forms` has with which `words` begin or end, 0 where none is there."""
    sizes = (len(form) for form in forms if tuple(words[-len(form) :] if at_end else words[: len(form)]) == form)
    return max(sizes, default=0)


@derived()
def _forms() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """Legal forms in words, those that stand before names, and all: "S.R.L" is "s r l" and "srl"."""
    before, after, spelled_out = (_split(lexicon.words("companies", key)) for key in ("before", "after", "spelled_out"))
    return before, before | after | spelled_out


def _split(forms: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_spelling(text).split()) for form in forms for text in (form, form.replace(".", "")))


def _similarity(words: str, other: str) -> float:
    """Return how like two names are, 0 to 1; a name that is the beginning or a word of the other is near."""
    if words and (f" {other} ".find(f" {words} ") >= 0 or other.startswith(words)):
        return max(_NEAR, SequenceMatcher(None, words, other).ratio())
    return SequenceMatcher(None, words, other).ratio()
