"""What matching and search make of each written row by itself: most of the work on a new offer, and for long lists done elsewhere. Pure.

It is the same wherever it is made; whoever has none makes it when it is needed.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from monito_ray import frames
from monito_ray.catalog.matching.article import Article, article_of
from monito_ray.catalog.matching.blocking import block_keys
from monito_ray.catalog.offer_rows import article_in, features_of
from monito_ray.catalog.questions.word_keys import word_keys
from monito_ray.catalog.search.entry import IndexEntry, index_entry, product_alone
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.records import ProductRow

#: Whether the product of a row will be looked up in the index of the search: its terms are most of the work.
IS_FIRST = "is_first"
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_SCHEMA = pa.schema([(name, pa.string()) for name in ("features", "block_keys", "word_keys", "terms", "words")])


class DerivedRow(NamedTuple):
    """What is made of one row."""

    #: What it is matched by, as `offers.features` has it.
    features: str
    block_keys: tuple[str, ...]
    word_keys: tuple[str, ...]
    #: The entry of a product that has this row alone; None where it was not made.
    entry: IndexEntry | None = None

    @property
    def article(self) -> Article:
        """What it is matched by."""
        return article_in(self.features)


#: Makes a table of `DerivedRow`s, as texts, of a table of rows.
MakeTable = Callable[[pa.Table], pa.Table]
#: Yields what is made of each of some rows, in order, and of those marked as a product's first ones their entries, too.
DeriveRows = Callable[[Sequence[ProductRow], Sequence[bool]], Iterator[DerivedRow]]


def derive_here(rows: Sequence[ProductRow], is_first: Sequence[bool]) -> Iterator[DerivedRow]:
    """Make it as it is asked for, in this process."""
    return map(_derive, rows, is_first)


def derive_row(row: ProductRow) -> DerivedRow:
    """Return what is made of a row, without its entry."""
    article = article_of(row)
    return DerivedRow(features_of(article), block_keys(article), word_keys(article))


def _derive(row: ProductRow, is_first: bool) -> DerivedRow:
    made = derive_row(row)
    return made._replace(entry=index_entry(product_alone(row))) if is_first else made


def table_of_rows(rows: Sequence[ProductRow], is_first: Sequence[bool]) -> pa.Table:
    """Return rows as `derive_table` takes them."""
    return frames.to_table(rows, ProductRow).append_column(IS_FIRST, pa.array(is_first, pa.bool_()))


def derive_table(table: pa.Table) -> pa.Table:
    """Return a row for each row of a table of `table_of_rows`; lists of texts as JSON."""
    with gc_paused():
        derived = []
        for row, is_first in zip(frames.from_table(table, ProductRow), table.column(IS_FIRST).to_pylist(), strict=True):
            made = _derive(row, is_first)
            texts = (None, None) if made.entry is None else (sorted(made.entry.terms), sorted(made.entry.words))
            derived.append((made.features, *map(_as_text, (made.block_keys, made.word_keys, *texts))))
    columns = zip(*derived, strict=True) if derived else [()] * len(_SCHEMA)
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=_SCHEMA)


def leave_underived(table: pa.Table) -> pa.Table:
    """As `derive_table`, for rows that kill every process that works on them: nothing is made of them ahead."""
    return pa.Table.from_arrays([pa.nulls(table.num_rows, pa.string())] * len(_SCHEMA), schema=_SCHEMA)


def derived_rows(rows: Sequence[ProductRow], table: pa.Table) -> Iterator[DerivedRow]:
    """Yield what `derive_table` made of rows."""
    for row, (features, *texts) in zip(rows, zip(*(column.to_pylist() for column in table.columns), strict=True), strict=True):
        if features is None:
            yield derive_row(row)
            continue
        blocks, words, terms, entry_words = map(_from_text, texts)
        entry = None if texts[2] is None else IndexEntry(frozenset(terms), frozenset(entry_words))
        yield DerivedRow(features, tuple(blocks), tuple(words), entry)


def _as_text(texts: Sequence[str] | None) -> str | None:
    return None if texts is None else _ENCODER.encode(texts)


def _from_text(text: str | None) -> list[str]:
    return [] if text is None else list(json.loads(text))
