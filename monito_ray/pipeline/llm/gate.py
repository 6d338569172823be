"""Which rows the LLM is asked about: the gate asks each field that an LLM may settle, not the row."""

from collections.abc import Container, Sequence
from functools import lru_cache
from typing import TypeVar

from monito_ray.records import FieldConfidence, Standard

T = TypeVar("T")

#: A row is asked about when one of these fields is less sure than this. A row whose brand no rule settled is always asked about (its brand is
#: right three times in four); pack count and price unit are not asked: the rules see the price, which an LLM never does.
ASK_BELOW = FieldConfidence(name=0.85, brand=0.85, size=0.85, pack_count=0.0, category=0.85)


def rows_to_ask(keys: Sequence[str], rows: Sequence[T], standards: Sequence[Standard], answered: Container[str]) -> dict[str, T]:
    """Return the rows to ask an LLM about, by their keys: those with an unsure field whose key is not among `answered`.

    Rows that would be asked in the same words have one key and are asked once.
    """
    by_key = zip(keys, rows, standards, strict=True)
    return {key: row for key, row, standard in by_key if key not in answered and is_unsure(standard)}


def is_unsure(standard: Standard) -> bool:
    """Return whether a field that an LLM may settle is less sure than `ASK_BELOW`."""
    return len(sure_fields(standard)) < len(FieldConfidence._fields)


def sure_fields(standard: Standard) -> frozenset[str]:
    """Return the fields of `FieldConfidence` that stand whatever an LLM says; a name that is not English is never among them."""
    sure = _sure(standard.field_confidence)
    return sure if standard.is_english else sure - {"name"}


@lru_cache(maxsize=4096)
def _sure(sure: FieldConfidence) -> frozenset[str]:
    of_fields = zip(FieldConfidence._fields, sure, ASK_BELOW, strict=True)
    return frozenset(field for field, value, least in of_fields if value >= least)
